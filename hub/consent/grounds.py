"""Grounds on which the person is told later, or somebody in spite of what is missing: data, never logic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from hub.consent.facts import Bracket

Status = Literal["L", "C", "P", "S", "A"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTerms:
    """Within how many months the person is told, and how many days an exception stands. Source: TRA-04."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    months: int
    exception_days: int
    extension_days: int
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeException:
    """One code of the closed list of grounds for not telling the person yet. Source: TRA-04."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    code: str
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideGround:
    """One ground on which somebody may be told in spite of what is missing. Source: CON-08, CON-11.

    Attributes:
        lifts: what may be missing; `representative` is only the representative's part in a consent.
        hours: how long it is open on one person's word.
        days: how long with a second person's.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    code: str
    source: str
    status: Status
    brackets: frozenset[Bracket]
    lifts: frozenset[Literal["notice", "consent", "representative"]]
    hours: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingTerm:
    """How many days one class of data is kept where a covenant chose otherwise. Source: domain.md 5.3."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    rule: str
    days: int
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How long something lasts or may wait, in the unit that its code ends in."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    code: str
    length: int
    source: str
    status: Status
