"""Small functions that put valid things into a database; each section belongs to the slice it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha512
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from joserfc.jwk import ECKey, OKPKey
from nacl.signing import SigningKey
from sqlalchemy import select

from hub.cases.schemas import NewCase
from hub.cases.service import close as close_case
from hub.cases.service import register as register_case
from hub.consent.schemas import NewObjection
from hub.consent.service import lift_objection, record_objection
from hub.matches.service import list_notices, match_changed
from hub.notices.service import Notice
from hub.onboarding.service import go_live, record_dossier
from hub.onboarding.values import Dossier, Linkage, ProfilePart, Standard
from hub.partners import administration, staffing
from hub.partners.kinds import load_kinds
from hub.partners.policy import in_covenant
from hub.partners.service import get_partner
from hub.partners.values import Admission, Authorisation, Partner, Registration, Staff, StaffRole
from hub.rights import desks
from hub.signals.posting import prepare_post
from hub.signals.schemas import SignalIn
from hub.signals.service import WithdrawalReason
from hub.signals.service import accept as accept_signals
from hub.signals.service import withdraw as withdraw_signal
from hub.signals.values import Post
from hub.subjects.service import NewRegistration, RegistrationKind, SubjectKeys, open_pseudonyms
from hub.teams.administration import set_intake_team
from keys.protocol.encoding import b64u, unb64u
from keys.protocol.envelope import Entry, envelope_info, public_part_hash, seal
from keys.protocol.sodium import element_from_hash
from keys.protocol.tokens import TokenType
from service.clock import dutch_date
from service.database import Database
from service.datakeys.custody import Purpose
from service.work import OPERATOR, Caller, Role, Work
from tests.oauth_client import new_key, public_jwk

# --- subjects ---


def subject_keys(hub_id: str = "hub.dat.example") -> SubjectKeys:
    """Keys of one hub, with one envelope key and two epochs."""
    return SubjectKeys(
        hub_id=hub_id,
        envelope={"kid-1": X25519PrivateKey.generate()},
        peppers={1: bytes([1]) * 32, 2: bytes([2]) * 32},
        row_keys={1: bytes([3]) * 32},
    )


def element(person: object, token_type: str) -> bytes:
    """The pseudonym of a person under one token type; equal for equal persons."""
    return element_from_hash(sha512(f"{person}/{token_type}".encode()).digest())


def entries(tokens: Mapping[str, object], *, epoch: int = 1) -> list[Entry]:
    """Envelope entries from token type -> anything that stands for the person's value of that type."""
    return [Entry(TokenType(name), epoch, element(value, name)) for name, value in tokens.items()]


def seal_for(
    keys: SubjectKeys,
    *,
    organisation_id: UUID,
    idempotency_key: UUID,
    public_part: Mapping[str, object],
    entries: Sequence[Entry],
) -> dict[str, str]:
    """The wire form of an envelope that this hub opens beside this public part."""
    kid, private_key = next(iter(keys.envelope.items()))
    public_key = private_key.public_key().public_bytes_raw()
    info = envelope_info(
        hub_id=keys.hub_id,
        organisation_id=str(organisation_id),
        idempotency_key=str(idempotency_key),
        public_part_hash=public_part_hash(public_part),
    )
    return {"kid": kid, "sealed": b64u(seal(public_key, info, entries))}


def new_registration(
    keys: SubjectKeys,
    tokens: Mapping[str, object],
    *,
    now: datetime,
    kind: RegistrationKind = RegistrationKind.SIGNAL,
    organisation_id: UUID | None = None,
    days: int = 100,
    epoch: int = 1,
) -> NewRegistration:
    """A registration of a person, opened from a real envelope."""
    id_, key, organisation_id = uuid4(), uuid4(), organisation_id or uuid4()
    part: dict[str, object] = {"tokenTypes": sorted(tokens)}
    wire = seal_for(
        keys,
        organisation_id=organisation_id,
        idempotency_key=key,
        public_part=part,
        entries=entries(tokens, epoch=epoch),
    )
    opened = open_pseudonyms(
        keys,
        registration_id=id_,
        organisation_id=organisation_id,
        idempotency_key=key,
        public_part=part,
        kid=wire["kid"],
        sealed=unb64u(wire["sealed"]),
        allowed=frozenset(TokenType),
    )
    return NewRegistration(id_, kind, organisation_id, now, now + timedelta(days=days), opened)


def audit_values(work: Work, part: str, event_ids: Sequence[bytes] | None = None) -> list[bytes]:
    """What lies beside the log in one part (actor, subject, detail), opened; of all events or of these."""
    from hub.audit.models import AuditPrivateRow
    from hub.audit.private import open_values

    query = select(AuditPrivateRow.event_id).order_by(AuditPrivateRow.event_id)
    wanted = list(work.session.scalars(query)) if event_ids is None else list(event_ids)
    values = open_values(work, wanted, purpose=Purpose.LOG_READING)
    return [value for id_ in wanted if (value := values[id_][part]) is not None]


# --- end subjects ---


# --- partners ---

KINDS = load_kinds()
_oins = count(1)
_clients = count(1)


def admit_partner(
    database: Database,
    kind: str = "police",
    *,
    now: datetime,
    name: str | None = None,
    schemes: frozenset[str] | None = None,
    days: tuple[int, int] = (-365, 365),
) -> Partner:
    """An admitted organisation whose covenant runs from and until these days around now."""
    number = next(_oins)
    admission = Admission(
        locations=("Hoofdlocatie",),
        oin=f"00000099{number:08d}0000",
        name=name or f"Organisatie {number}",
        kind=kind,
        schemes=schemes,
        covenant_from=dutch_date(now + timedelta(days=days[0])),
        covenant_until=dutch_date(now + timedelta(days=days[1])),
        decision_reference="BESLUIT-2026-01",
    )
    with database.work(OPERATOR, now=now) as work:
        partner = administration.admit(work, admission, kinds=KINDS)
        record_dossier(work, partner.id, dossier(now))
        if not in_covenant(partner, dutch_date(now)):  # it went live while its covenant stood
            administration.set_live(work, partner.id)
            return get_partner(work, partner.id)
        return go_live(work, partner.id, kinds=KINDS, linkable_percent=95)


def dossier(now: datetime, **changes: Any) -> Dossier:
    """All that an organisation shows before it goes live."""
    shown = Dossier(
        accession="TV-2026-01",
        profile=frozenset(ProfilePart),
        dpia="DPIA-2026-01",
        dpia_review_on=dutch_date(now + timedelta(days=730)),
        standards=frozenset({Standard.BIO2}),
        linkage=Linkage(rows=1000, linkable=982, measured_on=dutch_date(now)),
    )
    return replace(shown, **changes)


def authorise_staff(
    database: Database,
    partner: Partner,
    role: str = "reporter",
    *,
    now: datetime,
    mail: str | None = None,
    contact: str | None = "Balie, 0900-0000",
) -> Staff:
    """A member of an organisation's staff, active from a week before now."""
    authorisation = Authorisation(
        organisation_id=partner.id,
        role=StaffRole(role),
        mail_address=mail,
        contact_label=contact,
        active_from=dutch_date(now - timedelta(days=7)),
        trained_on=dutch_date(now - timedelta(days=7)),
    )
    with database.work(OPERATOR, now=now) as work:
        return staffing.authorise(work, authorisation)


def register_key(
    database: Database,
    partner: Partner,
    *,
    now: datetime,
    staff: Staff | None = None,
    algorithm: str = "EdDSA",
) -> tuple[str, OKPKey | ECKey]:
    """A client id and its private key, registered for an organisation or one member of its staff."""
    key, client_id = new_key(algorithm), f"{partner.kind.replace('_', '-')}-{next(_clients)}"
    registration = Registration(
        client_id=client_id,
        public_jwk=public_jwk(key),
        organisation_id=partner.id,
        staff_id=staff.id if staff else None,
    )
    with database.work(OPERATOR, now=now) as work:
        staffing.register_credential(work, registration)
    return client_id, key


# --- end partners ---


# --- consent ---


def consent_body(
    keys: SubjectKeys,
    tokens: Mapping[str, object],
    *,
    organisation_id: UUID,
    key: UUID,
    now: datetime,
    **changes: object,
) -> dict[str, object]:
    """A consent of an adult to tell the casemanager, as on the wire."""
    today = dutch_date(now)
    part: dict[str, object] = {
        "kind": "data_processing",
        "purpose": "tell_casemanager",
        "partnerKinds": ["housing_association"],
        "validFromDate": today.isoformat(),
        "validUntilDate": (today + timedelta(days=365)).isoformat(),
        "givenBy": "subject",
        "givenHow": "spoken",
        "authorityAttested": False,
        "textVersion": "2026-1",
        "bracket": "23+",
        "bracketEnds": None,
        "tokenTypes": sorted(tokens),
    }
    return _sealed_body(keys, {**part, **changes}, tokens, organisation_id=organisation_id, key=key)


def objection_body(
    keys: SubjectKeys,
    tokens: Mapping[str, object],
    *,
    organisation_id: UUID,
    key: UUID,
    scope: str | list[str] = "all",
) -> dict[str, object]:
    """An objection, as on the wire."""
    part: dict[str, object] = {"scope": scope, "tokenTypes": sorted(tokens)}
    return _sealed_body(keys, part, tokens, organisation_id=organisation_id, key=key)


def _sealed_body(
    keys: SubjectKeys,
    part: dict[str, object],
    tokens: Mapping[str, object],
    *,
    organisation_id: UUID,
    key: UUID,
) -> dict[str, object]:
    envelope = seal_for(
        keys,
        organisation_id=organisation_id,
        idempotency_key=key,
        public_part=part,
        entries=entries(tokens),
    )
    return {**part, "envelope": envelope}


# --- end consent ---


# --- rights ---


def request_body(
    keys: SubjectKeys,
    tokens: Mapping[str, object],
    *,
    organisation_id: UUID,
    key: UUID,
    kind: str = "access",
    **changes: object,
) -> dict[str, object]:
    """A request of a young person of 12 to 15 and all holders of authority, as on the wire."""
    part: dict[str, object] = {
        "kind": kind,
        "identification": "document_at_desk",
        "filedBy": "both",
        "authority": "parental",
        "authorityHolders": 2,
        "holdersAsking": 2,
        "bracket": "12-15",
        "bracketEnds": "2028-Q3",
        "tokenTypes": sorted(tokens),
    }
    return _sealed_body(keys, {**part, **changes}, tokens, organisation_id=organisation_id, key=key)


def appoint_desks(database: Database, desk: Partner, *, now: datetime) -> None:
    """Have one desk answer for every organisation for which nobody recorded another."""
    with database.work(OPERATOR, now=now) as work:
        for gap in desks.list_gaps(work):
            if gap.reason is desks.GapReason.NO_DESK:
                desks.appoint_desk(work, gap.organisation_id, desk_id=desk.id)


# --- end rights ---


# --- alarms ---


def honey_body(
    keys: SubjectKeys, tokens: Mapping[str, object], *, organisation_id: UUID, key: UUID
) -> dict[str, object]:
    """Somebody who does not exist, as on the wire."""
    part: dict[str, object] = {"tokenTypes": sorted(tokens)}
    return _sealed_body(keys, part, tokens, organisation_id=organisation_id, key=key)


# --- end alarms ---


# --- signals ---


@dataclass(frozen=True)
class Sender:
    """An organisation that posts, its reporter, and the caller that its key makes."""

    partner: Partner
    reporter: Staff
    caller: Caller

    @property
    def person(self) -> Caller:
        """The reporter, with a key of their own."""
        return staff_caller(self.reporter)


def sender(database: Database, kind: str = "school", *, now: datetime, **facts: Any) -> Sender:
    """An organisation with a reporter, ready to post."""
    partner = admit_partner(database, kind, now=now, **facts)
    reporter = authorise_staff(database, partner, now=now)
    return Sender(partner, reporter, Caller(Role.PARTNER, partner.id, None, "client-1"))


def signal_body(
    keys: SubjectKeys,
    tokens: Mapping[str, object],
    *,
    sender: Sender,
    key: UUID,
    now: datetime,
    sealed: list[Entry] | None = None,
    **changes: object,
) -> dict[str, Any]:
    """A signal about a young person, as on the wire; `changes` are made before it is sealed."""
    part: dict[str, Any] = {
        "contactDate": dutch_date(now - timedelta(days=1)).isoformat(),
        "kind": "contact",
        "legalBasis": "JW_7_1_4_1",
        "attestation": "weighed",
        "reporter": str(sender.reporter.id),
        "bracket": "12-15",
        "bracketEnds": "2028-Q3",
        "subjectNotice": "given",
        "tokenTypes": sorted(tokens),
    }
    part |= changes
    part = {name: value for name, value in (told_by_age(part) | part).items() if value != "absent"}
    envelope = seal_for(
        keys,
        organisation_id=sender.partner.id,
        idempotency_key=key,
        public_part=part,
        entries=entries(tokens) if sealed is None else sealed,
    )
    return {**part, "envelope": envelope}


def told_by_age(part: Mapping[str, Any]) -> dict[str, Any]:
    """On the day of the contact, all whom the age asks for; nothing where the notice was not given."""
    if part["subjectNotice"] != "given":
        return {}
    told = {"0-11": ["representative"], "12-15": ["representative", "subject"]}
    parents = {"authorityHolders": 2} if part["bracket"] in told else {}
    return {"noticeDate": part["contactDate"], "noticeTo": told.get(part["bracket"], ["subject"]), **parents}


def new_post(
    keys: SubjectKeys,
    tokens: Mapping[str, object],
    *,
    sender: Sender,
    now: datetime,
    key: UUID | None = None,
    **changes: Any,
) -> Post:
    """A post of a signal, prepared from a real envelope."""
    key = key or uuid4()
    body = signal_body(keys, tokens, sender=sender, key=key, now=now, **changes)
    return prepare_post(keys, sender.caller, SignalIn.model_validate(body), idempotency_key=key)


# --- end signals ---


# --- cases, matches, notices ---


def everything(person: object) -> dict[str, object]:
    """All match keys of one person: equal for equal persons, in no type equal for others."""
    return dict.fromkeys("ABCDEFGH", person)


@dataclass(frozen=True)
class Town:
    """A municipality with one team, and the acts of the people in it, each in an own unit of work."""

    database: Database
    keys: SubjectKeys
    now: datetime
    team: Partner
    lead: Staff
    anna: Staff
    bram: Staff
    desk: Staff

    def later(self, **time: float) -> Town:
        """The same town at a later moment."""
        return replace(self, now=self.now + timedelta(**time))

    def signal(self, sender: Sender, tokens: Mapping[str, object], **changes: Any) -> UUID:
        """Post a signal that is taken."""
        post = new_post(self.keys, tokens, sender=sender, now=self.now, **changes)
        with self.database.work(sender.caller, now=self.now) as work:
            accept_signals(work, [post], signer=SigningKey(bytes(32)))
        return post.signal_id

    def withdraw(self, sender: Sender, signal_id: UUID, reason: str = "reason_gone") -> None:
        """Withdraw a signal."""
        with self.database.work(sender.caller, now=self.now) as work:
            withdraw_signal(work, signal_id, WithdrawalReason(reason))

    def case(
        self, staff: Staff, tokens: Mapping[str, object], *, key: UUID | None = None, **changes: Any
    ) -> UUID:
        """Register a case of which this member of staff is the casemanager."""
        key = key or uuid4()
        body = case_body(self.keys, tokens, organisation_id=staff.organisation_id, key=key, **changes)
        with self.database.work(staff_caller(staff), now=self.now) as work:
            message = NewCase.model_validate(body)
            return register_case(work, self.keys, message, idempotency_key=key, quota_per_day=500).id

    def close(self, staff: Staff, case_id: UUID) -> None:
        """Close a case."""
        with self.database.work(staff_caller(staff), now=self.now) as work:
            close_case(work, case_id)

    def object(self, tokens: Mapping[str, object]) -> UUID:
        """Record an objection, as anybody of the team may."""
        key = uuid4()
        body = objection_body(self.keys, tokens, organisation_id=self.team.id, key=key)
        with self.database.work(staff_caller(self.anna), now=self.now) as work:
            message = NewObjection.model_validate(body)
            return record_objection(work, self.keys, message, idempotency_key=key, quota_per_day=500).id

    def lift(self, objection_id: UUID) -> None:
        """Lift an objection."""
        with self.database.work(staff_caller(self.desk), now=self.now) as work:
            lift_objection(work, objection_id)

    def match(self) -> None:
        """Let the worker match all that waits."""
        while match_changed(self.database, now=self.now):
            pass

    def inbox(self, staff: Staff, *, only_new: bool = False) -> list[Notice]:
        """Open the inbox of a member of staff, as its client does."""
        with self.database.work(staff_caller(staff), now=self.now) as work:
            return list_notices(work, only_new=only_new)[0]


def staff_caller(staff: Staff) -> Caller:
    """The caller that the key of a member of staff makes."""
    return Caller(Role.STAFF, staff.organisation_id, staff.id, "staff-1")


def town(database: Database, *, now: datetime, keys: SubjectKeys | None = None) -> Town:
    """A town whose only team takes the intake: a lead, and the casemanagers Anna and Bram, and a desk."""
    team = admit_partner(database, "municipal_team", now=now, name="Wijkteam Oost")
    lead, anna, bram, desk = (
        authorise_staff(database, team, role, now=now, mail=f"{name}@team.example", contact=None)
        for role, name in (
            ("team_lead", "lead"),
            ("casemanager", "anna"),
            ("casemanager", "bram"),
            ("desk", "desk"),
        )
    )
    with database.work(OPERATOR, now=now) as work:
        set_intake_team(work, team.id)
    return Town(database, keys or subject_keys(), now, team, lead, anna, bram, desk)


def case_body(
    keys: SubjectKeys,
    tokens: Mapping[str, object],
    *,
    organisation_id: UUID,
    key: UUID,
    **changes: object,
) -> dict[str, object]:
    """A case about a young person, as on the wire; `changes` are made before it is sealed."""
    part: dict[str, object] = {
        "legalBasis": "JW_WMO_TASK",
        "bracket": "12-15",
        "bracketEnds": "2028-Q3",
        "tokenTypes": sorted(tokens),
    }
    return _sealed_body(keys, {**part, **changes}, tokens, organisation_id=organisation_id, key=key)


def address_body(keys: SubjectKeys, home: object, *, organisation_id: UUID, key: UUID) -> dict[str, object]:
    """An address of an institution, as on the wire."""
    tokens: dict[str, object] = {"household": home}
    part: dict[str, object] = {"tokenTypes": ["household"]}
    return _sealed_body(keys, part, tokens, organisation_id=organisation_id, key=key)


# --- end cases, matches, notices ---
