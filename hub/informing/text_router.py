"""Letters and previews over HTTP: from the policy set in force, the same for everybody who asks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from hub.consent.facts import Bracket
from hub.consent.service import policy_in_force
from hub.context import hub_of
from hub.informing.errors import NoticeTextMissingError
from hub.informing.preview import Planned, preview
from hub.informing.text_schemas import NoticeTextOut, PreviewOut, ReasonOut, WouldHearOut
from hub.informing.texts import Asked, find_notice_text
from hub.informing.wording import Language, wordings
from service.clock import dutch_date
from service.http import AnyCaller

router = APIRouter(tags=["informing"])

KindQuery = Annotated[str, Query(alias="partnerKind", min_length=1, max_length=32, pattern=r"^[a-z][a-z_]*$")]
BasisQuery = Annotated[
    str, Query(alias="legalBasis", min_length=1, max_length=32, pattern=r"^[A-Z][A-Z0-9_]*$")
]


@router.get("/notice-texts", summary="Read the letters for a person", operation_id="readNoticeText")
def read_notice_text(
    request: Request,
    caller: AnyCaller,
    *,
    partner_kind: KindQuery,
    legal_basis: BasisQuery,
    bracket: Bracket,
    language: Language = Language.DUTCH,
    valid_months: Annotated[int, Query(alias="validMonths", ge=1, le=24)] = 12,
) -> NoticeTextOut:
    """Return the letters with which a person is told of a signal: always who, never why."""
    with hub_of(request).database.look(caller) as work:
        rules, on = policy_in_force(work), dutch_date(work.now)
    asked = Asked(
        partner_kind=partner_kind,
        legal_basis=legal_basis,
        bracket=bracket,
        language=language,
        on=on,
        months=valid_months,
    )
    found = find_notice_text(asked, rules=rules)
    if found is None:
        raise NoticeTextMissingError
    return NoticeTextOut.model_validate(
        {
            "letters": [
                {
                    "reader": letter.reader,
                    "title": letter.title,
                    "sections": [
                        {"code": one.code, "title": one.title, "text": one.text} for one in letter.sections
                    ],
                }
                for letter in found.letters
            ],
            "guidance": list(found.guidance),
            "policy": found.policy_hash,
        }
    )


@router.get("/telling-previews", summary="See who would be told what", operation_id="previewTelling")
def preview_telling(
    request: Request,
    caller: AnyCaller,
    *,
    partner_kind: KindQuery,
    legal_basis: BasisQuery,
    bracket: Bracket,
    language: Language = Language.DUTCH,
) -> PreviewOut:
    """Return who could hear of such a signal, and in which words, before it is posted."""
    with hub_of(request).database.look(caller) as work:
        rules, on = policy_in_force(work), dutch_date(work.now)
    planned = Planned(partner_kind=partner_kind, legal_basis=legal_basis, bracket=bracket, on=on)
    seen, levels = preview(planned, rules=rules), wordings()[language].levels
    return PreviewOut(
        may_post=seen.posting.allowed,
        reasons=[ReasonOut(rule=why.rule, source=why.source, fact=why.fact) for why in seen.posting.reasons],
        told=[
            WouldHearOut(recipient_kind=one.recipient_kind, level=one.level, text=levels[one.level])
            for one in seen.told
        ],
        notice_to=sorted(seen.notice_to),
        consent_of=sorted(seen.consent_of),
        exception_possible=seen.exception_possible,
        feedback_consents=sorted(seen.feedback),
        policy=rules.hash,
    )
