"""Count what became of rows, and write it down: row number, status, id and reason, nothing of a person."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from dat_client.importing import RowOutcome

RESULT_HEADER = ("row", "status", "id", "reason")
ALL_ACCEPTED, USAGE, SOME_REFUSED, UNFINISHED = 0, 2, 3, 4


@dataclass(slots=True)
class Summary:
    """The counts of one run."""

    rows: int = 0
    accepted: int = 0
    accepted_earlier: int = 0
    refused: int = 0
    unfinished: int = 0
    refused_rows: Counter[str] = field(default_factory=Counter)

    def count(self, outcome: RowOutcome) -> None:
        """Count one row."""
        posted = outcome.posted
        self.rows += 1
        if posted.status == "accepted":
            self.accepted += posted.new
            self.accepted_earlier += not posted.new
        elif posted.status == "refused":
            self.refused += 1
            self.refused_rows[posted.code or "refused"] += 1
        else:
            self.unfinished += 1

    @property
    def exit_code(self) -> int:
        """0 all accepted, 3 some rows refused, 4 not finished."""
        if self.unfinished:
            return UNFINISHED
        return SOME_REFUSED if self.refused else ALL_ACCEPTED

    def as_dict(self) -> dict[str, Any]:
        """Give the counts for `--json`."""
        return {
            "rows": self.rows,
            "accepted": self.accepted,
            "accepted_earlier": self.accepted_earlier,
            "refused": self.refused,
            "refused_rows": dict(sorted(self.refused_rows.items())),
            "unfinished": self.unfinished,
        }


def open_result(path: Path) -> IO[str]:
    """Open a result file for its owner only."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="")


def write_results(file: IO[str], outcomes: Iterable[RowOutcome]) -> Iterator[RowOutcome]:
    """Write each outcome as it passes by."""
    writer = csv.writer(file)
    writer.writerow(RESULT_HEADER)
    for outcome in outcomes:
        posted = outcome.posted
        reason = " ".join((posted.code or "", *posted.places)).strip()
        writer.writerow((outcome.number, posted.status, posted.remote_id or "", reason))
        file.flush()
        yield outcome
