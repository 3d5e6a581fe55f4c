"""Why a match may be told: the facts of the decision in force, for whoever owns it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from hub.consent.facts import Fact
from hub.consent.reading import find_reasons
from hub.matches import store
from hub.matches.states import MatchState
from service.work import Work


def reasons_of(work: Work, match_ids: Collection[UUID]) -> dict[UUID, tuple[Fact, ...]]:
    """Return why each of these matches may be told; nothing of those that may not be told now.

    A denial has reasons too ("there is an objection"), and they are not for whoever was told before.
    """
    rows = store.find_matches(work.session, match_ids).values()
    decided = {
        row.id: row.decision_id
        for row in rows
        if row.decision_id is not None and row.state == MatchState.OPEN
    }
    found = find_reasons(work, set(decided.values()))
    return {match_id: found.get(decision_id, ()) for match_id, decision_id in decided.items()}
