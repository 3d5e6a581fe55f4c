"""What can be refused, be wrong or be missing about teams."""

from __future__ import annotations

from service.errors import ConflictError, InvalidError, MissingError, RefusedError


class TeamNotConfigurableError(RefusedError):
    """Only the operator says which teams there are and who works in them."""

    code = "team_not_configurable"
    title = "Only the operator may say which teams there are and who works in them."


class NotATeamError(InvalidError):
    """The organisation does not receive matches, so it has no teams."""

    code = "not_a_team"
    title = "This organisation does not receive matches."


class TeamInvalidError(InvalidError):
    """The particulars of a team, or of its successor, are not of the agreed form."""

    code = "team_invalid"
    title = "The team's particulars are not of the agreed form."


class TeamMissingError(MissingError):
    """There is no such team, or the caller is not of it."""

    code = "team_not_found"
    title = "There is no such team, or you are not of it."


class PostInvalidError(InvalidError):
    """The post is over before it begins, or the team or its organisation is not the member's."""

    code = "post_invalid"
    title = "This member of staff cannot work in this team in this period."


class PostTakenError(ConflictError):
    """Somebody works for one municipality in one place at a time.

    Source: domain.md row 6.
    """

    code = "post_taken"
    title = "This member of staff works for this municipality already in this period."


class PostMissingError(MissingError):
    """There is no such post."""

    code = "post_not_found"
    title = "There is no such post."


class AbsenceInvalidError(InvalidError):
    """The absence is over before it begins, or too long, or who covers is no colleague or the same person."""

    code = "absence_invalid"
    title = "The days of this absence (at most two years), or the colleague who covers, cannot be right."


class SchoolContactTakenError(ConflictError):
    """A school's location has one fixed contact at a time.

    Source: domain.md ROU-04.
    """

    code = "school_contact_taken"
    title = "This location has a fixed contact already in this period."
