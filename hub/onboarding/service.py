"""Let an organisation join, go live and leave; say of each how far it is.

Source: domain.md 1F.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from hub.audit.service import record
from hub.consent.service import policy_in_force
from hub.onboarding import events, measuring, store
from hub.onboarding.errors import OrganisationEndedError
from hub.onboarding.policy import list_missing, require_addendum, require_dossier, require_ready
from hub.onboarding.values import Addendum, Dossier, Facts, Onboarding
from hub.partners import administration
from hub.partners.kinds import Kinds
from hub.partners.models import LocationRow
from hub.partners.policy import REPORTING, in_covenant, require_operator
from hub.partners.service import Partner, StaffRole, get_own_partner, get_partner, require_role
from hub.partners.staffing import count_trained
from service.clock import dutch_date
from service.work import Role, Work

OVERSEERS = (
    StaffRole.COVENANT_MANAGER,
    StaffRole.FUNCTIONAL_ADMINISTRATOR,
    StaffRole.MUNICIPAL_SUPERVISOR,
    StaffRole.PRIVACY_OFFICER,
)


def record_dossier(work: Work, organisation_id: UUID, dossier: Dossier) -> None:
    """Record what an organisation showed on paper; what is not given stays as it was.

    Raises:
        DossierInvalidError, LinkageInvalidError: It is not of the agreed form.
    """
    require_operator(work.caller)
    partner = _get_standing(work, organisation_id)
    require_dossier(dossier, on=dutch_date(work.now))
    given = store.write(store.get_row(work.session, partner.id), dossier)
    work.session.flush()
    record(work, events.DossierRecorded(organisation_id=partner.id, detail={"items": " ".join(given)}))


def record_addendum(work: Work, organisation_id: UUID, addendum: Addendum) -> None:
    """Record an addendum to the covenant by which an organisation has rules of its own.

    National bodies join with one; it takes the place of the one before. It narrows on which bases and of
    whose age they signal, what is told of them and whether they hear back, and never widens it; at once, also
    for what they signalled before.

    Raises:
        DossierInvalidError: The reference is none, or there is no such level, basis or age.

    Source:
        ONB-05.
    """
    require_operator(work.caller)
    partner = _get_standing(work, organisation_id)
    require_addendum(addendum, bases={one.code for one in policy_in_force(work).bases})
    store.write_addendum(work.session, partner.id, addendum)
    detail: dict[str, str | int] = {
        "level": "" if addendum.told_at_most is None else addendum.told_at_most,
        "bases": " ".join(sorted(addendum.bases or ())),
        "brackets": " ".join(sorted(addendum.brackets or ())),
        "hears_back": "yes" if addendum.hears_back else "no",
    }
    record(work, events.AddendumRecorded(organisation_id=partner.id, detail=detail))


def set_location(
    work: Work, organisation_id: UUID, code: str, *, since: date | None = None, until: date | None = None
) -> None:
    """Let a location take part from a day, or until one. Source: ONB-04."""
    require_operator(work.caller)
    partner = _get_standing(work, organisation_id)
    row = work.session.get(LocationRow, (partner.id, code))
    if row is None:
        row = LocationRow(organisation_id=partner.id, code=code, since_on=since or dutch_date(work.now))
        work.session.add(row)
    row.since_on, row.until_on = since or row.since_on, until
    work.session.flush()
    detail = {"since": row.since_on.isoformat(), "until": until.isoformat() if until else ""}
    record(work, events.LocationChanged(organisation_id=partner.id, detail=detail))


def go_live(work: Work, organisation_id: UUID, *, kinds: Kinds, linkable_percent: int) -> Partner:
    """Let an organisation take part once everything is in order.

    Raises:
        NotReadyError: names what is missing.

    Source:
        ONB-01 to ONB-04, ONB-09 to ONB-11.
    """
    require_operator(work.caller)
    partner = _get_standing(work, organisation_id)
    facts = _facts(work, [partner], kinds)[partner.id]
    require_ready(facts, on=dutch_date(work.now), linkable_percent=linkable_percent)
    if partner.state == "joining":
        administration.set_live(work, partner.id)
        record(work, events.WentLive(organisation_id=partner.id))
    return get_partner(work, organisation_id)


def list_onboarding(work: Work, *, kinds: Kinds, linkable_percent: int) -> list[Onboarding]:
    """Say how far organisations are: to the operator and who oversees, all; to others, their own."""
    partners = _visible(work)
    facts, today = _facts(work, partners, kinds), dutch_date(work.now)
    ids = [partner.id for partner in partners]
    trained, measured = count_trained(work, ids, REPORTING), measuring.measure(work, ids)
    return [
        Onboarding(
            organisation_id=one.id,
            name=one.name,
            kind=one.kind,
            state=one.state,
            missing=list_missing(facts[one.id], on=today, linkable_percent=linkable_percent),
            dossier=facts[one.id].dossier,
            locations=facts[one.id].locations,
            trained=trained.get(one.id, (0, 0)),
            measured=measured.get(one.id),
            told_at_most=one.told_at_most,
            bases=one.bases,
            brackets=one.brackets,
            hears_back=one.hears_back,
        )
        for one in partners
    ]


def _visible(work: Work) -> list[Partner]:
    if work.caller.role in {Role.OPERATOR, Role.SYSTEM}:
        return sorted(administration.all_partners(work), key=lambda one: one.name)
    if work.caller.role is Role.PARTNER:
        return [get_own_partner(work)]
    require_role(work, *OVERSEERS)
    return sorted(administration.all_partners(work), key=lambda one: one.name)


def _facts(work: Work, partners: Collection[Partner], kinds: Kinds) -> dict[UUID, Facts]:
    ids = [partner.id for partner in partners]
    dossiers = store.find_dossiers(work.session, ids)
    locations = store.list_locations(work.session, ids)
    decided, today = store.has_decision(work.session, ids), dutch_date(work.now)
    return {
        one.id: Facts(
            has_covenant=in_covenant(one, today),
            needs_decision=one.kind in kinds and kinds[one.kind].decision,
            has_decision=one.id in decided,
            may_signal=one.may_signal,
            schemes=one.schemes,
            dossier=dossiers.get(one.id, Dossier()),
            locations=locations.get(one.id, ()),
        )
        for one in partners
    }


def _get_standing(work: Work, organisation_id: UUID) -> Partner:
    partner = get_partner(work, organisation_id)
    if partner.state == "ended":
        raise OrganisationEndedError
    return partner
