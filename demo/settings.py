"""What a newcomer may choose, from the variables that `make demo` hands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from demo.domains import DemoError

INVENTED = 120
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Choices:
    """Where it lies, whether it stops by itself, who takes part, and how they are dealt."""

    data: Path
    once: bool
    people: Path | None
    invented: int
    seed: int


def read_choices(variables: Mapping[str, str]) -> Choices:
    """Read DATA, ONCE, PEOPLE (a CSV file, or how many to invent) and SEED.

    Raises:
        DemoError: One of them is not of its form.
    """
    people = variables.get("PEOPLE", "").strip()
    path = None if not people or people.isdecimal() else Path(people).resolve()
    if path is not None and not path.is_file():
        raise DemoError(f"PEOPLE={people}: there is no such file")
    seed = variables.get("SEED", "").strip() or "1"
    if not seed.isdecimal():
        raise DemoError("SEED is a number")
    return Choices(
        data=Path(variables.get("DATA", "").strip() or ".demo").resolve(),
        once=variables.get("ONCE", "").strip() not in ("", "0"),
        people=path,
        invented=max(FEWEST, int(people)) if people.isdecimal() else INVENTED,
        seed=int(seed),
    )
