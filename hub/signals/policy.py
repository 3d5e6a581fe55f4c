"""Gates about a signal's sender and message, as pure functions; nothing the hub knows of a person fits in."""

from __future__ import annotations

import calendar
from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from hub.consent.errors import REFUSALS, NoticeIncompleteError
from hub.consent.facts import Decision, Fact, NoticeState, PostingFacts
from hub.consent.gates import refusal_of
from hub.consent.notice_policy import NoticeFacts, find_faults
from hub.consent.policy import decide_posting
from hub.consent.policy_set import PolicySet
from hub.consent.quarters import quarter_ends_before
from hub.partners.errors import KindNotAllowedError, MandateMissingError, ReporterNotAuthorisedError
from hub.partners.policy import (
    REPORTING,
    admits,
    holds,
    require_covenant,
    require_reporter,
    require_sighted,
    require_token_types,
    require_trained,
)
from hub.partners.values import Partner, PostingPartner, StaffRole
from hub.signals.errors import ContactDateError, ResidenceNotServedError
from hub.signals.values import Message
from hub.subjects.errors import EnvelopeKeyUnknownError
from service.work import Caller

CONTACT_DAYS = 31
BRINGING = REPORTING | {StaffRole.PARTNER_COORDINATOR}


def require_post(
    message: Message, sender: PostingPartner, caller: Caller, *, on: date, rules: PolicySet
) -> None:
    """Refuse a signal openly, on what its sender is and says.

    The basis and the lane must hold on the day of the contact and still today.

    Source:
        protocol.md, 4, step 6; SIG-01, SIG-02, SIG-06, MAT-09, ONB-02.
    """
    require_covenant(sender.partner, on)
    require_reporter(sender.partner, sender.reporter, on)
    require_own_name(message, caller)
    require_token_types(sender.partner, message.token_types)
    require_known_key(message)
    require_contact_date(message.contact_on, on=on)
    for day in (on, message.contact_on):
        require_lane(message, sender.partner.kind, on=day, rules=rules)
    require_own_rule(message, sender.partner)
    require_notice(message, on=on, rules=rules)


def require_own_name(message: Message, caller: Caller) -> None:
    """Refuse a member of staff who posts as another, or for another without saying so."""
    brings = message.submitted_by or message.reporter_id
    if caller.staff_id is not None and caller.staff_id != brings:
        raise ReporterNotAuthorisedError(places=("/submittedBy" if message.submitted_by else "/reporter",))


def require_mandate(pair: tuple[UUID, UUID], mandated: Collection[tuple[UUID, UUID]]) -> None:
    """Refuse a signal for another organisation, but on a mandate that is recorded and in force.

    Args:
        pair: the organisation that had the contact, and the one that posts.

    Source:
        SIG-12: who does not connect brings its signals through one that does.
    """
    if pair not in mandated:
        raise MandateMissingError(places=("/onBehalfOf",))


def require_submitter(
    message: Message, submitter: PostingPartner | None, caller: Caller, *, on: date
) -> None:
    """Refuse who brings a signal for another without being bound and authorised as who weighed it is.

    Where another organisation is named, so is who brings it; and its tokens are of types that both may use.

    Source:
        SIG-01, SIG-12, MAT-09, ONB-13; domain.md 5.5 (partner coordinator).
    """
    if message.submitted_by is None and message.on_behalf_of is None:
        return
    if submitter is None or submitter.reporter is None or submitter.reporter.id != message.submitted_by:
        raise ReporterNotAuthorisedError(places=("/submittedBy",))
    require_own_name(message, caller)
    require_covenant(submitter.partner, on)
    require_sighted(submitter.partner)
    if not submitter.partner.may_signal:
        raise KindNotAllowedError
    if not holds(submitter.reporter, BRINGING, on):
        raise ReporterNotAuthorisedError(places=("/submittedBy",))
    require_trained(submitter.reporter, on, place="/submittedBy")
    require_token_types(submitter.partner, message.token_types)


def require_known_key(message: Message) -> None:
    """Refuse an envelope under a key that is not in use: a client must renew its manifest."""
    if not message.kid_known:
        raise EnvelopeKeyUnknownError(places=("/envelope/kid",))


def require_contact_date(contact_on: date, *, on: date) -> None:
    """Refuse a contact in the future or more than 31 days ago."""
    if not on - timedelta(days=CONTACT_DAYS) <= contact_on <= on:
        raise ContactDateError(places=("/contactDate",))


def require_lane(message: Message, partner_kind: str, *, on: date, rules: PolicySet) -> None:
    """Refuse what the policy set does not allow this kind of organisation to post."""
    decision = _decide(
        PostingFacts(
            partner_kind=partner_kind,
            legal_basis=message.legal_basis,
            bracket=message.bracket,
            bracket_ends=message.bracket_ends,
            has_decision_reference=message.has_decision_reference,
            on=on,
            attestation=message.attestation,
            subject_notice=message.subject_notice,
            signal_kind=message.kind,
        ),
        rules,
    )
    if not decision.allowed:
        raise refusal_of(decision)


def require_own_rule(message: Message, partner: Partner) -> None:
    """Refuse what an organisation's own addendum leaves out of what its kind may signal. Source: ONB-05."""
    if not admits(partner, legal_basis=message.legal_basis, bracket=message.bracket):
        fits = partner.bases is None or message.legal_basis in partner.bases
        error, place = REFUSALS[Fact.BRACKET_NOT_IN_LANE if fits else Fact.BASIS_NOT_FOR_PARTNER]
        raise error(places=(place,) if place else ())


def require_notice(message: Message, *, on: date, rules: PolicySet) -> None:
    """Refuse a notice that is said to be given without its day and all whom the age asks for, or the reverse.

    Source:
        TRA-01; Jeugdwet 7.1.5.1(1): what opens a telling is checked the same, whenever it is attested.
    """
    given = message.subject_notice == NoticeState.GIVEN
    said = {"/noticeDate": message.notice_on is not None, "/noticeTo": bool(message.notice_to)}
    faults = tuple(place for place, there in said.items() if there is not given)
    if not given and message.authority_holders:
        faults += ("/authorityHolders",)
    if not faults and message.notice_on is not None:
        facts = NoticeFacts(
            bracket=message.bracket,
            # The bracket is that of today: who told a child of fifteen last week told by the age that counts.
            bracket_ends=None,
            contact_on=message.contact_on,
            given_on=message.notice_on,
            given_to=message.notice_to,
            authority_holders=message.authority_holders,
            on=on,
        )
        faults = _find_faults(facts, rules)
    if faults:
        raise NoticeIncompleteError(places=faults)


@lru_cache(maxsize=4096)
def _find_faults(facts: NoticeFacts, rules: PolicySet) -> tuple[str, ...]:
    return tuple(place.replace("/given", "/notice") for place in find_faults(facts, rules=rules))


@lru_cache(maxsize=4096)
def _decide(facts: PostingFacts, rules: PolicySet) -> Decision:
    """Decide once for equal facts: a batch repeats them a thousand times, and the rules are pure."""
    return decide_posting(facts, rules=rules)


def ends_before(on: date, *, months: int, bracket_ends: str | None) -> date:
    """Return the first day on which a signal posted on this day no longer counts.

    At the latest when the person's age bracket has ended: nothing may be told after it.

    Source:
        SIG-07; Jeugdwet 7.1.4.5.
    """
    end = months_after(on, months) + timedelta(days=1)
    return min(end, quarter_ends_before(bracket_ends or "") or end)


def months_after(on: date, months: int) -> date:
    """Return the same day so many months on, or the last day of a shorter month."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def require_served(message: Message, served: frozenset[str]) -> None:
    """Require that somebody of this hub may hear of residents of that municipality, where that is laid out.

    Source: domain.md MAT-07.
    """
    if served and message.residence is not None and message.residence[:4] not in served:
        raise ResidenceNotServedError(places=("/residence",))
