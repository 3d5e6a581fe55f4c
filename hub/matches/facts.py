"""Lay a signal or a case before the rules, with exactly the facts they may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from hub.cases.service import Case
from hub.consent.facts import Bracket
from hub.consent.remembering import find_withdrawn_attestations
from hub.consent.service import CaseFacts, SignalFacts, Telling
from hub.matches.models import MatchRow
from hub.matches.pairs import Pair
from hub.partners.service import find_partners
from hub.signals.service import Signal, get_signals
from hub.subjects.service import RegistrationKind, Verdict, find_agreeing
from service.work import Work


def signal_facts(signal: Signal, *, partner_kind: str, holders_attested: int = 0) -> SignalFacts:
    """Return what the rules may see of a signal, and how many holders others attested for its person."""
    return SignalFacts(
        id=signal.id,
        organisation_id=signal.organisation_id,
        partner_kind=partner_kind,
        legal_basis=signal.legal_basis,
        bracket=signal.bracket,
        bracket_ends=signal.bracket_ends,
        subject_notice=signal.subject_notice,
        has_decision_reference=signal.has_decision_reference,
        restricted=signal.restricted,
        exception_code=signal.exception_code,
        exception_until_on=signal.exception_until_on,
        notice_holders=signal.authority_holders or 0,
        holders_attested=holders_attested,
    )


def inquiry_facts(signal: Signal, *, legal_basis: str, college_id: UUID, partner_kind: str) -> CaseFacts:
    """Return what the rules may see of an inquiry: a file that a team opens on one signal."""
    return CaseFacts(
        id=signal.id,
        organisation_id=college_id,
        partner_kind=partner_kind,
        legal_basis=legal_basis,
        bracket=signal.bracket,
        bracket_ends=signal.bracket_ends,
    )


def case_facts(case: Case, *, partner_kind: str) -> CaseFacts:
    """Return what the rules may see of a case."""
    return CaseFacts(
        id=case.id,
        organisation_id=case.organisation_id,
        partner_kind=partner_kind,
        legal_basis=case.legal_basis,
        bracket=case.bracket,
        bracket_ends=case.bracket_ends,
    )


def is_surely_one(verdict: Verdict, match: MatchRow | None) -> bool:
    """Tell whether two registrations are surely of one person, or a human said so."""
    return verdict is Verdict.SAME or (match is not None and match.judged_at is not None)


def shown_brackets(
    match: MatchRow, signals: Mapping[UUID, Signal], cases: Mapping[UUID, Case]
) -> tuple[str, ...]:
    """Return the age bracket of the team's own case, and only where there is none, those of the signals.

    Beside a case, what a poster says of the age would be two bits more that it sends to another.
    """
    case = cases.get(match.case_id) if match.case_id else None
    if case is not None:
        return (case.bracket,)
    sides = (signals.get(match.signal_id), signals.get(match.other_id))
    return tuple(sorted({side.bracket for side in sides if side is not None}))


MINOR = frozenset({Bracket.TO_11.value, Bracket.TO_15.value})


def count_attested(work: Work, signals: Iterable[Signal]) -> dict[UUID, int]:
    """Count for each of these how many hold authority, by what of the same person says most.

    That is another signal, or a consent that was withdrawn.

    Asked about children only: of everybody else nobody holds authority.

    Source:
        CON-07.
    """
    children = {one.id: one for one in signals if one.bracket in MINOR}
    if not children:
        return {}
    agreements = find_agreeing(work, list(children), kinds=(RegistrationKind.SIGNAL,))
    same = [one for one in agreements if one.verdict is Verdict.SAME]
    known = get_signals(work, {id_ for one in same for id_ in (one.left, one.right)})
    counted: dict[UUID, int] = {}
    for one in same:
        for mine, theirs in ((one.left, one.right), (one.right, one.left)):
            holders = known[theirs].authority_holders or 0 if theirs in known else 0
            counted[mine] = max(counted.get(mine, 0), holders)
    for mine, taken_back in find_withdrawn_attestations(work, list(children)).items():
        counted[mine] = max(counted.get(mine, 0), *taken_back.values(), 0)
    return counted


def with_attested(telling: Telling, attested: Mapping[UUID, int]) -> Telling:
    """Lay beside each signal how many holders of authority others attested for the same person. CON-07."""

    def known(side: SignalFacts) -> SignalFacts:
        return replace(side, holders_attested=attested.get(side.id, 0))

    other = telling.other
    return replace(
        telling,
        signal=known(telling.signal),
        other=known(other) if isinstance(other, SignalFacts) else other,
    )


def kinds_of(work: Work, pairs: Sequence[Pair], organisations: Collection[UUID]) -> dict[UUID, str]:
    """Return of which kind each organisation of these pairs is, and of these besides."""
    sides = {side.organisation_id for pair in pairs for side in (pair.signal, pair.other)}
    partners = find_partners(work, sides | set(organisations))
    return {id_: partner.kind for id_, partner in partners.items()}
