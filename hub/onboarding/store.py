"""Every query on dossiers and locations."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.onboarding.models import DossierRow
from hub.onboarding.values import Addendum, Dossier, Linkage, Location, ProfilePart, Standard
from hub.partners.models import LocationRow, OrganisationRow

COLUMNS = ("accession", "dpia", "dpia_review_on")


def get_row(session: Session, organisation_id: UUID) -> DossierRow:
    """Read and lock the dossier of an organisation, an empty one where there was none."""
    row = session.get(DossierRow, organisation_id, with_for_update=True)
    if row is None:
        row = DossierRow(organisation_id=organisation_id)
        session.add(row)
    return row


def write(row: DossierRow, dossier: Dossier) -> list[str]:
    """Write what is given into a dossier; returns the names of it."""
    values: dict[str, object] = {name: getattr(dossier, name) for name in COLUMNS}
    values["profile"] = _codes(dossier.profile)
    values["standards"] = _codes(dossier.standards)
    if (linkage := dossier.linkage) is not None:
        values |= {
            "linkage_rows": linkage.rows,
            "linkage_linkable": linkage.linkable,
            "linkage_on": linkage.measured_on,
        }
    given = {name: value for name, value in values.items() if value is not None}
    for name, value in given.items():
        setattr(row, name, value)
    return sorted(given)


def find_dossiers(session: Session, ids: Collection[UUID]) -> dict[UUID, Dossier]:
    """Read the dossiers there are of these organisations."""
    rows = session.scalars(select(DossierRow).where(DossierRow.organisation_id.in_(ids)))
    return {row.organisation_id: _dossier(row) for row in rows}


def list_locations(session: Session, ids: Collection[UUID]) -> dict[UUID, tuple[Location, ...]]:
    """Read the locations of these organisations, those that ended too."""
    query = select(LocationRow).where(LocationRow.organisation_id.in_(ids)).order_by(LocationRow.code)
    found: dict[UUID, tuple[Location, ...]] = {}
    for row in session.scalars(query):
        one = Location(code=row.code, since=row.since_on, until=row.until_on)
        found[row.organisation_id] = (*found.get(row.organisation_id, ()), one)
    return found


def write_addendum(session: Session, organisation_id: UUID, addendum: Addendum) -> None:
    """Write by which addendum an organisation has rules of its own, and which."""
    own = update(OrganisationRow).where(OrganisationRow.id == organisation_id)
    session.execute(
        own.values(
            addendum=addendum.reference,
            told_at_most=addendum.told_at_most,
            own_bases=_codes(addendum.bases),
            own_brackets=_codes(addendum.brackets),
            hears_back=addendum.hears_back,
        )
    )


def has_decision(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Name those of the organisations of which a decision was recorded."""
    decided = OrganisationRow.decision_reference.is_not(None)
    return set(session.scalars(select(OrganisationRow.id).where(OrganisationRow.id.in_(ids), decided)))


def list_unwound(session: Session) -> list[DossierRow]:
    """Read and hold the dossiers of organisations that left with signals still open."""
    query = select(DossierRow).where(DossierRow.ending.is_not(None), DossierRow.wound_up_at.is_(None))
    return list(session.scalars(query.order_by(DossierRow.organisation_id).with_for_update(skip_locked=True)))


def _dossier(row: DossierRow) -> Dossier:
    linkage = None
    if row.linkage_rows is not None and row.linkage_linkable is not None and row.linkage_on is not None:
        linkage = Linkage(rows=row.linkage_rows, linkable=row.linkage_linkable, measured_on=row.linkage_on)
    return Dossier(
        accession=row.accession,
        profile=frozenset(ProfilePart(part) for part in (row.profile or "").split()),
        dpia=row.dpia,
        dpia_review_on=row.dpia_review_on,
        standards=frozenset(Standard(part) for part in (row.standards or "").split()),
        linkage=linkage,
    )


def _codes(parts: Collection[str] | None) -> str | None:
    return " ".join(sorted(parts)) if parts is not None else None
