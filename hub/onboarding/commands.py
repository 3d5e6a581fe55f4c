"""`dat-hub onboarding`: what an organisation showed, whether it may go live, and how it leaves."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import typer

from hub.context import operating
from hub.onboarding import leaving, service
from hub.onboarding.errors import NotReadyError
from hub.onboarding.schemas import OnboardingsOut, write_onboarding
from hub.onboarding.values import Addendum, Dossier, Ending, Leaving, Linkage, ProfilePart, Standard
from hub.partners.kinds import load_kinds
from hub.settings import HubSettings

onboarding_app = typer.Typer(
    help="How organisations join, go live and leave; see docs/operations.md.", no_args_is_help=True
)
OptionalDay = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]
SHARE = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")


@onboarding_app.command(
    epilog="Example: dat-hub onboarding record 5b0c… --accession TV-12 --dpia D-7 --dpia-review 2028-01-01 "
    "--profile criteria --profile functions --profile coordinator --profile notice --linkage 982/1000"
)
def record(
    organisation_id: UUID,
    *,
    accession: Annotated[str | None, typer.Option(help="Reference of the accession statement.")] = None,
    profile: Annotated[list[ProfilePart] | None, typer.Option(help="Repeat: what it laid down.")] = None,
    dpia: Annotated[str | None, typer.Option(help="Reference of the impact assessment.")] = None,
    dpia_review: OptionalDay = None,
    standard: Annotated[list[Standard] | None, typer.Option(help="Repeat: by which it was judged.")] = None,
    linkage: Annotated[
        str | None, typer.Option(help="Linkable rows / rows, as `dat import --dry-run` printed.")
    ] = None,
    linkage_date: OptionalDay = None,
) -> None:
    """Record what an organisation showed on paper; what is not named stays as it was."""
    dossier = Dossier(
        accession=accession,
        profile=frozenset(profile) if profile else None,
        dpia=dpia,
        dpia_review_on=_day(dpia_review),
        standards=frozenset(standard) if standard else None,
        linkage=_linkage(linkage, _day(linkage_date)),
    )
    with operating() as work:
        service.record_dossier(work, organisation_id, dossier)


@onboarding_app.command(epilog="Example: dat-hub onboarding location 5b0c… 'De Linde, Dorpsstraat'")
def location(organisation_id: UUID, code: str, since: OptionalDay = None, until: OptionalDay = None) -> None:
    """Let a location take part from a day, today by default, or until one (toetreding per locatie)."""
    with operating() as work:
        service.set_location(work, organisation_id, code, since=_day(since), until=_day(until))


@onboarding_app.command(
    epilog="Example: dat-hub onboarding addendum 5b0c… --reference ADD-3 --told-at-most 1 --basis JW_7_1_4_1"
)
def addendum(
    organisation_id: UUID,
    *,
    reference: Annotated[str, typer.Option(help="Reference of the addendum to the covenant.")],
    told_at_most: Annotated[
        int | None, typer.Option(min=0, max=3, help="0 a partner, 1 domain, 2 name, 3 contact.")
    ] = None,
    basis: Annotated[list[str] | None, typer.Option(help="Repeat: it signals on these only.")] = None,
    bracket: Annotated[list[str] | None, typer.Option(help="Repeat: of these ages only.")] = None,
    nothing_back: Annotated[bool, typer.Option("--nothing-back", help="Nothing is told back to it.")] = False,
) -> None:
    """Record an organisation's own rules (addendum); they narrow what its kind may, and never widen it."""
    own = Addendum(
        reference=reference,
        told_at_most=told_at_most,
        bases=frozenset(basis) if basis else None,
        brackets=frozenset(bracket) if bracket else None,
        hears_back=not nothing_back,
    )
    with operating() as work:
        service.record_addendum(work, organisation_id, own)


@onboarding_app.command(epilog="Example: dat-hub onboarding live 5b0c…")
def live(organisation_id: UUID) -> None:
    """Let an organisation take part; what is not in order yet is named, and nothing is done."""
    settings = HubSettings()
    kinds = load_kinds(settings.partner_kinds)
    try:
        with operating() as work:
            service.go_live(work, organisation_id, kinds=kinds, linkable_percent=settings.linkable_percent)
    except NotReadyError as refusal:
        typer.echo(f"not in order yet: {', '.join(place[1:] for place in refusal.places)}", err=True)
        raise typer.Exit(1) from None


@onboarding_app.command(epilog="Example: dat-hub onboarding show")
def show() -> None:
    """Print of each organisation how far it is and what is not in order, as JSON."""
    settings = HubSettings()
    kinds = load_kinds(settings.partner_kinds)
    with operating() as work:
        found = service.list_onboarding(work, kinds=kinds, linkable_percent=settings.linkable_percent)
    shown = OnboardingsOut(organisations=[write_onboarding(one) for one in found])
    typer.echo(shown.model_dump_json(by_alias=True))


@onboarding_app.command(epilog="Example: dat-hub onboarding end 5b0c… --signals withdraw")
def end(
    organisation_id: UUID,
    signals: Annotated[Ending, typer.Option(help="What becomes of its open signals.")],
    to: Annotated[UUID | None, typer.Option(help="Who goes on with them: of the same kind, live.")] = None,
    coordinator: Annotated[UUID | None, typer.Option(help="Whom to call there from now on.")] = None,
) -> None:
    """End an organisation's part at once, with its staff and keys, and settle its open signals."""
    with operating() as work:
        leaving.offboard(
            work, organisation_id, Leaving(ending=signals, heir_id=to, coordinator_id=coordinator)
        )


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _linkage(share: str | None, measured_on: date | None) -> Linkage | None:
    if share is None:
        return None
    found = SHARE.fullmatch(share)
    if found is None or measured_on is None:
        raise typer.BadParameter("--linkage 982/1000 with --linkage-date, the day of the dry run")
    return Linkage(rows=int(found[2]), linkable=int(found[1]), measured_on=measured_on)
