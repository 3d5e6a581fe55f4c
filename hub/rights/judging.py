"""Have an officer say whether what is only possibly the requester's is: a positive act, or it stays out."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from hub.audit.service import record
from hub.cases.service import require_not_own_case
from hub.rights import store
from hub.rights.desks import get_unproposed, require_officer
from hub.rights.errors import FindingMissingError, JudgementNotAllowedError, NotSearchedError
from hub.rights.events import FindingJudged
from hub.rights.policy import may_judge
from hub.rights.values import Comparison, Request, RequestState, Verdict
from service.work import Work

Judged = Literal[Verdict.CONFIRMED, Verdict.REJECTED]


def judge_finding(
    work: Work, request_id: UUID, finding_id: UUID, judged: Judged, *, compared: Comparison
) -> Request:
    """Say that a finding is the requester's, or is not; until somebody does, a doubtful one is left alone.

    The desk knows who asks and the reporter knows whom they met: only the two together can tell.

    Raises:
        FindingMissingError: The request has no such finding.
        JudgementNotAllowedError: The organisation was not heard, denied it, or it was surely theirs.
        OwnCaseError: The caller is its casemanager.
        ProposalPendingError: A second officer has the request before them.

    Source:
        MAT-11; TRA-05, TRA-11.
    """
    officer = require_officer(work)
    row = get_unproposed(work, request_id, officer)
    if row.state == RequestState.RECEIVED:
        raise NotSearchedError
    found = store.list_findings(work.session, [row.id])[row.id]
    finding = next((one for one in found if one.id == finding_id), None)
    if finding is None:
        raise FindingMissingError
    require_not_own_case(work, officer.id, [finding.registration_id])
    if not may_judge(store.as_finding(finding), judged, compared, desk=row.organisation_id):
        raise JudgementNotAllowedError
    finding.verdict, finding.compared = judged.value, compared.value
    finding.judged_by, finding.judged_at = officer.id, work.now
    work.session.flush()
    subject = {"request": str(row.id), finding.kind: str(finding.registration_id)}
    detail = {"judged": judged.value, "compared": compared.value}
    record(work, FindingJudged(organisation_id=row.organisation_id, subject=subject, detail=detail))
    return store.as_request(row, found)
