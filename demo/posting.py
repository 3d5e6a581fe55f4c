"""Let every home post its file with the real client, all at once, and read what each was answered."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from demo.deal import Deal, Mark, Registration
from demo.desks import TEAM
from demo.domains import DemoError
from demo.files import SCHOOL_MAPPING, import_options, write_file
from demo.processes import Child, run
from demo.town import Home, Town

SOME_REFUSED = 3
FILE = {True: "caseload.csv", False: "contacts.csv"}


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one home's file.

    Attributes:
        ids: the hub's id of each row that was accepted, and whose registration it is.
        refused: rows per reason.
        receipts: receipts that hold, as the client itself verified them; None for a caseload.
    """

    home: Home
    rows: int
    accepted: int
    refused: dict[str, int]
    ids: dict[UUID, Mark]
    receipts: int | None


def write_files(town: Town, deal: Deal) -> dict[str, list[Registration]]:
    """Put every desk's file on that desk; gives the rows by client id."""
    rows = {}
    for home in town.homes:
        listed = deal.list_file(home.desk, home.name)
        if listed:
            rows[home.client_id] = listed
            file = _file(home)
            home.domain.write(str(file.relative_to(home.domain.folder)), write_file(home.desk, listed))
            if home.desk.folder == "school":
                home.domain.write("columns.toml", SCHOOL_MAPPING)
    return rows


def post_files(
    town: Town, rows: dict[str, list[Registration]], show: Callable[[str, int], None]
) -> list[Posted]:
    """Run `dat import` in every home at once; `show` hears how many rows each has behind it."""
    homes = [home for home in town.homes if home.client_id in rows]
    started = {home.client_id: _start(town, home) for home in homes}
    while any(child.process.poll() is None for child in started.values()):
        for home in homes:
            show(home.client_id, _count_lines(_result(home)) - 1)
        town.children.require_alive(ending=started.values())
        time.sleep(0.1)
    for home in homes:
        town.children.wait(started[home.client_id], allowed=(0, SOME_REFUSED))
        show(home.client_id, len(rows[home.client_id]))
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda home: _read(home, rows[home.client_id]), homes))


def _start(town: Town, home: Home) -> Child:
    caseload = home.desk == TEAM
    verb = ["cases", "import"] if caseload else ["import"]
    options = [] if caseload else list(import_options(home.desk))
    command = home.dat(*verb, _file(home).name, *options, "--result", _result(home).name, "--json")
    return town.children.start(
        home.domain,
        f"import-{home.client_id}",
        command,
        environment={},
        out=home.folder / "import.json",
        inside=home.folder,
    )


def _read(home: Home, rows: Sequence[Registration]) -> Posted:
    summary = json.loads((home.folder / "import.json").read_text())
    if summary["unfinished"] or summary["rows"] != len(rows):
        raise DemoError(f"{home.client_id}: the import did not finish; see {home.domain.logs}")
    with _result(home).open(newline="", encoding="utf-8") as file:
        results = list(csv.DictReader(file))
    ids = {UUID(one["id"]): rows[int(one["row"]) - 2].mark for one in results if one["status"] == "accepted"}
    receipts = None
    if home.desk != TEAM:
        receipts = json.loads(run(home.domain, home.dat("receipts", "verify", "--json")))["good"]
    return Posted(home, len(rows), len(ids), dict(summary["refused_rows"]), ids, receipts)


def _file(home: Home) -> Path:
    return home.folder / FILE[home.desk == TEAM]


def _result(home: Home) -> Path:
    return _file(home).with_suffix(".result.csv")


def _count_lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0
