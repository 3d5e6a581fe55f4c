"""Start the clocks of an inquiry, as the arrangement says that opened it. Source: domain.md row 10."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.arrangements.clocks import ends_at
from hub.arrangements.values import Inquiry
from hub.audit.service import record_many
from hub.matches import inquiries
from hub.matches.events import InquiryOpened
from hub.matches.models import MatchRow
from hub.matches.pairs import Key
from hub.teams.service import get_teams
from service.work import Work


def open_inquiries(work: Work, matches: Sequence[MatchRow], profiles: Mapping[Key, Inquiry]) -> None:
    """Start the clocks of inquiries that are told for the first time."""
    opened = []
    for match in matches:
        profile = profiles.get((match.signal_id, match.other_id))
        if profile and inquiries.open_inquiry(
            work.session, _row(work, match, profile), _clocks(work, match, profile)
        ):
            opened.append(match)
    teams = get_teams(work, {match.team_id for match in opened if match.team_id})
    homes = {team_id: team.organisation_id for team_id, team in teams.items()}
    record_many(
        work,
        [
            InquiryOpened(
                organisation_id=homes.get(match.team_id) if match.team_id else None,
                subject={"match": str(match.id)},
            )
            for match in opened
        ],
    )


def _row(work: Work, match: MatchRow, profile: Inquiry) -> dict[str, object]:
    return {
        "match_id": match.id,
        "signal_id": match.signal_id,
        "legal_basis": profile.legal_basis,
        "opened_at": work.now,
    }


def _clocks(work: Work, match: MatchRow, profile: Inquiry) -> list[dict[str, object]]:
    return [
        {"match_id": match.id, "code": clock.code.value, "due_at": ends_at(work.now, clock.within)}
        for clock in profile.clocks
    ]
