"""What goes into an inbox and what its owner sees of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from hub.notices.models import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """What one recipient is to hear of one match; what is shown of it depends on `level` when it is read."""

    match_id: UUID
    recipient: UUID
    kind: NoticeKind
    organisation_id: UUID
    team_id: UUID | None = None
    case_id: UUID | None = None
    signal_id: UUID | None = None
    sender_id: UUID | None = None
    reporter: UUID | None = None
    contact_on: date | None = None
    signal_kind: str | None = None
    level: int = 0
    police_origin: bool = False
    agreed: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice as its recipient sees it."""

    notice_id: UUID
    match_id: UUID
    kind: str
    case_id: UUID | None
    contact_date: date | None
    signal_kind: str | None
    level: int
    partner: str | None
    reporter_contact: str | None
    police_origin: bool
    verify_person: bool
    handle: UUID | None
    queued_at: datetime
    due_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Page:
    """Which notices to show next.

    Attributes:
        untold: the matches of which the recipient would hear for the first time.
        told: every match of which something would be shown, the untold ones too.
        following: cursor of the next page, or None.
    """

    ids: tuple[UUID, ...]
    untold: frozenset[UUID]
    told: frozenset[UUID]
    following: UUID | None


@dataclass(frozen=True, slots=True)
class Returned:
    """A match whose notice was not taken up in time."""

    match_id: UUID
    recipient: UUID
