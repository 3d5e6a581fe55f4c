"""Measure the matching rule on a simulated region: recall, the share left to a human, and wrong pairs.

Everybody is registered twice, with the mistakes of real life; the tokens are the client's own, the judgement
is the hub's own. What is simulated are the people and the mistakes: the error rates are assumptions.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from bench.region import Inventor, Region, Resident, invent_region
from bench.writing import RATES, write_down
from dat_client.identity.person import RefusedPersonError
from dat_client.identity.tokens import person_tokens
from hub.subjects.policy import Token, Verdict, bsn_differs, judge, list_agreed

SIZE = 30_000
SEED = 11
BSN_BY_SIDE = {"no_bsn": (False, False), "bsn_on_one_side": (True, False), "bsn_on_both_sides": (True, True)}

Registration = frozenset[Token]


@dataclass(frozen=True, slots=True)
class Files:
    """The same people as two partners have them, person by person."""

    left: Sequence[Registration]
    right: Sequence[Registration]


def measure_linkage(size: int = SIZE, *, seed: int = SEED) -> dict[str, Any]:
    """Return the figures of the rule without a BSN, with one on one side, and with one on both.

    Returns:
        Shares of all persons: `recall` (told at once), `possible` (a human is asked), `missed`, `refused` (by
        the client, for want of keys); counts: `wrong_pairs` (two persons told as one), of which twins,
        `wrong_possible` (two persons about whom a human is asked).
    """
    with ProcessPoolExecutor() as pool:
        measured = pool.map(partial(_measure, size, seed), BSN_BY_SIDE.values())
        figures = dict(zip(BSN_BY_SIDE, measured, strict=True))
    return {"persons": size, "error_rates": RATES, **figures}


def judge_all(files: Files) -> Iterator[tuple[int, int, Verdict]]:
    """Judge every pair that has anything in common: place left, place right, verdict."""
    carriers: dict[bytes, list[int]] = defaultdict(list)
    for place, registration in enumerate(files.right):
        for index in {token.index for token in registration}:
            carriers[index].append(place)
    for place, mine in enumerate(files.left):
        for other in {found for token in mine for found in carriers.get(token.index, ())}:
            theirs = files.right[other]
            yield place, other, judge(list_agreed(mine, theirs), veto=bsn_differs(mine, theirs))


def _measure(size: int, seed: int, with_bsn: tuple[bool, bool]) -> dict[str, float]:
    region = invent_region(size, chance=random.Random(seed))
    inventor = Inventor(size, random.Random(seed + 1))
    left, right = (
        [_register(resident, inventor, with_bsn=carries) for resident in region.residents]
        for carries in with_bsn
    )
    return _figures(region, Files(left, right))


def _register(resident: Resident, inventor: Inventor, *, with_bsn: bool) -> Registration:
    """Return what the hub would hold of one registration, nothing when the client refuses it."""
    try:
        made = person_tokens(write_down(resident, inventor, with_bsn=with_bsn))
    except RefusedPersonError:
        return frozenset()
    return frozenset(
        Token(token.token_type.value, 1, sha256(repr((token.token_type, token.fields)).encode()).digest())
        for token in made
    )


def _figures(region: Region, files: Files) -> dict[str, float]:
    persons = len(region.residents)
    twins = {pair for left, right in region.twins for pair in ((left, right), (right, left))}
    alike = {pair for pair in twins if len({region.residents[at].first_name[0] for at in pair}) == 1}
    found: Counter[str] = Counter()
    for left, right, verdict in judge_all(files):
        if left == right:
            found[f"right_{verdict}"] += 1
        else:
            found[f"wrong_{verdict}"] += 1
            found[f"twins_{verdict}"] += (left, right) in twins
            found[f"alike_{verdict}"] += (left, right) in alike
    refused = sum(not (mine and theirs) for mine, theirs in zip(files.left, files.right, strict=True))
    told, asked = found["right_same"], found["right_possible"]
    return {
        "recall": round(told / persons, 4),
        "possible": round(asked / persons, 4),
        "missed": round((persons - refused - told - asked) / persons, 4),
        "refused": round(refused / persons, 4),
        "wrong_pairs": found["wrong_same"],
        "wrong_twins": found["twins_same"],
        "wrong_possible": found["wrong_possible"],
        "possible_twins": found["twins_possible"],
        "twin_pairs": len(twins),
        "twin_pairs_of_one_initial": len(alike),
        "wrong_twins_of_one_initial": found["alike_same"],
    }
