"""Refuse a message openly, on what its sender says and on nothing else; no database is asked."""

from __future__ import annotations

from hub.consent.errors import REFUSALS
from hub.consent.facts import Decision, LaneFacts, PostingFacts
from hub.consent.loading import default_policy
from hub.consent.policy import decide_posting, decide_registering
from service.errors import RefusedError


def require_posting(facts: PostingFacts) -> None:
    """Refuse a signal that the policy set does not allow its sender to post.

    Raises:
        RefusedError: one of `hub.consent.errors`; the first reason found names the code and the place.

    Source:
        protocol.md, step 6: only what concerns the partner and its message is refused openly.
    """
    _require(decide_posting(facts, rules=default_policy()))


def require_registering(facts: LaneFacts) -> None:
    """Refuse a case that the policy set does not allow its team to register."""
    _require(decide_registering(facts, rules=default_policy()))


def _require(decision: Decision) -> None:
    if not decision.allowed:
        raise refusal_of(decision)


def refusal_of(decision: Decision) -> RefusedError:
    """Turn the first reason of a denied decision into the error that the sender sees."""
    error, place = REFUSALS[decision.reasons[0].fact]
    return error(places=(place,) if place else ())
