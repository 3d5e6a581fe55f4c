"""What an owner does with a match, and the agenda of the team meeting."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from dat_client import clock
from dat_client.agenda import print_agenda, print_agenda_page
from dat_client.answers import ViewedMatch
from dat_client.commands.terminal import Json, open_client, say, write_json, write_list, write_rows
from dat_client.follow_ups import FeedbackCode, OfferAnswer, Refusal

matches_app = typer.Typer(no_args_is_help=True, help="Matches that are yours: list, view, refuse, hand over.")
Id = Annotated[UUID, typer.Argument()]


def show_agenda(
    context: typer.Context, as_page: Annotated[bool, typer.Option("--html", help="A page to print.")] = False
) -> None:
    """Print the agenda of the team meeting: numbers, age brackets and days (teamoverleg).

    Example: dat agenda --html > agenda.html
    """
    with open_client(context) as client:
        items = client.intake()
    shown = print_agenda_page if as_page else print_agenda
    typer.echo(shown(items, now=clock.now()), nl=False)


@matches_app.command("list")
def list_matches(context: typer.Context, as_json: Json = False) -> None:
    """List what is yours, longest waiting first.

    Example: dat matches list
    """
    with open_client(context) as client:
        columns = ("match_id", "case_id", "since", "state", "case_lead")
        write_list(client.own_matches(), columns, as_json=as_json, empty="Nothing is yours.")


@matches_app.command("view")
def view(context: typer.Context, match_id: Id, as_json: Json = False) -> None:
    """Show which reporter to call, with which handle.

    Example: dat matches view 3f0a...
    """
    with open_client(context) as client:
        _show(client.view_match(match_id), as_json=as_json)


@matches_app.command("feedback")
def give_feedback(
    context: typer.Context, match_id: Id, code: Annotated[FeedbackCode, typer.Option(help="What.")]
) -> None:
    """Let the sender hear back, on the consents of the person (terugkoppeling).

    Example: dat matches feedback 3f0a... --code taken_up
    """
    with open_client(context) as client:
        told = client.give_feedback(match_id, code=code)
    say(
        "The sender may hear it." if told else "Nobody hears it: a consent is missing, or the sender may not."
    )


@matches_app.command("refuse")
def refuse(
    context: typer.Context, match_id: Id, reason: Annotated[Refusal, typer.Option(help="Why.")]
) -> None:
    """Give a match back to the team (teruggeven).

    Example: dat matches refuse 3f0a... --reason no_capacity
    """
    with open_client(context) as client:
        client.refuse_match(match_id, reason=reason)


@matches_app.command("hand-over")
def hand_over(context: typer.Context, match_id: Id, colleague: Id) -> None:
    """Ask a colleague to take a match over (overdragen).

    Example: dat matches hand-over 3f0a... 9e1d...
    """
    with open_client(context) as client:
        client.hand_over(match_id, colleague=colleague)


@matches_app.command("answer")
def answer(
    context: typer.Context,
    match_id: Id,
    said: Annotated[OfferAnswer, typer.Argument()],
    as_json: Json = False,
) -> None:
    """Accept or return what a colleague asks you to take over.

    Example: dat matches answer 3f0a... accepted
    """
    with open_client(context) as client:
        _show(client.answer_hand_over(match_id, answer=said), as_json=as_json)


@matches_app.command("consult")
def consult(
    context: typer.Context,
    match_id: Id,
    colleague: Id,
    days: Annotated[int, typer.Option(min=1, max=14, help="For how long.")] = 5,
) -> None:
    """Let one colleague look at a match for some days (meekijken).

    Example: dat matches consult 3f0a... 9e1d... --days 5
    """
    with open_client(context) as client:
        client.consult(match_id, colleague=colleague, days=days)


def _show(viewed: ViewedMatch, *, as_json: bool) -> None:
    if as_json:
        write_json(viewed.model_dump(mode="json"))
        return
    rows = [(str(each.signal_id), each.partner or "", each.reporter_contact or "") for each in viewed.handles]
    write_rows(("handle_id", "partner", "reporter"), rows)
