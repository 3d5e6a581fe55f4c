"""When two registrations are one person: the rule, and exactly the facts it may see."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

BSN = "bsn"
MATCH_KEYS = frozenset("ABCDEFGH")
PERSON = MATCH_KEYS | {BSN}
FIRST_NAME = frozenset("FH")


class Verdict(StrEnum):
    """What two registrations are to each other."""

    SAME = "same"
    POSSIBLE = "possible"
    DIFFERENT = "different"


class Token(NamedTuple):
    """One pseudonym as the match index knows it: type name, key epoch, 16 bytes.

    A tuple: a list of what waits reads thousands of them, and a frozen dataclass takes three times as long.
    """

    token_type: str
    epoch: int
    index: bytes  # type: ignore[assignment]  # nobody asks a token for a tuple's `index()`


def list_agreed(left: Iterable[Token], right: Iterable[Token]) -> frozenset[str]:
    """Name the types of a person in which two registrations agree; of one type, any alternative may.

    A household is no key to a person: who lives at one address, or has one parent, is not one person by that.
    """
    shared = frozenset(left) & frozenset(right)
    return frozenset(token.token_type for token in shared) & PERSON


def is_linkable(tokens: Iterable[Token]) -> bool:
    """Tell whether another registration can be found to be the same person: by number, or two keys."""
    kinds = {token.token_type for token in tokens}
    return BSN in kinds or len(kinds & MATCH_KEYS) >= 2


def bsn_differs(left: Iterable[Token], right: Iterable[Token]) -> bool:
    """Tell whether both carry a citizen service number under one key epoch, and not the same.

    Under different epochs equal numbers look different: no veto while a rotation is under way.
    """
    mine = {token for token in left if token.token_type == BSN}
    theirs = {token for token in right if token.token_type == BSN}
    comparable = {token.epoch for token in mine} & {token.epoch for token in theirs}
    return bool(comparable) and mine.isdisjoint(theirs)


def judge(agreed: frozenset[str], *, veto: bool) -> Verdict:
    """Judge whether two registrations are one person, preferring `POSSIBLE` where twins could be confused.

    Two keys must agree, one of them with a full first name (F or H): same-sex twins share A, C and D, and the
    initial of B and E or the three letters of G are easily shared as well. A possible match needs a human.

    Source:
        design.md, 3; domain.md MAT-09.
    """
    if veto:
        return Verdict.DIFFERENT
    if BSN in agreed:
        return Verdict.SAME
    keys = agreed & MATCH_KEYS
    if len(keys) >= 2 and keys & FIRST_NAME:
        return Verdict.SAME
    return Verdict.POSSIBLE if keys else Verdict.DIFFERENT
