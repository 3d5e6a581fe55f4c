"""Carry out what the plan says, each act by whoever does it in real life, through the hub's services."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from nacl.signing import SigningKey

from bench.writing import write_down
from dat_client.identity.person import RefusedPersonError
from dat_client.residence import Living, resolve
from hub.cases import service as cases
from hub.cases import transferring
from hub.cases.schemas import NewCase
from hub.cases.transferring import TransferReason
from hub.consent import service as consent
from hub.consent.schemas import NewConsent, NewObjection
from hub.matches.intake import IntakeItem
from hub.signals.posting import prepare_post
from hub.signals.schemas import SignalIn
from hub.signals.service import WithdrawalReason, accept, withdraw
from hub.signals.values import Post
from service.errors import DatError
from service.work import Caller, Role, Work
from simulation.people import Client, Event, Plan, municipality_of
from simulation.scale import KINDS, MUNICIPALITIES
from simulation.town import Region, Sender, Worker
from simulation.truth import Registered, Said, Truth
from simulation.wires import Pseudonymised, age_facts, pseudonymise, seal_beside

SIGNER = SigningKey(bytes(32))
QUOTA = 5000
DEMOGRAPHIC, BOTH = frozenset({"demographic"}), frozenset({"bsn", "demographic"})


@dataclass(slots=True)
class Year:
    """The plan under way."""

    region: Region
    plan: Plan
    truth: Truth
    chance: random.Random
    waiting: list[tuple[Post, Registered]] = field(default_factory=list)
    moving: list[tuple[UUID, int, int, UUID]] = field(default_factory=list)
    agendas: dict[int, list[IntakeItem]] = field(default_factory=dict)

    def write(self, client: Client, schemes: frozenset[str]) -> Pseudonymised:
        """Write somebody down as one desk does, with its own mistakes."""
        person = write_down(client.resident, self.plan.inventor, with_bsn="bsn" in schemes)
        return pseudonymise(person, schemes, today=self.region.today)

    def key(self) -> UUID:
        """Draw an idempotency key."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    def home_of(self, client: Client) -> int:
        """Return the place of the municipality where somebody lives."""
        return MUNICIPALITIES.index(municipality_of(client.resident))


def do(year: Year, event: Event) -> None:
    """Do what happens; what the client or the hub refuses is counted, and did not happen."""
    try:
        ACTS[event.act](year, event, year.plan.clients[event.client])
    except RefusedPersonError:
        year.truth.counts[f"refused_by_client:{event.act}"] += 1
    except DatError as refusal:
        year.truth.counts[f"refused:{event.act}:{refusal.code}"] += 1


def post_all(year: Year) -> None:
    """Post the day's signals in one group, as the group commit does."""
    posts, year.waiting = year.waiting, []
    if not posts:
        return
    with year.region.work() as work:
        outcomes = accept(work, [post for post, _ in posts], signer=SIGNER)
    for (post, one), outcome in zip(posts, outcomes, strict=True):
        if isinstance(outcome, DatError):
            year.truth.counts[f"refused:signal:{outcome.code}:{one.basis}:{post.message.bracket}"] += 1
        else:
            year.truth.registered[post.signal_id] = one


def _signal(year: Year, event: Event, client: Client) -> None:
    region, kind = year.region, KINDS[event.kind]
    sender = _sender_of(year, client, event.kind)
    person = year.write(client, BOTH if kind.has_bsn else DEMOGRAPHIC)
    age = age_facts(client.resident.born, region.today)
    basis = kind.adult if age["bracket"] == "23+" else kind.youth or kind.adult
    if basis is None:
        # Grown up since the plan was drawn: this partner meets nobody of that age.
        year.truth.counts["grown_up"] += 1
        return
    residence = resolve(Living(home=client.resident.postcode), _Places())
    notice = "pending" if year.chance.random() < 0.05 and basis != "CONSENT" else "given"
    part = {
        "contactDate": region.today.isoformat(),
        "kind": "contact",
        "legalBasis": basis,
        "attestation": "weighed",
        "reporter": str(sender.reporter.id),
        "subjectNotice": notice,
        "residence": residence.code if residence and year.chance.random() < 0.9 else None,
        "decisionReference": str(year.key()) if str(basis).startswith("WPG") else None,
        **age,
        **(_told(str(age["bracket"]), region.today.isoformat()) if notice == "given" else {}),
    }
    part = {name: value for name, value in part.items() if value is not None or name == "bracketEnds"}
    key = year.key()
    body = seal_beside(region.keys, part, person, organisation_id=sender.partner.id, key=key)
    post = prepare_post(region.keys, sender.caller, SignalIn.model_validate(body), idempotency_key=key)
    lives = MUNICIPALITIES.index(str(part["residence"])) if "residence" in part else None
    one = Registered(
        client.number, sender.partner.id, "signal", region.now, person.looks, lives, str(basis), notice
    )
    year.waiting.append((post, one))


def _withdraw_signal(year: Year, event: Event, client: Client) -> None:
    sender = _sender_of(year, client, event.kind)
    for id_ in year.truth.open_of(client.number, "signal"):
        one = year.truth.registered[id_]
        if one.organisation == sender.partner.id:
            with year.region.work(sender.caller) as work:
                withdraw(work, id_, WithdrawalReason.REASON_GONE)
            one.ended_at = year.region.now
            return


def _open_case(year: Year, _event: Event, client: Client) -> None:
    register_case(year, client, year.home_of(client))


def register_case(year: Year, client: Client, at: int, worker: Worker | None = None) -> UUID:
    """Let somebody of a team register a person of its caseload."""
    region = year.region
    members = [one for one in region.team_of(at) if one.role == "casemanager"]
    worker = worker or year.chance.choice(members)
    person, key = year.write(client, BOTH), year.key()
    part = {"legalBasis": "JW_WMO_TASK", **age_facts(client.resident.born, region.today)}
    body = seal_beside(region.keys, part, person, organisation_id=region.teams[at], key=key)
    with region.work(worker.caller) as work:
        message = NewCase.model_validate(body)
        case = cases.register(work, region.keys, message, idempotency_key=key, quota_per_day=QUOTA)
    year.truth.registered[case.id] = Registered(
        client.number, region.teams[at], "case", region.now, person.looks, at
    )
    return case.id


def _close_case(year: Year, _event: Event, client: Client) -> None:
    for id_ in year.truth.open_of(client.number, "case"):
        one = year.truth.registered[id_]
        assert one.team is not None
        with year.region.work(year.region.team_of(one.team)[0].caller) as work:
            cases.close(work, id_)
        one.ended_at = year.region.now


def _move(year: Year, event: Event, client: Client) -> None:
    """Move house; to another municipality the case goes along by a transfer."""
    assert event.to is not None
    before = year.home_of(client)
    client.resident = event.to
    after = year.home_of(client)
    for id_ in year.truth.open_of(client.number, "case"):
        if after == before or year.truth.registered[id_].team != before:
            continue
        with year.region.work(year.region.team_of(before)[0].caller) as work:
            offered = transferring.offer_transfer(work, id_, MUNICIPALITIES[after], TransferReason.MOVED)
        year.moving.append((offered.id, client.number, after, id_))


def take_over(year: Year) -> None:
    """Let the new teams take on, register and complete what was offered, where they reach the person."""
    waiting, year.moving = year.moving, []
    for transfer_id, number, at, old in waiting:
        members = [one for one in year.region.team_of(at) if one.is_at_work(year.region.today)]
        if not members or year.chance.random() < 0.5:
            year.moving.append((transfer_id, number, at, old))
            continue
        worker = year.chance.choice(members)
        _complete(year, transfer_id, year.plan.clients[number], worker, old)


def _complete(year: Year, transfer_id: UUID, client: Client, worker: Worker, old: UUID) -> None:
    try:
        with year.region.work(worker.caller) as work:
            transferring.accept_transfer(work, transfer_id)
        new = register_case(year, client, worker.team, worker)
        with year.region.work(worker.caller) as work:
            transferring.complete_transfer(work, transfer_id, new)
    except (DatError, RefusedPersonError):
        year.truth.counts["transfers_not_completed"] += 1
        return
    year.truth.registered[old].ended_at = year.region.now
    year.truth.counts["transfers"] += 1


def _consent(year: Year, _event: Event, client: Client) -> None:
    region, desk = year.region, year.region.desks[year.home_of(client)]
    person, key = year.write(client, BOTH), year.key()
    part = {
        "kind": "data_processing",
        "purpose": "tell_casemanager",
        "partnerKinds": ["wmo_provider"],
        "validFromDate": region.today.isoformat(),
        "validUntilDate": (region.today + timedelta(days=360)).isoformat(),
        "givenBy": "subject",
        "givenHow": "spoken",
        "authorityAttested": False,
        "textVersion": "2026-1",
        **age_facts(client.resident.born, region.today),
    }
    body = seal_beside(region.keys, part, person, organisation_id=desk.organisation_id, key=key)
    with region.work(_as(desk.organisation_id, desk.id)) as work:
        message = NewConsent.model_validate(body)
        fact = consent.record_consent(work, region.keys, message, idempotency_key=key, quota_per_day=QUOTA)
    year.truth.consents[client.number] = Said(region.now, person.looks, fact.id)


def _withdraw_consent(year: Year, _event: Event, client: Client) -> None:
    _take_back(year, client, year.truth.consents, consent.withdraw_consent)


def _object(year: Year, _event: Event, client: Client) -> None:
    region, desk = year.region, year.region.desks[year.home_of(client)]
    person, key = year.write(client, BOTH), year.key()
    body = seal_beside(region.keys, {"scope": "all"}, person, organisation_id=desk.organisation_id, key=key)
    with region.work(_as(desk.organisation_id, desk.id)) as work:
        message = NewObjection.model_validate(body)
        fact = consent.record_objection(work, region.keys, message, idempotency_key=key, quota_per_day=QUOTA)
    year.truth.objections[client.number] = Said(region.now, person.looks, fact.id)


def _lift_objection(year: Year, _event: Event, client: Client) -> None:
    _take_back(year, client, year.truth.objections, consent.lift_objection)


def _take_back(
    year: Year, client: Client, said_by: Mapping[int, Said], act: Callable[[Work, UUID], object]
) -> None:
    """Have the desk end what somebody said, if it still stands."""
    said = said_by.get(client.number)
    if said is None or said.ended_at is not None:
        return
    desk = year.region.desks[year.home_of(client)]
    with year.region.work(_as(desk.organisation_id, desk.id)) as work:
        act(work, said.id)
    said.ended_at = year.region.now


def _sender_of(year: Year, client: Client, kind: str) -> Sender:
    """Return the school, landlord or doctor of somebody: always the same one."""
    senders = year.region.senders[kind]
    return senders[client.number % len(senders)]


def _told(bracket: str, on: str) -> dict[str, object]:
    told = {"0-11": ["representative"], "12-15": ["representative", "subject"]}.get(bracket, ["subject"])
    return {
        "noticeDate": on,
        "noticeTo": told,
        **({"authorityHolders": 2} if "representative" in told else {}),
    }


def _as(organisation_id: UUID, staff_id: UUID) -> Caller:
    return Caller(Role.STAFF, organisation_id, staff_id, "staff")


class _Places(dict[str, str]):
    """The table of postcodes of the region."""

    def get(self, postcode: Any, default: Any = None) -> Any:
        """Return the municipality of a postcode."""
        return MUNICIPALITIES[int(postcode[:4]) % len(MUNICIPALITIES)]


ACTS: Mapping[str, Callable[[Year, Event, Client], None]] = {
    "signal": _signal,
    "withdraw_signal": _withdraw_signal,
    "open_case": _open_case,
    "close_case": _close_case,
    "move": _move,
    "consent": _consent,
    "withdraw_consent": _withdraw_consent,
    "object": _object,
    "lift_objection": _lift_objection,
}
