"""Simulate one year from the seed to the figures."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from simulation.acts import Year
from simulation.days import drawn_ids, live
from simulation.figures import measure
from simulation.people import plan_year
from simulation.scale import Scale
from simulation.town import settle
from simulation.truth import Truth


def simulate(scale: Scale, url: str, *, say: Callable[[str], None]) -> dict[str, Any]:
    """Live through a year on an empty database; equal seeds give equal figures."""
    say(f"inventing {scale.inhabitants} inhabitants")
    plan = plan_year(scale)
    say(f"{len(plan.clients)} of them are met, in {len(plan.events)} events")
    with drawn_ids(scale.seed):
        region = settle(scale, url)
        year = Year(region, plan, Truth(), random.Random(scale.seed + 3))
        live(year, scale, say=say)
        figures = measure(year)
        region.database.close()
    return {"seed": scale.seed, "inhabitants": scale.inhabitants, "days": scale.days, **figures}
