"""Telling the person: letters, previews, attesting, exceptions; and overrides."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from dat_client.commands.terminal import Holders, Json, open_client, say, write_json, write_list, write_one
from dat_client.facts import GivenBy, roles_of
from dat_client.informing import Language, NoticeText, ReviewOutcome

told_app = typer.Typer(no_args_is_help=True, help="The notice to the person (kennisgeving).")
override_app = typer.Typer(
    no_args_is_help=True,
    help="Overrides (noodprocedure). Acute danger is not for here: call 112 or Veilig Thuis (0800-2000).",
)

Kind = Annotated[str, typer.Argument(help="Your kind of organisation, such as school.")]
Basis = Annotated[str, typer.Argument(help="Code of the legal basis, such as JW_7_1_4_1.")]
Bracket = Annotated[str, typer.Argument(help="Age: 0-11, 12-15, 16-17, 18-22 or 23+.")]
SignalId = Annotated[UUID, typer.Argument(help="Signal id.")]
OverrideId = Annotated[UUID, typer.Argument(help="Override id.")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d", "%d-%m-%Y"], help="On which day.")]
Words = Annotated[Language, typer.Option(help="nl or en.")]
COLUMNS = ("override_id", "signal_id", "ground", "state", "closes_at", "confirmed")


def notice_text(
    context: typer.Context,
    kind: Kind,
    basis: Basis,
    bracket: Bracket,
    *,
    language: Words = "nl",
    months: Annotated[int, typer.Option(min=1, max=24, help="For how long you signal.")] = 12,
    as_json: Json = False,
) -> None:
    """Print the letters with which you tell the person of a signal.

    Example: dat notice-text school JW_7_1_4_1 12-15
    """
    with open_client(context) as client:
        text = client.read_notice_text(kind, basis, bracket, language=language, valid_months=months)
    if as_json:
        write_json(text.model_dump(mode="json"))
    else:
        _write_text(text)


def preview(
    context: typer.Context,
    kind: Kind,
    basis: Basis,
    bracket: Bracket,
    *,
    language: Words = "nl",
    as_json: Json = False,
) -> None:
    """Print who would be told what, before you signal.

    Example: dat preview school JW_7_1_4_1 12-15
    """
    with open_client(context) as client:
        write_one(client.preview_telling(kind, basis, bracket, language=language), as_json=as_json)


@told_app.command("attest")
def attest(
    context: typer.Context,
    signal_id: SignalId,
    *,
    given: Day,
    to: Annotated[GivenBy, typer.Option(help="Who was told.")],
    holders: Holders = None,
    corrects: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%d-%m-%Y"], help="The day you said before.")
    ] = None,
    corrects_holders: Annotated[int | None, typer.Option(help="How many parents you said before.")] = None,
    as_json: Json = False,
) -> None:
    """Attest that the person was told; where you said otherwise before, name that day and number.

    Example: dat subject-notice attest 6f0c1c9e-... --given 2026-11-20 --to both --holders 2
    """
    before = corrects and corrects.date()
    with open_client(context) as client:
        answer = client.attest_notice(
            signal_id,
            given=given.date(),
            to=roles_of(to),
            holders=holders,
            corrects=before,
            corrects_holders=corrects_holders,
        )
        write_one(answer, as_json=as_json)


@told_app.command("except")
def except_(
    context: typer.Context,
    signal_id: SignalId,
    *,
    code: Annotated[str, typer.Option(help="Ground, such as protection_of_subject.")],
    as_json: Json = False,
) -> None:
    """Ask that the person need not be told yet; a colleague who coordinates approves it.

    Example: dat subject-notice except 6f0c1c9e-... --code protection_of_subject
    """
    with open_client(context) as client:
        write_one(client.ask_exception(signal_id, code=code), as_json=as_json)


@told_app.command("overdue")
def overdue(context: typer.Context, as_json: Json = False) -> None:
    """List the own signals of which the person should have been told.

    Example: dat subject-notice overdue
    """
    columns = ("signal_id", "contact_date", "kind", "legal_basis")
    with open_client(context) as client:
        write_list(client.list_overdue(), columns, as_json=as_json, empty="Everybody was told in time.")


@override_app.command("ask")
def ask(
    context: typer.Context,
    signal_id: SignalId,
    *,
    ground: Annotated[str, typer.Option(help="Ground, such as vital_interest.")],
    as_json: Json = False,
) -> None:
    """Let one signal be told in spite of what is missing; find a second person within a day.

    Example: dat override ask 6f0c1c9e-... --ground vital_interest
    """
    with open_client(context) as client:
        write_one(client.ask_override(signal_id, ground=ground), as_json=as_json)
    say("Without a second person it closes within 24 hours. Acute danger: 112 or Veilig Thuis, 0800-2000.")


@override_app.command("confirm")
def confirm(context: typer.Context, override_id: OverrideId, as_json: Json = False) -> None:
    """Let an override stand, as its second person.

    Example: dat override confirm 6f0c1c9e-...
    """
    with open_client(context) as client:
        write_one(client.confirm_override(override_id), as_json=as_json)


@override_app.command("list")
def list_overrides(context: typer.Context, as_json: Json = False) -> None:
    """List what waits for you: for review, or for a second person.

    Example: dat override list
    """
    with open_client(context) as client:
        write_list(client.list_overrides(), COLUMNS, as_json=as_json, empty="Nothing waits for you.")


@override_app.command("review")
def review(
    context: typer.Context,
    override_id: OverrideId,
    *,
    outcome: Annotated[ReviewOutcome, typer.Option(help="What you found.")],
    as_json: Json = False,
) -> None:
    """Judge an override, as privacy officer.

    Example: dat override review 6f0c1c9e-... --outcome justified
    """
    with open_client(context) as client:
        write_one(client.review_override(override_id, outcome=outcome), as_json=as_json)


@override_app.command("told")
def told(
    context: typer.Context,
    override_id: OverrideId,
    *,
    given: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%d-%m-%Y"], help="The day; without it: not now, it endangers."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Attest that the person was told of an override, or that telling would endanger somebody now.

    Example: dat override told 6f0c1c9e-... --given 2026-11-20
    """
    with open_client(context) as client:
        day = given.date() if given else None
        write_one(client.tell_of_override(override_id, given=day), as_json=as_json)


def _write_text(text: NoticeText) -> None:
    for letter in text.letters:
        print(f"# {letter.title}\n")
        for section in letter.sections:
            print(f"{section.title}\n{section.text}\n")
    for line in text.guidance:
        say(f"* {line}")
