"""Whom persons chose to hear of them: said in a consent, replaced by a later one, gone with it.

Source: domain.md row 9 (b).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from uuid import UUID

from hub.consent import store
from hub.subjects.service import RegistrationKind, Verdict, find_agreeing
from service.clock import AMSTERDAM, dutch_date
from service.work import Work

CAUGHT_UP = timedelta(days=7)  # how late a worker may be for the day on which a choice begins


def find_begun(work: Work) -> dict[UUID, datetime]:
    """Return of whom a consent that names somebody began lately, after it was recorded, and since when.

    Returns:
        Signals and cases, by registration.
    """
    today = dutch_date(work.now)
    begun = store.list_begun(work.session, since=today - CAUGHT_UP, on=today)
    kinds = (RegistrationKind.SIGNAL, RegistrationKind.CASE)
    agreements = find_agreeing(work, begun, kinds=kinds) if begun else []
    sure = sorted((begun[one.left], one.right) for one in agreements if one.verdict is Verdict.SAME)
    return {id_: datetime.combine(day, time(), tzinfo=AMSTERDAM) for day, id_ in sure}


def find_recipients(work: Work, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return, by registration, who its person chose: whom the latest consent of today names.

    Only what is surely of this person counts.
    """
    agreements = find_agreeing(work, ids, kinds=(RegistrationKind.CONSENT,))
    sure = [one for one in agreements if one.verdict is Verdict.SAME]
    named = store.find_recipients(work.session, {one.right for one in sure}, on=dutch_date(work.now))
    found: dict[UUID, tuple[int, UUID]] = {}
    for one in sure:
        if one.right in named and (one.left not in found or named[one.right][0] > found[one.left][0]):
            found[one.left] = named[one.right]
    return {id_: recipient for id_, (_, recipient) in found.items()}
