"""File a request at a desk: the identity was verified, who asks may ask, and the clock starts."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID, uuid4

from hub.audit.service import record
from hub.consent.freezing import freeze, take_rights_quota
from hub.consent.gates import require_known_kinds
from hub.consent.policy import possible_brackets
from hub.consent.versions import policy_in_force
from hub.partners.service import (
    Partner,
    Staff,
    get_own_partner,
    require_covenant,
    require_role,
    require_token_types,
)
from hub.rights import store
from hub.rights.desks import DESK
from hub.rights.errors import (
    IdempotencyConflictError,
    IdentityNotVerifiedError,
    RequesterNotEntitledError,
    ScopeNotAllowedError,
)
from hub.rights.events import RequestFiled
from hub.rights.models import RightsRequestRow
from hub.rights.policy import Asking, answer_due, freezes, is_entitled
from hub.rights.schemas import NewRequest, Requester
from hub.rights.values import Controller, Identification, Request, RequestKind, RequestState
from hub.subjects.service import (
    NO_END,
    NewRegistration,
    RegistrationKind,
    SubjectKeys,
    as_sent,
    open_sent,
    require_known_key,
    store_registrations,
)
from keys.protocol.encoding import canonical_json
from service.clock import dutch_date
from service.idempotency import key_hash
from service.work import Work


def file_request(
    work: Work, secrets: SubjectKeys, message: NewRequest, *, idempotency_key: UUID, quota_per_day: int
) -> Request:
    """File a request of a person whose identity was verified; nothing is looked up.

    An objection, and a wish to restrict, stop matching at once, also where the person only may be meant.

    Raises:
        IdentityNotVerifiedError: Nobody verified who asks.
        RequesterNotEntitledError: At this age others ask, or ask along.
        DeskQuotaExhaustedError: The organisation has used its day.
        IdempotencyConflictError: The key was used for another message.

    Source:
        TRA-06, TRA-07, TRA-11; CON-12; AVG 12, 15-18, 21.
    """
    staff, partner = require_role(work, *DESK), get_own_partner(work)
    require_covenant(partner, dutch_date(work.now))
    require_token_types(partner, message.token_types)
    require_requester(work, message)
    _require_scope(work, message)
    require_known_key(secrets, message.envelope.kid)
    hashed, body = key_hash(partner.id, idempotency_key), _body_hash(message)
    if (earlier := store.find_by_key(work.session, hashed, organisation_id=partner.id)) is not None:
        if earlier.body_hash != body:
            raise IdempotencyConflictError
        return store.as_request(earlier)
    take_rights_quota(work, partner.id, quota_per_day=quota_per_day)
    row = _row(work, message, staff, key_hash=hashed, body_hash=body)
    work.session.add(row)
    work.session.flush()
    _register(work, secrets, message, partner, row=row, key=idempotency_key)
    record(work, _filed(row))
    return store.as_request(row)


def require_requester(work: Work, message: Requester) -> None:
    """Require that the desk knows who asks, and that they may at this age.

    Raises:
        IdentityNotVerifiedError: Nobody verified who asks.
        RequesterNotEntitledError: At this age others ask, or ask along.

    Source:
        TRA-07, TRA-11.
    """
    if message.identification is Identification.NOT_VERIFIED:
        raise IdentityNotVerifiedError(places=("/identification",))
    rules = policy_in_force(work)
    brackets = possible_brackets(message.bracket, message.bracket_ends, on=dutch_date(work.now), rules=rules)
    asking = Asking(
        by=message.filed_by.givers,
        authority=message.authority,
        holders=message.authority_holders,
        holders_asking=message.holders_asking,
        ability=message.ability,
    )
    if not is_entitled(brackets, asking, rules=rules):
        raise RequesterNotEntitledError(places=("/filedBy",))


def _require_scope(work: Work, message: NewRequest) -> None:
    if message.scope == "all":
        return
    if message.kind is not RequestKind.OBJECTION:
        raise ScopeNotAllowedError(places=("/scope",))
    require_known_kinds(frozenset(message.scope), place="/scope", rules=policy_in_force(work))


def _register(
    work: Work,
    secrets: SubjectKeys,
    message: NewRequest,
    partner: Partner,
    *,
    row: RightsRequestRow,
    key: UUID,
) -> None:
    opened = open_sent(secrets, message, partner, registration_id=row.id, idempotency_key=key)
    frozen = freezes(message.kind)
    if frozen:
        freeze(
            work,
            row.id,
            organisation_id=partner.id,
            recorded_by=row.recorded_by,
            kind="restriction" if message.kind is RequestKind.RESTRICTION else "objection",
            scope=["all"] if message.scope == "all" else sorted(message.scope),
            key_hash=row.key_hash,
            body_hash=row.body_hash,
        )
    kind = RegistrationKind.OBJECTION if frozen else RegistrationKind.REQUEST
    store_registrations(work, [NewRegistration(row.id, kind, partner.id, work.now, NO_END, opened)])


def _row(
    work: Work, message: NewRequest, staff: Staff, *, key_hash: bytes, body_hash: bytes
) -> RightsRequestRow:
    id_ = uuid4()
    return RightsRequestRow(
        id=id_,
        root_id=id_,
        kind=message.kind.value,
        state=RequestState.RECEIVED.value,
        organisation_id=staff.organisation_id,
        received_by=staff.organisation_id,
        recorded_by=staff.id,
        key_hash=key_hash,
        body_hash=body_hash,
        **requester_facts(message),
        received_at=work.now,
        due_on=answer_due(dutch_date(work.now), Controller.MUNICIPALITY),
    )


def requester_facts(message: Requester) -> dict[str, Any]:
    """Return what is kept of who asked: codes and counts."""
    return {
        "identification": message.identification.value,
        "filed_by": message.filed_by.value,
        "authority": message.authority.value,
        "authority_holders": message.authority_holders,
        "holders_asking": message.holders_asking,
        "ability": message.ability.value,
        "bracket": message.bracket.value,
        "bracket_ends": message.bracket_ends,
    }


def _filed(row: RightsRequestRow) -> RequestFiled:
    return RequestFiled(
        organisation_id=row.organisation_id,
        subject={"request": str(row.id)},
        detail={
            "kind": row.kind,
            "identification": row.identification,
            "filedBy": row.filed_by,
            "authority": row.authority,
        },
    )


def _body_hash(message: NewRequest) -> bytes:
    return hashlib.sha256(canonical_json(as_sent(message))).digest()
