"""Let organisations take part and end it: gate by gate, each act recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import DeclarativeBase

from hub.audit.service import record
from hub.partners import events, store
from hub.partners.errors import CovenantTakenError, KindUnknownError, PartnerTakenError
from hub.partners.kinds import Kinds, PartnerKind
from hub.partners.models import CovenantRow, LocationRow, OrganisationRow, SchemePermissionRow
from hub.partners.policy import require_admission, require_covenant_dates, require_operator
from hub.partners.service import get_partner
from hub.partners.values import Admission, Partner
from service.work import Work


def admit(work: Work, admission: Admission, *, kinds: Kinds) -> Partner:
    """Let an organisation join, with at most what its kind may do; it goes live by `hub.onboarding`.

    Raises:
        SchemeNotForKindError: Its kind may never use that identity scheme.
        DecisionMissingError: Its kind takes part on a recorded decision only.
        PartnerTakenError: Its OIN or id was admitted before.
    """
    require_operator(work.caller)
    if (kind := kinds.get(admission.kind)) is None:
        raise KindUnknownError(places=("/kind",))
    require_admission(admission, kind)
    require_covenant_dates(admission.covenant_from, admission.covenant_until)
    organisation_id = admission.id or uuid4()
    schemes = frozenset(kind.schemes) if admission.schemes is None else admission.schemes
    store.add(work, [_organisation(work, admission, kind, organisation_id)], taken=PartnerTakenError)
    store.add(work, _parts(admission, organisation_id, schemes), taken=PartnerTakenError)
    event = events.OrganisationAdmitted.of(
        organisation_id, oin=admission.oin, kind=admission.kind, schemes=schemes
    )
    record(work, event)
    return sign_covenant(work, organisation_id, begins=admission.covenant_from, ends=admission.covenant_until)


def sign_covenant(work: Work, organisation_id: UUID, *, begins: date, ends: date) -> Partner:
    """Bind an organisation for a period, both days inclusive; raises CovenantTakenError for a second one that
    begins on the same day.
    """
    require_operator(work.caller)
    require_covenant_dates(begins, ends)
    partner = get_partner(work, organisation_id)
    covenant = CovenantRow(
        organisation_id=partner.id, valid_from_on=begins, valid_until_on=ends, recorded_at=work.now
    )
    store.add(work, [covenant], taken=CovenantTakenError)
    record(work, events.CovenantSigned.of(partner.id, begins=begins, ends=ends))
    return get_partner(work, organisation_id)


def end_organisation(work: Work, organisation_id: UUID) -> Partner:
    """End an organisation's part at once: none of its keys works any longer, in any process within a minute.

    Source: domain.md ONB-12.
    """
    require_operator(work.caller)
    partner = get_partner(work, organisation_id)
    if partner.state == "ended":
        return partner
    end = update(OrganisationRow).where(OrganisationRow.id == organisation_id)
    work.session.execute(end.values(ended_at=work.now))
    record(work, events.OrganisationEnded(organisation_id=organisation_id))
    return get_partner(work, organisation_id)


def set_live(work: Work, organisation_id: UUID) -> None:
    """Let an organisation take part from now on; `hub.onboarding` judges whether it may."""
    require_operator(work.caller)
    live = update(OrganisationRow).where(OrganisationRow.id == organisation_id)
    work.session.execute(live.values(live_at=work.now))


def all_partners(work: Work) -> list[Partner]:
    """Return every organisation, those that ended too."""
    return list(store.find_partners(work).values())


def list_partners(work: Work) -> list[Partner]:
    """Return every organisation, those that ended too, by name."""
    require_operator(work.caller)
    return sorted(store.find_partners(work).values(), key=lambda partner: partner.name)


def _organisation(
    work: Work, admission: Admission, kind: PartnerKind, organisation_id: UUID
) -> OrganisationRow:
    return OrganisationRow(
        id=organisation_id,
        oin=admission.oin,
        name=admission.name,
        kind=admission.kind,
        domain=kind.domain,
        may_signal=kind.may_signal,
        may_receive=kind.may_receive,
        decision_reference=admission.decision_reference,
        hears_back=True,
        admitted_at=work.now,
    )


def _parts(admission: Admission, organisation_id: UUID, schemes: frozenset[str]) -> Sequence[DeclarativeBase]:
    permissions = [
        SchemePermissionRow(organisation_id=organisation_id, scheme=one) for one in sorted(schemes)
    ]
    locations = [
        LocationRow(organisation_id=organisation_id, code=code, since_on=admission.covenant_from)
        for code in admission.locations
    ]
    return [*permissions, *locations]
