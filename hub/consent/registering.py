"""Attach a consent or an objection to a person, by the same protocol and matching rule as a signal."""

from __future__ import annotations

import hashlib
from uuid import UUID

from hub.consent.models import ConsentRow, ObjectionRow
from hub.consent.schemas import Statement
from hub.partners.service import get_own_partner
from hub.subjects.service import (
    NO_END,
    NewRegistration,
    RegistrationKind,
    SubjectKeys,
    as_sent,
    enqueue,
    find_agreeing,
    open_sent,
    require_known_key,
    store_registrations,
)
from keys.protocol.encoding import canonical_json
from service.work import Work


def register(
    work: Work,
    secrets: SubjectKeys,
    message: Statement,
    row: ConsentRow | ObjectionRow,
    *,
    kind: RegistrationKind,
    key: UUID,
) -> None:
    """Open the envelope and store the registration; the worker finds all that it may touch.

    Nobody is looked up here: how long the answer takes would tell the desk whether the person is known.

    Source:
        protocol.md, step 6; design.md 10.
    """
    require_known_key(secrets, message.envelope.kid)
    partner = get_own_partner(work)
    opened = open_sent(secrets, message, partner, registration_id=row.id, idempotency_key=key)
    new = NewRegistration(row.id, kind, row.organisation_id, work.now, NO_END, opened)
    store_registrations(work, [new])


def decide_again(work: Work, id_: UUID) -> None:
    """Have the worker look again at all that this may be about; asked while the registration is active.

    For one that is about to end only: ended it agrees with nothing, and the worker could not find them.
    """
    kinds = (RegistrationKind.SIGNAL, RegistrationKind.CASE)
    enqueue(work, {agreement.right for agreement in find_agreeing(work, [id_], kinds=kinds)})


def body_hash(message: Statement) -> bytes:
    """Hash a message as sent, so that a replay under the same key is recognised."""
    return hashlib.sha256(canonical_json(as_sent(message))).digest()
