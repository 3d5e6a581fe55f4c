"""What was decided over time: for how long it was the same, and what came in its place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from hub.consent.remembering import PastDecision
from hub.rights.weighing import Weighed, weigh

DAY = datetime(2026, 11, 1, 12, tzinfo=UTC)
PAIR = (uuid4(), uuid4())


def decision(days: int, fact: str, *, allowed: bool = False, pair: tuple[UUID, UUID] = PAIR) -> PastDecision:
    return PastDecision(
        id=uuid4(),
        signal_id=pair[0],
        other_id=pair[1],
        purpose="tell_casemanager",
        recipient_kind="municipal_team",
        allowed=allowed,
        level=0,
        reasons=(("TRA-01", fact),),
        decided_at=DAY + timedelta(days=days),
    )


def on(days: int) -> date:
    return (DAY + timedelta(days=days)).date()


def test_tra_08_a_decision_that_was_replaced_says_when_it_was_made_and_what_took_its_place() -> None:
    no, yes, again = decision(0, "pending"), decision(5, "given", allowed=True), decision(9, "pending")
    assert weigh([no, yes, again], {again.id: DAY + timedelta(days=20)}) == (
        Weighed(on(0), on(0), "tell_casemanager", False, ("pending",), on(5), True),
        Weighed(on(5), on(5), "tell_casemanager", True, ("given",), on(9), False),
        Weighed(on(9), on(20), "tell_casemanager", False, ("pending",)),
    )


def test_the_same_again_replaces_nothing_and_pairs_do_not_replace_each_other() -> None:
    other = (PAIR[0], uuid4())
    first, second = decision(0, "pending"), decision(3, "pending")
    third = decision(4, "given", allowed=True, pair=other)
    assert weigh([first, second, third], {}) == (
        Weighed(on(0), on(3), "tell_casemanager", False, ("pending",)),
        Weighed(on(4), on(4), "tell_casemanager", True, ("given",)),
    )


def test_the_same_of_two_pairs_is_said_once() -> None:
    one, two = decision(0, "pending"), decision(2, "pending", pair=(uuid4(), uuid4()))
    assert weigh([one, two], {}) == (Weighed(on(0), on(2), "tell_casemanager", False, ("pending",)),)
