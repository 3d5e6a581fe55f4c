"""Who may ask, how long an answer may take, and what a decision does: rules over what they may see."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from hub.consent.facts import Bracket
from hub.consent.policy_set import PolicySet
from hub.notices.terms import is_working_day
from hub.rights.values import (
    SURE,
    Ability,
    Advice,
    Authority,
    Comparison,
    Controller,
    Effect,
    Extension,
    Finding,
    Ground,
    Outcome,
    RequestKind,
    Verdict,
)

REPRESENTATIVE = frozenset({"representative"})
RIGHTS = "rights"  # the acts that a profile of ages names for requests
NOBODY = frozenset({"nobody"})
_ADULT = frozenset({Bracket.TO_22, Bracket.FROM_23})
_OVER_ADULTS = frozenset({Authority.CURATOR, Authority.MENTOR})

ERASING = frozenset({Ground.UNJUSTIFIED, Ground.WRONG_PERSON, Ground.AGED_OUT, Ground.DECEASED})
"""Grounds on which nothing may be left; else it is only made inactive. Source: TRA-09; SIG-08, SIG-18."""

REACHED_BY_ASKING = frozenset({"not_to_be_reached"})
"""Grounds of an exception that end where the person comes to ask. Source: AVG 14(5)(b)."""

_EFFECTS: dict[tuple[RequestKind, Outcome], dict[Ground, Effect]] = {
    (RequestKind.ACCESS, Outcome.GRANTED): dict.fromkeys(
        (Ground.ENTITLED, Ground.ENTITLED_IN_FULL), Effect.REPORT
    ),
    (RequestKind.ACCESS, Outcome.REJECTED): {Ground.NOTHING_FOUND: Effect.REPORT},
    (RequestKind.ERASURE, Outcome.GRANTED): dict.fromkeys(ERASING, Effect.ERASE)
    | dict.fromkeys((Ground.REASON_GONE, Ground.CONSENT_WITHDRAWN), Effect.DEACTIVATE),
    (RequestKind.ERASURE, Outcome.REJECTED): dict.fromkeys(
        (Ground.STILL_NEEDED, Ground.NOTHING_FOUND), Effect.NOTHING
    ),
    (RequestKind.RECTIFICATION, Outcome.GRANTED): {
        Ground.WRONG_PERSON: Effect.ERASE,
        Ground.INACCURATE: Effect.CORRECT,
    },
    (RequestKind.RECTIFICATION, Outcome.REJECTED): dict.fromkeys(
        (Ground.CORRECT, Ground.NOTHING_FOUND), Effect.NOTHING
    ),
    (RequestKind.OBJECTION, Outcome.GRANTED): dict.fromkeys(
        (Ground.INTERESTS_OF_PERSON, Ground.CONSENT_WITHDRAWN), Effect.DEACTIVATE
    )
    | {Ground.UNJUSTIFIED: Effect.ERASE, Ground.WRONG_PERSON: Effect.ERASE},
    (RequestKind.OBJECTION, Outcome.REJECTED): {Ground.COMPELLING_GROUNDS: Effect.UNFREEZE},
    (RequestKind.RESTRICTION, Outcome.GRANTED): {Ground.ACCURACY_CONTESTED: Effect.KEEP_FROZEN},
    (RequestKind.RESTRICTION, Outcome.REJECTED): {Ground.CORRECT: Effect.UNFREEZE},
}

_CONTROLLERS = {"police": Controller.POLICE} | dict.fromkeys(
    ("municipal_team", "rights_desk", "school_attendance"), Controller.MUNICIPALITY
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who stands at the desk: the person, who represents them, by which authority, and how many hold it."""

    by: frozenset[str]
    authority: Authority
    holders: int
    holders_asking: int
    ability: Ability


def is_entitled(brackets: Collection[Bracket], asking: Asking, *, rules: PolicySet) -> bool:
    """Tell whether those who ask may, in every bracket the person may be in; unknown ages may not.

    By the profile of ages in force. In `strictest`, from 12 to 15 the young person and every holder of
    authority ask together: a father alone may not, nor a child alone. For a minor who cannot weigh it, all
    holders of authority ask; for such an adult a curator or mentor.

    Source:
        TRA-07; Jeugdwet 7.1.5.1(2); UAVG 5(4); BW 1:245, 1:253i; CON-05. All holders: `strictest` (A).
    """
    if not brackets or ("representative" in asking.by and not _is_represented(asking)):
        return False
    if asking.authority in _OVER_ADULTS:
        return set(brackets) <= _ADULT and "representative" in asking.by
    return all(_required(bracket, asking.ability, rules) <= asking.by for bracket in brackets)


def _is_represented(asking: Asking) -> bool:
    """Tell whether whoever represents has authority, and every holder of it is there."""
    if asking.authority in _OVER_ADULTS:
        return True
    return asking.authority is not Authority.NONE and 0 < asking.holders == asking.holders_asking


def _required(bracket: Bracket, ability: Ability, rules: PolicySet) -> frozenset[str]:
    if ability is Ability.ABLE:
        return frozenset(rules.givers(bracket, RIGHTS))
    # An adult who cannot weigh it has a curator or mentor, or nobody asks in their name.
    return NOBODY if bracket in _ADULT else REPRESENTATIVE


def is_withheld(code: str | None, until_on: date | None, *, on: date, ground: Ground | None) -> bool:
    """Tell whether the answer on a request for access leaves out a signal under an exception to informing.

    As long as the exception is in force, unless the officer decided to answer in full. That somebody could
    not be reached is no reason: who asks is reached. Any other ground withholds, one of a covenant too.

    Source:
        TRA-04, TRA-08; AVG 15(4), 23; UAVG 41.
    """
    excepted = code is not None and code not in REACHED_BY_ASKING
    return excepted and until_on is not None and on <= until_on and ground is not Ground.ENTITLED_IN_FULL


def controller_of(partner_kind: str) -> Controller:
    """Return who answers for what this kind of partner registered. Source: ONB-07."""
    return _CONTROLLERS.get(partner_kind, Controller.PARTNER)


def answer_due(received_on: date, controller: Controller, extension: Extension | None = None) -> date:
    """Return the last day for an answer, counted from the first desk that received the request.

    One month, and two more with a reason; for police data six weeks, and four more, or six where several
    units are concerned. A term that ends on a day on which offices are closed ends on the next working day.

    Source:
        TRA-05, TRA-06; AVG 12(3); Wpg 25, 28; Algemene termijnenwet 1; Regulation 1182/71, 3(4).
    """
    if controller is Controller.POLICE:
        more = {None: 0, Extension.SEVERAL_POLICE_UNITS: 6}.get(extension, 4)
        return _next_working_day(received_on + timedelta(weeks=6 + more))
    longer = extension in {Extension.COMPLEX, Extension.MANY_REQUESTS}
    return _next_working_day(_months_later(received_on, 3 if longer else 1))


def grounds_for(kind: RequestKind, outcome: Outcome) -> frozenset[Ground]:
    """Return the grounds on which a request of this kind can be decided so."""
    return frozenset(_EFFECTS.get((kind, outcome), {}))


def effect_of(kind: RequestKind, outcome: Outcome, ground: Ground) -> Effect | None:
    """Return what a decision does; None where the ground does not carry it. Source: TRA-09, CON-12."""
    return _EFFECTS.get((kind, outcome), {}).get(ground)


def needs_second_officer(effect: Effect) -> bool:
    """Tell whether two persons decide: what is erased does not come back (vier-ogenprincipe)."""
    return effect is Effect.ERASE


def freezes(kind: RequestKind) -> bool:
    """Tell whether matching stops while the request is pending. Source: CON-12; AVG 18, 21."""
    return kind in {RequestKind.OBJECTION, RequestKind.RESTRICTION}


def needs_advice(kind: RequestKind, finding: Finding, *, desk: object) -> bool:
    """Tell whether the organisation that registered this is to be asked first.

    For access only where it may be another person; otherwise always, unless the desk registered it itself.

    Source:
        TRA-05; Jeugdwet 7.1.5.2: the college decides on the advice of the reporter.
    """
    if finding.kind not in {"signal", "case"} or finding.organisation_id == desk:
        return False
    return kind is not RequestKind.ACCESS or finding.verdict is Verdict.POSSIBLE


def is_advised(finding: Finding, on: date) -> bool:
    """Tell whether advice came, or its term is over."""
    return finding.advice is not None or (finding.advise_by is not None and finding.advise_by < on)


def verdict_after(verdict: Verdict, advice: Advice) -> Verdict:
    """Return whether it is the requester's after advice: advice can take a doubtful one away, never give it.

    The reporter does not know who stands at the desk: a twin's signal is justified too. And what is surely
    the requester's is not hidden by who registered it saying otherwise.
    """
    if verdict is Verdict.SAME:
        return verdict
    if advice is Advice.ANOTHER_PERSON:
        return Verdict.REJECTED
    return Verdict.POSSIBLE if verdict is Verdict.REJECTED else verdict


def may_judge(finding: Finding, judged: Verdict, compared: Comparison, *, desk: UUID) -> bool:
    """Tell whether an officer may say that a finding is, or is not, the requester's.

    It is, where the reporter answered, did not deny it, and compared; or the desk's own file says so. It is
    not: always where that was in doubt, and of a sure one only on the word of who registered it.

    Source:
        MAT-11, TRA-05, TRA-11: a human confirms what is only possible, and nobody looks the person up.
    """
    denied = finding.advice is Advice.ANOTHER_PERSON
    if judged is Verdict.REJECTED:
        return finding.verdict is not Verdict.SAME or denied
    if finding.verdict not in {Verdict.POSSIBLE, Verdict.CONFIRMED}:
        return False
    if finding.organisation_id == desk:
        return compared is Comparison.OWN_FILE
    return compared is Comparison.WITH_REPORTER and finding.advice is not None and not denied


def touched(findings: Iterable[Finding]) -> list[Finding]:
    """Return what a decision reaches: signals and cases that are surely the requester's, and not left out."""
    known = (one for one in findings if one.kind in {"signal", "case"} and one.verdict in SURE)
    return [one for one in known if not one.left_out]


def may_choose(kind: RequestKind, outcome: Outcome) -> bool:
    """Tell whether a decision may be about some of what was found: one signal is wrong, others are not."""
    return outcome is Outcome.GRANTED and kind in {RequestKind.RECTIFICATION, RequestKind.ERASURE}


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _next_working_day(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
