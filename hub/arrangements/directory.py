"""Where somebody enters in each municipality: team, desk, how the work is divided there; and what is missing.

Help goes on across borders, but each municipality organises access otherwise. Source: domain.md ROU-16.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from hub.arrangements.service import find_entry_team
from hub.arrangements.values import Arrangement, IntakeModel
from hub.arrangements.versions import arrangements_in_force, served_municipalities
from hub.partners.service import StaffRole, find_by_oin, list_staff
from hub.teams.service import Team, list_members, list_school_contacts
from service.clock import dutch_date
from service.work import Work


class Lack(StrEnum):
    """What a municipality still has to lay down."""

    TEAM = "team"
    DESK = "desk"  # how its desk is reached
    MEMBER = "member"  # nobody works in the team today
    CONTACT = "municipal_contact"  # nobody hears of what stalls (ROU-11)
    SCHOOL = "school_contact"  # its arrangement asks for faces of schools, and nobody is one (ROU-04)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How one municipality is entered.

    Attributes:
        desk: how the desk is reached, in the municipality's words.
        intake: how it divides the work; None where it made no arrangement.
    """

    municipality: str
    team_id: UUID | None
    desk: str | None
    intake: IntakeModel | None
    missing: tuple[Lack, ...]


def read_directory(work: Work) -> list[Entry]:
    """Return how each municipality that this hub serves is entered, in order of their codes."""
    arranged = {code: one for one in arrangements_in_force(work) for code in one.residences}
    return [_entry(work, code, arranged.get(code)) for code in sorted(served_municipalities(work))]


def _entry(work: Work, municipality: str, arrangement: Arrangement | None) -> Entry:
    team = find_entry_team(work, municipality)
    return Entry(
        municipality=municipality,
        team_id=team.id if team else None,
        desk=team.desk if team else None,
        intake=arrangement.intake if arrangement else None,
        missing=tuple(_lacks(work, team, arrangement)),
    )


def _lacks(work: Work, team: Team | None, arrangement: Arrangement | None) -> Iterator[Lack]:
    if team is None:
        yield Lack.TEAM
        return
    if team.desk is None:
        yield Lack.DESK
    if not any(not one.absent for one in list_members(work, [team.id], on=dutch_date(work.now))):
        yield Lack.MEMBER
    near = {team.organisation_id}
    if arrangement is not None:
        near |= set(find_by_oin(work, [arrangement.controller]).values())
    watching = (StaffRole.MUNICIPAL_COORDINATOR, StaffRole.PROCESS_DIRECTOR)
    if not any(list_staff(work, id_, *watching) for id_ in near):
        yield Lack.CONTACT
    if arrangement is not None and arrangement.school_contact_required:
        faces = {one.team_id for one in list_school_contacts(work, on=dutch_date(work.now))}
        if not faces & arrangement.team_ids:
            yield Lack.SCHOOL
