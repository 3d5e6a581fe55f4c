"""`dat-hub partners`: admit organisations, authorise staff, register keys."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from hub.context import operating
from hub.partners import administration, roles, staffing
from hub.partners.kinds import load_kinds
from hub.partners.mandates import Mandate, end_mandate, give_mandate, list_mandates
from hub.partners.values import Admission, Authorisation, Grant, Granted, Partner, Registration, StaffRole
from hub.settings import HubSettings
from service.clock import dutch_date, wire_time
from service.oauth.errors import InvalidKeyError

partners_app = typer.Typer(
    help="Who may call: organisations, covenants, staff and keys.", no_args_is_help=True
)
staff_app = typer.Typer(help="Staff, by pseudonym.", no_args_is_help=True)
credential_app = typer.Typer(help="Registered public keys.", no_args_is_help=True)
partners_app.add_typer(staff_app, name="staff")
partners_app.add_typer(credential_app, name="credential")

Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]
OptionalDay = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@partners_app.command(
    epilog="Example: dat-hub partners admit --kind school --oin 00000099000000010000 --name 'De Linde' "
    "--covenant-from 2026-01-01 --covenant-until 2027-12-31"
)
def admit(
    *,
    kind: Annotated[str, typer.Option(help="As in kinds.toml: police, school, municipal_team, …")],
    oin: Annotated[str, typer.Option(help="20 positions; 00000099… for tests.")],
    name: Annotated[str, typer.Option(help="As recipients may hear it.")],
    covenant_from: Day,
    covenant_until: Day,
    scheme: Annotated[list[str] | None, typer.Option(help="Repeat; else the kind's default.")] = None,
    location: Annotated[list[str] | None, typer.Option(help="Repeat; a location that takes part.")] = None,
    decision: Annotated[str | None, typer.Option(help="Reference of the decision, police only.")] = None,
    organisation_id: Annotated[UUID | None, typer.Option("--id", help="As the key holder knows it.")] = None,
) -> None:
    """Admit an organisation; prints it as one JSON object, with the id to use from now on."""
    admission = Admission(
        oin=oin,
        name=name,
        kind=kind,
        covenant_from=covenant_from.date(),
        covenant_until=covenant_until.date(),
        schemes=frozenset(scheme) if scheme else None,
        decision_reference=decision,
        locations=tuple(location or ()),
        id=organisation_id,
    )
    kinds = load_kinds(HubSettings().partner_kinds)
    with operating() as work:
        partner = administration.admit(work, admission, kinds=kinds)
    typer.echo(json.dumps(_shown(partner)))


@partners_app.command(
    epilog="Example: dat-hub partners covenant 5b0c… --covenant-from 2028-01-01 --covenant-until 2029-12-31"
)
def covenant(organisation_id: UUID, covenant_from: Day, covenant_until: Day) -> None:
    """Record that an organisation signed for another period; both days inclusive."""
    with operating() as work:
        partner = administration.sign_covenant(
            work, organisation_id, begins=covenant_from.date(), ends=covenant_until.date()
        )
    typer.echo(json.dumps(_shown(partner)))


@partners_app.command(
    epilog="Example: dat-hub partners mandate 5b0c… --to 77e1… --mandate-from 2026-09-01 "
    "--mandate-until 2027-08-31"
)
def mandate(
    organisation_id: UUID,
    to: Annotated[UUID, typer.Option(help="The organisation that brings its signals, such as the GGD.")],
    mandate_from: Day,
    mandate_until: Day,
) -> None:
    """Let another organisation bring the signals of one that does not connect."""
    begins, ends = mandate_from.date(), mandate_until.date()
    at_most = HubSettings().mandates_at_most
    with operating() as work:
        give_mandate(work, organisation_id, to=to, begins=begins, ends=ends, at_most=at_most)


@partners_app.command(
    name="end-mandate", epilog="Example: dat-hub partners end-mandate 5b0c… --to 77e1… --on 2027-02-01"
)
def stop_mandate(
    organisation_id: UUID,
    to: Annotated[UUID, typer.Option(help="The organisation that brings its signals.")],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day without it; else today.")
    ] = None,
) -> None:
    """Let another organisation bring nothing more, however often it was recorded; at once or later."""
    with operating() as work:
        end_mandate(work, organisation_id, to=to, on=on.date() if on else dutch_date(work.now))


@partners_app.command(name="list", epilog="Example: dat-hub partners list --json")
def list_all(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False) -> None:
    """List every organisation and its covenant."""
    with operating() as work:
        mandates = list_mandates(work)
        partners = [_shown(partner, mandates) for partner in administration.list_partners(work)]
    if as_json:
        typer.echo(json.dumps(partners))
        return
    columns = ("name", "kind", "oin", "covenantUntil", "schemes", "state", "organisationId")
    table = Table(*columns)
    for partner in partners:
        table.add_row(*(str(partner[column]) for column in columns))
    Console().print(table)


@staff_app.command(
    name="add",
    epilog="Example: dat-hub partners staff add 5b0c… --role reporter --contact 'Wijkagent Noord, 0900-8844'",
)
def add_staff(
    *,
    organisation_id: UUID,
    role: Annotated[StaffRole, typer.Option(help="What this member of staff may do.")],
    contact: Annotated[str | None, typer.Option(help="Function and desk number, not a name.")] = None,
    mail: Annotated[
        str | None, typer.Option(help="Municipal staff only: where notices are announced.")
    ] = None,
    active_from: OptionalDay = None,
    trained: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Attested by the organisation; who reports.")
    ] = None,
    staff_id: Annotated[UUID | None, typer.Option("--id", help="As the key holder knows it.")] = None,
) -> None:
    """Authorise a member of staff; prints the pseudonym, which the organisation keeps with the name."""
    authorisation = Authorisation(
        organisation_id=organisation_id,
        role=role,
        mail_address=mail,
        contact_label=contact,
        active_from=active_from.date() if active_from else None,
        trained_on=trained.date() if trained else None,
        id=staff_id,
    )
    with operating() as work:
        staff = staffing.authorise(work, authorisation)
    typer.echo(json.dumps({"staffId": str(staff.id), "role": role.value}))


@staff_app.command(name="end", epilog="Example: dat-hub partners staff end 9e1d… --on 2026-12-01")
def end_staff(staff_id: UUID, on: OptionalDay = None) -> None:
    """End an authorisation, today by default."""
    with operating() as work:
        staff = staffing.end_staff(work, staff_id, on=on.date() if on else None)
    typer.echo(json.dumps({"staffId": str(staff.id), "activeUntil": str(staff.active_until)}))


@staff_app.command(epilog="Example: dat-hub partners staff train 9e1d… --on 2026-12-01")
def train(staff_id: UUID, on: Day) -> None:
    """Record that the organisation attested the training of a member of its staff; who reports needs it."""
    with operating() as work:
        staff = staffing.attest_training(work, staff_id, on=on.date())
    typer.echo(json.dumps({"staffId": str(staff.id), "trainedOn": str(staff.trained_on)}))


@staff_app.command(epilog="Example: dat-hub partners staff grant 9e1d… --role team_lead --until 2027-01-01")
def grant(
    staff_id: UUID,
    role: Annotated[StaffRole, typer.Option(help="One more role.")],
    since: OptionalDay = None,
    until: OptionalDay = None,
    by: Annotated[UUID | None, typer.Option(help="The member of staff who decided so.")] = None,
) -> None:
    """Give one more role, from today by default; refused where one person may not hold both."""
    given = Grant(
        staff_id=staff_id,
        role=role,
        since=since.date() if since else None,
        until=until.date() if until else None,
        granted_by=by,
    )
    with operating() as work:
        roles.grant_role(work, given)
    typer.echo(json.dumps({"staffId": str(staff_id), "role": role.value}))


@staff_app.command(epilog="Example: dat-hub partners staff revoke 9e1d… --role team_lead")
def revoke(
    staff_id: UUID, role: Annotated[StaffRole, typer.Option(help="Which role.")], on: OptionalDay = None
) -> None:
    """End a role, today by default."""
    with operating() as work:
        roles.end_role(work, staff_id, role, on=on.date() if on else None)
    typer.echo(json.dumps({"staffId": str(staff_id), "role": role.value, "ended": True}))


@staff_app.command(name="roles", epilog="Example: dat-hub partners staff roles 5b0c…")
def list_roles(
    organisation_id: Annotated[UUID | None, typer.Argument(help="Of one organisation.")] = None,
) -> None:
    """Print who had which role since when, given by whom, as a JSON list."""
    with operating() as work:
        found = [_shown_role(one) for one in roles.list_roles(work, organisation_id)]
    typer.echo(json.dumps(found))


@credential_app.command(
    name="add", epilog="Example: dat-hub partners credential add 5b0c… school-linde-1 --jwk public.jwk"
)
def add_credential(
    organisation_id: UUID,
    client_id: Annotated[str, typer.Argument(help="3 to 63 of a-z, 0-9 and '-'; never used again.")],
    jwk: Annotated[Path, typer.Option(help="The public key as a JSON Web Key.", exists=True, dir_okay=False)],
    staff: Annotated[UUID | None, typer.Option(help="When one member of staff holds the key.")] = None,
) -> None:
    """Register a public key; compare the thumbprint with the organisation by another road."""
    registration = Registration(
        client_id=client_id, public_jwk=_read_jwk(jwk), organisation_id=organisation_id, staff_id=staff
    )
    with operating() as work:
        thumbprint = staffing.register_credential(work, registration)
    typer.echo(json.dumps({"clientId": client_id, "thumbprint": thumbprint}))


@credential_app.command(name="disable", epilog="Example: dat-hub partners credential disable school-linde-1")
def disable_credential(client_id: str) -> None:
    """Let a key sign no longer, in every process within a minute."""
    with operating() as work:
        staffing.disable_credential(work, client_id)
    typer.echo(json.dumps({"clientId": client_id, "disabled": True}))


def _read_jwk(path: Path) -> dict[str, str]:
    try:
        jwk = json.loads(path.read_text("utf-8"))
    except ValueError:
        raise InvalidKeyError from None
    if not isinstance(jwk, dict):
        raise InvalidKeyError
    return jwk


def _shown(partner: Partner, mandates: Sequence[Mandate] = ()) -> dict[str, object]:
    return {
        "organisationId": str(partner.id),
        "name": partner.name,
        "kind": partner.kind,
        "oin": partner.oin,
        "covenantFrom": str(partner.covenant_from),
        "covenantUntil": str(partner.covenant_until),
        "schemes": sorted(partner.schemes),
        "state": partner.state,
        "broughtBy": [
            {"organisationId": str(one.bringer_id), "from": str(one.begins), "until": str(one.ends)}
            for one in mandates
            if one.organisation_id == partner.id
        ],
    }


def _shown_role(one: Granted) -> dict[str, object]:
    return {
        "staffId": str(one.staff_id),
        "organisationId": str(one.organisation_id),
        "role": one.held.role.value,
        "since": str(one.held.since),
        "until": str(one.held.until) if one.held.until else None,
        "grantedAt": wire_time(one.granted_at),
        "grantedBy": str(one.granted_by) if one.granted_by else "operator",
    }
