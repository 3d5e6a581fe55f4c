"""STA-04: who has all releases, of all municipalities and quarters, and a solver, learns of no small cell."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from hub.statistics import policy
from hub.statistics.counting import OF_MATCHES, MatchFacts
from hub.statistics.declaring import load_declaration
from hub.statistics.policy import protect
from hub.statistics.values import Cells, Counted, Protection
from tests.hub.statistics.attack import Attack, Cell, Key

DECLARED = load_declaration()
TABLES = {table.code: table for table in DECLARED.tables}
POPULATIONS = {code: table.population for code, table in TABLES.items()}
TOLD = datetime(2026, 3, 2, 9, tzinfo=UTC)
QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
Counts = dict[Key, dict[str, int]]


def some_match(chance: random.Random) -> MatchFacts:
    answered = TOLD + timedelta(days=chance.choice((0, 1, 2, 4, 6, 9, 15))) if chance.random() < 0.7 else None
    outcome = chance.choice(("acknowledged", "acknowledged", "already_in_contact")) if answered else None
    steps = ("remind", "coordinate", "municipal")[: chance.choice((0, 0, 0, 1, 2, 3))]
    return MatchFacts(
        person=chance.randrange(10**6),
        of_household=chance.random() < 0.1,
        effect=chance.choice((None, "more_insight", "earlier", "adjusted", "none")),
        lives=chance.choice(("within", "within", "outside", None)),
        opened_at=TOLD,
        answered_at=answered,
        outcome=outcome if answered or chance.random() < 0.9 else "suppressed",
        contacted_on=date(2026, 3, chance.randrange(3, 29)) if answered and chance.random() < 0.6 else None,
        is_aligned=chance.random() < 0.3,
        looks_arranged=chance.random() < 0.05,
        has_case=chance.random() < 0.4,
        steps=frozenset(steps),
    )


def some_year(seed: int, *, quarters: int, places: int) -> Counts:
    """Counts of small and larger municipalities, with the empty and the crowded cells that real ones have."""
    chance = random.Random(seed)
    counts: Counts = {}
    for quarter in QUARTERS[:quarters]:
        for place in range(places):
            at = quarter, f"{place:04d}"
            matches = [some_match(chance) for _ in range(chance.choice((3, 14, 40, 90, 260)))]
            for code, (_, rule) in OF_MATCHES.items():
                counts[(*at, code)] = count(code, Counter(rule(one) for one in matches))
            signals = chance.choice((8, 60, 400))
            for code in ("signals_by_domain", "signals_by_age", "signals_by_notice"):
                names = chance.choices(TABLES[code].categories, k=signals, weights=weights(code, chance))
                counts[(*at, code)] = count(code, Counter(names))
    return counts


def weights(code: str, chance: random.Random) -> list[float]:
    return [chance.choice((0.01, 0.1, 1.0)) for _ in TABLES[code].categories]


def count(code: str, found: Counter[str]) -> dict[str, int]:
    return {name: found[name] for name in TABLES[code].categories}


def released(counts: Counts, persons: Counts | None = None) -> dict[Key, Cells]:
    """What is shown; without `persons` each event is of another one."""
    people = persons or counts
    return {
        key: protect(Counted(of, people[key], sum(people[key].values())), protection=DECLARED.protection)
        for key, of in counts.items()
    }


def small_cells(counts: Counts) -> Iterator[Cell]:
    for key, of in counts.items():
        yield from ((key, name) for name, number in of.items() if number < DECLARED.protection.threshold)


def attack(
    counts: Counts,
    releases: Mapping[Key, Cells],
    *,
    sums: Callable[[Attack], None],
    persons: Counts | None = None,
) -> set[Cell]:
    """Return the small cells of which somebody with all of it knows more than their being small."""
    attacker = Attack(DECLARED.protection, POPULATIONS)
    attacker.learn(releases)
    sums(attacker)
    limits = attacker.solve(list(small_cells(persons or counts)))
    for (key, name), (low, high) in limits.items():
        assert low - 0.001 <= counts[key][name] <= high + 0.001, "the attack itself is wrong"
    return {cell for cell, (low, high) in limits.items() if not is_wide(cell, low, high, counts, releases)}


def is_wide(cell: Cell, low: float, high: float, counts: Counts, releases: Mapping[Key, Cells]) -> bool:
    """A small cell may be anything under the threshold; of a population that is small, anything up to it."""
    if releases[cell[0]].total is None:
        return low <= 0 and high >= DECLARED.protection.threshold - 1
    return high - low >= DECLARED.protection.threshold


def nothing(_attacker: Attack) -> None:
    pass


def test_sta_04_a_solver_over_releases_in_time_recovers_no_small_cell() -> None:
    counts = some_year(1, quarters=2, places=1)
    releases = released(counts)
    assert len(list(small_cells(counts))) > 20
    assert attack(counts, releases, sums=nothing) == set()


def test_sta_04_nor_a_cell_of_few_persons_with_many_events() -> None:
    chance = random.Random(7)
    counts = some_year(3, quarters=1, places=2)
    persons = {
        key: {name: min(number, chance.choice((1, 4, number))) for name, number in of.items()}
        for key, of in counts.items()
    }
    few = {cell for cell in small_cells(persons) if counts[cell[0]][cell[1]] >= 10}
    releases = released(counts, persons)
    assert len(few) > 5
    assert all(releases[key].cells[name] is None for key, name in few)
    assert attack(counts, releases, sums=nothing, persons=persons) == set()


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(5))
def test_sta_04_a_solver_over_four_quarters_of_five_municipalities_recovers_no_small_cell(seed: int) -> None:
    counts = some_year(seed, quarters=4, places=5)
    assert attack(counts, released(counts), sums=nothing) == set()


def test_without_others_going_along_the_solver_finds_small_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_small(
        counts: Mapping[str, int], _persons: Mapping[str, int], *, threshold: int
    ) -> frozenset[str]:
        return frozenset(name for name, number in counts.items() if number < threshold)

    monkeypatch.setattr(policy, "hidden_cells", only_small)
    counts = some_year(1, quarters=1, places=1)
    assert attack(counts, released(counts), sums=nothing)


def test_a_year_counted_anew_instead_of_added_up_would_give_small_cells_away() -> None:
    counts = some_year(1, quarters=2, places=1)
    releases = released(counts)

    def count_anew(attacker: Attack) -> None:
        for code, table in TABLES.items():
            keys = [key for key in counts if key[2] == code]
            for name in table.categories if keys else ():
                whole = sum(counts[key][name] for key in keys)
                numbers = {name: whole, "rest": 1000}
                shown = protect(Counted(numbers, numbers, 1000), protection=DECLARED.protection).cells[name]
                if shown is not None:
                    attacker.learn_sum([(key, name) for key in keys], shown)

    assert attack(counts, releases, sums=count_anew)


def test_a_protection_may_be_stricter_and_never_laxer() -> None:
    with pytest.raises(ValueError, match="threshold"):
        load_with(threshold=9)
    assert load_with(threshold=15).threshold == 15


def load_with(**changes: int) -> Protection:
    from pydantic import TypeAdapter

    return TypeAdapter(Protection).validate_python(changes)
