"""The rules of the citizen's requests: who may ask, how long it takes, what a decision does."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.consent.facts import Bracket
from hub.consent.loading import default_policy
from hub.notices.terms import is_working_day
from hub.rights.policy import (
    ERASING,
    Asking,
    answer_due,
    effect_of,
    grounds_for,
    is_advised,
    is_entitled,
    may_judge,
    needs_advice,
    needs_second_officer,
    touched,
    verdict_after,
)
from hub.rights.values import (
    SURE,
    Ability,
    Advice,
    Authority,
    Comparison,
    Controller,
    Effect,
    Extension,
    Finding,
    Ground,
    Outcome,
    RequestKind,
    Verdict,
)

SELF, PARENTS = frozenset({"subject"}), frozenset({"representative"})
BOTH = SELF | PARENTS

FINDING = Finding(
    id=uuid4(),
    request_id=uuid4(),
    registration_id=uuid4(),
    kind="signal",
    organisation_id=uuid4(),
    controller=Controller.PARTNER,
    verdict=Verdict.SAME,
    due_on=date(2026, 12, 1),
    advise_by=None,
    advice=None,
)


@pytest.mark.parametrize(
    ("bracket", "filed_by", "authority", "entitled"),
    [
        (Bracket.TO_11, PARENTS, Authority.PARENTAL, True),
        (Bracket.TO_11, PARENTS, Authority.GUARDIAN, True),
        (Bracket.TO_11, SELF, Authority.NONE, False),
        (Bracket.TO_15, PARENTS, Authority.PARENTAL, False),  # a father alone
        (Bracket.TO_15, SELF, Authority.NONE, False),
        (Bracket.TO_15, BOTH, Authority.PARENTAL, True),
        (Bracket.TO_17, SELF, Authority.NONE, True),
        (Bracket.TO_17, PARENTS, Authority.PARENTAL, False),
        (Bracket.TO_22, SELF, Authority.NONE, True),
        (Bracket.FROM_23, SELF, Authority.NONE, True),
        (Bracket.FROM_23, PARENTS, Authority.PARENTAL, False),
        (Bracket.FROM_23, PARENTS, Authority.CURATOR, True),
        (Bracket.TO_22, PARENTS, Authority.MENTOR, True),
        (Bracket.TO_15, PARENTS, Authority.CURATOR, False),
        (Bracket.TO_17, PARENTS, Authority.MENTOR, False),
        (Bracket.TO_11, PARENTS, Authority.NONE, False),  # authority that nobody verified
    ],
)
def test_tra_07_who_may_ask_depends_on_age_and_verified_authority(
    bracket: Bracket, filed_by: frozenset[str], authority: Authority, *, entitled: bool
) -> None:
    assert entitles([bracket], asking(filed_by, authority)) is entitled


def test_tra_07_who_may_be_of_either_age_is_asked_for_as_the_stricter() -> None:
    turning = [Bracket.TO_15, Bracket.TO_17]
    assert not entitles(turning, asking(SELF))
    assert entitles(turning, asking(BOTH, Authority.PARENTAL))
    assert not entitles([], asking(SELF))


@pytest.mark.parametrize("bracket", Bracket)
def test_tra_07_every_holder_of_authority_asks_or_nobody_does(bracket: Bracket) -> None:
    for holders, there in ((2, 1), (1, 0), (0, 0), (1, 2)):
        one = asking(PARENTS, Authority.PARENTAL, holders=holders, holders_asking=there)
        assert not entitles([bracket], one)
        assert not entitles([bracket], replace(one, by=BOTH))


@pytest.mark.parametrize("bracket", Bracket)
def test_tra_07_for_who_cannot_weigh_it_others_ask_and_never_they_alone(bracket: Bracket) -> None:
    minor = bracket in {Bracket.TO_11, Bracket.TO_15, Bracket.TO_17}
    for who, authority in ((PARENTS, Authority.PARENTAL), (PARENTS, Authority.GUARDIAN)):
        assert entitles([bracket], asking(who, authority, ability=Ability.NOT_ABLE)) == minor
    assert not entitles([bracket], asking(SELF, ability=Ability.NOT_ABLE))
    for authority in (Authority.CURATOR, Authority.MENTOR):
        for ability in Ability:
            assert entitles([bracket], asking(PARENTS, authority, ability=ability)) == (not minor)


def entitles(brackets: Collection[Bracket], one: Asking) -> bool:
    """Whether who stands at the desk may ask, under the packaged policy set."""
    return is_entitled(brackets, one, rules=default_policy())


def test_tra_07_the_profile_in_force_says_who_asks() -> None:
    adult = {bracket: frozenset({"subject"}) for bracket in Bracket}
    acts = tuple(
        replace(row, who=adult) if row.act == "rights_youth_lane" else row for row in default_policy().acts
    )
    rules = replace(default_policy(), acts=acts, age_profile="per_law")
    assert is_entitled([Bracket.TO_15], asking(SELF), rules=rules)
    assert not entitles([Bracket.TO_15], asking(SELF))


def asking(by: frozenset[str], authority: Authority = Authority.NONE, **facts: Any) -> Asking:
    """Who stands at the desk: of two holders of authority, both."""
    holders = 2 if authority in {Authority.PARENTAL, Authority.GUARDIAN} else 0
    return Asking(
        **{
            "by": by, "authority": authority, "holders": holders, "holders_asking": holders,
            "ability": Ability.ABLE, **facts,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("received", "controller", "extension", "due"),
    [
        (date(2026, 11, 18), Controller.MUNICIPALITY, None, date(2026, 12, 18)),
        (date(2027, 1, 31), Controller.PARTNER, None, date(2027, 3, 1)),  # 28 February is a Sunday
        (date(2026, 11, 25), Controller.MUNICIPALITY, None, date(2026, 12, 28)),  # Christmas, then a weekend
        (date(2026, 11, 18), Controller.MUNICIPALITY, Extension.COMPLEX, date(2027, 2, 18)),
        (date(2026, 11, 18), Controller.MUNICIPALITY, Extension.SEVERAL_POLICE_UNITS, date(2026, 12, 18)),
        (date(2026, 11, 18), Controller.POLICE, None, date(2026, 12, 30)),
        (date(2026, 11, 18), Controller.POLICE, Extension.COMPLEX, date(2027, 1, 27)),
        (date(2026, 11, 18), Controller.POLICE, Extension.SEVERAL_POLICE_UNITS, date(2027, 2, 10)),
    ],
)
def test_tra_06_each_controller_has_its_clock(
    received: date, controller: Controller, extension: Extension | None, due: date
) -> None:
    assert answer_due(received, controller, extension) == due


@given(
    st.dates(date(2024, 1, 1), date(2039, 12, 31)),
    st.sampled_from(Controller),
    st.sampled_from([None, *Extension]),
)
def test_tra_06_a_term_ends_on_a_working_day_and_never_shrinks_by_a_reason(
    received: date, controller: Controller, extension: Extension | None
) -> None:
    due = answer_due(received, controller, extension)
    assert is_working_day(due)
    assert due >= answer_due(received, controller)
    assert timedelta(days=28) <= due - received <= timedelta(days=100)


def test_tra_09_only_what_never_should_have_been_there_is_erased() -> None:
    for kind, outcome in product(RequestKind, Outcome):
        for ground in grounds_for(kind, outcome):
            effect = effect_of(kind, outcome, ground)
            assert (effect is Effect.ERASE) == (ground in ERASING)
            assert effect is not None
            assert needs_second_officer(effect) == (effect is Effect.ERASE)


@pytest.mark.parametrize(("kind", "ground"), list(product(RequestKind, Ground)))
def test_a_rejection_never_erases_or_ends_anything(kind: RequestKind, ground: Ground) -> None:
    assert effect_of(kind, Outcome.REJECTED, ground) not in {Effect.ERASE, Effect.DEACTIVATE}


@given(st.lists(st.tuples(st.sampled_from(Verdict), st.sampled_from(["signal", "case", "consent"]))))
def test_a_decision_never_reaches_what_may_be_another_persons(found: list[tuple[Verdict, str]]) -> None:
    findings = [replace(FINDING, verdict=verdict, kind=kind) for verdict, kind in found]
    assert {one.verdict for one in touched(findings)} <= {Verdict.SAME, Verdict.CONFIRMED}


@pytest.mark.parametrize(("verdict", "advice"), list(product(Verdict, Advice)))
def test_mat_11_no_advice_ever_gives_somebody_what_was_in_doubt(verdict: Verdict, advice: Advice) -> None:
    after = verdict_after(verdict, advice)
    assert after not in SURE or after is verdict
    assert (verdict is Verdict.SAME) == (after is Verdict.SAME)
    if advice is Advice.ANOTHER_PERSON and verdict is not Verdict.SAME:
        assert after is Verdict.REJECTED


@pytest.mark.parametrize("compared", Comparison)
@pytest.mark.parametrize("advice", [None, *Advice])
def test_mat_11_a_doubt_is_confirmed_with_the_reporter_or_from_the_own_file(
    advice: Advice | None, compared: Comparison
) -> None:
    doubt, desk = replace(FINDING, verdict=Verdict.POSSIBLE, advice=advice), uuid4()
    heard = advice not in {None, Advice.ANOTHER_PERSON}
    confirmed = may_judge(doubt, Verdict.CONFIRMED, compared, desk=desk)
    assert confirmed == (heard and compared is Comparison.WITH_REPORTER)
    own = may_judge(doubt, Verdict.CONFIRMED, compared, desk=doubt.organisation_id)
    assert own == (compared is Comparison.OWN_FILE)
    assert may_judge(doubt, Verdict.REJECTED, compared, desk=desk)
    sure = replace(doubt, verdict=Verdict.SAME)
    assert may_judge(sure, Verdict.REJECTED, compared, desk=desk) == (advice is Advice.ANOTHER_PERSON)
    assert not may_judge(sure, Verdict.CONFIRMED, compared, desk=desk)
    assert not may_judge(replace(doubt, verdict=Verdict.REJECTED), Verdict.CONFIRMED, compared, desk=desk)


def test_tra_05_advice_is_asked_of_others_and_waited_for() -> None:
    desk = uuid4()
    assert needs_advice(RequestKind.ERASURE, FINDING, desk=desk)
    assert not needs_advice(RequestKind.ERASURE, FINDING, desk=FINDING.organisation_id)
    assert not needs_advice(RequestKind.ACCESS, FINDING, desk=desk)
    assert needs_advice(RequestKind.ACCESS, replace(FINDING, verdict=Verdict.POSSIBLE), desk=desk)
    asked = replace(FINDING, advise_by=date(2026, 12, 2))
    assert not is_advised(FINDING, date(2030, 1, 1))
    assert not is_advised(asked, date(2026, 12, 2))
    assert is_advised(asked, date(2026, 12, 3))
    assert is_advised(replace(asked, advice=Advice.JUSTIFIED), date(2026, 11, 20))
