"""Where matches and intake items are in their life."""

from __future__ import annotations

from enum import StrEnum

SUPPRESSED = "suppressed"  # taken up by itself: the team is in contact with that sender already
IN_CONTACT = frozenset({"already_in_contact", SUPPRESSED})


class MatchState(StrEnum):
    """What has become of a pair of registrations that agree."""

    POSSIBLE = "possible"  # waits for a human
    OPEN = "open"  # told
    HELD = "held"  # may not be told now
    VOID = "void"  # no longer stands
    REJECTED = "rejected"  # a human says: not one person


class IntakeState(StrEnum):
    """What has become of an item in the team's intake."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    CLOSED = "closed"


class HandOverState(StrEnum):
    """What has become of the question to take a match over."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    LAPSED = "lapsed"


class RefusalReason(StrEnum):
    """Why an owner gives a match back; a code, never a story. Source: ROU-13."""

    OTHER_EXPERTISE = "other_expertise"
    NO_CAPACITY = "no_capacity"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    OTHER_TEAM = "other_team"
    OTHER_PERSON = "other_person"  # it seems to be of two persons: a lead looks


class Verified(StrEnum):
    """By what an owner knows that a match is of two persons; a code, never a story. Source: MAT-11."""

    WITH_PERSON = "with_person"
    WITH_REPORTER = "with_reporter"
    OWN_FILE = "own_file"


class MatchEffect(StrEnum):
    """What a match brought, as its owner says: a code. Source: STA-03; DSP 2021."""

    MORE_INSIGHT = "more_insight"
    EARLIER = "earlier"
    ADJUSTED = "adjusted"
    NONE = "none"


class Because(StrEnum):
    """Why somebody owns a match no longer."""

    REFUSED = "refused"
    HANDED_OVER = "handed_over"
    OVERDUE = "overdue"
    NOT_ABLE = "not_able"  # absent, post over, role over, or employed by a provider by now
    SUCCEEDED = "succeeded"
    LEFT = "left"  # waited longer than one meeting
    REASSIGNED = "reassigned"
    TAKEN = "taken"
    CLOSED = "closed"
