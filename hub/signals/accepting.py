"""Take signals and give receipts, as many in one transaction as there are: gate, act, record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from uuid import UUID

from nacl.signing import SigningKey

from hub.arrangements.service import served_municipalities
from hub.audit.events import AuditEvent, Recorded, Refused
from hub.audit.service import record_many
from hub.consent.policy_set import PolicySet
from hub.consent.service import policy_in_force
from hub.partners.errors import ReporterNotAuthorisedError
from hub.partners.mandates import find_mandates
from hub.partners.service import PostingPartner, posting_facts
from hub.signals import store
from hub.signals.errors import IdempotencyConflictError
from hub.signals.events import SignalAccepted
from hub.signals.policy import (
    ends_before,
    require_mandate,
    require_post,
    require_served,
    require_submitter,
)
from hub.signals.posting import quarantine_of
from hub.signals.receipts import sign_receipt
from hub.signals.values import Message, Post, Receipt, SignalState, told_in_roles
from hub.subjects.service import NewRegistration, RegistrationKind, store_registrations
from ledger.leaf import NONE
from service.bulk import at_once
from service.clock import AMSTERDAM, dutch_date
from service.datakeys.sealing import DataKey
from service.errors import DatError
from service.work import Caller, Work

Outcome = Receipt | DatError
"""A receipt, or the reason why a post was refused; the refusal is in the log already."""


def accept(work: Work, posts: Sequence[Post], *, signer: SigningKey) -> list[Outcome]:
    """Take posts of any callers in one transaction, with the same work whatever is known of the persons.

    Returns:
        An outcome for each post, in order. A post that was taken before gets its receipt again.
    """
    refused = _gate(work, posts)
    won = _claim(work, [post for post in posts if post.signal_id not in refused])
    # Asked last, so that fresh posts cost no question: what was taken before is not refused today.
    before = store.find_taken(work.session, {post.key for post in posts} - won.keys())
    for post in posts:
        if post.key in before:
            refused.pop(post.signal_id, None)
    taken = before | _take(work, list(won.values()), signer)
    outcomes = [refused.get(post.signal_id) or _answer(post, taken.get(post.key)) for post in posts]
    _record_refusals(work, posts, outcomes)
    return outcomes


def _gate(work: Work, posts: Sequence[Post]) -> dict[UUID, DatError]:
    """Return the refusal of each post that its sender or its message does not allow."""
    senders = posting_facts(work, _senders(posts))
    on, rules, served = dutch_date(work.now), policy_in_force(work), served_municipalities(work)
    mandated = _mandated(work, posts, on)
    refused: dict[UUID, DatError] = {}
    # The gates see a message's open part and its sender only; in a batch those repeat.
    passed: set[tuple[Caller, Message]] = set()
    for post in posts:
        if (post.caller, post.message) in passed:
            continue
        if refusal := _find_refusal(post, senders, on=on, rules=rules, served=served, mandated=mandated):
            refused[post.signal_id] = refusal
        else:
            passed.add((post.caller, post.message))
    return refused


def _find_refusal(
    post: Post,
    senders: Mapping[tuple[UUID, UUID], PostingPartner],
    *,
    on: date,
    rules: PolicySet,
    served: frozenset[str],
    mandated: Collection[tuple[UUID, UUID]],
) -> DatError | None:
    sender = senders.get((post.owner_id, post.message.reporter_id))
    try:
        if post.owner_id != post.organisation_id:
            require_mandate((post.owner_id, post.organisation_id), mandated)
        require_submitter(
            post.message, senders.get(post.submitter) if post.submitter else None, post.caller, on=on
        )
        if sender is None:
            return ReporterNotAuthorisedError(places=("/reporter",))
        require_post(post.message, sender, post.caller, on=on, rules=rules)
        require_served(post.message, served)
    except DatError as refusal:
        return refusal
    return None


def _senders(posts: Sequence[Post]) -> set[tuple[UUID, UUID]]:
    """Name who weighed and who brings: all of them are asked about in one query."""
    pairs = {(post.owner_id, post.message.reporter_id) for post in posts}
    return pairs | {post.submitter for post in posts if post.submitter}


def _mandated(work: Work, posts: Sequence[Post], on: date) -> frozenset[tuple[UUID, UUID]]:
    """Ask who may bring signals for whom, only where somebody says to do so."""
    bringers = {post.organisation_id for post in posts if post.message.on_behalf_of}
    return find_mandates(work, bringers, on) if bringers else frozenset()


def _claim(work: Work, posts: Sequence[Post]) -> dict[bytes, Post]:
    """Take the idempotency keys of posts, and return those posts whose key was free."""
    by_key = {post.key: post for post in reversed(posts)}
    rows = [(post.key, post.body_hash, post.signal_id) for post in by_key.values()]
    free = store.claim_keys(work.session, rows, now=work.now)
    return {key: post for key, post in by_key.items() if key in free}


def _take(work: Work, posts: Sequence[Post], signer: SigningKey) -> dict[bytes, store.Taken]:
    """Write posts with their audit events and return what was given for them."""
    ends = _ends(posts, on=dutch_date(work.now))
    with at_once(work.session):
        accepted = [(post, _accepted(post)) for post in posts]
        recorded = _record(work, accepted, keys=[post.pseudonyms.data_key for post in posts])
        receipts = [
            sign_receipt(
                signer,
                signal_id=post.signal_id,
                body_hash=post.body_hash,
                leaf_hash=done.leaf_hash,
                received_at=work.now,
            )
            for post, done in zip(posts, recorded, strict=True)
        ]
        rows = [_signal_row(*one) for one in zip(posts, receipts, ends, strict=True)]
        store.insert_signals(work.session, rows)
        store.insert_submissions(work.session, _submissions(posts, work.now))
        registrations = [_registration(post, work.now, end) for post, end in zip(posts, ends, strict=True)]
        store_registrations(work, registrations)
    return {
        post.key: store.Taken(post.body_hash, receipt) for post, receipt in zip(posts, receipts, strict=True)
    }


def _ends(posts: Sequence[Post], *, on: date) -> list[datetime]:
    return [_end(on, post.message.valid_months, post.message.bracket_ends) for post in posts]


@lru_cache(maxsize=1024)
def _end(on: date, months: int, bracket_ends: str | None) -> datetime:
    """Return the Dutch midnight at which a signal no longer counts."""
    ends_on = ends_before(on, months=months, bracket_ends=bracket_ends)
    return datetime.combine(ends_on, time(), AMSTERDAM).astimezone(UTC)


def _answer(post: Post, taken: store.Taken | None) -> Outcome:
    return taken.receipt if taken and taken.body_hash == post.body_hash else IdempotencyConflictError()


def _record_refusals(work: Work, posts: Sequence[Post], outcomes: Sequence[Outcome]) -> None:
    pairs = zip(posts, outcomes, strict=True)
    if refused := [(post, refusal) for post, refusal in pairs if isinstance(refusal, DatError)]:
        rules = policy_in_force(work)
        _record(work, [(post, _refused(post, refusal, rules)) for post, refusal in refused])


def _refused(post: Post, refusal: DatError, rules: PolicySet) -> Refused:
    return Refused(
        organisation_id=post.organisation_id,
        legal_basis=_known_basis(post.message, rules),
        detail={"act": "signal.post", "code": refusal.code},
    )


def _known_basis(message: Message, rules: PolicySet) -> str:
    """Return the basis, if it is one: what else a sender writes there would stand in the log for ever."""
    return message.legal_basis if rules.has_basis(message.legal_basis) else NONE


def _record(
    work: Work, events: Sequence[tuple[Post, AuditEvent]], *, keys: Sequence[DataKey] | None = None
) -> list[Recorded]:
    """Record events in the names of their own callers: a group holds posts of several."""
    callers = [post.caller for post, _ in events]
    return record_many(work, [event for _, event in events], callers=callers, keys=keys)


def _submissions(posts: Sequence[Post], now: datetime) -> list[tuple[UUID, UUID, UUID, datetime]]:
    return [(post.signal_id, *post.submitter, now) for post in posts if post.submitter]


def _accepted(post: Post) -> SignalAccepted:
    subject = {"signal": str(post.signal_id), "reporter": str(post.message.reporter_id)}
    if post.submitter:
        subject |= {"submitter": str(post.submitter[1]), "submitter_of": str(post.organisation_id)}
    return SignalAccepted(
        organisation_id=post.owner_id,
        legal_basis=post.message.legal_basis,
        subject=subject,
        detail={"quarantine": quarantine_of(post)},
    )


def _signal_row(post: Post, receipt: Receipt, end: datetime) -> tuple[object, ...]:
    message = post.message
    return (
        post.signal_id,
        post.owner_id,
        message.reporter_id,
        message.contact_on,
        message.kind,
        message.legal_basis,
        message.bracket,
        message.bracket_ends,
        message.subject_notice,
        message.has_decision_reference,
        receipt.received_at,
        end,
        SignalState.ACTIVE.value,
        None,
        receipt.leaf_hash,
        receipt.signature,
        None,
        None,
        None,
        message.residence,
        message.residence_from,
        message.notice_on,
        told_in_roles(message.notice_to),
        message.authority_holders or None,
        None,
    )


def _registration(post: Post, now: datetime, end: datetime) -> NewRegistration:
    return NewRegistration(
        id=post.signal_id,
        kind=RegistrationKind.SIGNAL,
        organisation_id=post.owner_id,
        active_from=now,
        active_until=end,
        pseudonyms=post.pseudonyms,
    )
