"""Simulate a year of a region and print one JSON object; progress goes to standard error."""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
from pathlib import Path

from bench.progress import elapsed, say
from simulation.running import simulate
from simulation.scale import Scale


def main() -> None:
    """Run, bounded by SIZE (inhabitants) and DAYS, from SEED, on SQLite or on SIMULATION_DATABASE_URL."""
    given = {"seed": "SEED", "inhabitants": "SIZE", "days": "DAYS"}
    scale = Scale(
        **{name: int(os.environ[variable]) for name, variable in given.items() if os.environ.get(variable)}
    )
    # Long-lived objects by the hundred thousand: looked through at each turn, they would take a tenth of it.
    gc.set_threshold(100_000, 50, 100)
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("SIMULATION_DATABASE_URL") or f"sqlite:///{Path(folder) / 'year.db'}"
        figures = simulate(scale, url, say=say)
    print(json.dumps({**figures, "seconds": round(elapsed())}, indent=2))


if __name__ == "__main__":
    # The order of sets of words must not differ between runs.
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [sys.executable, "-m", "simulation"], {**os.environ, "PYTHONHASHSEED": "0"})
    main()
