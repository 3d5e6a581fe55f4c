"""Which signals open an inquiry by themselves, where an arrangement says so (zorgmeldplicht).

Source: domain.md row 10.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from hub.arrangements.values import Arrangement
from hub.arrangements.versions import has_inquiries, inquiries_in_force
from hub.matches import inquiries
from hub.signals.service import Signal, SignalState, get_signals
from service.clock import dutch_date
from service.work import Work

Held = Sequence[tuple[Arrangement, date]]


def find_lone(work: Work, ids: Collection[UUID]) -> list[tuple[Signal, str]]:
    """Find the signals among these that open an inquiry, or opened one, and stand; with the team's basis.

    What came before the arrangement opens none, and what it opened goes on when the arrangement changes.
    """
    if not has_inquiries(work):
        return []
    standing = [one for one in get_signals(work, ids).values() if _stands(work, one)]
    opened = inquiries.find_bases(work.session, [one.id for one in standing])
    held = inquiries_in_force(work)
    found = ((one, opened.get(one.id) or _basis_of(one, held)) for one in standing)
    return [(one, basis) for one, basis in found if basis]


def _stands(work: Work, signal: Signal) -> bool:
    return signal.state is SignalState.ACTIVE and work.now < signal.active_until


def _basis_of(signal: Signal, held: Held) -> str | None:
    lives, came_on = (signal.residence or "")[:4], dutch_date(signal.received_at)
    fitting = (
        one.inquiry.legal_basis
        for one, since in held
        if one.inquiry
        and lives in one.residences
        and since <= came_on
        and signal.legal_basis in one.inquiry.bases
    )
    return next(fitting, None)
