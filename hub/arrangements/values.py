"""An arrangement as a value: who hears of what, in which order of rules, and within which terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from hub.consent.facts import Bracket
from hub.teams.values import EmployerKind, Expertise

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Municipality = Annotated[str, Field(pattern=r"^[0-9]{4}$")]  # CBS
Area = Annotated[str, Field(pattern=r"^[0-9]{4}([0-9]{2})?$")]  # a municipality, or a district of it
Oin = Annotated[str, Field(pattern=r"^[0-9A-Z]{20}$")]
Days = Annotated[int, Field(ge=1, le=60)]
FORBID: dict[str, str] = {"extra": "forbid"}


class IntakeModel(StrEnum):
    """By which name people know how a municipality divides the work. Source: domain.md 2."""

    WEEKLY_MEETING = "weekly_meeting"
    DAT_CIRCLE = "dat_circle"
    PAIRED = "paired"
    TIERED_BY_DOMAIN = "tiered_by_domain"
    AREA = "area"
    POOL = "pool"
    TIERED_BY_COMPLEXITY = "tiered_by_complexity"
    EXPERT_PANEL = "expert_panel"
    CITIZEN_LED = "citizen_led"
    DUTY_TO_REPORT = "duty_to_report"
    SINGLE_DESK = "single_desk"
    ACCESS_TEAM = "access_team"
    HOUSEHOLD_LEAD = "household_lead"
    SCHOOL_STRUCTURE = "school_structure"
    UPSTREAM = "upstream"


class Target(StrEnum):
    """To whom a rule gives a match."""

    CASEMANAGER = "casemanager"  # who carries the person's case, or stands in
    CASE_TEAM = "case_team"  # the queue of the case's team
    HOUSEHOLD_LEAD = "household_lead"  # who leads for the household, and is asked to take it
    CHOSEN = "chosen"  # who the person chose, and is asked to take it
    MEMBER = "member"  # one member of a team by name, who is asked to take it
    QUEUE = "queue"  # a team's queue: whoever takes it
    NOBODY = "nobody"  # waits, and nobody hears


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamEntry:
    """A team that takes part, and for whom it is.

    Attributes:
        tier: what rules call it by; several teams may share one, told apart by area and age.
        areas: municipalities (CBS, four digits) or districts (six); none for everywhere.
        brackets: ages; none for every age.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID

    id: UUID
    tier: Code
    areas: frozenset[Area] = frozenset()
    brackets: frozenset[Bracket] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: where everything it asks holds, it says who hears; the first that can, decides.

    Attributes:
        tier: which teams, where it gives to a member or a queue.
        case: whether the person is in a caseload; None asks nothing.
        brackets: the person is of one of these ages.
        senders: one of those who met the person is of these kinds.
        partners_at_least: so many organisations met the person.
        earlier_at_least: so many other matches of the person stand.
        region: the person lives in this region today.
        inquiry: whether it is one signal that opens an inquiry, and no match; None asks nothing.
        takes_along: what nobody took up yet of the person's other matches comes along.
        expertise: of a member that is asked: any of these.
        employers: of a member that is asked.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID

    code: Code
    to: Target
    tier: Code | None = None
    case: bool | None = None
    brackets: frozenset[Bracket] = frozenset()
    senders: frozenset[Code] = frozenset()
    partners_at_least: Annotated[int, Field(ge=2, le=20)] | None = None
    earlier_at_least: Annotated[int, Field(ge=1, le=20)] | None = None
    region: Code | None = None
    inquiry: bool | None = None
    takes_along: bool = False
    expertise: frozenset[Expertise] = frozenset()
    employers: frozenset[EmployerKind] = frozenset()
    generalist: bool | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether the rule asks nothing of a match."""
        asked = (self.brackets, self.senders, self.partners_at_least, self.earlier_at_least, self.region)
        return self.case is None and self.inquiry is None and not any(asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Municipalities that belong together for a purpose, in a period; regions overlap. Source: ROU-17."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID

    code: Code
    kind: Literal["swv_po", "swv_vo", "rmc", "youth", "police", "housing"]
    members: frozenset[Municipality]
    since: date
    until: date | None = None

    def holds(self, residence: str, on: date) -> bool:
        """Tell whether somebody who lives there is in this region on a day."""
        stands = self.since <= on and (self.until is None or on < self.until)
        return stands and residence[:4] in self.members


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """A team whose work another one goes on with from a day. Source: ROU-21, row 11."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID

    team: UUID
    successor: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TermDays:
    """Within how many working days who does what; None for what the hub uses everywhere. Source: ROU-12."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID

    remind: Days | None = None
    acknowledge: Days | None = None
    coordinate: Days | None = None
    municipal: Days | None = None
    contact: Days | None = None
    meeting_days: Days | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Casemanagers:
    """Who may be casemanager.

    Attributes:
        employers: these only; none for whoever is not excluded by law or separation.
        provider_separation: whether who is employed by a provider may not (ROU-18).
        without_separation_because: where they may: on which ground that was decided.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID

    employers: frozenset[EmployerKind] = frozenset()
    provider_separation: bool = True
    without_separation_because: Literal["integral_team", "small_municipality"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """By what people of one household are known, for one lead. Source: MAT-03, MAT-04, row 13.

    Attributes:
        register_days: addresses count only while the register of excluded ones was reviewed so lately.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID

    by: Annotated[frozenset[Literal["address", "parent"]], Field(min_length=1)]
    register_days: Annotated[int, Field(ge=1, le=366)] = 30


class ClockCode(StrEnum):
    """What of an inquiry is bound to a time by law. Source: domain.md row 10."""

    PROTECT = "protect"  # whether the child needs protection at once
    RECEIPT = "receipt"  # whoever told it knows that it arrived
    ASSESS = "assess"  # what was told is weighed
    DECIDE = "decide"  # whether an investigation follows
    COMPLETE = "complete"  # it is closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """By when something of an inquiry is done, in time of the calendar; `within` as `24h`, `14d`, `4m`."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID

    code: ClockCode
    within: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2}[hdm]$")]
    source: Annotated[str, Field(max_length=80)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """Each signal opens an inquiry, and not only a match (zorgmeldplicht). Source: domain.md row 10.

    Attributes:
        bases: on which of these a signal is told for that; each must be in the policy set.
        legal_basis: on which the team opens it.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID

    bases: Annotated[frozenset[str], Field(min_length=1)]
    legal_basis: str
    clocks: Annotated[tuple[Clock, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """How much is shown at most, whatever the policy set allows; `kinds` of senders, none for all."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID

    level_at_most: Annotated[int, Field(ge=0, le=3)]
    kinds: frozenset[Code] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """How one municipality, or a group of them, divides the work.

    Attributes:
        name: which arrangement it is; a new version has the same name.
        controller: the organisation whose two persons answer for it, by its OIN.
        residences: whose residents; each municipality belongs to one arrangement at a time.
        school_contact_required: whether schools have a fixed face in one of its teams (ROU-04).
        consent_first: nobody hears without a consent, whatever the basis.
        consent_profile: the age profile of the policy set under which this was agreed.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID

    name: Code
    hash: str
    intake: IntakeModel
    source: str
    controller: Oin
    residences: frozenset[Municipality]
    consent_profile: Code
    teams: tuple[TeamEntry, ...]
    rules: tuple[Rule, ...]
    casemanagers: Casemanagers = field(default_factory=Casemanagers)
    disclosure: tuple[Disclosure, ...] = ()
    terms: TermDays = field(default_factory=TermDays)
    regions: tuple[Region, ...] = ()
    successions: tuple[Succession, ...] = ()
    household: Household | None = None
    inquiry: Inquiry | None = None
    school_contact_required: bool = False
    consent_first: bool = False

    @property
    def team_ids(self) -> frozenset[UUID]:
        """Return the teams that take part."""
        return frozenset(team.id for team in self.teams)

    @property
    def ended_ids(self) -> frozenset[UUID]:
        """Return the teams whose work others go on with."""
        return frozenset(one.team for one in self.successions)

    def find_rule(self, code: str) -> Rule | None:
        """Return a rule by its code."""
        return next((rule for rule in self.rules if rule.code == code), None)

    def level_at_most(self, sender_kinds: frozenset[str]) -> int:
        """Return how much may be shown of a match with these senders."""
        caps = (one.level_at_most for one in self.disclosure if not one.kinds or one.kinds & sender_kinds)
        return min(caps, default=3)
