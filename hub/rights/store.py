"""Every query on requests, findings and what recipients are told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from hub.rights.models import RightsCorrectionRow, RightsFindingRow, RightsRequestRow, RightsTellingRow
from hub.rights.values import (
    Advice,
    Authority,
    Controller,
    Correction,
    Effect,
    Extension,
    Finding,
    Ground,
    Identification,
    Outcome,
    Request,
    RequestKind,
    RequestState,
    Told,
    Verdict,
)
from hub.signals.service import brought_by

ADVISABLE = (RequestState.RECEIVED, RequestState.SEARCHED)
"""While a request is so, advice on it can be given."""


def find_by_key(session: Session, key_hash: bytes, *, organisation_id: UUID) -> RightsRequestRow | None:
    """Find the request that a desk filed under this idempotency key."""
    query = select(RightsRequestRow).where(
        RightsRequestRow.received_by == organisation_id,
        RightsRequestRow.key_hash == key_hash,
        RightsRequestRow.id == RightsRequestRow.root_id,
    )
    return session.scalars(query).one_or_none()


def lock_request(session: Session, request_id: UUID, *, organisation_id: UUID) -> RightsRequestRow | None:
    """Read a request of this desk, as it is now, and hold it with its parts at other desks.

    All of them in one order: of two desks that decide at once, the second sees what the first did.
    """
    root = select(RightsRequestRow.root_id).where(RightsRequestRow.id == request_id).scalar_subquery()
    parts = {row.id: row for row in _lock_parts(session, RightsRequestRow.root_id == root)}
    row = parts.get(request_id)
    return row if row is not None and row.organisation_id == organisation_id else None


def list_decided(session: Session, organisation_id: UUID, *, limit: int) -> list[RightsRequestRow]:
    """Read the requests of a desk that were decided, newest first."""
    of_desk = RightsRequestRow.organisation_id == organisation_id
    query = select(RightsRequestRow).where(of_desk, RightsRequestRow.state == RequestState.DECIDED)
    newest = query.order_by(RightsRequestRow.received_at.desc(), RightsRequestRow.id.desc())
    return list(session.scalars(newest.limit(limit)))


def list_approved(session: Session, *, limit: int) -> list[UUID]:
    """Name what was filed of which some part waits to be carried out, on the word of two persons."""
    query = select(RightsRequestRow.root_id).where(RightsRequestRow.state == RequestState.APPROVED)
    oldest = query.order_by(RightsRequestRow.received_at, RightsRequestRow.id).limit(limit)
    return list(dict.fromkeys(session.scalars(oldest)))


def lock_approved(session: Session, root_id: UUID) -> list[RightsRequestRow]:
    """Hold all parts of a request, and return those that wait to be carried out."""
    parts = _lock_parts(session, RightsRequestRow.root_id == root_id)
    return [row for row in parts if row.state == RequestState.APPROVED]


def list_of_root(session: Session, root_id: UUID) -> list[RightsRequestRow]:
    """Read the request that was filed and those that were split off."""
    query = select(RightsRequestRow).where(RightsRequestRow.root_id == root_id)
    return list(session.scalars(query.order_by(RightsRequestRow.id)))


def list_findings(session: Session, request_ids: Collection[UUID]) -> dict[UUID, list[RightsFindingRow]]:
    """Read what was found, per request, in a fixed order."""
    query = select(RightsFindingRow).where(RightsFindingRow.request_id.in_(request_ids))
    found: dict[UUID, list[RightsFindingRow]] = {id_: [] for id_ in request_ids}
    for row in session.scalars(query.order_by(RightsFindingRow.id)):
        found[row.request_id].append(row)
    return found


def list_asked(session: Session, organisation_id: UUID) -> list[RightsFindingRow]:
    """Read on what it registered or brought an organisation is asked for advice, the most urgent first."""
    asked = _answers(RightsFindingRow, organisation_id)
    query = (
        select(RightsFindingRow)
        .join(RightsRequestRow, RightsRequestRow.id == RightsFindingRow.request_id)
        .where(asked, RightsFindingRow.advise_by.is_not(None), RightsRequestRow.state.in_(ADVISABLE))
    )
    return list(session.scalars(query.order_by(RightsFindingRow.advise_by, RightsFindingRow.id)))


def lock_asked(session: Session, finding_id: UUID, *, organisation_id: UUID) -> RightsFindingRow | None:
    """Read what an organisation was asked, and hold it."""
    query = select(RightsFindingRow).where(
        RightsFindingRow.id == finding_id,
        _answers(RightsFindingRow, organisation_id),
        RightsFindingRow.advise_by.is_not(None),
    )
    return session.scalars(query.with_for_update()).one_or_none()


def _answers(row: type[RightsFindingRow | RightsCorrectionRow], organisation_id: UUID) -> ColumnElement[bool]:
    """Select what an organisation registered, or brought for another: before any limit. Source: SIG-12."""
    return (row.organisation_id == organisation_id) | row.registration_id.in_(brought_by(organisation_id))


def get_requests(session: Session, ids: Collection[UUID]) -> dict[UUID, RightsRequestRow]:
    """Read requests by id."""
    query = select(RightsRequestRow).where(RightsRequestRow.id.in_(ids))
    return {row.id: row for row in session.scalars(query)}


def list_searches(session: Session, registration_ids: Collection[UUID]) -> set[tuple[UUID, datetime]]:
    """Name who searched and was shown any of these registrations, for whichever request, and when."""
    found = select(RightsFindingRow.request_id).where(RightsFindingRow.registration_id.in_(registration_ids))
    who = select(RightsRequestRow.searched_by, RightsRequestRow.searched_at)
    rows = session.execute(who.where(RightsRequestRow.id.in_(found)))
    return {(staff_id, at) for staff_id, at in rows if staff_id and at}


def list_judgements(session: Session, registration_ids: Collection[UUID]) -> set[tuple[UUID, datetime]]:
    """Name who judged whether these registrations are a requester's, and when."""
    who = select(RightsFindingRow.judged_by, RightsFindingRow.judged_at)
    rows = session.execute(who.where(RightsFindingRow.registration_id.in_(registration_ids)))
    return {(staff_id, at) for staff_id, at in rows if staff_id and at}


def list_tellings(session: Session, request_id: UUID) -> list[RightsTellingRow]:
    """Read who is told what became of a request."""
    query = select(RightsTellingRow).where(RightsTellingRow.request_id == request_id)
    return list(session.scalars(query.order_by(RightsTellingRow.queued_at, RightsTellingRow.id)))


def lock_telling(session: Session, id_: UUID, *, organisation_id: UUID) -> RightsTellingRow | None:
    """Read and hold one thing that an organisation as a whole is told."""
    query = select(RightsTellingRow).where(
        RightsTellingRow.id == id_,
        RightsTellingRow.organisation_id == organisation_id,
        RightsTellingRow.staff_id.is_(None),
    )
    return session.scalars(query.with_for_update()).one_or_none()


def list_own_tellings(
    session: Session, organisation_id: UUID, *, limit: int | None
) -> list[RightsTellingRow]:
    """Read what an organisation is told, what waits first, newest on top."""
    query = select(RightsTellingRow).where(
        RightsTellingRow.organisation_id == organisation_id, RightsTellingRow.staff_id.is_(None)
    )
    done = RightsTellingRow.told_at.is_not(None)
    newest = query.order_by(done, RightsTellingRow.queued_at.desc(), RightsTellingRow.id.desc())
    return list(session.scalars(newest.limit(limit)))


def list_untold(session: Session, *, limit: int) -> list[RightsTellingRow]:
    """Read and hold what members of staff have not seen as far as is known."""
    query = select(RightsTellingRow).where(
        RightsTellingRow.staff_id.is_not(None), RightsTellingRow.told_at.is_(None)
    )
    oldest = query.order_by(RightsTellingRow.queued_at).limit(limit)
    return list(session.scalars(oldest.with_for_update(skip_locked=True)))


def list_corrections(session: Session, organisation_id: UUID) -> list[RightsCorrectionRow]:
    """Read what an organisation has to put right, what waits first, the most urgent on top."""
    row = RightsCorrectionRow
    query = select(row).where(_answers(row, organisation_id))
    return list(session.scalars(query.order_by(row.answered_at.is_not(None), row.due_on, row.id)))


def lock_correction(session: Session, id_: UUID, *, organisation_id: UUID) -> RightsCorrectionRow | None:
    """Read and hold one thing that an organisation has to put right."""
    row = RightsCorrectionRow
    query = select(row).where(row.id == id_, _answers(row, organisation_id))
    return session.scalars(query.with_for_update()).one_or_none()


def list_open(session: Session, desks: Collection[UUID] | None) -> list[RightsRequestRow]:
    """Read the requests of these desks that nobody decided upon; None asks for those of all."""
    query = select(RightsRequestRow).where(RightsRequestRow.state != RequestState.DECIDED, *_at(desks))
    return list(session.scalars(query.order_by(RightsRequestRow.due_on, RightsRequestRow.id)))


def list_uncorrected(
    session: Session, desks: Collection[UUID] | None
) -> list[tuple[RightsCorrectionRow, RightsRequestRow]]:
    """Read what nobody put right yet for the requests of these desks."""
    correction, request = RightsCorrectionRow, RightsRequestRow
    query = select(correction, request).join(request, request.id == correction.request_id)
    open_ = query.where(correction.answered_at.is_(None), *_at(desks))
    return [(row[0], row[1]) for row in session.execute(open_.order_by(correction.due_on, correction.id))]


def _at(desks: Collection[UUID] | None) -> tuple[ColumnElement[bool], ...]:
    return () if desks is None else (RightsRequestRow.organisation_id.in_(desks),)


def _lock_parts(session: Session, where: ColumnElement[bool]) -> list[RightsRequestRow]:
    query = select(RightsRequestRow).where(where).order_by(RightsRequestRow.id)
    return list(session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def as_request(row: RightsRequestRow, findings: Sequence[RightsFindingRow] = ()) -> Request:
    """Return a stored request as a value."""
    return Request(
        id=row.id,
        root_id=row.root_id,
        kind=RequestKind(row.kind),
        state=RequestState(row.state),
        organisation_id=row.organisation_id,
        received_by=row.received_by,
        recorded_by=row.recorded_by,
        identification=Identification(row.identification),
        filed_by=row.filed_by,
        authority=Authority(row.authority),
        bracket=row.bracket,
        bracket_ends=row.bracket_ends,
        received_at=row.received_at,
        due_on=row.due_on,
        extension=Extension(row.extension) if row.extension else None,
        outcome=Outcome(row.outcome) if row.outcome else None,
        ground=Ground(row.ground) if row.ground else None,
        change_id=row.change_id,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        searches=frozenset(
            [(row.searched_by, row.searched_at)] if row.searched_by and row.searched_at else []
        ),
        findings=tuple(as_finding(finding) for finding in findings),
    )


def as_finding(row: RightsFindingRow) -> Finding:
    """Return what was found as a value."""
    return Finding(
        id=row.id,
        request_id=row.request_id,
        registration_id=row.registration_id,
        kind=row.kind,
        organisation_id=row.organisation_id,
        controller=Controller(row.controller),
        verdict=Verdict(row.verdict),
        due_on=row.due_on,
        advise_by=row.advise_by,
        advice=Advice(row.advice) if row.advice else None,
        advised_at=row.advised_at,
        judged_at=row.judged_at,
        left_out=row.left_out,
    )


def as_told(row: RightsTellingRow) -> Told:
    """Return the proof of a telling as a value."""
    return Told(
        id=row.id,
        request_id=row.request_id,
        organisation_id=row.organisation_id,
        staff_id=row.staff_id,
        about=row.about,
        effect=Effect(row.effect),
        ground=Ground(row.ground),
        queued_at=row.queued_at,
        told_at=row.told_at,
    )


def as_correction(row: RightsCorrectionRow) -> Correction:
    """Return what is to be put right as a value."""
    return Correction(
        id=row.id,
        request_id=row.request_id,
        registration_id=row.registration_id,
        registration_kind=row.kind,
        organisation_id=row.organisation_id,
        due_on=row.due_on,
        replaced_by=row.replaced_by,
        answered_at=row.answered_at,
    )
