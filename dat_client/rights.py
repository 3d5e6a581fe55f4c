"""What the municipal desk records for a citizen: consents and objections, by the person's pseudonyms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal
from uuid import UUID

from dat_client.connection import Connection
from dat_client.facts import (
    ConsentKind,
    ConsentPurpose,
    GivenBy,
    GivenHow,
    HelpException,
    NewConsent,
    NewObjection,
    ObjectionKind,
    consent_facts,
    objection_facts,
)
from dat_client.identity.person import Person
from dat_client.posting import add_pending, post_registration
from dat_client.preparing import Draft, prepare
from dat_client.signals import require_message
from dat_client.store import Kind


class RightsActs(Connection):
    """The desk where a citizen's identity has been verified."""

    def record_consent(
        self,
        person: Person,
        *,
        kind: ConsentKind,
        purpose: ConsentPurpose,
        valid_from: date,
        valid_until: date,
        given_by: GivenBy,
        authority_attested: Literal["attested", "not_attested"],
        text_version: str,
        given_how: GivenHow,
        partner_kinds: tuple[str, ...] = ("*",),
        organisations: tuple[UUID, ...] = (),
        authority_holders: int = 0,
        holders_consented: int = 0,
        exception: HelpException | None = None,
        recipient: UUID | None = None,
        reference: str | None = None,
    ) -> UUID:
        """Record a consent and give its id, under which it is withdrawn."""
        consent = NewConsent(
            person=person,
            kind=kind,
            purpose=purpose,
            partner_kinds=partner_kinds,
            valid_from=valid_from,
            valid_until=valid_until,
            given_by=given_by,
            authority_attested=authority_attested == "attested",
            text_version=text_version,
            given_how=given_how,
            organisations=organisations,
            authority_holders=authority_holders,
            holders_consented=holders_consented,
            exception=exception,
            recipient=recipient,
            reference=reference,
        )
        return self._record(Kind.CONSENT, person, consent_facts(consent), reference)

    def withdraw_consent(self, consent_id: UUID) -> None:
        """Withdraw a consent: it counts from now on, also for notices that are queued."""
        self.hub.post(f"/consents/{consent_id}/withdrawal", {})

    def withdraw_all(
        self, person: Person, *, scope: Literal["all"] | tuple[str, ...], reference: str | None = None
    ) -> UUID:
        """Take back all that a person consented to, whoever recorded it, for all partners or some kinds."""
        facts: dict[str, object] = {"scope": scope if scope == "all" else list(scope)}
        return self._record(Kind.WITHDRAWAL, person, facts, reference)

    def record_objection(
        self,
        person: Person,
        *,
        scope: Literal["all"] | tuple[str, ...] = "all",
        kind: ObjectionKind = "objection",
        reference: str | None = None,
    ) -> UUID:
        """Record an objection (bezwaar, AVG 21) or a restriction (AVG 18) and give its id."""
        objection = NewObjection(person=person, scope=scope, kind=kind, reference=reference)
        return self._record(Kind.OBJECTION, person, objection_facts(objection), reference)

    def lift_objection(self, objection_id: UUID) -> None:
        """Lift an objection at the citizen's request."""
        self.hub.post(f"/objections/{objection_id}/withdrawal", {})

    def list_objections(self) -> list[dict[str, object]]:
        """List the objections that wait for a rights officer; nothing in them says about whom."""
        return list(self.hub.get("/objections")["objections"])

    def uphold_objection(self, objection_id: UUID) -> None:
        """Uphold an objection, which goes on stopping, as a rights officer."""
        self.hub.post(f"/objections/{objection_id}/decision", {"outcome": "upheld"})

    def seed_honey_token(self, person: Person) -> UUID:
        """Register somebody who does not exist, as a privacy officer, and give its id."""
        return self._record(Kind.HONEY, person, {}, None)

    def _record(self, kind: Kind, person: Person, facts: Mapping[str, object], reference: str | None) -> UUID:
        draft = Draft(
            person=person,
            facts=facts,
            reporter=self.get_reporter(None),
            reference=reference,
            tells_age=kind is Kind.CONSENT,
        )
        message = require_message(prepare(self, [draft], purpose="rights")[0])
        add_pending(self, kind, [(message, reference, None)])
        remote_id, _ = post_registration(self, kind, message)
        return remote_id
