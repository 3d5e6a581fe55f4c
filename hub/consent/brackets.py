"""In which age bracket somebody may be on a day: a pure function."""

from __future__ import annotations

from datetime import date

from hub.consent.facts import Bracket
from hub.consent.policy_set import PolicySet
from hub.consent.quarters import quarter_ends_before, quarter_starts_on

_BRACKETS = frozenset(Bracket)


def possible_brackets(
    bracket: str, bracket_ends: str | None, *, on: date, rules: PolicySet
) -> frozenset[Bracket]:
    """Return every bracket the person may be in on this day; a rule must hold in all of them.

    In the quarter in which a bracket ends the person may be in either; after it, or when the two contradict
    each other, nothing is known and the set is empty. A year of slack, for a birthday since the contact.

    Source:
        design.md 7; CON-09; SIG-10.
    """
    if bracket not in _BRACKETS:
        return frozenset()
    known = Bracket(bracket)
    if known is Bracket.FROM_23:
        return frozenset({known}) if bracket_ends is None else frozenset()
    starts, ends = quarter_starts_on(bracket_ends or ""), quarter_ends_before(bracket_ends or "")
    if starts is None or ends is None or on >= ends or starts.year - on.year > rules.years(known) + 1:
        return frozenset()
    return frozenset({known} if on < starts else {known, known.next()})
