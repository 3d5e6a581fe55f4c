"""Every table of the hub, imported once so that migrations and tests see them all."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import hub.chores  # noqa: F401

SLICES = (
    "audit",
    "partners",
    "logins",
    "changes",
    "teams",
    "subjects",
    "households",
    "consent",
    "arrangements",
    "signals",
    "onboarding",
    "informing",
    "notices",
    "cases",
    "matches",
    "renewing",
    "rights",
    "retention",
    "alarms",
    "samples",
    "statistics",
    "logbook",
)

for _slice in SLICES:
    if find_spec(f"hub.{_slice}") and find_spec(f"hub.{_slice}.models"):
        import_module(f"hub.{_slice}.models")
