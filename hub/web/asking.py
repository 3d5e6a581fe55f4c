"""The fifteen questions as one click each: in plain words, for a purpose, over a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from starlette.responses import Response

from hub.audit.reading import ReadingPurpose
from hub.questions.service import ANSWERING, ask
from hub.questions.texts import title_of
from hub.questions.values import LONGEST, Lost, Question, QuestionId
from hub.retaining.registry import municipalities_of
from hub.retention.reporting import RuleReport, place_of_caller
from hub.web.errors import PageMissingError
from hub.web.log import ask_purpose
from hub.web.oversight import OFFICER, count_lately
from hub.web.rendering import render
from hub.web.visiting import Page, Visit
from service.work import Work

BACK = timedelta(days=30)
PAGE_SIZE = 50
# What some questions must be told more, by the name of its field.
NEEDS = {QuestionId.AUD_03: "request", QuestionId.AUD_04: "staff", QuestionId.AUD_14: "lost"}


def show_questions(visit: Visit) -> Response:
    """Show what can be asked for the purpose that was chosen; without one, ask for it."""
    if visit.purpose is None:
        return ask_purpose(visit, list(ReadingPurpose))
    return render(visit, "questions.html", questions=_titles(visit), answering=ANSWERING)


def show_answer(visit: Visit) -> Response:
    """Ask a question and show the answer; what it must be told more is asked first."""
    id_ = _question_of(visit)
    allowed = [one for one in ReadingPurpose if one in ANSWERING[id_].purposes]
    kept = {name: visit.request.query_params.get(name, "") for name in ("since", "until", "request", "staff")}
    if visit.purpose not in allowed:
        return ask_purpose(visit, allowed, kept={name: value for name, value in kept.items() if value})
    question, faults = _read(visit, id_)
    answer = None
    if not faults:
        with visit.disclosing() as work:
            answer = ask(work, question, kept=_count(work, id_))
    asked = NEEDS.get(id_) in visit.request.query_params
    return render(
        replace(visit, faults=faults if asked else ()),
        "answer.html",
        question=question,
        title=title_of(id_)[visit.language],
        needs=NEEDS.get(id_),
        lost=list(Lost),
        answer=answer,
    )


def _count(work: Work, id_: QuestionId) -> Sequence[RuleReport] | None:
    """Give what the page of keeping counted a few minutes ago, for the question about that."""
    if id_ is not QuestionId.AUD_09:
        return None
    return count_lately(work, place_of_caller(work, municipalities_of)).rules


def _titles(visit: Visit) -> dict[QuestionId, str]:
    return {id_: title_of(id_)[visit.language] for id_ in QuestionId}


def _question_of(visit: Visit) -> QuestionId:
    name = str(visit.request.path_params["question"])
    if name not in set(QuestionId):
        raise PageMissingError
    return QuestionId(name)


def _read(visit: Visit, id_: QuestionId) -> tuple[Question, tuple[str, ...]]:
    """Read what is asked, and which field of it is missing or wrong."""
    until = visit.query_date("until", visit.today)
    since = min(visit.query_date("since", until - BACK), until)
    lost = frozenset(map(Lost, set(visit.request.query_params.getlist("lost")) & set(Lost)))
    given: dict[str, UUID | frozenset[Lost] | None] = {
        "request": visit.query_id("request"), "staff": visit.query_id("staff"), "lost": lost,
    }  # fmt: skip
    question = Question(
        id=id_,
        purpose=visit.purpose or ReadingPurpose.SUPERVISION,
        since=max(since, until - LONGEST),
        until=until,
        request_id=visit.query_id("request"),
        staff_id=visit.query_id("staff"),
        lost=lost,
        page=visit.query_number("page", at_most=10_000),
        page_size=PAGE_SIZE,
    )
    needed = NEEDS.get(id_)
    return question, (needed,) if needed and not given[needed] else ()


PAGES = (
    Page("GET", "/questions", show_questions, OFFICER),
    Page("GET", "/questions/{question}", show_answer, OFFICER),
)
