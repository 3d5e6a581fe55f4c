"""Put a line in a colleague's inbox that says no more than that they are asked something."""

from __future__ import annotations

from uuid import UUID

from hub.matches.agreed import queue
from hub.matches.models import MatchRow
from hub.notices.service import NewNotice, NoticeKind
from hub.teams.service import get_team
from service.work import Work


def ask_colleague(
    work: Work, match: MatchRow, colleague: UUID, kind: NoticeKind, *, wall: UUID, working_days: int
) -> None:
    """Let a colleague know that the owner of a match asks them something.

    Args:
        wall: the team as whose member they are asked: without a post in it they see the line no more.
    """
    notice = NewNotice(
        match_id=match.id,
        recipient=colleague,
        kind=kind,
        organisation_id=get_team(work, wall).organisation_id,
        team_id=wall,
    )
    queue(work, [notice], working_days=working_days)
