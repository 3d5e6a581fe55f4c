"""The rights desk: citizens' requests, from filing to the letter; and the advice that others are asked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from dat_client.commands.people import ask_person
from dat_client.commands.terminal import Json, open_client, say, write_json, write_list, write_one
from dat_client.facts import GivenBy
from dat_client.requests import (
    Ability,
    Advice,
    Authority,
    Comparison,
    Controller,
    Decision,
    Extension,
    Identification,
    Judged,
    Language,
    RequestKind,
)

app = typer.Typer(no_args_is_help=True, help="Citizens' requests (inzage, bezwaar, wissing): file, handle.")
Id = Annotated[UUID, typer.Argument()]
Holders = Annotated[int, typer.Option(help="How many hold authority over a minor.")]
HoldersAsking = Annotated[int, typer.Option(help="How many of them ask.")]
AbilityOption = Annotated[Ability, typer.Option(help="Whether the person can weigh this, as attested.")]
Part = Annotated[Controller | None, typer.Option(help="Only what one answers for, as the police do.")]
COLUMNS = ("request_id", "kind", "state", "due_date", "outcome", "reference")


@app.command("file")
def file_request(
    context: typer.Context,
    *,
    kind: Annotated[RequestKind, typer.Option(help="What is asked.")],
    identification: Annotated[Identification, typer.Option(help="How you verified who asks.")],
    filed_by: Annotated[GivenBy, typer.Option(help="Who asks; from 12 to 15 both.")],
    authority: Annotated[Authority, typer.Option(help="By what a representative asks, verified.")] = "none",
    authority_holders: Holders = 0,
    holders_asking: HoldersAsking = 0,
    ability: AbilityOption = "able",
    reference: Annotated[str | None, typer.Option(help="Your own file number; stays here.")] = None,
) -> None:
    """File a request; the person is asked for, or read as JSON from standard input. Prints its id.

    Example: dat rights file --kind access --identification digid --filed-by subject
    """
    with open_client(context) as client:
        request_id = client.file_request(
            ask_person(),
            kind=kind,
            identification=identification,
            filed_by=filed_by,
            authority=authority,
            authority_holders=authority_holders,
            holders_asking=holders_asking,
            ability=ability,
            reference=reference,
        )
    sys.stdout.write(f"{request_id}\n")


@app.command("take-up")
def take_up(
    context: typer.Context,
    objection_id: Id,
    *,
    identification: Annotated[Identification, typer.Option(help="How you verified who objects.")],
    filed_by: Annotated[GivenBy, typer.Option(help="Who asks; from 12 to 15 both.")],
    bracket: Annotated[str, typer.Option(help="0-11, 12-15, 16-17, 18-22 or 23+.")],
    bracket_ends: Annotated[str | None, typer.Option(help="The quarter, such as 2028-Q3.")] = None,
    authority: Annotated[Authority, typer.Option(help="By what a representative asks, verified.")] = "none",
    authority_holders: Holders = 0,
    holders_asking: HoldersAsking = 0,
    ability: AbilityOption = "able",
) -> None:
    """Handle an objection that was heard elsewhere as a request, so that it can be decided either way.

    Example: dat rights take-up 3a55... --identification digid --filed-by subject --bracket 23+
    """
    with open_client(context) as client:
        taken = client.take_up_objection(
            objection_id,
            identification=identification,
            filed_by=filed_by,
            bracket=bracket,
            bracket_ends=bracket_ends,
            authority=authority,
            authority_holders=authority_holders,
            holders_asking=holders_asking,
            ability=ability,
        )
    say(f"The last day is {taken.due_date}.")


@app.command("list")
def list_requests(context: typer.Context, as_json: Json = False) -> None:
    """List the desk's requests with their last day and your own file numbers.

    Example: dat rights list
    """
    with open_client(context) as client:
        write_list(client.list_requests(), COLUMNS, as_json=as_json, empty="No requests.")


@app.command("search")
def search(context: typer.Context, request_id: Id, as_json: Json = False) -> None:
    """Search what is kept about the requester; that you did is recorded.

    Example: dat rights search 3a55...
    """
    with open_client(context) as client:
        found = client.search_request(request_id)
    if found is None:
        say("All of it is another municipality's: the request went to its desk.")
    elif as_json:
        write_one(found, as_json=True)
    else:
        columns = ("finding_id", "registration_id", "kind", "verdict", "controller", "due_date", "advice")
        write_list(found.findings, columns, as_json=False, empty="Nothing found.")


@app.command("forward")
def forward(context: typer.Context, request_id: Id, organisation: UUID) -> None:
    """Send a request to the desk that is responsible; its term keeps running.

    Example: dat rights forward 3a55... 77e1...
    """
    with open_client(context) as client:
        client.forward_request(request_id, organisation)
    say("Forwarded.")


@app.command("extend")
def extend(context: typer.Context, request_id: Id, reason: Annotated[Extension, typer.Option()]) -> None:
    """Take longer to answer, once.

    Example: dat rights extend 3a55... --reason complex
    """
    with open_client(context) as client:
        say(f"The last day is {client.extend_request(request_id, reason).due_date}.")


@app.command("advice")
def advice(context: typer.Context, request_id: Id) -> None:
    """Ask the organisations concerned for advice; they have ten working days.

    Example: dat rights advice 3a55...
    """
    with open_client(context) as client:
        asked = [one for one in client.ask_advice(request_id).findings if one.advise_by_date]
    say(f"Asked: {len(asked)}.")


@app.command("judge")
def judge(
    context: typer.Context,
    request_id: Id,
    finding_id: Id,
    *,
    verdict: Annotated[Judged, typer.Option(help="Whether it is about who asks.")],
    compared: Annotated[Comparison, typer.Option(help="With what you compared who asks.")],
) -> None:
    """Say whether a doubtful finding is about who asks; else it stays out of the answer.

    Example: dat rights judge 3a55... 51aa... --verdict confirmed --compared with_reporter
    """
    with open_client(context) as client:
        client.judge_finding(request_id, finding_id, verdict, compared=compared)
    say("Recorded.")


@app.command("decide")
def decide(
    context: typer.Context,
    request_id: Id,
    *,
    outcome: Annotated[Decision, typer.Option()],
    ground: Annotated[str, typer.Option(help="Such as entitled, unjustified, wrong_person, still_needed.")],
    finding: Annotated[
        list[UUID] | None, typer.Option(help="Only this finding, to rectify or erase; repeat. Default: all.")
    ] = None,
) -> None:
    """Decide; where something is erased, a second officer approves with `dat rights approve`.

    Example: dat rights decide 3a55... --outcome granted --ground wrong_person
    """
    with open_client(context) as client:
        decided = client.decide_request(request_id, outcome, ground=ground, only=finding or ())
    if decided.state == "proposed":
        say("A second officer approves it under this number:")
        sys.stdout.write(f"{decided.change_id}\n")
    else:
        say("Decided.")


@app.command("approve")
def approve(context: typer.Context, change_id: Id) -> None:
    """Approve, as the second person, that something is erased.

    Example: dat rights approve 9c01...
    """
    with open_client(context) as client:
        client.approve_change(change_id)
    say("Approved: it is erased within seconds.")


@app.command("letter")
def letter(
    context: typer.Context,
    request_id: Id,
    out: Annotated[Path, typer.Option(help="Where the PDF goes; only you may read it.")],
    language: Annotated[Language, typer.Option(help="Dutch or English.")] = "nl",
    part: Part = None,
) -> None:
    """Save the answer to a request for access as a letter; add the address yourself.

    Example: dat rights letter 3a55... --out brief.pdf
    """
    with open_client(context) as client:
        client.save_letter(request_id, out, language=language, part=part)
    say("Saved.")


@app.command("report")
def report(context: typer.Context, request_id: Id, part: Part = None) -> None:
    """Print the answer to a request for access as JSON.

    Example: dat rights report 3a55... --part police
    """
    with open_client(context) as client:
        write_json(client.read_report(request_id, part=part))


@app.command("told")
def told(
    context: typer.Context,
    request_id: Annotated[UUID | None, typer.Argument(help="Leave out for what you are told.")] = None,
    as_json: Json = False,
) -> None:
    """List who was told what became of a request; without an id, what your own organisation is told.

    Example: dat rights told
    """
    with open_client(context) as client:
        columns = ("telling_id", "about", "effect", "ground", "told_at", "reference")
        write_list(client.list_told(request_id), columns, as_json=as_json, empty="Nothing.")


@app.command("acknowledge")
def acknowledge(context: typer.Context, telling_id: Id) -> None:
    """Say that your organisation knows what became of a registration, and acts on it: that is the proof.

    Example: dat rights acknowledge 77b0...
    """
    with open_client(context) as client:
        client.acknowledge_told(telling_id)
    say("Acknowledged.")


@app.command("asked")
def asked(context: typer.Context, as_json: Json = False) -> None:
    """List for which of your own registrations advice is asked.

    Example: dat rights asked
    """
    with open_client(context) as client:
        columns = ("advice_id", "request_kind", "doubt", "advise_by_date", "advice", "reference")
        write_list(client.list_asked(), columns, as_json=as_json, empty="Nothing is asked.")


@app.command("advise")
def advise(context: typer.Context, advice_id: Id, given: Annotated[Advice, typer.Option("--advice")]) -> None:
    """Give your organisation's advice.

    Example: dat rights advise 51aa... --advice wrong_person
    """
    with open_client(context) as client:
        client.give_advice(advice_id, given)
    say("Given.")
