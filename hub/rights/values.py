"""Requests and what is found for them, as other rooms see them: codes, dates and ids, never a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID


class RequestKind(StrEnum):
    """What a person asks for (inzage, bezwaar, rectificatie, wissing, beperking). Source: AVG 15-18, 21."""

    ACCESS = "access"
    OBJECTION = "objection"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"


class Identification(StrEnum):
    """How the desk verified who asks; no document is ever kept. Source: TRA-11."""

    DIGID = "digid"
    DOCUMENT_AT_DESK = "document_at_desk"
    NOT_VERIFIED = "not_verified"


class Authority(StrEnum):
    """By what a representative may ask, as the desk verified it. Source: CON-05, CON-07."""

    NONE = "none"
    PARENTAL = "parental"
    GUARDIAN = "guardian"
    CURATOR = "curator"
    MENTOR = "mentor"


class Ability(StrEnum):
    """Whether somebody can weigh their own interests in this, as a professional attests. Source: CON-05."""

    ABLE = "able"
    NOT_ABLE = "not_able"


class Controller(StrEnum):
    """Who answers for a part of what is found; its clock follows from that. Source: TRA-06, ONB-07."""

    MUNICIPALITY = "municipality"
    PARTNER = "partner"
    POLICE = "police"


class Extension(StrEnum):
    """Why an answer takes longer. Source: AVG 12(3); Wpg 25, 28."""

    COMPLEX = "complex"
    MANY_REQUESTS = "many_requests"
    SEVERAL_POLICE_UNITS = "several_police_units"


class RequestState(StrEnum):
    """How far a request is."""

    RECEIVED = "received"
    SEARCHED = "searched"
    PROPOSED = "proposed"
    APPROVED = "approved"  # the worker erases, for the hub itself may not delete
    DECIDED = "decided"


class Outcome(StrEnum):
    """What was decided."""

    GRANTED = "granted"
    REJECTED = "rejected"


class Ground(StrEnum):
    """Why a request is granted or rejected: a closed list, in words in `wording`."""

    ENTITLED = "entitled"
    ENTITLED_IN_FULL = "entitled_in_full"  # with what is under an exception to telling the person
    UNJUSTIFIED = "unjustified"
    WRONG_PERSON = "wrong_person"
    AGED_OUT = "aged_out"
    DECEASED = "deceased"
    REASON_GONE = "reason_gone"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    INTERESTS_OF_PERSON = "interests_of_person"
    ACCURACY_CONTESTED = "accuracy_contested"
    INACCURATE = "inaccurate"
    COMPELLING_GROUNDS = "compelling_grounds"
    STILL_NEEDED = "still_needed"
    CORRECT = "correct"
    NOTHING_FOUND = "nothing_found"


class Advice(StrEnum):
    """What the reporter's organisation advises on its own registration. Source: TRA-05."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"
    WRONG_PERSON = "wrong_person"
    REASON_GONE = "reason_gone"
    ANOTHER_PERSON = "another_person"


class Verdict(StrEnum):
    """Whether what was found is the requester's; a possible one an officer confirms, after the reporter."""

    SAME = "same"
    POSSIBLE = "possible"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


SURE = frozenset({Verdict.SAME, Verdict.CONFIRMED})


class Comparison(StrEnum):
    """With what an officer compared who asks, before saying whether a finding is theirs. Source: TRA-11."""

    WITH_REPORTER = "with_reporter"  # by telephone: first names and day of birth, against the reporter's file
    OWN_FILE = "own_file"


class Effect(StrEnum):
    """What a decision does to what was found."""

    NOTHING = "nothing"
    REPORT = "report"
    ERASE = "erase"
    DEACTIVATE = "deactivate"
    CORRECT = "correct"  # taken away, and to be put right by who registered it
    CORRECTED = "corrected"  # who registered it answered: put right, or nothing to put in its place
    KEEP_FROZEN = "keep_frozen"
    UNFREEZE = "unfreeze"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A registration that is, or may be, about the requester.

    Attributes:
        id: also the number under which the reporter's organisation is asked for advice.
        kind: signal, case, consent or objection.
        organisation_id: who registered it.
        due_on: the day on which its controller has to have answered.
        advise_by: None while no advice was asked.
        left_out: the decision is about other findings, and leaves this as it is.
    """

    id: UUID
    request_id: UUID
    registration_id: UUID
    kind: str
    organisation_id: UUID
    controller: Controller
    verdict: Verdict
    due_on: date
    advise_by: date | None
    advice: Advice | None
    advised_at: datetime | None = None
    judged_at: datetime | None = None
    left_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, at the desk that answers it.

    Attributes:
        root_id: the registration with which it is searched; its own id unless it was split off.
        organisation_id: the desk that answers; `received_by` is the one where it was filed.
        due_on: the day on which the municipality has to have answered.
        change_id: the proposal that waits for, or had, a second person.
        decided_by: who decided; with four eyes, who proposed it.
        searches: who searched last for this request, and when.
    """

    id: UUID
    root_id: UUID
    kind: RequestKind
    state: RequestState
    organisation_id: UUID
    received_by: UUID
    recorded_by: UUID
    identification: Identification
    filed_by: str
    authority: Authority
    bracket: str
    bracket_ends: str | None
    received_at: datetime
    due_on: date
    extension: Extension | None
    outcome: Outcome | None
    ground: Ground | None
    change_id: UUID | None
    decided_by: UUID | None
    decided_at: datetime | None
    findings: tuple[Finding, ...] = ()
    searches: frozenset[tuple[UUID, datetime]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The proof that a recipient was told what became of something. Source: TRA-10; AVG 19.

    Attributes:
        about: the id by which the recipient knows it: a signal or case of its own, or a match.
        staff_id: None where an organisation was told.
        told_at: when it saw or fetched it; None while it has not.
    """

    id: UUID
    request_id: UUID
    organisation_id: UUID
    staff_id: UUID | None
    about: UUID
    effect: Effect
    ground: Ground
    queued_at: datetime
    told_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an organisation has to put right of what it registered. Source: AVG 16, 19.

    Attributes:
        registration_id: what was inaccurate; it counts no more.
        replaced_by: the new signal or case; None while nobody answered, or where nothing takes its place.
    """

    id: UUID
    request_id: UUID
    registration_id: UUID
    registration_kind: str
    organisation_id: UUID
    due_on: date
    replaced_by: UUID | None
    answered_at: datetime | None


class Clock(StrEnum):
    """What is late: the answer to the person, an organisation's advice, or what it puts right."""

    ANSWER = "answer"
    ADVICE = "advice"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A day by which somebody has to have done something for a request. Source: TRA-06.

    Attributes:
        desk_id: the desk that answers.
        organisation_id: who is to act; the desk itself for an answer.
        days_late: calendar days; 0 or less while there is time.
    """

    request_id: UUID
    kind: RequestKind
    clock: Clock
    controller: Controller
    desk_id: UUID
    organisation_id: UUID
    due_on: date
    days_late: int


class Said(StrEnum):
    """Whether somebody attested the most holders of authority, or fewer than another did."""

    MOST = "most"
    FEWER = "fewer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """That an organisation attested how many hold authority over somebody, in a signal or with a consent.

    Attributes:
        about_id: the signal or consent, by the number that its own organisation knows.
        organisation_id: with that number None where another municipality answers for it.
        desk_id: then the desk that does, which knows whom to ask; None where nobody recorded that desk: the
            operator does, who sees the organisation in `dat-hub rights gaps`.
    """

    about_kind: Literal["signal", "consent"]
    about_id: UUID | None
    organisation_id: UUID | None
    desk_id: UUID | None
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """What nobody is told of, since attestations of authority contradict each other. Source: CON-07."""

    match_ids: tuple[UUID, ...]
    matched_at: datetime
    facts: tuple[str, ...]
    attestations: tuple[Attestation, ...]
