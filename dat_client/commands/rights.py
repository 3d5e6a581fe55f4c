"""Consents and objections, at the desk or at a partner about its own signals; identity was verified."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import typer

from dat_client.commands.people import ask_person
from dat_client.commands.terminal import open_client, say
from dat_client.facts import ConsentKind, ConsentPurpose, GivenBy, GivenHow, HelpException, ObjectionKind

consent_app = typer.Typer(no_args_is_help=True, help="Consent (toestemming): give, withdraw.")
objection_app = typer.Typer(no_args_is_help=True, help="Objection (bezwaar): record, lift.")

Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d", "%d-%m-%Y"])]
Partners = Annotated[list[str] | None, typer.Option("--partner", help="Partner kind; repeat. Default: all.")]
Reference = Annotated[str | None, typer.Option(help="Your own file number; stays on this machine.")]
Id = Annotated[UUID, typer.Argument()]


@consent_app.command("give")
def give(
    context: typer.Context,
    *,
    kind: Annotated[ConsentKind, typer.Option(help="Three kinds that never merge.")],
    purpose: Annotated[ConsentPurpose, typer.Option()],
    valid_from: Day,
    valid_until: Day,
    given_by: Annotated[GivenBy, typer.Option(help="Who gave it.")],
    text_version: Annotated[str, typer.Option(help="Version of the text that was read out.")],
    how: Annotated[GivenHow, typer.Option(help="How it was given; the paper stays with you.")],
    authority: Annotated[
        Literal["attested", "not_attested"], typer.Option(help="Was the authority to consent checked?")
    ] = "not_attested",
    holders: Annotated[int, typer.Option(help="How many hold authority, where somebody represents.")] = 0,
    consented: Annotated[int, typer.Option(help="How many of them consented; all must.")] = 0,
    partner: Partners = None,
    organisation: Annotated[
        list[UUID] | None, typer.Option(help="Only this organisation; repeat. A partner names itself.")
    ] = None,
    recipient: Annotated[UUID | None, typer.Option(help="Whom the person chose to hear.")] = None,
    exception: Annotated[
        HelpException | None, typer.Option(help="Why help goes without a representative; help only.")
    ] = None,
    reference: Reference = None,
) -> None:
    """Record a consent; the person is asked for, or read as JSON from standard input. Prints its id.

    Example: dat consent give --kind data_processing --purpose tell_casemanager --given-by subject
    --valid-from 2026-11-20 --valid-until 2027-11-20 --text-version 2026-1 --how spoken
    """
    with open_client(context) as client:
        consent_id = client.record_consent(
            ask_person(),
            kind=kind,
            purpose=purpose,
            valid_from=valid_from.date(),
            valid_until=valid_until.date(),
            given_by=given_by,
            authority_attested=authority,
            text_version=text_version,
            given_how=how,
            partner_kinds=tuple(partner or ("*",)),
            organisations=tuple(organisation or ()),
            authority_holders=holders,
            holders_consented=consented,
            exception=exception,
            recipient=recipient,
            reference=reference,
        )
    sys.stdout.write(f"{consent_id}\n")


@consent_app.command("withdraw")
def withdraw(context: typer.Context, consent_id: Id) -> None:
    """Withdraw a consent (intrekken).

    Example: dat consent withdraw 3a55...
    """
    with open_client(context) as client:
        client.withdraw_consent(consent_id)
    say("Withdrawn.")


@consent_app.command("take-back")
def take_back(
    context: typer.Context,
    *,
    partner: Partners = None,
    reference: Reference = None,
) -> None:
    """Take back what a person consented to, whoever recorded it. Nobody is told whether there was anything.

    Example: dat consent take-back --partner school
    """
    scope: Literal["all"] | tuple[str, ...] = tuple(partner) if partner else "all"
    with open_client(context) as client:
        withdrawal_id = client.withdraw_all(ask_person(), scope=scope, reference=reference)
    sys.stdout.write(f"{withdrawal_id}\n")


@objection_app.command("record")
def record(
    context: typer.Context,
    partner: Partners = None,
    kind: Annotated[ObjectionKind, typer.Option(help="A restriction stops everything.")] = "objection",
    reference: Reference = None,
) -> None:
    """Record an objection; the person is asked for, or read as JSON from standard input. Prints its id.

    Example: dat objection record --partner police
    """
    with open_client(context) as client:
        scope: Literal["all"] | tuple[str, ...] = tuple(partner) if partner else "all"
        objection_id = client.record_objection(ask_person(), scope=scope, kind=kind, reference=reference)
    sys.stdout.write(f"{objection_id}\n")


@objection_app.command("lift")
def lift(context: typer.Context, objection_id: Id) -> None:
    """Lift an objection at the citizen's request.

    Example: dat objection lift 3a55...
    """
    with open_client(context) as client:
        client.lift_objection(objection_id)
    say("Lifted.")


def seed_honey_token(context: typer.Context) -> None:
    """Register somebody who does not exist (lokpersoon): whoever registers them too raises an alarm.

    For privacy officers. The number must never have been issued. It is asked for, or read as JSON from
    standard input. Prints the id.

    Example: dat honey
    """
    with open_client(context) as client:
        sys.stdout.write(f"{client.seed_honey_token(ask_person())}\n")


@objection_app.command("list")
def list_pending(context: typer.Context) -> None:
    """List the objections that wait for a rights officer, as JSON.

    Example: dat objection list
    """
    with open_client(context) as client:
        sys.stdout.write(json.dumps(client.list_objections(), indent=2) + "\n")


@objection_app.command("uphold")
def uphold(context: typer.Context, objection_id: Id) -> None:
    """Uphold an objection, as a rights officer: it goes on stopping. To reject one: dat rights take-up.

    Example: dat objection uphold 3a55...
    """
    with open_client(context) as client:
        client.uphold_objection(objection_id)
    say("Upheld.")
