"""Duties beside the daily work: deadlines, corrections, consents to ask again, rules, one's own data."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from dat_client.commands.requests import app as rights_app
from dat_client.commands.rights import consent_app
from dat_client.commands.signals import app as signals_app
from dat_client.commands.terminal import Json, open_client, say, write_json, write_list
from dat_client.duties import TaskAnswer

policy_app = typer.Typer(
    no_args_is_help=True, help="Rules of the hub (beleid): list, propose, approve, decisions."
)

Id = Annotated[UUID, typer.Argument()]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%d-%m-%Y"])]


@rights_app.command("overdue")
def overdue(
    context: typer.Context,
    within: Annotated[int, typer.Option(min=0, max=92, help="Also what will be so within days.")] = 0,
    as_json: Json = False,
) -> None:
    """List what is late, by the clock of municipality, partner and police.

    Example: dat rights overdue --within 7
    """
    columns = ("due_date", "days_late", "clock", "controller", "kind", "request_id", "reference")
    with open_client(context) as client:
        late = client.list_deadlines(within_days=within)
    write_list(late, columns, as_json=as_json, empty="Nothing is late.")


@rights_app.command("corrections")
def corrections(context: typer.Context, as_json: Json = False) -> None:
    """List what of yours was inaccurate and may be registered anew.

    Example: dat rights corrections
    """
    columns = ("correction_id", "registration_kind", "due_date", "replaced_by", "reference")
    with open_client(context) as client:
        write_list(client.list_corrections(), columns, as_json=as_json, empty="Nothing.")


@rights_app.command("correct")
def correct(
    context: typer.Context,
    correction_id: Id,
    by: Annotated[UUID | None, typer.Option(help="The new signal or case; none: nothing does.")] = None,
) -> None:
    """Say what took the place of something inaccurate; whoever heard of it is told.

    Example: dat rights correct 51aa... --by 6f0c...
    """
    with open_client(context) as client:
        client.answer_correction(correction_id, replaced_by=by)
    say("Answered.")


@rights_app.command("contradictions")
def contradictions(context: typer.Context) -> None:
    """List as JSON what nobody is told of since two attest differently how many hold authority over a child.

    Ask who attested to look in the register of authority (gezagsregister), and to attest anew: see
    `dat subject-notice attest --corrects`. Who said it with a consent withdraws that and records it anew.

    Example: dat rights contradictions
    """
    with open_client(context) as client:
        write_json([one.model_dump(mode="json") for one in client.list_contradictions()])


@rights_app.command("mine")
def mine(context: typer.Context, since: Day = None, until: Day = None) -> None:
    """Print what is kept about yourself, and what the log holds of your own acts, as JSON.

    Example: dat rights mine --since 2026-11-01
    """
    with open_client(context) as client:
        own = client.read_own_record(since=since and since.date(), until=until and until.date())
    write_json(own)


@consent_app.command("tasks")
def list_tasks(context: typer.Context, as_json: Json = False) -> None:
    """List the consents to ask again: the person came to another age.

    Example: dat consent tasks
    """
    columns = ("task_id", "about_kind", "about_id", "ended_bracket", "reference")
    with open_client(context) as client:
        write_list(client.list_consent_tasks(), columns, as_json=as_json, empty="Nothing to ask.")


@consent_app.command("done")
def finish_task(
    context: typer.Context,
    task_id: Id,
    answer: Annotated[TaskAnswer, typer.Option(help="What you did; never what the person said.")] = "asked",
) -> None:
    """Say that you asked again, or that it is not needed. A yes is a new consent; a no is kept nowhere.

    Example: dat consent done 51aa...
    """
    with open_client(context) as client:
        client.answer_consent_task(task_id, answer=answer)
    say("Noted.")


@signals_app.command("archive")
def list_archive(context: typer.Context, as_json: Json = False) -> None:
    """List what the archive answered to your signals, each once; nothing while the archive is off.

    Example: dat signals archive
    """
    columns = ("signal_id", "answered_date", "reference")
    with open_client(context) as client:
        write_list(client.list_archive_answers(), columns, as_json=as_json, empty="Nothing.")


@policy_app.command("list")
def list_policies(context: typer.Context, as_json: Json = False) -> None:
    """List the versions of the rules.

    Example: dat policy list
    """
    with open_client(context) as client:
        columns = ("version", "hash", "in_force_date")
        write_list(client.list_policy_sets(), columns, as_json=as_json, empty="None.")


@policy_app.command("decisions")
def list_decisions(context: typer.Context, registration_id: Id) -> None:
    """Print as JSON what was decided about a registration, told or not, and why; for privacy officers.

    Example: dat policy decisions 6f0c...
    """
    with open_client(context) as client:
        write_json(client.list_decisions(registration_id))


@policy_app.command("propose")
def propose(
    context: typer.Context,
    policy_hash: Annotated[str, typer.Argument(help="Of the draft that the operator laid down.")],
    begins: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    reason: Annotated[str, typer.Option(help="A code, such as covenant_changed.")],
) -> None:
    """Put other rules before a second person.

    Example: dat policy propose 0405... --from 2027-01-01 --reason law_changed
    """
    with open_client(context) as client:
        change_id = client.propose_policy(policy_hash, in_force=begins.date(), reason=reason)
    say(f"Proposed as change {change_id}.")


@policy_app.command("waiting")
def list_changes(context: typer.Context, as_json: Json = False) -> None:
    """List the changes that wait for a second person.

    Example: dat policy waiting
    """
    with open_client(context) as client:
        columns = ("change_id", "kind", "reason", "state")
        write_list(client.list_changes(), columns, as_json=as_json, empty="Nothing waits.")


@policy_app.command("show")
def show_change(context: typer.Context, change_id: Id) -> None:
    """Print a change as JSON: read it before you approve it.

    Example: dat policy show 9c01...
    """
    with open_client(context) as client:
        write_json(client.read_change(change_id))


@policy_app.command("approve")
def approve(context: typer.Context, change_id: Id) -> None:
    """Approve a change as its second person, with your own key.

    Example: dat policy approve 9c01...
    """
    with open_client(context) as client:
        client.approve_change(change_id)
    say("Approved.")


@policy_app.command("reject")
def reject(
    context: typer.Context, change_id: Id, reason: Annotated[str, typer.Option(help="A code.")] = "not_needed"
) -> None:
    """Let a change go no further; who proposed it takes it back.

    Example: dat policy reject 9c01... --reason not_needed
    """
    with open_client(context) as client:
        client.reject_change(change_id, reason=reason)
    say("Rejected.")
