"""What nobody is told of since two attest differently how many hold authority over a child. CON-07."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import or_, select

from hub.consent.facts import Fact
from hub.consent.models import DecisionRow
from hub.matches.models import MatchRow
from hub.matches.states import MatchState
from hub.subjects.service import Verdict
from service.work import Work

FACTS = (Fact.NOTICE_CONTRADICTED, Fact.CONSENT_CONTRADICTED)


@dataclass(frozen=True, slots=True)
class Contradicted:
    """A pair that is held by a contradiction; `facts` are the codes of what contradicts what."""

    match_id: UUID
    registration_ids: frozenset[UUID]
    matched_at: datetime
    facts: tuple[Fact, ...]


def list_contradicted(work: Work, colleges: Collection[UUID], *, limit: int) -> list[Contradicted]:
    """List what these municipal organisations' teams are not told of by a contradiction, the oldest first.

    Only what attesting anew opens: of what waits for another reason too, nobody has to hear or to be called.
    It leaves the list by itself: what is held is decided again once a day, and when somebody attests anew.
    """
    said = or_(*(DecisionRow.reasons.contains(f":{fact}") for fact in FACTS))
    columns = (MatchRow.id, MatchRow.signal_id, MatchRow.other_id, MatchRow.created_at, DecisionRow.reasons)
    query = select(*columns).join(DecisionRow, DecisionRow.id == MatchRow.decision_id)
    held = (MatchRow.state == MatchState.HELD) & DecisionRow.college_id.in_(colleges)
    # Of two who may be two children, different numbers contradict nothing that anybody could put right.
    sure = (MatchRow.verdict == Verdict.SAME.value) | MatchRow.judged_at.is_not(None)
    rows = work.session.execute(query.where(held, sure, said).order_by(MatchRow.created_at, MatchRow.id))
    found = ((row, {code.partition(":")[2] for code in row.reasons.split()}) for row in rows)
    return [
        Contradicted(id_, frozenset(sides), at, tuple(one for one in FACTS if one in facts))
        for (id_, *sides, at, _), facts in islice((one for one in found if one[1] <= {*FACTS}), limit)
    ]
