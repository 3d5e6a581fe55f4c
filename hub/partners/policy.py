"""The gates about partners and their staff: facts in, nothing or a refusal out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date

from hub.partners.errors import (
    CovenantInvalidError,
    CovenantNotInForceError,
    DecisionMissingError,
    GrantInvalidError,
    KindNotAllowedError,
    NotLiveError,
    NotTrainedError,
    PartnerInvalidError,
    ReporterNotAuthorisedError,
    RoleNotAllowedError,
    RoleNotForKindError,
    RolesConflictError,
    SchemeNotForKindError,
    StaffInvalidError,
    TokenTypeNotAllowedError,
)
from hub.partners.kinds import PartnerKind
from hub.partners.values import Admission, Authorisation, HeldRole, Partner, Staff, StaffRole
from keys.protocol.tokens import TokenType
from service.work import Caller, Role

# Source: OIN-Stelsel 2.2.2: prefix of 8, main number of 8 or 9, suffix of 3 or 4; 20 positions together.
OIN = re.compile(r"(?=.{20}\Z)[0-9]{8}[0-9A-Z]{8,9}[0-9]{3,4}")
LABEL = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,80}")
MAIL = re.compile(r"[^\s@<>,;:\"\x00-\x1f]{1,64}@[A-Za-z0-9.-]{1,189}")
REPORTING = frozenset({StaffRole.REPORTER, StaffRole.CASEMANAGER})
MUNICIPAL = frozenset(StaffRole) - {StaffRole.REPORTER, StaffRole.PARTNER_COORDINATOR}
CITIZEN_CHANNEL = "citizen_channel"
GRANTING = frozenset({StaffRole.FUNCTIONAL_ADMINISTRATOR, StaffRole.COVENANT_MANAGER})
# Source: domain.md 5.5; the privacy officer stands apart from every act, domain.md 1G (h).
FORBIDDEN_PAIRS = frozenset(
    {frozenset({StaffRole.PRIVACY_OFFICER, other}) for other in StaffRole if other != "privacy_officer"}
    | {frozenset({StaffRole.COVENANT_MANAGER, StaffRole.FUNCTIONAL_ADMINISTRATOR})}
    # Who leads a case does not also solve what stalls in it. Source: ROU-09.
    | {frozenset({StaffRole.PROCESS_DIRECTOR, StaffRole.CASEMANAGER})}
)


def require_covenant(partner: Partner, on: date) -> None:
    """Require that the organisation takes part on this day.

    Source: domain.md ONB-01, ONB-02: no signatory, or an expired one, blocks signalling.
    """
    if partner.state == "joining":
        raise NotLiveError
    if not takes_part(partner, on):
        raise CovenantNotInForceError


def require_sighted(partner: Partner) -> None:
    """Require that an organisation may look at what it posted.

    Who passes on what citizens say sees nothing afterwards: a citizen would learn through it who is known.
    Source: domain.md row 10 (d).
    """
    if partner.kind == CITIZEN_CHANNEL:
        raise RoleNotAllowedError


def takes_part(partner: Partner, on: date) -> bool:
    """Tell whether the organisation is live, and bound by a covenant on this day."""
    return partner.state == "active" and in_covenant(partner, on)


def admits(partner: Partner, *, legal_basis: str, bracket: str) -> bool:
    """Tell whether an organisation signals on this basis, of this age, as far as its own addendum says.

    Source:
        ONB-05: it narrows what the policy set allows its kind, and never widens it.
    """
    on_basis = partner.bases is None or legal_basis in partner.bases
    return on_basis and (partner.brackets is None or bracket in partner.brackets)


def in_covenant(partner: Partner, on: date) -> bool:
    """Tell whether a covenant binds the organisation on this day."""
    begins, ends = partner.covenant_from, partner.covenant_until
    return begins is not None and ends is not None and begins <= on <= ends


def require_reporter(partner: Partner, staff: Staff | None, on: date) -> None:
    """Require that this organisation lets this member of its staff report on this day.

    Source: domain.md SIG-01, SIG-13, ONB-13.
    """
    if not partner.may_signal:
        raise KindNotAllowedError
    if staff is None or staff.organisation_id != partner.id:
        raise ReporterNotAuthorisedError(places=("/reporter",))
    if not holds(staff, REPORTING, on):
        raise ReporterNotAuthorisedError(places=("/reporter",))
    require_trained(staff, on, place="/reporter")


def require_trained(staff: Staff, on: date, *, place: str) -> None:
    """Require that the organisation attested that this member of its staff was trained. Source: ONB-13."""
    if staff.trained_on is None or on < staff.trained_on:
        raise NotTrainedError(places=(place,))


def require_token_types(partner: Partner, token_types: Iterable[str]) -> None:
    """Require that every token type lies in a scheme the organisation may use; unknown types do not.

    Source: domain.md MAT-09.
    """
    known = {kind.value: kind.scheme for kind in TokenType}
    if not {known.get(name, "") for name in token_types} <= partner.schemes:
        raise TokenTypeNotAllowedError(places=("/tokenTypes",))


def require_kind(partner: Partner, kinds: Collection[str]) -> None:
    """Require that the organisation is of one of these kinds."""
    if partner.kind not in kinds:
        raise KindNotAllowedError


def require_staff_role(staff: Staff | None, roles: Collection[StaffRole], on: date) -> None:
    """Require a member of staff, active on this day, in one of these roles."""
    if staff is None or not holds(staff, roles, on):
        raise RoleNotAllowedError


def holds(staff: Staff, roles: Collection[StaffRole], on: date) -> bool:
    """Tell whether a member of staff is active and in one of these roles on a day."""
    return is_active(staff, on) and any(held.role in roles and covers(held, on) for held in staff.roles)


def covers(held: HeldRole, on: date) -> bool:
    """Tell whether a role covers a day; it is over on the day it ends."""
    return held.since <= on and (held.until is None or on < held.until)


def is_active(staff: Staff, on: date) -> bool:
    """Tell whether an authorisation covers a day; it is over on the day it ends."""
    return staff.active_from <= on and (staff.active_until is None or on < staff.active_until)


def require_grant(new: HeldRole, staff: Staff, partner: Partner) -> None:
    """Require that a member of this organisation's staff may hold this role beside what they hold.

    Raises:
        RoleNotForKindError: The role is a municipal one, and the organisation is none.
        GrantInvalidError: It is over before it begins, or is held on one of these days already.
        RolesConflictError: Somebody who holds both could check their own work.

    Source:
        domain.md 5.5, forbidden pairs; SIG-13.
    """
    require_role_for_kind(new.role, partner)
    if new.until is not None and new.until <= new.since:
        raise GrantInvalidError(places=("/until",))
    beside = [held for held in staff.roles if held.until != held.since and _overlap(held, new)]
    if any(held.role is new.role for held in beside):
        raise GrantInvalidError(places=("/since",))
    if any(frozenset({held.role, new.role}) in FORBIDDEN_PAIRS for held in beside):
        raise RolesConflictError(places=("/role",))


def require_granter(granter: Staff | None, grant_to: Staff, on: date) -> None:
    """Require that somebody may give roles to this member of staff; never to oneself.

    Source: domain.md AUD-11; ONB-06: an organisation's coordinator authorises its own staff.
    """
    if granter is None or granter.id == grant_to.id:
        raise RoleNotAllowedError
    own = granter.organisation_id == grant_to.organisation_id
    if not holds(granter, GRANTING | ({StaffRole.PARTNER_COORDINATOR} if own else set()), on):
        raise RoleNotAllowedError


def require_role_for_kind(role: StaffRole, partner: Partner) -> None:
    """Require that staff of this organisation may have a role: those that only emit have reporters."""
    if role in MUNICIPAL and not _is_municipal(partner):
        raise RoleNotForKindError(places=("/role",))


def _is_municipal(partner: Partner) -> bool:
    return partner.may_receive or partner.kind == "rights_desk"


def _overlap(one: HeldRole, other: HeldRole) -> bool:
    return (one.until is None or other.since < one.until) and (other.until is None or one.since < other.until)


def require_operator(caller: Caller) -> None:
    """Require the command line on the machine itself: nobody administers partners over the network."""
    if caller.role is not Role.OPERATOR:
        raise RoleNotAllowedError


def require_admission(admission: Admission, kind: PartnerKind) -> None:
    """Require that an organisation of this kind may join like this."""
    if not OIN.fullmatch(admission.oin):
        raise PartnerInvalidError(places=("/oin",))
    if not LABEL.fullmatch(admission.name):
        raise PartnerInvalidError(places=("/name",))
    if not (admission.schemes or frozenset()) <= set(kind.schemes_at_most):
        raise SchemeNotForKindError(places=("/schemes",))
    if kind.decision and not LABEL.fullmatch(admission.decision_reference or ""):
        raise DecisionMissingError(places=("/decisionReference",))


def require_covenant_dates(begins: date, ends: date) -> None:
    """Require that a covenant ends after it begins."""
    if ends <= begins:
        raise CovenantInvalidError


def require_authorisation(authorisation: Authorisation, partner: Partner) -> None:
    """Require that staff of this organisation may have this role and these particulars.

    Source: domain.md SIG-13 (partners only emit); data minimisation: no address where no mail is sent.
    """
    require_role_for_kind(authorisation.role, partner)
    hears = _is_municipal(partner) and authorisation.role is not StaffRole.REPORTER
    if authorisation.mail_address is not None and not (hears and MAIL.fullmatch(authorisation.mail_address)):
        raise StaffInvalidError(places=("/mailAddress",))
    if authorisation.contact_label is not None and not LABEL.fullmatch(authorisation.contact_label):
        raise StaffInvalidError(places=("/contactLabel",))
