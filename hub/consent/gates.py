"""Refuse a message openly, on what its sender says and on nothing else; no database is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hub.consent.consent_policy import EVERY_KIND
from hub.consent.errors import REFUSALS, ConsentIncompleteError, NotOwnError
from hub.consent.facts import (
    Bracket,
    ConsentKind,
    Decision,
    GivenBy,
    HelpException,
    LaneFacts,
    PostingFacts,
    Purpose,
)
from hub.consent.policy import decide_posting, decide_registering, possible_brackets
from hub.consent.policy_set import PolicySet
from hub.consent.schemas import NewConsent, NewObjection, NewWithdrawal, Statement
from hub.partners.service import Partner
from service.errors import RefusedError

LIFETIME = 100  # years: no consent is for longer


def require_posting(facts: PostingFacts, *, rules: PolicySet) -> None:
    """Refuse a signal that the policy set does not allow its sender to post.

    Raises:
        RefusedError: one of `hub.consent.errors`; the first reason found names the code and the place.

    Source:
        protocol.md, step 6: only what concerns the partner and its message is refused openly.
    """
    _require(decide_posting(facts, rules=rules))


def require_registering(facts: LaneFacts, *, rules: PolicySet) -> None:
    """Refuse a case that the policy set does not allow its team to register."""
    _require(decide_registering(facts, rules=rules))


def _require(decision: Decision) -> None:
    if not decision.allowed:
        raise refusal_of(decision)


def refusal_of(decision: Decision) -> RefusedError:
    """Turn the first reason of a denied decision into the error that the sender sees."""
    error, place = REFUSALS[decision.reasons[0].fact]
    return error(places=(place,) if place else ())


def require_specific(consent: NewConsent, *, on: date, rules: PolicySet) -> None:
    """Require that a consent says for what, for whom, until when and by whom, without contradiction.

    Raises:
        ConsentIncompleteError: names every place that is wrong.

    Source:
        CON-03, CON-05, CON-07.
    """
    places = tuple(place for place, wrong in _faults(consent, on, rules) if wrong)
    if places:
        raise ConsentIncompleteError(places=places)


def _faults(consent: NewConsent, on: date, rules: PolicySet) -> Iterator[tuple[str, bool]]:
    givers = consent.given_by.givers
    ages = possible_brackets(consent.bracket, consent.bracket_ends, on=on, rules=rules)
    needed = frozenset(giver for age in ages for giver in rules.givers(age, consent.kind))
    yield "/partnerKinds", not _known(frozenset(consent.partner_kinds) - {EVERY_KIND}, rules)
    yield "/textVersion", consent.text_version not in rules.text_versions
    ends_on = consent.valid_until_date
    yield "/validUntilDate", ends_on < max(consent.valid_from_date, on) or ends_on.year > on.year + LIFETIME
    yield "/bracketEnds", not ages
    yield "/givenBy", bool(ages) and consent.exception is None and givers.isdisjoint(needed)
    yield from _authority_faults(consent)
    yield "/exception", consent.exception is not None and not _excepted(consent, ages)


def _authority_faults(consent: NewConsent) -> Iterator[tuple[str, bool]]:
    """Find contradictions: authority is attested with how many hold it and agreed. Source: CON-07."""
    represented = "representative" in consent.given_by.givers
    yield "/authorityAttested", represented and not consent.authority_attested
    yield "/authorityHolders", represented != (consent.authority_holders > 0)
    least = 1 if represented else 0
    yield "/holdersConsented", not least <= consent.holders_consented <= consent.authority_holders


def _excepted(consent: NewConsent, ages: frozenset[Bracket]) -> bool:
    """Tell whether help may go without a representative, and nothing but help. Source: CON-08."""
    youth = ages == {Bracket.TO_15} and consent.given_by is GivenBy.SUBJECT
    helps = consent.kind is ConsentKind.HELP_AGREEMENT
    return helps and (youth or consent.exception is HelpException.SERIOUS_HARM)


def require_own(message: Statement, partner: Partner) -> None:
    """Require that a partner records for its own signals only, and says so.

    Raises:
        NotOwnError: names the place where another kind or organisation stands.

    Source:
        domain.md 5.5 ("record own"); CON-03; Wmo 5.3.3(1): nobody opens the way back alone.
    """
    if isinstance(message, NewWithdrawal):
        own = {"/scope": message.scope == [partner.kind]}
    elif isinstance(message, NewObjection):
        own = {"/scope": message.scope == [partner.kind], "/kind": message.kind == "objection"}
    else:
        own = {
            "/partnerKinds": message.partner_kinds == [partner.kind],
            "/organisations": message.organisations == [partner.id],
            # The secrecy that is lifted for the way back is the municipal team's: its desk hears that.
            "/kind": (message.kind, message.purpose) != (ConsentKind.SECRECY_WAIVER, Purpose.SENDER_FEEDBACK),
        }
    if places := tuple(place for place, right in own.items() if not right):
        raise NotOwnError(places=places)


def require_known_kinds(kinds: frozenset[str], *, place: str, rules: PolicySet) -> None:
    """Require kinds of partner that are in the matrix: a misspelt one would silently stop nothing."""
    if not _known(kinds, rules):
        raise ConsentIncompleteError(places=(place,))


def _known(kinds: frozenset[str], rules: PolicySet) -> bool:
    return kinds <= {row.kind for row in rules.partners}
