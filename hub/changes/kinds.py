"""Which changes need two persons, who those may be, and which reasons there are: closed lists, data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from hub.partners.values import StaffRole


class ChangeKind(StrEnum):
    """What may be changed by two persons only."""

    POLICY_SET = "policy_set"
    NOTICE_EXCEPTION = "notice_exception"
    ERASURE = "erasure"
    ARRANGEMENT = "arrangement"


class ChangeReason(StrEnum):
    """Why a change is proposed."""

    LAW_CHANGED = "law_changed"
    COVENANT_CHANGED = "covenant_changed"
    COURT_OR_SUPERVISOR = "court_or_supervisor"
    ASSESSMENT_MADE = "assessment_made"
    ERROR_CORRECTED = "error_corrected"
    YEARLY_REVIEW = "yearly_review"
    NECESSARY_AND_PROPORTIONATE = "necessary_and_proportionate"
    PERSON_ASKED = "person_asked"


class RejectionReason(StrEnum):
    """Why a change does not go on; `taken_back` is the proposer's own."""

    TAKEN_BACK = "taken_back"
    NOT_NEEDED = "not_needed"
    NOT_LAWFUL = "not_lawful"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRule:
    """Who proposes a change, who approves it, why, and until when.

    Attributes:
        lasts: how long it may wait for the second person.
        within_organisation: whether the second person is of the proposer's own organisation.
    """

    proposers: frozenset[StaffRole]
    approvers: frozenset[StaffRole]
    reasons: frozenset[ChangeReason]
    lasts: timedelta
    within_organisation: bool


_RIGHTS_DESK = frozenset({StaffRole.RIGHTS_OFFICER, StaffRole.MUNICIPAL_SUPERVISOR})

RULES: Mapping[ChangeKind, ChangeRule] = {
    ChangeKind.POLICY_SET: ChangeRule(
        proposers=frozenset({StaffRole.COVENANT_MANAGER, StaffRole.PRIVACY_OFFICER}),
        approvers=frozenset({StaffRole.PRIVACY_OFFICER}),
        reasons=frozenset(ChangeReason)
        - {ChangeReason.NECESSARY_AND_PROPORTIONATE, ChangeReason.PERSON_ASKED},
        lasts=timedelta(days=30),
        within_organisation=False,
    ),
    # Source: TRA-04; UAVG 41: only if necessary and proportionate, which the signalling organisation weighs.
    ChangeKind.NOTICE_EXCEPTION: ChangeRule(
        proposers=frozenset({StaffRole.REPORTER, StaffRole.CASEMANAGER}),
        approvers=frozenset({StaffRole.PARTNER_COORDINATOR, StaffRole.TEAM_LEAD}),
        reasons=frozenset({ChangeReason.NECESSARY_AND_PROPORTIONATE}),
        lasts=timedelta(days=14),
        within_organisation=True,
    ),
    # Of which organisation they are is in hub/arrangements/fitting.py: it is that of the arrangement.
    # Source: domain.md row 7 (c), 5.5: covenants are theirs; a second pair of eyes on who may hear.
    ChangeKind.ARRANGEMENT: ChangeRule(
        proposers=frozenset({StaffRole.COVENANT_MANAGER}),
        approvers=frozenset({StaffRole.PROCESS_DIRECTOR, StaffRole.PRIVACY_OFFICER}),
        reasons=frozenset(
            {
                ChangeReason.LAW_CHANGED,
                ChangeReason.COVENANT_CHANGED,
                ChangeReason.COURT_OR_SUPERVISOR,
                ChangeReason.ERROR_CORRECTED,
                ChangeReason.YEARLY_REVIEW,
            }
        ),
        lasts=timedelta(days=30),
        within_organisation=False,
    ),
    ChangeKind.ERASURE: ChangeRule(
        proposers=_RIGHTS_DESK,
        approvers=_RIGHTS_DESK,
        reasons=frozenset({ChangeReason.PERSON_ASKED}),
        lasts=timedelta(days=14),
        within_organisation=True,
    ),
}
