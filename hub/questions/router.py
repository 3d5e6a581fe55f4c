"""The privacy officer's questions over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Request

from hub.audit.reading import record_verification
from hub.context import hub_of
from hub.questions.checking import check_log
from hub.questions.schemas import (
    AnswerOut,
    QuestionIn,
    QuestionOut,
    QuestionsOut,
    Texts,
    VerificationIn,
    VerificationOut,
    write_answer,
    write_verification,
)
from hub.questions.service import ask
from hub.questions.texts import title_of
from hub.questions.values import QuestionId
from service.http import AnyCaller

router = APIRouter(tags=["audit"])


@router.get("/audit-questions", summary="List the questions", operation_id="listAuditQuestions")
def list_questions(_caller: AnyCaller) -> QuestionsOut:
    """Return what a privacy officer can ask, in Dutch and English."""
    return QuestionsOut(
        questions=[QuestionOut(question=one, title=Texts(**title_of(one))) for one in QuestionId]
    )


@router.post("/audit-answers", summary="Ask a question", operation_id="askAuditQuestion")
def ask_question(request: Request, caller: AnyCaller, body: QuestionIn) -> AnswerOut:
    """Answer a question for a purpose; that it was asked is in the log, and witnessed, before the answer."""
    with hub_of(request).disclosing(caller) as work:
        answer = ask(work, body.to_question())
    return write_answer(answer)


@router.post("/log-verifications", summary="Verify the log now", operation_id="verifyLog")
def verify_log(request: Request, caller: AnyCaller, _body: VerificationIn | None = None) -> VerificationOut:
    """Recompute every leaf, head and cosignature, and say whether anything was changed, dropped or added."""
    hub = hub_of(request)
    checked = check_log(hub, caller)
    with hub.disclosing(caller) as work:
        record_verification(work, findings=checked.report.findings, events=checked.report.events)
    return write_verification(checked)
