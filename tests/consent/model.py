"""What should be told to whom, said a second time: no rule, table or query of the hub is used."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

BRACKETS = ("0-11", "12-15", "16-17", "18-22", "23+")
STARTS = (0, 12, 16, 18, 23)
GIVERS = {"subject": {"subject"}, "representative": {"representative"}, "both": {"subject", "representative"}}
MUST = {
    "0-11": {"representative"},
    "12-15": {"subject", "representative"},
    "16-17": {"subject"},
    "18-22": {"subject"},
    "23+": {"subject"},
}
# Under these bases any objection stops; under the others one that names the sender's kind, or all.
ANY_OBJECTION = {"CONSENT", "NO_OBJECTION"}


@dataclass(frozen=True)
class Person:
    """Somebody with a birthday, which the hub never learns."""

    name: str
    born: date

    def age(self, on: date) -> int:
        """Say how old they are."""
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))

    def bracket(self, on: date) -> tuple[str, str | None]:
        """Say their bracket and the quarter in which it ends, as a client does."""
        at = max(at for at, start in enumerate(STARTS) if start <= self.age(on))
        if at == len(STARTS) - 1:
            return BRACKETS[at], None
        year = self.born.year + STARTS[at + 1]
        return BRACKETS[at], f"{year}-Q{(self.born.month - 1) // 3 + 1}"


def possible(bracket: str, ends: str | None, on: date) -> set[str]:
    """Say which brackets somebody may be in of whom this was said."""
    if ends is None:
        return {bracket}
    first = date(int(ends[:4]), 3 * int(ends[-1]) - 2, 1)
    after = date(first.year + first.month // 12, (first.month + 3 - 1) % 12 + 1, 1)
    if on >= after:
        return set()
    following = BRACKETS[BRACKETS.index(bracket) + 1]
    return {bracket} if on < first else {bracket, following}


@dataclass
class Signal:
    """A signal that was posted."""

    person: Person
    sender: str
    organisation: UUID
    basis: str
    bracket: str
    ends: str | None
    posted_on: date
    holders: int = 0
    gone: bool = False

    def lives(self, on: date) -> bool:
        """Say whether it still stands: a year and a day, and never longer than its bracket."""
        year_on = self.posted_on.replace(year=self.posted_on.year + 1) + timedelta(days=1)
        return not self.gone and on < year_on and bool(possible(self.bracket, self.ends, on))


@dataclass
class Case:
    """A case that was registered."""

    person: Person
    bracket: str
    ends: str | None
    closed: bool = False


@dataclass
class Consent:
    """A consent that was recorded."""

    person: Person
    kind: str
    purpose: str
    senders: set[str]
    organisations: set[UUID]
    given_by: str
    holders: int
    consented: int
    since: date
    until: date
    bracket: str
    ends: str | None
    withdrawn: bool = False
    lapsed: bool = False

    def lapses_on(self) -> date:
        """Say on which day it is over: after its period, or with the quarter in which its age ends."""
        return min(self.until + timedelta(days=1), self.age_over_on() or date.max)

    def age_over_on(self) -> date | None:
        """Say on which day nobody is of the age at which it was given any more."""
        if self.ends is None:
            return None
        first = date(int(self.ends[:4]), 3 * int(self.ends[-1]) - 2, 1)
        return date(first.year + first.month // 12, (first.month + 3 - 1) % 12 + 1, 1)

    def givers(self, signal: Signal, on: date, *, attested: int) -> set[str]:
        """Say whose consent this is to telling of that signal, where so many hold authority by others."""
        fits = (
            not self.withdrawn
            and (self.kind, self.purpose) == ("data_processing", "tell_casemanager")
            and signal.sender in self.senders
            and (not self.organisations or signal.organisation in self.organisations)
            and self.since <= on <= self.until
            and possible(self.bracket, self.ends, on) & possible(signal.bracket, signal.ends, on)
        )
        if not fits:
            return set()
        whole = self.holders > 0 and max(self.holders, attested) <= self.consented
        return GIVERS[self.given_by] if whole else GIVERS[self.given_by] - {"representative"}


@dataclass
class Objection:
    """An objection or a restriction that was recorded."""

    person: Person
    kind: str
    scope: set[str]
    over: bool = False
    upheld: bool = False

    def stops(self, signal: Signal) -> bool:
        """Say whether nobody may hear of that signal."""
        wide = self.kind == "restriction" or signal.basis in ANY_OBJECTION or "all" in self.scope
        return not self.over and (wide or signal.sender in self.scope)


@dataclass
class Model:
    """Everything that was said and done, by the id that the hub gave it."""

    signals: dict[UUID, Signal] = field(default_factory=dict)
    cases: dict[UUID, Case] = field(default_factory=dict)
    consents: dict[UUID, Consent] = field(default_factory=dict)
    objections: dict[UUID, Objection] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    asked: set[UUID] = field(default_factory=set)

    def pairs(self, on: date, *, believed: bool = False) -> set[tuple[UUID, UUID]]:
        """Name the signals and cases of which a casemanager may hear on this day.

        With `believed`, everybody is believed for themselves on how many hold authority.
        """
        return {
            (signal_id, case_id)
            for signal_id, signal in self.signals.items()
            for case_id, case in self.cases.items()
            if signal.person == case.person and self.may_tell(signal, case, on, believed=believed)
        }

    def may_tell(self, signal: Signal, case: Case, on: date, *, believed: bool = False) -> bool:
        """Say whether the case's team may hear of the signal."""
        stands = signal.lives(on) and not case.closed and bool(possible(case.bracket, case.ends, on))
        if not stands or signal.basis in self.ended:
            return False
        if any(one.stops(signal) for one in self.objections.values() if one.person == signal.person):
            return False
        attested = 0 if believed else self.attested(signal, on)
        if 0 < signal.holders < attested:
            return False
        return signal.basis != "CONSENT" or self.consented(signal, on, attested=attested)

    def attested(self, signal: Signal, on: date) -> int:
        """Say how many hold authority over a child, by whoever said the most in a signal or a consent."""
        signals = [one for one in self.signals.values() if one.person == signal.person and one.lives(on)]
        child = signal.bracket in {"0-11", "12-15"}
        mine = [one for one in self.consents.values() if one.person == signal.person]
        consents = [one for one in mine if not one.withdrawn and on < one.lapses_on()]
        # One desk recorded them all: what came with its last one stays known, though it was taken back.
        last = [one for one in mine if on <= one.until][-1:]
        consents += [one for one in last if one.withdrawn and child]
        said = [one.holders for one in signals] if child else [signal.holders]
        return max([*said, *(one.holders for one in consents)], default=0)

    def lapse(self, on: date) -> None:
        """End what is over by now; where an age ended it and nothing took its place, it is asked again."""
        due = {id_: one for id_, one in self.consents.items() if not one.lapsed and self._is_due(one, on)}
        for id_, one in due.items():
            one.lapsed, over = True, one.age_over_on()
            if not one.withdrawn and over is not None and over <= one.until and not self._anew(one, on):
                self.asked.add(id_)

    def _is_due(self, one: Consent, on: date) -> bool:
        return one.withdrawn or one.lapses_on() <= on

    def _anew(self, one: Consent, on: date) -> bool:
        def same(other: Consent) -> bool:
            alike = (other.person, other.kind, other.purpose) == (one.person, one.kind, one.purpose)
            return alike and (other.senders, other.organisations) == (one.senders, one.organisations)

        return any(
            same(other) and not other.withdrawn and other.lapses_on() > on for other in self.consents.values()
        )

    def consented(self, signal: Signal, on: date, *, attested: int) -> bool:
        """Say whether all who must have consented, at every age that the person may have."""
        must = {giver for bracket in possible(signal.bracket, signal.ends, on) for giver in MUST[bracket]}
        mine = [one for one in self.consents.values() if one.person == signal.person]
        return must <= {giver for one in mine for giver in one.givers(signal, on, attested=attested)}
