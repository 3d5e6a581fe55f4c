"""Wire shapes of questions and answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from hub.audit.reading import ReadingPurpose
from hub.questions.checking import Checked
from hub.questions.texts import say, title_of
from hub.questions.values import Answer, Lost, Question, QuestionId
from service.clock import wire_time
from service.http import WireModel

Moment = Annotated[str, Field(min_length=20, max_length=20)]


class Texts(WireModel):
    """The same in Dutch and English."""

    nl: str
    en: str


class QuestionOut(WireModel):
    """A question that can be asked."""

    question: QuestionId
    title: Texts


class QuestionsOut(WireModel):
    """All questions."""

    questions: list[QuestionOut]


class QuestionIn(WireModel):
    """A question that is asked; both days inclusive, a year at most."""

    question: QuestionId
    purpose: ReadingPurpose
    from_date: date
    until_date: date
    request_id: UUID | None = None
    staff_id: UUID | None = None
    lost: Annotated[list[Lost], Field(max_length=len(Lost), default_factory=list)]
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=200)] = 100

    def to_question(self) -> Question:
        """Return it as a value."""
        return Question(
            id=self.question,
            purpose=self.purpose,
            since=self.from_date,
            until=self.until_date,
            request_id=self.request_id,
            staff_id=self.staff_id,
            lost=frozenset(self.lost),
            page=self.page,
            page_size=self.page_size,
        )


class LineOut(WireModel):
    """One line of an answer: as facts, and in words."""

    facts: dict[str, str | int]
    said: Texts


class AnswerOut(WireModel):
    """What was found; `asOf` is the hour of the newest event that it can know of."""

    question: QuestionId
    title: Texts
    as_of: Moment | None
    lines: list[LineOut]
    next_page: int | None


def write_answer(answer: Answer) -> AnswerOut:
    """Write an answer, in words too."""
    return AnswerOut(
        question=answer.id,
        title=Texts(**title_of(answer.id)),
        as_of=wire_time(answer.as_of) if answer.as_of else None,
        lines=[LineOut(facts=dict(one), said=Texts(**say(answer.id, one))) for one in answer.lines],
        next_page=answer.next_page,
    )


class VerificationIn(WireModel):
    """All of the log, at this moment: nothing needs to be said."""


class VerificationOut(WireModel):
    """What a check of the whole log found; `witness` is "" where nobody outside this hub holds its size."""

    verified: bool
    events: int
    trees: int
    pending: int
    witness: str
    witnessed: int
    gaps: list[str]
    findings: list[str]


def write_verification(checked: Checked) -> VerificationOut:
    """Write a check; what is wrong is a code and a place in a tree."""
    found = checked.report
    return VerificationOut(
        verified=found.verified,
        events=found.events,
        trees=found.shards,
        pending=found.pending,
        witness=checked.witness,
        witnessed=found.witnessed,
        gaps=found.gaps,
        findings=found.findings,
    )
