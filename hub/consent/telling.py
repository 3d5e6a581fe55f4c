"""Decide, at the moment of telling, whether somebody may be told, and write it down either way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from uuid import UUID, uuid4

from hub.audit.service import record_many
from hub.consent import store
from hub.consent.consent_policy import covers_purpose
from hub.consent.events import TellingDecided
from hub.consent.facts import (
    CaseFacts,
    ConsentFacts,
    Decision,
    Fact,
    LaneFacts,
    ObjectionFacts,
    Purpose,
    SignalFacts,
    StoredDecision,
    TellingFacts,
)
from hub.consent.matching_policy import MatchingFacts, combine, decide_matching
from hub.consent.policy import decide_registering, decide_telling
from hub.consent.policy_set import PolicySet
from hub.consent.versions import policy_in_force
from hub.partners.service import Partner, admits, find_partners, takes_part
from hub.subjects.service import RegistrationKind, Verdict, find_agreeing
from service.clock import dutch_date
from service.work import Work

TEXTS = 120  # characters: the versions of four texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One question: may a recipient of this kind be told of `signal`, which agrees with `other`?

    Both are active now and locked by whoever asks. `other` is the recipient's case, or another
    organisation's signal: then the pair is told of as one, or not at all. With `consent_first` nobody is
    told without a consent, whatever the basis. `college_id` is the municipal organisation whose team it is.
    Where they may be two persons, `same_person` is false: what is attested of one says nothing of the other.
    """

    signal: SignalFacts
    other: SignalFacts | CaseFacts
    recipient_kind: str
    purpose: Purpose = Purpose.TELL_CASEMANAGER
    consent_first: bool = False
    college_id: UUID | None = None
    feedback_code: str | None = None
    same_person: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What persons said, per registration that it is attached to, and which senders still take part."""

    consents: dict[UUID, list[ConsentFacts]]
    objections: dict[UUID, list[ObjectionFacts]]
    overrides: dict[UUID, str]
    in_force: Mapping[UUID, Partner]
    texts: dict[UUID, list[tuple[ConsentFacts, str]]]


def decide_telling_many(work: Work, tellings: Sequence[Telling]) -> list[StoredDecision]:
    """Decide many tellings, in order, in a few statements; each is stored and recorded, told or not.

    Raises:
        RefusedError: never; a denial is a decision, so that the caller's transaction commits it.

    Source:
        design.md 4, step 3; AVG 5(2).
    """
    decided = weigh_many(work, tellings)
    store.insert_decisions(work.session, [_row(work, *pair) for pair in zip(tellings, decided, strict=True)])
    record_many(work, [_event(*pair) for pair in zip(tellings, decided, strict=True)])
    return decided


def weigh_many(work: Work, tellings: Sequence[Telling]) -> list[StoredDecision]:
    """Decide many tellings without writing anything down: to see whether what was decided still holds.

    Nobody may be told on this alone who was not told on a decision that is kept.
    """
    known, rules = _look(work, tellings), policy_in_force(work)
    return [_decide(work, telling, known, rules) for telling in tellings]


class Weighing:
    """Weigh as `weigh_many` does, and look once what is attached to the first registrations asked about."""

    def __init__(self) -> None:
        self._ids: frozenset[UUID] = frozenset()
        self._known: Known | None = None

    def __call__(self, work: Work, tellings: Sequence[Telling]) -> list[StoredDecision]:
        """Decide these tellings without writing anything down."""
        ids = frozenset(side.id for telling in tellings for side in (telling.signal, telling.other))
        if self._known is None or not ids <= self._ids:
            self._ids, self._known = ids, _look(work, tellings)
        known, rules = self._known, policy_in_force(work)
        return [_decide(work, telling, known, rules) for telling in tellings]


def _look(work: Work, tellings: Sequence[Telling]) -> Known:
    """Find what is attached to either registration now.

    A consent counts only when it is surely this person's; an objection also when it only may be.
    """
    ids = {side.id for telling in tellings for side in (telling.signal, telling.other)}
    kinds = (RegistrationKind.CONSENT, RegistrationKind.OBJECTION)
    agreements = find_agreeing(work, ids, kinds=kinds)
    found = {agreement.right for agreement in agreements}
    consents = store.find_consents(work.session, found)
    objections = store.find_objections(work.session, found)
    overrides = store.find_overrides(work.session, ids, at=work.now)
    in_force, texts = _in_force(work, tellings), store.find_texts(work.session, set(consents))
    known = Known(defaultdict(list), defaultdict(list), overrides, in_force, defaultdict(list))
    for agreement in agreements:
        if agreement.right in objections:
            known.objections[agreement.left].append(objections[agreement.right])
        elif agreement.right in consents and agreement.verdict is Verdict.SAME:
            known.consents[agreement.left].append(consents[agreement.right])
            known.texts[agreement.left].append((consents[agreement.right], texts[agreement.right]))
    return known


def _in_force(work: Work, tellings: Sequence[Telling]) -> dict[UUID, Partner]:
    senders = {side.organisation_id for telling in tellings for side in (telling.signal, telling.other)}
    on = dutch_date(work.now)
    return {id_: one for id_, one in find_partners(work, senders).items() if takes_part(one, on)}


def _decide(work: Work, telling: Telling, known: Known, rules: PolicySet) -> StoredDecision:
    signal, other = telling.signal, telling.other
    asked = [(signal.id, _facts(work, telling, signal, other, known))]
    decision = decide_telling(asked[0][1], rules=rules)
    if isinstance(other, CaseFacts):
        decision = combine(decision, decide_registering(_lane(work, other), rules=rules))
    elif telling.purpose is Purpose.TELL_CASEMANAGER:
        asked.append((other.id, _facts(work, telling, other, signal, known)))
        decision = combine(decision, decide_telling(asked[1][1], rules=rules))
    matching = decide_matching(_matching(work, telling, known), rules=rules)
    if not matching.allowed:
        decision = combine(decision, matching)
    rests_on_consent = any(reason.fact is Fact.CONSENT_COVERS for reason in decision.reasons)
    return StoredDecision(
        id=uuid4(),
        consent_texts=_texts(asked, known, rules) if rests_on_consent else "",
        **{field.name: getattr(decision, field.name) for field in fields(Decision)},
    )


def _texts(asked: Sequence[tuple[UUID, TellingFacts]], known: Known, rules: PolicySet) -> str:
    """Name the texts with which the consents that cover this were asked, of either signal. AVG 7(1)."""
    named = {
        text for id_, facts in asked for one, text in known.texts[id_] if covers_purpose(one, facts, rules)
    }
    return " ".join(sorted(named))[:TEXTS]


def _matching(work: Work, telling: Telling, known: Known) -> MatchingFacts:
    """Lay the pair before the rule; that both are active, whoever asks has looked at under their lock."""
    signal, other = telling.signal, telling.other
    first = _facts(work, telling, signal, other, known)
    return MatchingFacts(
        sides=(first, _lane(work, other)),
        same_organisation=first.same_organisation,
        both_active=True,
        restricted=signal.restricted or (isinstance(other, SignalFacts) and other.restricted),
        objections=first.objections,
    )


def _facts(
    work: Work, telling: Telling, signal: SignalFacts, other: SignalFacts | CaseFacts, known: Known
) -> TellingFacts:
    return TellingFacts(
        partner_kind=signal.partner_kind,
        legal_basis=signal.legal_basis,
        bracket=signal.bracket,
        bracket_ends=signal.bracket_ends,
        has_decision_reference=signal.has_decision_reference,
        on=dutch_date(work.now),
        subject_notice=signal.subject_notice,
        exception_code=signal.exception_code,
        exception_until_on=signal.exception_until_on,
        notice_holders=signal.notice_holders,
        holders_attested=_attested((signal, other) if telling.same_person else (signal,), known),
        override=known.overrides.get(signal.id),
        purpose=telling.purpose,
        recipient_kind=telling.recipient_kind,
        sender_in_force=_takes_part(telling, signal, known),
        same_organisation=signal.organisation_id == other.organisation_id,
        restricted=signal.restricted,
        consents=tuple(known.consents.get(signal.id, ())),
        objections=tuple(known.objections.get(signal.id, []) + known.objections.get(other.id, [])),
        sender_id=signal.organisation_id,
        consent_first=telling.consent_first,
        feedback_code=telling.feedback_code,
    )


def _takes_part(telling: Telling, signal: SignalFacts, known: Known) -> bool:
    """Tell whether the sender takes part, by its covenant and the addendum to it. Source: ONB-02, ONB-05."""
    sender = known.in_force.get(signal.organisation_id)
    if sender is None or (telling.purpose is Purpose.SENDER_FEEDBACK and not sender.hears_back):
        return False
    return admits(sender, legal_basis=signal.legal_basis, bracket=signal.bracket)


def _attested(sides: Collection[SignalFacts | CaseFacts], known: Known) -> int:
    """Return how many hold authority over this person, by whoever said the most."""
    signals = [one for one in sides if isinstance(one, SignalFacts)]
    said = [count for one in signals for count in (one.notice_holders, one.holders_attested)]
    consents = (one.authority_holders for side in sides for one in known.consents.get(side.id, ()))
    return max([*said, *consents], default=0)


def _lane(work: Work, case: CaseFacts | SignalFacts) -> LaneFacts:
    return LaneFacts(
        partner_kind=case.partner_kind,
        legal_basis=case.legal_basis,
        bracket=case.bracket,
        bracket_ends=case.bracket_ends,
        has_decision_reference=isinstance(case, SignalFacts) and case.has_decision_reference,
        on=dutch_date(work.now),
    )


def _row(work: Work, telling: Telling, decision: StoredDecision) -> tuple[object, ...]:
    return (
        decision.id,
        telling.signal.id,
        telling.other.id,
        telling.signal.organisation_id,
        telling.purpose.value,
        telling.recipient_kind,
        telling.college_id,
        decision.allowed,
        decision.level,
        decision.police_origin,
        reason_codes(decision),
        decision.policy_hash,
        decision.consent_texts,
        work.now,
    )


def _event(telling: Telling, decision: StoredDecision) -> TellingDecided:
    return TellingDecided(
        organisation_id=telling.signal.organisation_id,
        purpose=telling.purpose.value,
        legal_basis=telling.signal.legal_basis,
        policy=decision.policy_hash,
        outcome="ok" if decision.allowed else "denied",
        subject=_subject(telling),
        detail={"decision": str(decision.id), "level": decision.level, "reasons": reason_codes(decision)},
    )


def _subject(telling: Telling) -> dict[str, str]:
    """Name both sides; an inquiry into a signal has that signal on both, and is of one."""
    sides = {"signal": str(telling.signal.id), "other": str(telling.other.id)}
    return sides if telling.other.id != telling.signal.id else {"signal": sides["signal"]}


def reason_codes(decision: Decision) -> str:
    """Write the reasons as codes: `CON-12:objection TRA-01:notice_pending`."""
    return " ".join(f"{reason.rule}:{reason.fact}" for reason in decision.reasons)
