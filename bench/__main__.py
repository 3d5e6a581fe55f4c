"""`make bench`: measure everything in one run, and print one JSON object, ratios first."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
from nacl.signing import SigningKey

from bench.databases import postgresql, sqlite
from bench.holding import Caller, measure_holder, running_holder
from bench.hubs import measure_hub
from bench.linkage import measure_linkage
from bench.messages import prepare_many, sealing_of
from bench.paging import measure_pages
from bench.partnering import measure_client
from bench.posting import BESIDE_WORKER, Plan
from bench.progress import elapsed, say, step
from bench.proving import RequestKey
from bench.reporting import report
from bench.town import plan_town
from hub.initialising import initialise, public_part
from hub.settings import HubSettings
from service.logging import configure

# First what the figures to reach are about: what comes late is measured once.
MODES = {"postgresql": postgresql, "sqlite": sqlite}
# SQLite waits for the disk after each group: fewer posts say as much.
PLANS = {"sqlite": Plan(warm_up=500, singles=1_000, batches=4, timed=400), "postgresql": Plan()}


def main() -> None:
    """Measure what is asked for, everything by default."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "only", nargs="*", help="linkage, holder, pages, sqlite, postgresql; all when none is named"
    )
    configure("bench", level="ERROR")  # on standard output stands one JSON object and nothing else
    only = set(parser.parse_args().only) or {"linkage", "holder", "pages", *MODES}
    folder = Path(tempfile.mkdtemp(prefix="dat-bench-"))
    say(f"{platform.platform()}, {os.cpu_count()} cores, load {psutil.getloadavg()[0]:.1f}")
    try:
        figures = _measure(folder, only)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures), flush=True)


def _measure(folder: Path, only: set[str]) -> dict[str, Any]:
    busy = psutil.getloadavg()[0]
    parts: dict[str, Any] = {}
    holders = _holders(folder / "holder-side", parts) if "holder" in only else {}
    hubs = _hubs(folder / "hub-side", [name for name in MODES if name in only])
    if "pages" in only:
        parts["pages"] = _pages(folder / "pages-side")
    if "linkage" in only:
        with step("linkage on a simulated region"):
            parts["linkage"] = measure_linkage()
    machine = {"cores": os.cpu_count(), "load_before": round(busy, 1), "seconds": round(elapsed())}
    return report(hubs, holders, parts, machine)


def _holders(folder: Path, parts: dict[str, Any]) -> Mapping[str, dict[str, float]]:
    """Measure the key holder on each database, and the client beside the first of them."""
    folder.mkdir(mode=0o700)
    hub = HubSettings(data=folder / "hub", log_level="WARNING")
    initialise(hub)
    caller = Caller(uuid4(), uuid4(), RequestKey("school-1", SigningKey.generate()))
    found = {}
    for name, mode in MODES.items():
        with (
            step(f"key holder, {name}"),
            mode(folder / name) as new_database,
            running_holder(
                folder / f"holder-{name}", public_part(hub), caller, database_url=new_database("dat_holder")
            ) as holder,
        ):
            found[name] = measure_holder(holder, caller)
            if "client_persons_per_s" not in parts:
                parts |= measure_client(folder / "client", holder, caller, hub_id=hub.hub_id)
    return found


def _pages(folder: Path) -> dict[str, Any]:
    """Measure the pages for people, on the database that is used for work."""
    folder.mkdir(mode=0o700)
    draft = HubSettings(data=folder / "draft", keys_directory=folder / "keys")
    initialise(draft)
    with postgresql(folder / "postgresql") as new_database:
        return measure_pages(plan_town(folder / "keys"), new_database, folder)


def _hubs(folder: Path, names: list[str]) -> Mapping[str, dict[str, Any]]:
    if not names:
        return {}
    folder.mkdir(mode=0o700)
    draft = HubSettings(data=folder / "draft", keys_directory=folder / "keys")
    initialise(draft)
    town = plan_town(folder / "keys")
    sealing = sealing_of(town, draft.hub_id)
    most = max(PLANS[name].signals for name in names) + BESIDE_WORKER
    with step(f"sealing {most:,} signals"):
        signals = prepare_many(sealing, town.senders, most)
    found = {}
    for name in names:
        with step(name), MODES[name](folder / name) as new_database:
            found[name] = measure_hub(
                town,
                new_database,
                folder / f"{name}-hubs",
                signals=signals,
                sealing=sealing,
                plan=PLANS[name],
            )
    return found


if __name__ == "__main__":
    main()
