"""Whoever finds something is told what it means."""

from __future__ import annotations

import re
from pathlib import Path

from hub.audit.findings import MEANINGS, explain
from hub.audit.reading import SILENT

ROOT = Path(__file__).resolve().parents[3]
SOURCES = [ROOT / "hub" / "audit" / name for name in ("verification.py", "witnessed.py", "lines.py")]
FOUND = re.compile(r'f?"((?:private|[a-z]+)_[a-z_]+)(?: \{|"$)', re.MULTILINE)


def test_every_finding_has_its_words() -> None:
    written = "".join(
        path.read_text("utf-8") for path in [*SOURCES, ROOT / "service" / "eventlog" / "verification.py"]
    )
    named = {*FOUND.findall(written), "rolled_back", "witnessed_otherwise", "private_without_key", SILENT}
    assert named == MEANINGS.keys()
    assert explain("rolled_back 2026h2 337").startswith("the witness saw more lines")
