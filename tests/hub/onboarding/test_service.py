"""ONB-01, ONB-04, ONB-12, ONB-13: joining, going live and leaving, by what is in the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from nacl.signing import SigningKey
from sqlalchemy import select

from hub.consent.errors import BracketNotInLaneError, LegalBasisMissingError
from hub.consent.facts import Fact, Purpose
from hub.consent.telling import Telling, weigh_many
from hub.matches.facts import signal_facts
from hub.onboarding.dormant import suspend_dormant
from hub.onboarding.errors import HeirInvalidError, NotReadyError
from hub.onboarding.leaving import offboard, wind_up
from hub.onboarding.service import go_live, list_onboarding, record_addendum, record_dossier, set_location
from hub.onboarding.values import Addendum, Dossier, Ending, Item, Leaving, Linkage, Onboarding
from hub.partners import administration, staffing
from hub.partners.errors import NotLiveError, NotTrainedError, RoleNotAllowedError
from hub.partners.policy import require_reporter
from hub.partners.service import find_staff, get_partner
from hub.partners.values import Admission, Authorisation, StaffRole
from hub.signals.models import SignalRow
from hub.signals.service import accept, get_signals
from service.database import Database
from service.errors import DatError
from service.work import OPERATOR, SYSTEM, Caller, Role
from tests.builders import (
    KINDS,
    Sender,
    Town,
    authorise_staff,
    dossier,
    everything,
    new_post,
    sender,
    staff_caller,
    subject_keys,
    town,
)


def joining(database: Database, now: datetime) -> Sender:
    """A school that was admitted and showed nothing yet, with a reporter who was not trained."""
    admission = Admission(
        oin="00000099900000010000",
        name="De Linde",
        kind="school",
        covenant_from=(now - timedelta(days=1)).date(),
        covenant_until=(now + timedelta(days=300)).date(),
    )
    with database.work(OPERATOR, now=now) as work:
        partner = administration.admit(work, admission, kinds=KINDS)
        reporter = staffing.authorise(
            work, Authorisation(organisation_id=partner.id, role=StaffRole.REPORTER)
        )
    return Sender(partner, reporter, Caller(Role.PARTNER, partner.id, None, "client-1"))


def test_onb_13_who_does_not_signal_for_a_year_reports_again_only_after_a_training(
    hub_database: Database, now: datetime
) -> None:
    quiet, busy = (sender(hub_database, "school", now=now) for _ in range(2))

    def rest(months: int) -> tuple[int, datetime]:
        moment = now + timedelta(days=30.5 * months)
        with hub_database.work(SYSTEM, now=moment) as work:
            return suspend_dormant(work), moment

    with hub_database.work(busy.caller, now=now + timedelta(days=300)) as work:
        message = new_post(subject_keys(), everything("kees"), sender=busy, now=now + timedelta(days=300))
        accept(work, [message], signer=SigningKey(bytes(32)))
    assert [rest(months)[0] for months in (10, 11)] == [0, 0]
    suspended, later = rest(13)
    assert suspended == 1
    assert rest(13)[0] == 0
    with hub_database.work(SYSTEM, now=later) as work:
        found = find_staff(work, [quiet.reporter.id, busy.reporter.id])
        assert (found[quiet.reporter.id].trained_on, found[busy.reporter.id].trained_on is None) == (
            None,
            False,
        )
        with pytest.raises(NotTrainedError):
            require_reporter(quiet.partner, found[quiet.reporter.id], later.date())
    with hub_database.work(OPERATOR, now=later) as work:
        staffing.attest_training(work, quiet.reporter.id, on=later.date())
    assert rest(14)[0] == 0


def test_onb_05_an_addendum_narrows_what_is_told_of_that_partner_and_of_no_other(
    hub_database: Database, now: datetime
) -> None:
    here = town(hub_database, now=now)
    national, local = (sender(hub_database, "youth_care", now=now) for _ in range(2))
    with hub_database.work(OPERATOR, now=now) as work:
        record_addendum(work, national.partner.id, Addendum(reference="ADD-3", told_at_most=1))
        assert get_partner(work, national.partner.id).told_at_most == 1
    for person, one in (("kees", national), ("jan", local)):
        here.case(here.anna, everything(person))
        here.signal(one, everything(person))
    here.match()
    assert sorted((one.level, one.partner) for one in here.inbox(here.anna)) == [
        (1, "youth_care"),
        (2, local.partner.name),
    ]
    with pytest.raises(RoleNotAllowedError), hub_database.work(national.caller, now=now) as work:
        record_addendum(work, national.partner.id, Addendum(reference="ADD-3"))


def test_onb_05_an_addendum_narrows_on_which_basis_and_of_whose_age_it_signals(
    hub_database: Database, now: datetime
) -> None:
    national = sender(hub_database, "youth_care", now=now)
    assert not isinstance(post(hub_database, national, now), DatError)
    for own, error in (
        ({"bases": frozenset({"CONSENT"})}, LegalBasisMissingError),
        ({"brackets": frozenset({"0-11"})}, BracketNotInLaneError),
    ):
        with hub_database.work(OPERATOR, now=now) as work:
            record_addendum(work, national.partner.id, Addendum(reference="ADD-3", **own))  # type: ignore[arg-type]
        assert isinstance(post(hub_database, national, now), error)
    with hub_database.work(OPERATOR, now=now) as work:
        record_addendum(
            work, national.partner.id, Addendum(reference="ADD-4", bases=frozenset({"JW_7_1_4_1"}))
        )
    assert not isinstance(post(hub_database, national, now), DatError)


def test_onb_05_it_holds_for_what_was_signalled_before_and_for_what_is_heard_back(
    hub_database: Database, now: datetime
) -> None:
    here = town(hub_database, now=now)
    national = sender(hub_database, "youth_care", now=now)
    here.case(here.anna, everything("kees"))
    here.signal(national, everything("kees"))
    here.match()

    def weigh(addendum: Addendum, purpose: Purpose = Purpose.TELL_CASEMANAGER) -> tuple[bool, bool]:
        with hub_database.work(OPERATOR, now=now) as work:
            record_addendum(work, national.partner.id, addendum)
            (signal,) = get_signals(work, work.session.scalars(select(SignalRow.id)).all()).values()
            side = signal_facts(signal, partner_kind="youth_care")
            other = replace(side, id=uuid4(), organisation_id=here.team.id)
            (found,) = weigh_many(
                work, [Telling(signal=side, other=other, recipient_kind="municipal_team", purpose=purpose)]
            )
            return found.allowed, any(one.fact is Fact.SENDER_NOT_IN_FORCE for one in found.reasons)

    none = Addendum(reference="ADD-3")
    assert weigh(none) == (True, False)
    assert weigh(replace(none, bases=frozenset({"CONSENT"}))) == (False, True)
    assert weigh(replace(none, hears_back=False)) == (True, False)
    assert weigh(replace(none, hears_back=False), Purpose.SENDER_FEEDBACK) == (False, True)
    assert len(here.inbox(here.anna)) == 1
    weigh(replace(none, brackets=frozenset({"0-11"})))
    assert [(one.kind, one.state) for one in here.inbox(here.anna)] == [("match", "void")]


def post(database: Database, school: Sender, now: datetime) -> object:
    message = new_post(subject_keys(), everything("kees"), sender=school, now=now)
    with database.work(school.caller, now=now) as work:
        return accept(work, [message], signer=SigningKey(bytes(32)))[0]


def seen(database: Database, caller: Caller, now: datetime) -> dict[UUID, Onboarding]:
    with database.look(caller, now=now) as work:
        found = list_onboarding(work, kinds=KINDS, linkable_percent=95)
    return {one.organisation_id: one for one in found}


def test_onb_01_an_organisation_posts_once_it_is_live_and_its_reporter_was_trained(
    hub_database: Database, now: datetime
) -> None:
    school = joining(hub_database, now)
    assert isinstance(post(hub_database, school, now), NotLiveError)
    with pytest.raises(NotReadyError) as refusal, hub_database.work(OPERATOR, now=now) as work:
        go_live(work, school.partner.id, kinds=KINDS, linkable_percent=95)
    assert set(refusal.value.places) == {"/accession", "/location", "/profile", "/dpia", "/linkage"}
    with hub_database.work(OPERATOR, now=now) as work:
        record_dossier(work, school.partner.id, replace(dossier(now), linkage=None))
        record_dossier(
            work,
            school.partner.id,
            Dossier(linkage=Linkage(rows=100, linkable=97, measured_on=now.date())),
        )
        set_location(work, school.partner.id, "De Linde")
    assert seen(hub_database, OPERATOR, now)[school.partner.id].missing == ()
    with hub_database.work(OPERATOR, now=now) as work:
        assert go_live(work, school.partner.id, kinds=KINDS, linkable_percent=95).state == "active"
    assert isinstance(post(hub_database, school, now), NotTrainedError)
    assert seen(hub_database, OPERATOR, now)[school.partner.id].trained == (0, 1)
    with hub_database.work(OPERATOR, now=now) as work:
        staffing.attest_training(work, school.reporter.id, on=now.date())
    assert not isinstance(post(hub_database, school, now), Exception)


def test_onb_04_what_lapses_is_seen_and_who_oversees_sees_all_and_others_their_own(
    hub_database: Database, now: datetime
) -> None:
    here, school = town(hub_database, now=now), sender(hub_database, now=now)
    with hub_database.work(OPERATOR, now=now) as work:
        set_location(work, school.partner.id, "Hoofdlocatie", until=now.date())
    overseer = authorise_staff(hub_database, here.team, "covenant_manager", now=now)
    assert seen(hub_database, staff_caller(overseer), now)[school.partner.id].missing == (Item.LOCATION,)
    assert list(seen(hub_database, school.caller, now)) == [school.partner.id]
    with pytest.raises(RoleNotAllowedError):
        seen(hub_database, staff_caller(here.anna), now)


def test_the_hub_measures_what_came_of_it_itself(hub_database: Database, now: datetime) -> None:
    here, school = town(hub_database, now=now), sender(hub_database, now=now)
    people = [{"A": uuid4()} if number % 10 == 0 else everything(uuid4()) for number in range(50)]
    posts = [new_post(here.keys, person, sender=school, now=now) for person in people]
    with hub_database.work(school.caller, now=now) as work:
        accept(work, posts, signer=SigningKey(bytes(32)))
    measured = seen(hub_database, school.caller, now)[school.partner.id].measured
    assert measured == Linkage(rows=50, linkable=45, measured_on=now.date())


def left(here: Town, partner: UUID, leaving: Leaving) -> None:
    with here.database.work(OPERATOR, now=here.now) as work:
        offboard(work, partner, leaving)
    with here.database.work(SYSTEM, now=here.now) as work:
        wind_up(work)
    here.match()


def test_onb_12_who_leaves_may_nothing_at_once_and_its_open_signals_are_withdrawn(
    hub_database: Database, now: datetime
) -> None:
    here, school = town(hub_database, now=now), sender(hub_database, now=now)
    here.case(here.anna, everything("kees"))
    signal_id = here.signal(school, everything("kees"))
    here.match()
    assert [notice.kind for notice in here.inbox(here.anna)] == ["match"]
    left(here, school.partner.id, Leaving(ending=Ending.WITHDRAW))
    with hub_database.look(OPERATOR, now=now) as work:
        state, reason = work.session.execute(
            select(SignalRow.state, SignalRow.reason).where(SignalRow.id == signal_id)
        ).one()
        assert get_partner(work, school.partner.id).state == "ended"
    assert (state, reason) == ("withdrawn", "reason_gone")
    assert "void" in {notice.kind for notice in here.inbox(here.anna)}
    assert seen(hub_database, OPERATOR, now)[school.partner.id].trained == (0, 0)


def test_onb_12_an_heir_of_the_same_kind_goes_on_with_the_signals(
    hub_database: Database, now: datetime
) -> None:
    here, school = town(hub_database, now=now), sender(hub_database, now=now)
    heir, police = sender(hub_database, now=now), sender(hub_database, "police", now=now)
    signal_id = here.signal(school, everything("kees"))
    for wrong in (
        Leaving(ending=Ending.HAND_OVER),
        Leaving(ending=Ending.HAND_OVER, heir_id=police.partner.id, coordinator_id=police.reporter.id),
        Leaving(ending=Ending.HAND_OVER, heir_id=heir.partner.id, coordinator_id=police.reporter.id),
    ):
        with pytest.raises(HeirInvalidError):
            left(here, school.partner.id, wrong)
    left(
        here,
        school.partner.id,
        Leaving(ending=Ending.HAND_OVER, heir_id=heir.partner.id, coordinator_id=heir.reporter.id),
    )
    with hub_database.look(OPERATOR, now=now) as work:
        owner = work.session.execute(
            select(SignalRow.organisation_id, SignalRow.reporter_id, SignalRow.state).where(
                SignalRow.id == signal_id
            )
        ).one()
    assert tuple(owner) == (heir.partner.id, heir.reporter.id, "active")
    here.withdraw(heir, signal_id)
