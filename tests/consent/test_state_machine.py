"""A municipality through years of consents, objections, birthdays and restarts, against a plain model."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

import hub.models  # noqa: F401
from hub.approving import EFFECTS
from hub.base import Base
from hub.changes.service import ChangeReason, approve
from hub.consent import service as consents
from hub.consent import versions
from hub.consent.facts import ObjectionState
from hub.consent.schemas import NewConsent, NewObjection, NewWithdrawal
from hub.informing.schemas import NewSubjectNotice
from hub.informing.service import attest_notice
from hub.matches.models import MatchRow
from hub.matches.overdue import return_overdue
from hub.matches.redeciding import redecide
from hub.notices.models import NoticeRow, NoticeState
from hub.notices.service import acknowledge
from hub.partners.administration import sign_covenant
from hub.renewing.models import ConsentTaskRow
from hub.renewing.service import lapse_and_ask
from hub.rights import advising, deciding, filing, searching
from hub.rights.schemas import NewRequest
from hub.rights.values import Advice, Ground, Outcome, Request
from hub.signals.service import expire_due
from hub.subjects.models import RegistrationRow
from service.clock import dutch_date
from service.database import Database
from service.work import OPERATOR, SYSTEM
from tests import builders, databases
from tests.builders import staff_caller
from tests.consent.model import Case, Consent, Model, Objection, Person, Signal, possible

START = datetime(2026, 11, 18, 12, tzinfo=UTC)
YEARS = timedelta(days=650)  # a case stands for two years
PERSONS = (
    Person("adult", date(1990, 3, 3)),
    Person("teenager", date(2011, 5, 10)),
    Person("child", date(2015, 2, 1)),
)
LANES = {
    "school": ("JW_7_1_4_1", "CONSENT"),
    "housing_association": ("CONSENT", "NO_OBJECTION"),
    "police": ("WPG_YOUTH",),
}
CHILDREN = {"0-11", "12-15"}
persons = st.sampled_from(PERSONS)
KEYS = builders.subject_keys()


class Town(RuleBasedStateMachine):
    """What may happen, in any order; after each step the hub must agree with the model."""

    open_store: Callable[[], tuple[str, Callable[[], None]]]

    def __init__(self) -> None:
        """Admit everybody, and register a case of each person."""
        super().__init__()
        self.url, self.drop = type(self).open_store()
        self.database = self._open()
        Base.metadata.create_all(self.database.writer)
        with self.database.work(OPERATOR, now=START) as work:
            versions.load_first(work)
        self.town = builders.town(self.database, now=START, keys=KEYS)
        with self.database.work(OPERATOR, now=START) as work:
            sign_covenant(work, self.town.team.id, begins=START.date(), ends=START.date() + 2 * YEARS)
        self.senders = {
            kind: builders.sender(self.database, kind, now=START, days=(-365, 3650)) for kind in LANES
        }
        self.team = {
            role: builders.authorise_staff(self.database, self.town.team, role, now=START, contact=None)
            for role in ("rights_officer", "covenant_manager", "privacy_officer")
        }
        self.team["second_officer"] = builders.authorise_staff(
            self.database, self.town.team, "rights_officer", now=START, contact=None
        )
        builders.appoint_desks(self.database, self.town.team, now=START)
        self.model = Model()
        for person in PERSONS:
            self._register(person)
        self._begin()

    def _open(self) -> Database:
        database = Database(self.url, pool=8)
        databases.keep_engines(database)
        return database

    def teardown(self) -> None:
        """Leave nothing."""
        self.database.close()
        self.drop()

    @property
    def today(self) -> date:
        """Today, in the Netherlands."""
        return dutch_date(self.town.now)

    # --- what people do

    @rule(
        person=persons,
        sender=st.sampled_from(sorted(LANES)),
        lane=st.integers(0, 1),
        holders=st.sampled_from([2, 2, 3]),
    )
    def post(self, person: Person, sender: str, lane: int, holders: int) -> None:
        """A partner leaves a signal, where its lane allows."""
        basis = LANES[sender][lane % len(LANES[sender])]
        bracket, ends = person.bracket(self.today)
        grown = possible(bracket, ends, self.today) <= {"18-22", "23+"}
        if (sender == "housing_association") != grown or basis in self.model.ended:
            return
        changes: dict[str, Any] = {"legalBasis": basis, "bracket": bracket, "bracketEnds": ends}
        if sender == "police":
            changes["decisionReference"] = str(uuid4())
        said = holders if bracket in CHILDREN else 0
        if said:
            changes["authorityHolders"] = said
        signal_id = self.town.signal(self.senders[sender], builders.everything(person.name), **changes)
        organisation = self.senders[sender].partner.id
        self.model.signals[signal_id] = Signal(
            person, sender, organisation, basis, bracket, ends, self.today, said
        )

    @precondition(lambda self: self.model.signals)
    @rule(data=st.data(), holders=st.sampled_from([2, 2, 3]))
    def correct(self, data: st.DataObject, holders: int) -> None:
        """A partner attests otherwise how many hold authority over a child: each of them was told."""
        mine = {id_: one for id_, one in self.model.signals.items() if one.holders and one.lives(self.today)}
        if not mine:
            return
        signal_id = data.draw(st.sampled_from(list(mine)))
        signal = mine[signal_id]
        told_on = signal.posted_on - timedelta(days=1)
        child = possible(signal.bracket, signal.ends, told_on) == {"0-11"}
        body = {
            "givenDate": told_on.isoformat(),
            "givenTo": ["representative"] if child else ["representative", "subject"],
            "authorityHolders": holders,
            "correctsDate": told_on.isoformat(),
            "correctsHolders": signal.holders,
        }
        with self.database.work(self.senders[signal.sender].person, now=self.town.now) as work:
            attest_notice(work, signal_id, NewSubjectNotice.model_validate(body), idempotency_key=uuid4())
        signal.holders = holders

    @precondition(lambda self: self.model.signals)
    @rule(data=st.data(), reason=st.sampled_from(["reason_gone", "unjustified"]))
    def withdraw_signal(self, data: st.DataObject, reason: str) -> None:
        """A partner takes a signal back; an unjustified one is erased."""
        if living := [id_ for id_, one in self.model.signals.items() if not one.gone]:
            signal_id = data.draw(st.sampled_from(living))
            signal = self.model.signals[signal_id]
            self.town.withdraw(self.senders[signal.sender], signal_id, reason)
            signal.gone = True

    @rule(person=persons)
    def renew_case(self, person: Person) -> None:
        """The team closes a case and registers it anew, at the age of today."""
        for case_id, case in self.model.cases.items():
            if case.person == person and not case.closed:
                self.town.close(self.town.anna, case_id)
                case.closed = True
        self._register(person)

    @rule(
        person=persons,
        given_by=st.sampled_from(["both", "both", "subject", "representative"]),
        holders=st.sampled_from([(2, 2), (2, 2), (2, 1), (3, 3)]),
        kind=st.sampled_from(["data_processing", "data_processing", "data_processing", "help_agreement"]),
        purpose=st.sampled_from(["tell_casemanager", "tell_casemanager", "sender_feedback"]),
        days=st.sampled_from([(0, 30), (0, 400), (25, 500)]),
        sender=st.sampled_from(["school", "housing_association"]),
        single=st.sampled_from([(), (), (0,), (1,)]),
    )
    def consent(self, **facts: Any) -> None:
        """A consent is recorded at the desk, whole or with something missing."""
        self.town = self.town.later(minutes=1)  # which one came last is told by the clock
        self._consent(**facts)

    def _consent(
        self,
        person: Person,
        given_by: str,
        holders: tuple[int, int],
        kind: str,
        purpose: str,
        days: tuple[int, int],
        sender: str,
        single: tuple[int, ...],
    ) -> None:
        bracket, ends = person.bracket(self.today)
        if given_by == "subject" and bracket == "0-11":
            given_by = "both"
        must = given_by if bracket in {"0-11", "12-15"} else "subject"
        held, consented = holders if must != "subject" else (0, 0)
        organisations = [self.senders[("school", "housing_association")[at]].partner.id for at in single]
        since, until = (self.today + timedelta(days=one) for one in days)
        key = uuid4()
        body = builders.consent_body(
            KEYS,
            builders.everything(person.name),
            organisation_id=self.town.team.id,
            key=key,
            now=self.town.now,
            kind=kind,
            purpose=purpose,
            partnerKinds=[sender],
            organisations=[str(one) for one in organisations],
            validFromDate=since.isoformat(),
            validUntilDate=until.isoformat(),
            givenBy=must,
            authorityAttested=held > 0,
            authorityHolders=held,
            holdersConsented=consented,
            bracket=bracket,
            bracketEnds=ends,
        )
        with self.database.work(staff_caller(self.town.desk), now=self.town.now) as work:
            message = NewConsent.model_validate(body)
            id_ = consents.record_consent(work, KEYS, message, idempotency_key=key, quota_per_day=500).id
        self.model.consents[id_] = Consent(
            person=person,
            kind=kind,
            purpose=purpose,
            senders={sender},
            organisations=set(organisations),
            given_by=must,
            holders=held,
            consented=consented,
            since=since,
            until=until,
            bracket=bracket,
            ends=ends,
        )

    @precondition(lambda self: self.model.consents)
    @rule(data=st.data(), worker=st.booleans())
    def withdraw_consent(self, data: st.DataObject, *, worker: bool) -> None:
        """A consent is withdrawn, perhaps for the second time."""
        consent_id = data.draw(st.sampled_from(list(self.model.consents)))
        with self.database.work(staff_caller(self.town.desk), now=self.town.now) as work:
            consents.withdraw_consent(work, consent_id)
        self.model.consents[consent_id].withdrawn = True
        if worker:
            self.work()

    @rule(person=persons, scope=st.sampled_from(["all", ["school"], ["housing_association", "police"]]))
    def take_back(self, person: Person, scope: str | list[str]) -> None:
        """Somebody takes back at the desk what anybody recorded, and the worker ends it."""
        key, tokens = uuid4(), builders.everything(person.name)
        body = builders.objection_body(KEYS, tokens, organisation_id=self.town.team.id, key=key, scope=scope)
        with self.database.work(staff_caller(self.town.desk), now=self.town.now) as work:
            message = NewWithdrawal.model_validate(body)
            consents.withdraw_everywhere(work, KEYS, message, idempotency_key=key, quota_per_day=500)
        for one in self.model.consents.values():
            if one.person == person and (scope == "all" or one.senders & set(scope)):
                one.withdrawn = True
        with self.database.work(SYSTEM, now=self.town.now) as work:
            consents.settle_due(work, limit=500)

    @rule(
        person=persons,
        kind=st.sampled_from(["objection", "objection", "restriction"]),
        scope=st.sampled_from(["all", ["school"], ["housing_association", "police"]]),
    )
    def object(self, person: Person, kind: str, scope: str | list[str]) -> None:
        """Somebody objects, or asks that nothing is done."""
        key, tokens = uuid4(), builders.everything(person.name)
        part: dict[str, object] = {"kind": kind, "scope": scope, "tokenTypes": sorted(tokens)}
        body = builders._sealed_body(KEYS, part, tokens, organisation_id=self.town.team.id, key=key)
        with self.database.work(staff_caller(self.town.anna), now=self.town.now) as work:
            message = NewObjection.model_validate(body)
            id_ = consents.record_objection(work, KEYS, message, idempotency_key=key, quota_per_day=500).id
        self.model.objections[id_] = Objection(
            person, kind, {scope} if isinstance(scope, str) else set(scope)
        )

    @precondition(lambda self: self.model.objections)
    @rule(data=st.data(), how=st.sampled_from(["lifted", "rejected", "rejected", "upheld"]))
    def end_objection(self, data: st.DataObject, how: str) -> None:
        """An objection is taken back, or decided upon."""
        if not (waiting := [id_ for id_, one in self.model.objections.items() if not one.over]):
            return
        id_ = data.draw(st.sampled_from(waiting))
        caller = self.town.desk if how == "lifted" else self.team["rights_officer"]
        with self.database.work(staff_caller(caller), now=self.town.now) as work:
            if self.model.objections[id_].upheld:
                return
            if how == "lifted":
                consents.lift_objection(work, id_)
            elif consents.list_pending(work) and id_ in {one.id for one in consents.list_pending(work)}:
                consents.decide_objection(work, id_, ObjectionState(how))
            else:
                return
        self.model.objections[id_].over = how != "upheld"
        self.model.objections[id_].upheld = how == "upheld"

    @rule(person=persons, ground=st.sampled_from(["unjustified", "wrong_person"]))
    def erase(self, person: Person, ground: str) -> None:
        """Somebody asks that all of it goes; two officers decide so, and the worker does it."""
        request = self._file_erasure(person)
        officer, second = (staff_caller(self.team[name]) for name in ("rights_officer", "second_officer"))
        now = self.town.now
        with self.database.work(officer, now=now) as work:
            found = searching.search(work, request.id)
            advising.ask_advice(work, request.id)
        assert found is not None
        for sender in self.senders.values():
            with self.database.work(sender.person, now=now) as work:
                for asked in advising.list_asked(work):
                    advising.give_advice(work, asked.id, Advice.JUSTIFIED)
        with self.database.work(officer, now=now) as work:
            change = deciding.decide(
                work, request.id, outcome=Outcome.GRANTED, ground=Ground(ground)
            ).change_id
        assert change is not None
        with self.database.work(second, now=now) as work:
            approve(work, change, effects=EFFECTS)
        with self.database.work(SYSTEM, now=now) as work:
            assert deciding.erase_approved(work) == 1
        self._forget(person, {one.registration_id for one in found.findings})

    def _file_erasure(self, person: Person) -> Request:
        bracket, ends = person.bracket(self.today)
        ages = possible(bracket, ends, self.today)
        grown = ages <= {"16-17", "18-22", "23+"}
        alone = {"filedBy": "subject", "authority": "none", "authorityHolders": 0, "holdersAsking": 0}
        facts = alone if grown else {"filedBy": "representative" if ages == {"0-11"} else "both"}
        key = uuid4()
        body = builders.request_body(
            KEYS,
            builders.everything(person.name),
            organisation_id=self.town.team.id,
            key=key,
            kind="erasure",
            bracket=bracket,
            bracketEnds=ends,
            **facts,
        )
        with self.database.work(staff_caller(self.town.desk), now=self.town.now) as work:
            message = NewRequest.model_validate(body)
            return filing.file_request(work, KEYS, message, idempotency_key=key, quota_per_day=500)

    def _forget(self, person: Person, found: set[UUID]) -> None:
        """Nothing of the person is left but objections that stand, and nobody is told of it any more."""
        own = {id_ for id_, one in self.model.signals.items() if one.person == person and not one.gone}
        own |= {id_ for id_, case in self.model.cases.items() if case.person == person and not case.closed}
        own |= {id_ for id_, one in self.model.consents.items() if one.person == person}
        assert own <= found
        standing = {
            id_ for id_, one in self.model.objections.items() if one.person == person and not one.over
        }
        with self.database.look(SYSTEM, now=self.town.now) as work:
            left = {id_ for id_ in found if work.session.get(RegistrationRow, id_)}
            assert not left & own
            assert standing & found <= left
            sides = select(MatchRow.id).where(MatchRow.signal_id.in_(found) | MatchRow.other_id.in_(found))
            assert work.session.scalars(sides).all() == []
        for id_ in own & self.model.signals.keys():
            self.model.signals[id_].gone = True
        for id_ in own & self.model.cases.keys():
            self.model.cases[id_].closed = True
        for id_ in own & self.model.consents.keys():
            del self.model.consents[id_]
            self.model.asked.discard(id_)
        self.work()

    @precondition(lambda self: not self.model.ended)
    @rule(code=st.sampled_from(["JW_7_1_4_1", "NO_OBJECTION"]))
    def end_basis(self, code: str) -> None:
        """Two persons end a legal basis as of today, while the hub runs."""
        with self.database.look(SYSTEM, now=self.town.now) as work:
            document = versions.find_document(work, versions.policy_in_force(work).hash)
        yesterday = (self.today - timedelta(days=1)).isoformat()
        next(row for row in document["bases"] if row["code"] == code)["valid_to_on"] = yesterday
        with self.database.work(staff_caller(self.team["covenant_manager"]), now=self.town.now) as work:
            change = versions.propose_policy(
                work, document, in_force_on=self.today, reason=ChangeReason.LAW_CHANGED
            )
        with self.database.work(staff_caller(self.team["privacy_officer"]), now=self.town.now) as work:
            approve(work, change.id, effects=EFFECTS)
        self.model.ended.add(code)

    @rule(days=st.sampled_from([1, 20, 45, 130]), worker=st.booleans())
    def wait(self, days: int, *, worker: bool) -> None:
        """Time goes by, past birthdays and ends of periods."""
        if self.town.now + timedelta(days=days) < START + YEARS:
            self.town = self.town.later(days=days, hours=1)
        if worker:
            self.work()

    @rule()
    def restart(self) -> None:
        """Everything that a process kept in memory is gone."""
        self.database.close()
        versions._known.clear()
        versions._sets.clear()
        self.database = self._open()
        self.town = replace(self.town, database=self.database)

    @rule()
    def look(self) -> None:
        """The casemanager opens the inbox, before the worker came by, and takes up what may be told now."""
        told = self._show()
        with self.database.work(staff_caller(self.town.anna), now=self.town.now) as work:
            for notice_id in told:
                acknowledge(work, notice_id, outcome=NoticeState.ACKNOWLEDGED)

    def _show(self) -> set[UUID]:
        """Show the casemanager's inbox, which decides on each of them; returns what is new."""
        allowed = self.model.pairs(self.today)
        shown = [one for one in self.town.inbox(self.town.anna) if one.kind == "match"]
        standing = {one.notice_id for one in shown if one.state not in {"void", "returned"}}
        told = {one.notice_id for one in shown if one.state == "new"}
        with self.database.look(SYSTEM, now=self.town.now) as work:
            query = select(NoticeRow.id, MatchRow.signal_id, MatchRow.other_id).join(
                MatchRow, MatchRow.id == NoticeRow.match_id
            )
            pairs = {id_: (signal_id, other_id) for id_, signal_id, other_id in work.session.execute(query)}
        # What was shown before, and taken up, too: each showing is decided on.
        assert {pairs[id_] for id_ in standing} <= allowed
        return told

    # --- what must hold

    @rule()
    def work(self) -> None:
        """The worker does all that is due; then exactly that is told which may be."""
        with self.database.work(SYSTEM, now=self.town.now) as work:
            expire_due(work, limit=500)
            consents.settle_due(work, limit=500)
            lapse_and_ask(work, limit=500)
        self.model.lapse(self.today)
        with self.database.work(SYSTEM, now=self.town.now) as work:
            return_overdue(work)
        with self.database.work(SYSTEM, now=self.town.now + timedelta(seconds=10)) as work:
            redecide(work)
        self.town.match()
        with self.database.look(SYSTEM, now=self.town.now) as work:
            columns = select(MatchRow.id, MatchRow.signal_id, MatchRow.other_id, MatchRow.case_id)
            rows = list(work.session.execute(columns.where(MatchRow.state == "open")))
            stale = select(NoticeRow.match_id).where(NoticeRow.state == "new", NoticeRow.kind != "void")
            waiting = set(work.session.scalars(stale))
            about = select(ConsentTaskRow.consent_id, ConsentTaskRow.about_kind)
            tasks = list(work.session.execute(about))
        assert {id_ for id_, kind in tasks if kind == "consent"} == self.model.asked
        assert {id_ for id_, kind in tasks if kind == "match"} <= self.model.asked
        told = {(signal_id, other_id) for _, signal_id, other_id, case_id in rows if case_id}
        # That another attests more holders of authority is found when a match is shown: nobody is told by it.
        allowed, believed = self.model.pairs(self.today), self.model.pairs(self.today, believed=True)
        assert allowed <= told <= believed
        if allowed != believed:
            self._show()
        assert waiting <= {row.id for row in rows}

    def _begin(self) -> None:
        """Begin with people of whom somebody was told, or most of what happens changes nothing."""
        adult, teenager, child = PERSONS
        for person, sender, lane in (
            (adult, "housing_association", 0),
            (adult, "housing_association", 1),
            (teenager, "school", 0),
            (teenager, "school", 1),
            (teenager, "police", 0),
            (child, "school", 1),
        ):
            self.post(person, sender, lane, 2)
        for person, giver, sender in (
            (adult, "subject", "housing_association"),
            (teenager, "both", "school"),
            (child, "representative", "school"),
        ):
            self._consent(person, giver, (2, 2), "data_processing", "tell_casemanager", (0, 400), sender, ())
        self.work()
        self.look()

    def _register(self, person: Person) -> None:
        bracket, ends = person.bracket(self.today)
        tokens = builders.everything(person.name)
        case_id = self.town.case(self.town.anna, tokens, bracket=bracket, bracketEnds=ends)
        self.model.cases[case_id] = Case(person, bracket, ends)


def sqlite_store() -> tuple[str, Callable[[], None]]:
    folder = Path(tempfile.mkdtemp(dir=databases.QUICK))
    return databases.lay_sqlite(folder / "town.db", Base.metadata.create_all), lambda: shutil.rmtree(folder)


def postgresql_store() -> tuple[str, Callable[[], None]]:
    url = databases.postgresql_url_for("hub")
    databases.empty_tables(url, [table.name for table in Base.metadata.sorted_tables])
    return url, lambda: None


@pytest.mark.timeout(1_800)
@pytest.mark.parametrize(
    ("store", "examples", "steps"),
    [
        (sqlite_store, 8, 30),
        (postgresql_store, 2, 20),
        pytest.param(sqlite_store, 80, 45, marks=pytest.mark.prove),
        pytest.param(postgresql_store, 10, 30, marks=pytest.mark.prove),
    ],
    ids=["sqlite", "postgresql", "sqlite, deep", "postgresql, deep"],
)
def test_the_hub_agrees_with_the_model_whatever_happens(
    store: Callable[[], tuple[str, Callable[[], None]]], examples: int, steps: int
) -> None:
    machine = type("Machine", (Town,), {"open_store": staticmethod(store)})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            # Making a failure smaller means hundreds of towns more; what it prints is short enough.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
