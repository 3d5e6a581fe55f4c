"""A desk of a municipal team, a housing association that signalled, and a case, on each kind of server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select

from hub.base import Base
from hub.consent import service
from hub.consent.facts import CaseFacts, Purpose, SignalFacts, StoredDecision
from hub.consent.schemas import NewConsent, NewObjection, NewWithdrawal
from hub.consent.service import RecordedFact
from hub.partners.values import Partner
from hub.subjects.keys import SubjectKeys
from hub.subjects.service import RegistrationKind, claim_changed, store_registrations
from service.database import Database
from service.work import SYSTEM, Caller, Role
from tests import builders

KEYS = builders.subject_keys()
PERSON = {"A": 1, "C": 1, "F": 1, "H": 1}
TWIN = {"A": 1, "C": 1, "F": 2, "H": 2}


@dataclass(frozen=True)
class Desk:
    """What the stories about consent need: who calls, and what is registered."""

    database: Database
    keys: SubjectKeys
    team: Partner
    housing: Partner
    caller: Caller
    now: datetime
    quota: int = 50

    def record_consent(
        self, tokens: Mapping[str, object] = PERSON, *, key: UUID | None = None, **changes: object
    ) -> RecordedFact:
        """Record a consent at the desk."""
        key = key or uuid4()
        body = builders.consent_body(
            self.keys, tokens, organisation_id=self.team.id, key=key, now=self.now, **changes
        )
        with self.database.work(self.caller, now=self.now) as work:
            message = NewConsent.model_validate(body)
            return service.record_consent(
                work, self.keys, message, idempotency_key=key, quota_per_day=self.quota
            )

    def record_objection(
        self,
        tokens: Mapping[str, object] = PERSON,
        *,
        key: UUID | None = None,
        scope: str | list[str] = "all",
    ) -> RecordedFact:
        """Record an objection at the desk."""
        key = key or uuid4()
        body = builders.objection_body(self.keys, tokens, organisation_id=self.team.id, key=key, scope=scope)
        with self.database.work(self.caller, now=self.now) as work:
            message = NewObjection.model_validate(body)
            return service.record_objection(
                work, self.keys, message, idempotency_key=key, quota_per_day=self.quota
            )

    def signal(self, tokens: Mapping[str, object] = PERSON, **changes: object) -> SignalFacts:
        """A signal of the housing association about an adult, on consent."""
        id_ = self._register(tokens, RegistrationKind.SIGNAL, self.housing.id)
        facts: dict[str, object] = {
            "id": id_,
            "organisation_id": self.housing.id,
            "partner_kind": "housing_association",
            "legal_basis": "CONSENT",
            "bracket": "23+",
            "bracket_ends": None,
            "subject_notice": "given",
            "has_decision_reference": False,
            "restricted": False,
        }
        return SignalFacts(**{**facts, **changes})  # type: ignore[arg-type]

    def case(self, tokens: Mapping[str, object] = PERSON) -> CaseFacts:
        """A case of the team about an adult."""
        return CaseFacts(
            id=self._register(tokens, RegistrationKind.CASE, self.team.id),
            organisation_id=self.team.id,
            partner_kind="municipal_team",
            legal_basis="JW_WMO_TASK",
            bracket="23+",
            bracket_ends=None,
        )

    def decide(
        self,
        signal: SignalFacts,
        other: SignalFacts | CaseFacts,
        *,
        recipient_kind: str = "municipal_team",
        purpose: Purpose = Purpose.TELL_CASEMANAGER,
    ) -> StoredDecision:
        """Decide as the worker does."""
        with self.database.work(SYSTEM, now=self.now) as work:
            return service.decide_telling(
                work, signal=signal, other=other, recipient_kind=recipient_kind, purpose=purpose
            )

    def queued(self) -> set[UUID]:
        """Empty the worker's queue, and say what was in it."""
        with self.database.work(SYSTEM, now=self.now) as work:
            return set(claim_changed(work, 1000))

    def settled(self) -> set[UUID]:
        """Let the worker end what was taken back, and say what it has to look at then."""
        with self.database.work(SYSTEM, now=self.now) as work:
            service.settle_due(work, limit=10)
        with self.database.work(SYSTEM, now=self.now) as work:
            service.lapse_due(work, limit=10)
        return self.queued()

    def withdraw_everywhere(
        self, tokens: Mapping[str, object] = PERSON, *, scope: str | list[str] = "all"
    ) -> RecordedFact:
        """Take back at the desk whatever the person consented to."""
        key = uuid4()
        body = builders.objection_body(self.keys, tokens, organisation_id=self.team.id, key=key, scope=scope)
        with self.database.work(self.caller, now=self.now) as work:
            message = NewWithdrawal.model_validate(body)
            return service.withdraw_everywhere(
                work, self.keys, message, idempotency_key=key, quota_per_day=self.quota
            )

    def statements(self, act: Callable[[], object]) -> list[str]:
        """What is asked of the store while something is done."""
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        engines = (self.database.writer, self.database.reader)
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        act()
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
        return seen

    def leaves(self) -> list[bytes]:
        """Every line of the log."""
        with self.database.look(SYSTEM) as work:
            return list(work.session.scalars(select(Base.metadata.tables["audit_event"].c.leaf)))

    def _register(self, tokens: Mapping[str, object], kind: RegistrationKind, organisation_id: UUID) -> UUID:
        item = builders.new_registration(
            self.keys, tokens, now=self.now, kind=kind, organisation_id=organisation_id
        )
        with self.database.work(SYSTEM, now=self.now) as work:
            store_registrations(work, [item])
        return item.id


@pytest.fixture
def desk(hub_database: Database, now: datetime) -> Desk:
    """A municipal desk with an authorised member of staff."""
    team = builders.admit_partner(hub_database, "municipal_team", now=now)
    housing = builders.admit_partner(hub_database, "housing_association", now=now)
    staff = builders.authorise_staff(hub_database, team, "desk", now=now)
    caller = Caller(Role.STAFF, organisation_id=team.id, staff_id=staff.id, credential_id="desk-1")
    return Desk(hub_database, KEYS, team, housing, caller, now)
