"""Decide, at the moment of telling, what becomes of each pair, and do what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from hub.arrangements.routing import Route
from hub.arrangements.values import Target
from hub.consent.reading import find_codes
from hub.consent.service import (
    CaseFacts,
    FeedbackCode,
    Purpose,
    SignalFacts,
    StoredDecision,
    Telling,
    Weighing,
    decide_telling_many,
)
from hub.consent.telling import reason_codes
from hub.matches import effects, owners, store
from hub.matches.choosing import find_chosen, follow_choice, go_along
from hub.matches.clocks import open_inquiries
from hub.matches.facts import (
    case_facts,
    count_attested,
    inquiry_facts,
    is_surely_one,
    kinds_of,
    signal_facts,
    with_attested,
)
from hub.matches.models import MatchRow
from hub.matches.pairs import Key, Pair, ids_of
from hub.matches.policy import next_state
from hub.matches.routing import Routed, route_pairs
from hub.matches.states import MatchState
from hub.notices.policy import ORGANISATION, PROFESSIONAL
from hub.notices.terms import TERM_WORKING_DAYS
from hub.signals.service import Signal
from hub.subjects.service import reading_once
from hub.teams.service import find_standing_many, get_teams
from service.clock import dutch_date
from service.work import Work

Decide = Callable[[Work, Sequence[Telling]], list[StoredDecision]]


@dataclass(frozen=True, slots=True)
class Answer:
    """Whose a pair is, and whether that team may be told of it; nobody is told while there is no team.

    Attributes:
        level_at_most: by the arrangement, whatever the policy set allows.
        reachable: the team may also learn whom to call, which tells the sender that there is a team.
    """

    pair: Pair
    team_id: UUID | None
    decision: StoredDecision | None
    level_at_most: int
    reachable: bool = False

    @property
    def level(self) -> int:
        """Return how much may be shown: whoever may not be called back is an organisation only."""
        level = min(self.decision.level if self.decision else 0, self.level_at_most)
        return level if self.reachable else min(level, ORGANISATION)

    def values(self, *, confirmed: bool) -> dict[str, object]:
        """Return what the match's row says from now on."""
        decision = self.decision
        allowed = decision is not None and decision.allowed
        state = next_state(self.pair.verdict, allowed=allowed, confirmed=confirmed)
        return {
            "team_id": self.team_id,
            "state": state.value,
            "verdict": self.pair.verdict.value,
            "agreed": " ".join(sorted(self.pair.agreed)),
            "level": self.level,
            "police_origin": decision is not None and decision.police_origin,
            "decision_id": decision.id if decision else None,
        }


def decide_pairs(
    work: Work,
    pairs: Sequence[Pair],
    rows: Mapping[Key, MatchRow],
    *,
    working_days: int = TERM_WORKING_DAYS,
) -> None:
    """Decide on pairs whose registrations are locked; a pair that a human rejected stays rejected.

    Args:
        rows: the matches there are already, by pair.
    """
    asked = [pair for pair in pairs if not _is_rejected(rows.get(pair.key))]
    if not asked:
        return
    fresh, moved = [], []
    before = {row.id: row.level for row in rows.values()}
    teams = {row.id: row.team_id for row in rows.values()}
    routed = route_pairs(work, asked)
    owning = _owning_teams(work, rows, routed)
    with reading_once(work, ids_of(asked)):
        answers = _answers(work, asked, routed, owning, rows, decide=decide_telling_many)
    for answer in answers:
        row = rows.get(answer.pair.key)
        if row is None:
            fresh.append(_new_match(work, answer))
        elif _move(work, row, answer):
            moved.append(row)
    work.session.flush()
    added = store.add_matches(work.session, fresh)
    effects.take_back(work, [row for row in moved if row.state == MatchState.HELD])
    effects.set_levels(work, [row for row in rows.values() if row.level != before[row.id]])
    told = [*moved, *(row for row in fresh if row.id in added)]
    _follow(work, told, routed, working_days=working_days)
    stayed = [row for row in rows.values() if row not in moved]
    follow_choice(work, stayed, routed.routes, working_days=working_days)
    go_along(work, [row for row in stayed if row.team_id != teams[row.id]], routed, working_days=working_days)


def list_changed(work: Work, pairs: Sequence[Pair], rows: Mapping[Key, MatchRow]) -> set[Key]:
    """Name the pairs of which another thing would be decided now than stands; writes nothing down.

    In a few statements whatever their number: what is shown again and again must cost no decision each time.

    Args:
        rows: the matches of these pairs, all of them.

    Source:
        CON-04, CON-12; AVG 7(3), 21: what was told before is not shown again when it may not be told today.
    """
    if not (asked := [pair for pair in pairs if pair.key in rows]):
        return set()
    routed = route_pairs(work, asked)
    answers = _answers(work, asked, routed, _owning_teams(work, rows, routed), rows, decide=Weighing())
    matches = [rows[pair.key] for pair in asked]
    codes = find_codes(work, {row.decision_id for row in matches if row.decision_id})
    chosen = find_chosen(work, matches, routed.routes)
    return {
        answer.pair.key
        for answer in answers
        if (row := rows[answer.pair.key]).id in chosen or _differs(row, answer, codes)
    }


def _differs(row: MatchRow, answer: Answer, codes: Mapping[UUID, frozenset[str]]) -> bool:
    """Tell whether something else is decided now, or the same for other reasons than are kept."""
    now = answer.values(confirmed=row.judged_at is not None)
    if any(getattr(row, name) != now[name] for name in ("team_id", "state", "level", "police_origin")):
        return True
    kept = codes.get(row.decision_id, frozenset()) if row.decision_id else frozenset()
    return kept != frozenset(reason_codes(answer.decision).split() if answer.decision else ())


def _is_rejected(row: MatchRow | None) -> bool:
    return row is not None and row.state == MatchState.REJECTED


def _answers(
    work: Work,
    pairs: Sequence[Pair],
    routed: Routed,
    owning: Mapping[Key, UUID],
    rows: Mapping[Key, MatchRow],
    *,
    decide: Decide,
) -> list[Answer]:
    teams = [_team_of(routed.routes[pair.key], owning.get(pair.key)) for pair in pairs]
    found = get_teams(work, {id_ for id_ in teams if id_ is not None})
    homes = {id_: team.organisation_id for id_, team in found.items()}
    kinds = kinds_of(work, pairs, homes.values())
    owned = [(pair, team) for pair, team in zip(pairs, teams, strict=True) if team is not None]
    attested = count_attested(work, (one for pair in pairs for one in pair.signals))
    tellings = [
        replace(
            with_attested(_telling(pair, kinds[homes[team]], kinds, college_id=homes[team]), attested),
            consent_first=pair.key in routed.consent_first,
            same_person=is_surely_one(pair.verdict, rows.get(pair.key)),
        )
        for pair, team in owned
    ]
    decisions = iter(decide(work, tellings))
    answers = [
        Answer(pair, team, next(decisions) if team is not None else None, routed.levels[pair.key])
        for pair, team in zip(pairs, teams, strict=True)
    ]
    colleges = {pair.key: homes[team] for pair, team in owned}
    reachable = _reachable(work, answers, kinds, colleges, decide=decide)
    return [replace(answer, reachable=answer.pair.key in reachable) for answer in answers]


def _team_of(route: Route, owning: UUID | None) -> UUID | None:
    """Return whose a pair is: what somebody owns stays, but for whom the person chooses."""
    return route.team_id if route.to is Target.CHOSEN else owning or route.team_id


def _reachable(
    work: Work,
    answers: Sequence[Answer],
    kinds: Mapping[UUID, str],
    colleges: Mapping[Key, UUID],
    *,
    decide: Decide,
) -> set[Key]:
    """Name the pairs whose senders may be called: a call tells the sender that there is a case.

    Source:
        CON-02, ROU-05; consents of purpose `sender_feedback`, and those of every sender of the pair.
    """
    near = [answer.pair for answer in answers if answer.decision and answer.decision.level >= PROFESSIONAL]
    asked = [
        (pair.key, telling)
        for pair in near
        for telling in _feedback(pair, kinds, college_id=colleges[pair.key])
    ]
    decided = decide(work, [telling for _, telling in asked]) if asked else []
    denied = {key for (key, _), decision in zip(asked, decided, strict=True) if not decision.allowed}
    return {pair.key for pair in near} - denied


def _feedback(pair: Pair, kinds: Mapping[UUID, str], *, college_id: UUID | None) -> list[Telling]:
    """Ask for each signal of a pair whether its own sender may hear of the other."""
    kind = kinds[pair.signal.organisation_id]
    forth = replace(_telling(pair, kind, kinds, college_id=college_id), purpose=Purpose.SENDER_FEEDBACK)
    if not isinstance(forth.other, SignalFacts):
        return [forth]
    back = replace(forth, signal=forth.other, other=forth.signal, recipient_kind=forth.other.partner_kind)
    return [forth, back]


def decide_feedback(
    work: Work, pair: Pair, *, code: FeedbackCode, college_id: UUID | None, decide: Decide
) -> dict[UUID, StoredDecision]:
    """Decide for each signal of a pair whether its own sender may hear this code, now."""
    kinds = kinds_of(work, [pair], [college_id] if college_id else ())
    tellings = [
        replace(telling, feedback_code=code.value)
        for telling in _feedback(pair, kinds, college_id=college_id)
    ]
    decided = decide(work, tellings)
    return {telling.signal.id: one for telling, one in zip(tellings, decided, strict=True)}


def _owning_teams(work: Work, rows: Mapping[Key, MatchRow], routed: Routed) -> dict[Key, UUID]:
    """Name the teams that have open matches: what somebody owns is not routed again, but handed over.

    What nobody took up yet goes along with the person's other matches where a rule says so.
    """
    on = dutch_date(work.now)
    owned = {key: row.team_id for key, row in rows.items() if row.state == MatchState.OPEN and row.team_id}
    asked = [key for key in owned if key in routed.along]
    current = owners.find_current(work.session, [rows[key].id for key in asked]) if asked else {}
    for key in asked:
        owner = current.get(rows[key].id)
        if owner is None or owner.accepted_at is None:
            del owned[key]
    standing = find_standing_many(work, set(owned.values()), on=on)
    return {key: standing[id_].id for key, id_ in owned.items() if id_ in standing}


def _telling(
    pair: Pair, recipient_kind: str, kinds: Mapping[UUID, str], *, college_id: UUID | None
) -> Telling:
    return Telling(
        signal=signal_facts(pair.signal, partner_kind=kinds[pair.signal.organisation_id]),
        other=_other_side(pair, kinds, college_id),
        recipient_kind=recipient_kind,
        college_id=college_id,
    )


def _other_side(pair: Pair, kinds: Mapping[UUID, str], college_id: UUID | None) -> SignalFacts | CaseFacts:
    """Return the facts of the case or other signal; of a signal alone those of the inquiry a team opens."""
    if pair.inquiry_basis and college_id:
        return inquiry_facts(
            pair.signal, legal_basis=pair.inquiry_basis, college_id=college_id, partner_kind=kinds[college_id]
        )
    kind = kinds[pair.other.organisation_id]
    if isinstance(pair.other, Signal):
        return signal_facts(pair.other, partner_kind=kind)
    return case_facts(pair.other, partner_kind=kind)


def _new_match(work: Work, answer: Answer) -> MatchRow:
    signal_id, other_id = answer.pair.key
    return MatchRow(
        id=uuid4(),
        signal_id=signal_id,
        other_id=other_id,
        case_id=answer.pair.case.id if answer.pair.case else None,
        created_at=work.now,
        checked_at=work.now,
        judged_by=None,
        judged_at=None,
        **answer.values(confirmed=False),
    )


def _move(work: Work, row: MatchRow, answer: Answer) -> bool:
    """Bring a match in line with its answer; tell whether its state is another one now."""
    before = row.state
    row.checked_at = work.now
    for name, value in answer.values(confirmed=row.judged_at is not None).items():
        setattr(row, name, value)
    return row.state != before


def _follow(work: Work, moved: Sequence[MatchRow], routed: Routed, *, working_days: int) -> None:
    effects.record_states(work, moved)
    possible = [row for row in moved if row.state == MatchState.POSSIBLE]
    effects.ask(work, possible, working_days=working_days)
    told = [row for row in moved if row.state == MatchState.OPEN]
    effects.tell(work, told, routed.routes, working_days=working_days)
    open_inquiries(work, told, routed.inquiries)
