"""What can be refused or go missing with a match."""

from __future__ import annotations

from service.errors import ConflictError, InvalidError, MissingError, RefusedError


class MatchMissingError(MissingError):
    """There is no such possible match in the caller's team."""

    code = "match_not_found"
    title = "There is no such possible match in your team."


class MatchJudgedError(ConflictError):
    """The possible match was judged before, or no longer stands."""

    code = "match_judged"
    title = "This possible match was judged already or no longer stands."


class IntakeMissingError(MissingError):
    """There is no such item in the caller's team."""

    code = "intake_item_not_found"
    title = "There is no such intake item in your team."


class NotOwnerError(MissingError):
    """There is no such match of the caller, or nobody asks them about it."""

    code = "match_not_yours"
    title = "There is no such match of yours."


class NumbersAgreeError(RefusedError):
    """Both sides have one service number: then no one person says alone that they are two. Source: MAT-11."""

    code = "service_numbers_agree"
    title = "Both have the same citizen service number: give it back, and a team lead looks."


class NothingToTellError(ConflictError):
    """Nobody weighed enforcement or help together yet. Source: ROU-19."""

    code = "nothing_to_tell"
    title = "There is nothing yet that the sender could hear of this."


class InquiryIncompleteError(ConflictError):
    """Nobody said whether child and parents were heard, nor why not. Source: domain.md row 10 (c)."""

    code = "inquiry_incomplete"
    title = "Say when child and parents were heard, or why not, before you close an inquiry."


class NotEligibleError(RefusedError):
    """Who is employed by a provider, sits in a panel or is absent carries no match of the team.

    Source: domain.md ROU-03, ROU-18.
    """

    code = "not_eligible"
    title = "This member of staff cannot carry a match of this team today."


class HouseholdMissingError(MissingError):
    """There is no such household of the caller, or nobody asks them about it."""

    code = "household_not_found"
    title = "There is no such household of yours."


class HouseholdLedError(ConflictError):
    """Somebody leads for the household already. Source: domain.md row 13 (a)."""

    code = "household_has_lead"
    title = "Somebody leads for this household already: the lead hands it over."


class ProgressInvalidError(InvalidError):
    """A day lies in the future, or longer before the match than a contact may."""

    code = "progress_invalid"
    title = "This day lies in the future, or longer ago than a contact may."


class IntakeTakenError(ConflictError):
    """Somebody else took the item, or it no longer stands."""

    code = "intake_item_taken"
    title = "This intake item was taken by a colleague or no longer stands."
