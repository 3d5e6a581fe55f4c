"""The people at the rights desk, for the stories about them."""

from __future__ import annotations

from tests.hub.rights.conftest import desk, school

__all__ = ["desk", "school"]
