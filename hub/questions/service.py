"""Ask: by whom it may be asked and for what, with the reading in the log before the answer.

Source: domain.md 1G; NEN 7513, 9.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from hub.audit.lines import find_reached
from hub.audit.reading import ABOUT_EMPLOYEE, ReadingPurpose, record_reading
from hub.questions import handling, keeping, persons, proving, staffing, telling
from hub.questions.errors import PurposeNotAllowedError, QuestionIncompleteError
from hub.questions.scope import require_reader
from hub.questions.values import Answer, Ask, Facts, Question, QuestionId, is_period
from hub.retention.reporting import RuleReport
from service.work import Work

Find = Callable[[Ask], Sequence[Facts]]
_ALL = frozenset(ReadingPurpose)
_PERSON = frozenset({ReadingPurpose.RIGHTS_REQUEST, ReadingPurpose.COMPLAINT})
_EMPLOYEE = frozenset(ABOUT_EMPLOYEE)


@dataclass(frozen=True, slots=True)
class Answering:
    """How a question is answered, and for which purposes."""

    find: Find
    purposes: Collection[ReadingPurpose] = _ALL


ANSWERING: Mapping[QuestionId, Answering] = {
    QuestionId.AUD_01: Answering(telling.list_signalled),
    QuestionId.AUD_02: Answering(telling.list_disclosed),
    QuestionId.AUD_03: Answering(persons.list_about_requester, _PERSON),
    QuestionId.AUD_04: Answering(persons.list_of_employee, _EMPLOYEE),
    QuestionId.AUD_05: Answering(handling.list_overrides),
    QuestionId.AUD_06: Answering(telling.list_police_disclosed),
    QuestionId.AUD_07: Answering(handling.list_refused),
    QuestionId.AUD_08: Answering(proving.list_checks),
    QuestionId.AUD_09: Answering(keeping.list_kept),
    QuestionId.AUD_10: Answering(handling.list_escalated),
    QuestionId.AUD_11: Answering(staffing.list_roles),
    QuestionId.AUD_12: Answering(handling.list_requests),
    QuestionId.AUD_13: Answering(proving.list_key_events),
    QuestionId.AUD_14: Answering(keeping.list_breached, frozenset({ReadingPurpose.BREACH})),
    QuestionId.AUD_15: Answering(keeping.list_smuggled),
}


def ask(work: Work, question: Question, *, kept: Sequence[RuleReport] | None = None) -> Answer:
    """Answer one page of a question; that it was asked, for what and about whom, is in the log.

    Open the unit of work with the gate of disclosures.

    Args:
        kept: what is kept by each rule, for who counted that a moment ago: it reads every row there is.

    Raises:
        RoleNotAllowedError: Only a privacy officer asks, or the operator at the machine.
        PurposeNotAllowedError: It is not read for that purpose.
        QuestionIncompleteError: The period is longer than a year, or what it is about was not named.
        RequestNotVerifiedError: A person's request must be verified, and searched.
        NotInMunicipalityError: It is not the caller's to ask about.
    """
    scope, answering = require_reader(work), ANSWERING[question.id]
    if question.purpose not in answering.purposes:
        raise PurposeNotAllowedError(places=("/purpose",))
    if not is_period(question.since, question.until):
        raise QuestionIncompleteError(places=("/untilDate",))
    _record(work, question)
    found = answering.find(Ask(work, question, scope, kept))
    is_more = len(found) > question.page_size
    return Answer(
        question.id,
        list(found[: question.page_size]),
        question.page + 1 if is_more else None,
        find_reached(work),
    )


def _record(work: Work, question: Question) -> None:
    about = {"request": question.request_id, "staff": question.staff_id}
    record_reading(
        work,
        question.purpose,
        what=question.id.value,
        organisation_id=work.caller.organisation_id,
        about={name: str(id_) for name, id_ in about.items() if id_ is not None},
        facts={
            "since": question.since.isoformat(),
            "until": question.until.isoformat(),
            "page": question.page,
        },
    )
