"""Small functions that put valid things into a database; each section belongs to the slice it names."""

from __future__ import annotations
