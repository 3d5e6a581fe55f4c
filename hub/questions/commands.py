"""`dat-hub audit ask`: the privacy officer's questions at the machine itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

import typer
from rich.console import Console

from hub.audit.reading import ReadingPurpose
from hub.context import open_cover, open_database
from hub.questions.schemas import write_answer
from hub.questions.service import ask
from hub.questions.texts import say, say_nothing_found, title_of
from hub.questions.values import Lost, Question, QuestionId
from hub.settings import HubSettings
from service import clock
from service.clock import dutch_date
from service.work import OPERATOR

console = Console()
DAYS = 30


def ask_question(
    question: Annotated[QuestionId, typer.Argument(help="AUD-01 to AUD-15.")],
    *,
    purpose: Annotated[ReadingPurpose, typer.Option(help="What it is read for; it is in the log.")],
    since: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"])] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    request: Annotated[UUID | None, typer.Option(help="The citizen's request it rests on.")] = None,
    staff: Annotated[UUID | None, typer.Option(help="The employee it is about.")] = None,
    lost: Annotated[list[Lost] | None, typer.Option(help="What came into wrong hands.")] = None,
    page: Annotated[int, typer.Option(min=1)] = 1,
    language: Annotated[Literal["nl", "en"], typer.Option()] = "nl",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Answer a question about the last thirty days, or about another period; recorded and witnessed first."""
    settings = HubSettings()
    last = until.date() if until else dutch_date(clock.now())
    asked = Question(
        id=question,
        purpose=purpose,
        since=since.date() if since else last - timedelta(days=DAYS),
        until=last,
        request_id=request,
        staff_id=staff,
        lost=frozenset(lost or ()),
        page=page,
    )
    with open_cover(settings).disclosing(open_database(settings), OPERATOR) as work:
        answer = ask(work, asked)
    if as_json:
        print(write_answer(answer).model_dump_json(by_alias=True))
        return
    console.print(f"[bold]{question.value}[/] {title_of(question)[language]}", highlight=False)
    for one in answer.lines:
        console.print(f"  {say(question, one)[language]}", highlight=False, markup=False)
    if not answer.lines:
        console.print(f"  {say_nothing_found(language)}", highlight=False)
    if answer.next_page:
        console.print(f"  … --page {answer.next_page}", highlight=False)
