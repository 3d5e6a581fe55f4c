"""What an owner does with a match, and the agenda of the team meeting."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from dat_client import clock
from dat_client.agenda import print_agenda, print_agenda_page
from dat_client.answers import ViewedMatch
from dat_client.commands.terminal import (
    Json,
    open_client,
    say,
    write_json,
    write_list,
    write_one,
    write_rows,
)
from dat_client.follow_ups import Effect, FeedbackCode, OfferAnswer, Refusal, Verified

matches_app = typer.Typer(no_args_is_help=True, help="Matches that are yours: list, view, refuse, hand over.")
Id = Annotated[UUID, typer.Argument()]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%d-%m-%Y"])]


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


@matches_app.command("retract")
def retract(
    context: typer.Context,
    match_id: Id,
    verified: Annotated[Verified, typer.Option(help="How you know.")],
) -> None:
    """Say that a match is of two persons after all; whoever was told hears that (onterechte match).

    Where both have one citizen service number, give it back as `other_person`: a team lead looks.

    Example: dat matches retract 3f0a... --verified with_reporter
    """
    with open_client(context) as client:
        client.retract_match(match_id, verified=verified)
    say("Ended. Whoever was told hears that it does not stand.")


@matches_app.command("progress")
def record_progress(
    context: typer.Context,
    match_id: Id,
    *,
    lead: Annotated[UUID | None, typer.Option(help="Who is the central point of contact.")] = None,
    subject_leads: Annotated[bool, typer.Option("--subject-leads", help="The person leads.")] = False,
    aligned: Day = None,
    contacted: Day = None,
    weighed: Day = None,
    effect: Annotated[Effect | None, typer.Option(help="What it brought.")] = None,
    as_json: Json = False,
) -> None:
    """Say who leads, since when parties are aligned, when somebody spoke, and what it brought (opvolging).

    Example: dat matches progress 3f0a... --contacted 2026-11-20 --effect earlier
    """
    if lead and subject_leads:
        raise typer.BadParameter("one leads: a colleague or the person")
    with open_client(context) as client:
        found = client.record_follow_up(
            match_id,
            lead="subject" if subject_leads else lead,
            aligned=aligned and aligned.date(),
            contacted=contacted and contacted.date(),
            weighed=weighed and weighed.date(),
            effect=effect,
        )
    write_one(found, as_json=as_json)


@matches_app.command("assign")
def assign(context: typer.Context, match_id: Id, staff_id: Id) -> None:
    """Ask somebody of the team by name to take a match up, as its lead or who watches over it.

    Example: dat matches assign 3f0a... 9e1d...
    """
    with open_client(context) as client:
        client.assign_match(match_id, staff_id=staff_id)
    say("Asked.")


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
