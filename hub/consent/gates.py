"""Refuse a message openly, on what its sender says and on nothing else; no database is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hub.consent.errors import REFUSALS, ConsentIncompleteError
from hub.consent.facts import Decision, LaneFacts, PostingFacts
from hub.consent.policy import EVERY_KIND, decide_posting, decide_registering, possible_brackets
from hub.consent.policy_set import PolicySet
from hub.consent.schemas import NewConsent
from service.errors import RefusedError


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
    yield "/validUntilDate", consent.valid_until_date < max(consent.valid_from_date, on)
    yield "/bracketEnds", not ages
    yield "/givenBy", bool(ages) and givers.isdisjoint(needed)
    yield "/authorityAttested", "representative" in givers and not consent.authority_attested


def require_known_kinds(kinds: frozenset[str], *, place: str, rules: PolicySet) -> None:
    """Require kinds of partner that are in the matrix: a misspelt one would silently stop nothing."""
    if not _known(kinds, rules):
        raise ConsentIncompleteError(places=(place,))


def _known(kinds: frozenset[str], rules: PolicySet) -> bool:
    return kinds <= {row.kind for row in rules.partners}
