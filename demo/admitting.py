"""What the municipality types at its hub to let an organisation take part."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from demo.desks import Desk


def admission(desk: Desk, organisation: UUID, *, today: date) -> list[str]:
    """Write the command that admits an organisation."""
    line = ["partners", "admit", "--kind", desk.kind, "--oin", desk.oin, "--name", desk.name]
    line += [
        "--covenant-from",
        str(today - timedelta(days=1)),
        "--covenant-until",
        str(today + timedelta(700)),
    ]
    line += ["--id", str(organisation), "--location", "Waterstad"]
    line += [part for scheme in desk.schemes for part in ("--scheme", scheme)]
    return [*line, "--decision", "Besluit 2026-01"] if desk.kind == "police" else line


def onboarding(organisation: UUID, *, today: date) -> list[list[str]]:
    """Record what an organisation showed on paper, and let it go live."""
    shown = {
        "--accession": "Toetreding 2026-01",
        "--dpia": "DPIA 2026-01",
        "--dpia-review": str(today + timedelta(700)),
        "--linkage": "985/1000",
        "--linkage-date": str(today),
        "--standard": "bio2",
    }
    line = ["onboarding", "record", str(organisation), *(part for pair in shown.items() for part in pair)]
    for part in ("criteria", "functions", "coordinator", "notice"):
        line += ["--profile", part]
    return [line, ["onboarding", "live", str(organisation)]]
