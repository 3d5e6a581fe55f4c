"""Consents, objections and decisions in both databases."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from hub.base import Base
from hub.consent import reading
from hub.consent.errors import (
    ConsentIncompleteError,
    ConsentMissingError,
    DecisionUnknownError,
    DeskQuotaExhaustedError,
    IdempotencyConflictError,
    LegalBasisMissingError,
)
from hub.consent.facts import Fact, PostingFacts, Purpose, StoredDecision
from hub.consent.loading import default_policy
from hub.consent.models import ConsentRow, DecisionRow, ObjectionRow
from hub.consent.schemas import NewConsent
from hub.consent.service import (
    Telling,
    decide_telling_many,
    lift_objection,
    record_consent,
    require_posting,
    withdraw_consent,
)
from hub.partners.administration import end_organisation
from hub.partners.errors import CovenantNotInForceError, RoleNotAllowedError, TokenTypeNotAllowedError
from hub.rights.desks import appoint_desk
from service.clock import dutch_date
from service.work import OPERATOR, SYSTEM, Caller, Role, Work
from tests import builders
from tests.hub.consent.conftest import PERSON, TWIN, Desk


def facts_of(decision: StoredDecision) -> set[Fact]:
    return {reason.fact for reason in decision.reasons}


def count(desk: Desk, model: type) -> int:
    with desk.database.look(SYSTEM) as work:
        return work.session.execute(select(func.count()).select_from(model)).scalar_one()


def event_codes(desk: Desk) -> list[bytes]:
    with desk.database.look(SYSTEM) as work:
        leaves = work.session.scalars(select(Base.metadata.tables["audit_event"].c.leaf)).all()
    codes = (b"consent.given", b"consent.withdrawn", b"objection.recorded", b"objection.lifted",
             b"telling.decided", b"authz.denied")  # fmt: skip
    return [code for leaf in leaves for code in codes if code in leaf]


def test_a_consent_opens_the_lane_of_a_housing_association_until_it_is_withdrawn(desk: Desk) -> None:
    signal, case = desk.signal(), desk.case()
    assert facts_of(desk.decide(signal, case)) == {Fact.CONSENT_MISSING}
    consent = desk.record_consent()
    told = desk.decide(signal, case)
    assert told.allowed
    assert told.level == 3
    with desk.database.work(desk.caller, now=desk.now) as work:
        withdraw_consent(work, consent.id)
    assert facts_of(desk.decide(signal, case)) == {Fact.CONSENT_MISSING}


def test_a_privacy_officer_reads_the_decisions_of_their_own_municipality_only(desk: Desk) -> None:
    signal, case = desk.signal(), desk.case()
    telling = Telling(signal=signal, other=case, recipient_kind="municipal_team", college_id=desk.team.id)
    with desk.database.work(SYSTEM, now=desk.now) as work:
        (decision,) = decide_telling_many(work, [telling])
    elsewhere = builders.admit_partner(desk.database, "municipal_team", now=desk.now)
    own, other = (
        builders.staff_caller(
            builders.authorise_staff(desk.database, team, "privacy_officer", now=desk.now, contact=None)
        )
        for team in (desk.team, elsewhere)
    )
    for caller in (own, OPERATOR):
        with desk.database.work(caller, now=desk.now) as work:
            assert reading.read_decision(work, decision.id).decision.id == decision.id
            assert len(reading.list_decisions(work, signal.id)) == 1
    with desk.database.work(other, now=desk.now) as work:
        assert reading.list_decisions(work, signal.id) == []
    with pytest.raises(DecisionUnknownError), desk.database.work(other, now=desk.now) as work:
        reading.read_decision(work, decision.id)
    with desk.database.work(OPERATOR, now=desk.now) as work:
        appoint_desk(work, desk.team.id, desk_id=elsewhere.id)
    with desk.database.work(other, now=desk.now) as work:
        assert reading.read_decision(work, decision.id).decision.id == decision.id


def test_a_consent_that_only_may_be_this_persons_opens_nothing(desk: Desk) -> None:
    signal, case = desk.signal(), desk.case()
    desk.record_consent(TWIN)
    assert facts_of(desk.decide(signal, case)) == {Fact.CONSENT_MISSING}


def test_an_objection_that_only_may_be_this_persons_stops_everything(desk: Desk) -> None:
    signal, case = desk.signal(legal_basis="NO_OBJECTION"), desk.case()
    assert desk.decide(signal, case).allowed
    objection = desk.record_objection(TWIN)
    assert facts_of(desk.decide(signal, case)) == {Fact.OBJECTION_PENDING}
    with desk.database.work(desk.caller, now=desk.now) as work:
        lift_objection(work, objection.id)
    assert desk.decide(signal, case).allowed


def test_an_objection_attached_to_the_case_alone_stops_the_telling(desk: Desk) -> None:
    signal = desk.signal(legal_basis="NO_OBJECTION")
    case = desk.case({**PERSON, "D": 9})
    desk.record_objection({"D": 9, "E": 9})
    assert facts_of(desk.decide(signal, case)) == {Fact.OBJECTION_PENDING}


def test_a_decision_not_to_tell_is_stored_and_recorded_like_one_to_tell(desk: Desk) -> None:
    told, kept = desk.signal(legal_basis="NO_OBJECTION"), desk.signal()
    case = desk.case()
    decisions = [desk.decide(told, case), desk.decide(kept, case)]
    with desk.database.look(SYSTEM) as work:
        told_row, kept_row = (work.session.get_one(DecisionRow, one.id) for one in decisions)
        assert [told_row.allowed, kept_row.allowed] == [True, False]
        assert kept_row.reasons == "CON-03:consent_missing"
        assert told_row.policy_hash == decisions[0].policy_hash
        assert told_row.decided_at == desk.now
    assert event_codes(desk).count(b"telling.decided") == 2


def test_many_tellings_are_decided_in_order_and_in_few_statements(desk: Desk) -> None:
    case, consented = desk.case(), desk.signal()
    desk.record_consent()
    tellings = [
        Telling(signal=signal, other=case, recipient_kind="municipal_team")
        for signal in (consented, desk.signal({"A": 7, "F": 7}), desk.signal({"A": 8, "F": 8}), consented)
    ]
    with desk.database.work(SYSTEM, now=desk.now) as work:
        decisions = decide_telling_many(work, tellings * 20)
    assert [one.allowed for one in decisions] == [True, False, False, True] * 20
    assert len({one.id for one in decisions}) == count(desk, DecisionRow) == 80


def test_no_tellings_write_nothing(desk: Desk) -> None:
    with desk.database.work(SYSTEM, now=desk.now) as work:
        assert decide_telling_many(work, []) == []
    assert count(desk, DecisionRow) == 0


def test_two_signals_are_told_of_as_a_pair_or_not_at_all(desk: Desk) -> None:
    sender = builders.admit_partner(desk.database, "school", now=desk.now)
    school = replace(
        desk.signal(), organisation_id=sender.id, partner_kind="school", legal_basis="JW_7_1_4_1",
        bracket="18-22", bracket_ends="2029-Q2",
    )  # fmt: skip
    housing = replace(desk.signal(), legal_basis="NO_OBJECTION", bracket="18-22", bracket_ends="2029-Q2")
    pair = desk.decide(school, housing)
    assert pair.allowed
    assert pair.level == 2
    waiting = replace(housing, subject_notice="pending")
    assert facts_of(desk.decide(school, waiting)) == {Fact.NOTICE_PENDING}
    assert facts_of(desk.decide(waiting, school)) == {Fact.NOTICE_PENDING}


def test_nobody_is_told_of_a_sender_that_left(desk: Desk) -> None:
    signal, case = desk.signal(legal_basis="NO_OBJECTION"), desk.case()
    assert desk.decide(signal, case).allowed
    with desk.database.work(OPERATOR, now=desk.now) as work:
        end_organisation(work, desk.housing.id)
    assert facts_of(desk.decide(signal, case)) == {Fact.SENDER_NOT_IN_FORCE}


def test_nobody_is_told_of_a_sender_whose_covenant_is_over(desk: Desk) -> None:
    signal, case = desk.signal(legal_basis="NO_OBJECTION"), desk.case()
    assert desk.housing.covenant_until is not None
    left = desk.housing.covenant_until - dutch_date(desk.now)
    last, over = (replace(desk, now=desk.now + left + timedelta(days=days)) for days in (0, 1))
    assert Fact.SENDER_NOT_IN_FORCE not in facts_of(last.decide(signal, case))
    assert Fact.SENDER_NOT_IN_FORCE in facts_of(over.decide(signal, case))


def test_signals_of_one_organisation_are_never_a_pair(desk: Desk) -> None:
    first, second = desk.signal(legal_basis="NO_OBJECTION"), desk.signal(legal_basis="NO_OBJECTION")
    assert facts_of(desk.decide(first, second)) == {Fact.SAME_ORGANISATION}


def test_police_origin_travels_with_the_decision(desk: Desk) -> None:
    police = desk.signal(partner_kind="police", legal_basis="WPG_ADULT", has_decision_reference=True)
    decision = desk.decide(police, desk.case())
    assert decision.allowed
    assert decision.police_origin
    assert decision.level == 2
    assert not desk.decide(police, desk.case(), recipient_kind="housing_association").allowed


def test_feedback_to_the_sender_needs_its_own_consents(desk: Desk) -> None:
    signal, case = desk.signal(legal_basis="NO_OBJECTION"), desk.case()
    way_back = {"recipient_kind": "housing_association", "purpose": Purpose.SENDER_FEEDBACK}
    desk.record_consent()
    assert facts_of(desk.decide(signal, case, **way_back)) == {Fact.CONSENT_MISSING}  # type: ignore[arg-type]
    for kind in ("data_processing", "secrecy_waiver"):
        desk.record_consent(kind=kind, purpose="sender_feedback")
    assert desk.decide(signal, case, **way_back).allowed  # type: ignore[arg-type]


def test_con_03_a_decision_names_the_texts_of_the_consents_it_rests_on_of_both_signals(desk: Desk) -> None:
    provider = builders.admit_partner(desk.database, "wmo_provider", now=desk.now)
    other = desk.signal(partner_kind="wmo_provider", organisation_id=provider.id)
    for text_version, facts in (
        ("of-housing", {"partnerKinds": ["housing_association"]}),
        ("of-provider", {"partnerKinds": ["wmo_provider"]}),
        ("of-feedback", {"purpose": "sender_feedback"}),
        ("of-help", {"kind": "help_agreement"}),
    ):
        consent = desk.record_consent(**facts)
        with desk.database.work(SYSTEM) as work:
            work.session.get_one(ConsentRow, consent.id).text_version = text_version
    assert desk.decide(desk.signal(), desk.case()).consent_texts == "of-housing"
    both = desk.decide(desk.signal(), other)
    assert (both.allowed, both.consent_texts) == (True, "of-housing of-provider")


@pytest.mark.parametrize("tokens", [PERSON, TWIN])
def test_ending_has_the_worker_look_again(desk: Desk, tokens: dict[str, object]) -> None:
    signal, case = desk.signal(), desk.case()
    stranger = desk.signal({"A": 7, "F": 7})
    consent, objection = desk.record_consent(tokens), desk.record_objection(tokens)
    desk.queued()
    with desk.database.work(desk.caller, now=desk.now) as work:
        withdraw_consent(work, consent.id)
    assert desk.queued() == {consent.id}
    assert {signal.id, case.id} <= desk.settled()
    with desk.database.work(desk.caller, now=desk.now) as work:
        lift_objection(work, objection.id)
    assert desk.queued() == {objection.id}
    assert {signal.id, case.id} <= (found := desk.settled())
    assert stranger.id not in found


def test_recording_asks_the_same_of_the_store_whether_or_not_the_person_is_known(desk: Desk) -> None:
    for n in range(3):
        desk.signal({**PERSON, "D": n})
    desk.case()
    for record in (desk.record_consent, desk.record_objection):
        record({"A": 5, "F": 5})  # the first of a day asks no more, but let it be over
        desk.queued()
        known, unknown = (
            desk.statements(lambda r=record, t=t: r(t)) for t in (PERSON, {"A": 6, "C": 6, "F": 6, "H": 6})
        )
        assert known == unknown
        assert not any("FROM match_index" in statement for statement in known)
        assert len(desk.queued()) == 2


@pytest.mark.parametrize(("record", "end"), [("consent", withdraw_consent), ("objection", lift_objection)])
def test_ending_asks_the_same_of_the_store_whether_or_not_the_person_is_known(
    desk: Desk, record: str, end: Callable[[Work, UUID], object]
) -> None:
    for n in range(3):
        desk.signal({**PERSON, "D": n})
    desk.case()
    acts = {"consent": desk.record_consent, "objection": desk.record_objection}

    def ending(tokens: dict[str, object]) -> list[str]:
        id_ = acts[record](tokens).id

        def act() -> None:
            with desk.database.work(desk.caller, now=desk.now) as work:
                end(work, id_)

        return desk.statements(act)

    ending({"A": 5, "F": 5})
    known, unknown = ending(PERSON), ending({"A": 6, "C": 6, "F": 6, "H": 6})
    assert known == unknown
    assert not any("FROM match_index" in statement for statement in known)


def test_every_act_leaves_one_event_and_a_repeated_one_none(desk: Desk) -> None:
    consent, objection = desk.record_consent(), desk.record_objection()
    for _ in range(2):
        with desk.database.work(desk.caller, now=desk.now) as work:
            assert withdraw_consent(work, consent.id).state == "withdrawn"
            assert lift_objection(work, objection.id).state == "lifted"
    assert sorted(event_codes(desk)) == [
        b"consent.given", b"consent.withdrawn", b"objection.lifted", b"objection.recorded",
    ]  # fmt: skip


def test_a_replay_gives_the_same_consent_and_another_body_conflicts(desk: Desk) -> None:
    key, body_key = uuid4(), uuid4()
    first = desk.record_objection(key=body_key)
    with pytest.raises(IdempotencyConflictError):
        desk.record_objection(key=body_key, scope=["school"])
    assert count(desk, ObjectionRow) == 1
    assert first.state == "pending"
    desk.record_consent(key=key)
    with pytest.raises(IdempotencyConflictError):
        desk.record_consent(key=key, textVersion="2026-2")
    assert count(desk, ConsentRow) == 1


def test_a_replay_is_answered_also_when_the_consent_is_over(desk: Desk) -> None:
    key = uuid4()
    body = builders.consent_body(
        desk.keys, PERSON, organisation_id=desk.team.id, key=key, now=desk.now, validUntilDate="2026-11-18"
    )
    answers = []
    for days in (0, 3):
        with desk.database.work(desk.caller, now=desk.now + timedelta(days=days)) as work:
            message = NewConsent.model_validate(body)
            answers.append(record_consent(work, desk.keys, message, idempotency_key=key, quota_per_day=1))
    assert answers[0].id == answers[1].id
    assert [one.state for one in answers] == ["active", "lapsed"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"partnerKinds": ["church"]}, "/partnerKinds"),
        ({"textVersion": "jan-jansen-1990"}, "/textVersion"),
        ({"validUntilDate": "2026-11-17", "validFromDate": "2026-01-01"}, "/validUntilDate"),
        ({"validFromDate": "2027-01-01", "validUntilDate": "2026-12-31"}, "/validUntilDate"),
        ({"validUntilDate": "9999-12-31"}, "/validUntilDate"),
        ({"bracket": "12-15", "bracketEnds": None}, "/bracketEnds"),
        (
            {
                "givenBy": "representative",
                "authorityAttested": True,
                "authorityHolders": 1,
                "holdersConsented": 1,
            },
            "/givenBy",
        ),
        ({"givenBy": "both", "authorityHolders": 1, "holdersConsented": 1}, "/authorityAttested"),
    ],
)
def test_con_03_a_consent_that_is_not_specific_is_refused(
    desk: Desk, changes: dict[str, object], place: str
) -> None:
    with pytest.raises(ConsentIncompleteError) as refused:
        desk.record_consent(**changes)
    assert refused.value.places == (place,)
    assert count(desk, ConsentRow) == 0


def test_an_objection_to_an_unknown_kind_of_partner_is_refused(desk: Desk) -> None:
    with pytest.raises(ConsentIncompleteError):
        desk.record_objection(scope=["shool"])


def test_only_the_desk_records_consents_and_the_refusal_is_logged(desk: Desk, now: datetime) -> None:
    staff = [
        builders.authorise_staff(desk.database, desk.team, role, now=now)
        for role in ("team_lead", "casemanager", "reporter", "privacy_officer")
    ]
    for caller in (
        *(replace(desk.caller, staff_id=one.id) for one in staff),
        replace(desk.caller, staff_id=None, role=Role.PARTNER),
        replace(desk.caller, organisation_id=desk.housing.id),
        Caller(Role.SYSTEM),
    ):
        with pytest.raises(RoleNotAllowedError):
            replace(desk, caller=caller).record_consent()
    assert count(desk, ConsentRow) == 0
    assert event_codes(desk) == [b"authz.denied"] * 7


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("desk", True),
        ("team_lead", True),
        ("casemanager", True),
        ("reporter", False),
        ("privacy_officer", False),
    ],
)
def test_anybody_of_the_team_records_an_objection_and_only_the_desk_ends_anything(
    desk: Desk, now: datetime, role: str, may: bool
) -> None:
    staff = builders.authorise_staff(desk.database, desk.team, role, now=now)
    caller = replace(desk.caller, staff_id=staff.id)
    with nullcontext() if may else pytest.raises(RoleNotAllowedError):
        replace(desk, caller=caller).record_objection()
    consent, objection = desk.record_consent(), desk.record_objection()
    for end, id_ in ((withdraw_consent, consent.id), (lift_objection, objection.id)):
        with (
            nullcontext() if role == "desk" else pytest.raises(RoleNotAllowedError),
            desk.database.work(caller, now=now) as work,
        ):
            end(work, id_)


def test_a_day_of_recordings_is_counted_over_consents_and_objections_and_starts_anew(desk: Desk) -> None:
    busy = replace(desk, quota=2)
    busy.record_consent()
    busy.record_objection()
    for record in (busy.record_consent, busy.record_objection):
        with pytest.raises(DeskQuotaExhaustedError):
            record()
    assert (count(desk, ConsentRow), count(desk, ObjectionRow)) == (1, 1)
    replace(busy, now=desk.now + timedelta(days=1)).record_objection()
    assert count(desk, ObjectionRow) == 2


def test_a_desk_without_covenant_records_nothing(desk: Desk) -> None:
    later = replace(desk, now=desk.now + timedelta(days=400))
    with pytest.raises(CovenantNotInForceError):
        later.record_objection()


def test_a_token_type_that_is_not_the_desks_is_refused(desk: Desk) -> None:
    with pytest.raises(TokenTypeNotAllowedError):
        desk.record_objection({**PERSON, "household": 3})


def test_another_organisations_consent_does_not_exist(desk: Desk, now: datetime) -> None:
    consent = desk.record_consent()
    other = builders.admit_partner(desk.database, "municipal_team", now=now)
    staff = builders.authorise_staff(desk.database, other, "desk", now=now)
    caller = replace(desk.caller, organisation_id=other.id, staff_id=staff.id)
    with pytest.raises(ConsentMissingError), desk.database.work(caller, now=now) as work:
        withdraw_consent(work, consent.id)


def test_the_gate_refuses_with_the_code_and_place_of_the_first_reason() -> None:
    facts = PostingFacts(
        partner_kind="housing_association",
        legal_basis="JW_7_1_4_1",
        bracket="18-22",
        bracket_ends="2029-Q2",
        has_decision_reference=False,
        on=datetime(2026, 11, 18).date(),  # noqa: DTZ001
        attestation="weighed",
        subject_notice="given",
    )
    with pytest.raises(LegalBasisMissingError) as refused:
        require_posting(facts, rules=default_policy())
    assert refused.value.places == ("/legalBasis",)
    require_posting(replace(facts, legal_basis="NO_OBJECTION"), rules=default_policy())
