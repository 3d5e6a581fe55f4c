"""Wire shapes of letters and previews; the only prose on the wire, and all of it is the hub's own."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hub.informing.wording import Reader
from service.http import WireModel

KindName = Annotated[str, Field(min_length=1, max_length=32)]
Hash = Annotated[str, Field(min_length=32, max_length=32)]
Giver = Literal["subject", "representative"]


class SectionOut(WireModel):
    """One part of a letter; `code` says what it holds."""

    code: str
    title: str
    text: str


class LetterOut(WireModel):
    """One letter for one kind of reader."""

    reader: Reader
    title: str
    sections: list[SectionOut]


class NoticeTextOut(WireModel):
    """The letters of one signal, and what the professional who hands them over must know."""

    letters: list[LetterOut]
    guidance: list[str]
    policy: Hash


class ReasonOut(WireModel):
    """Why a signal may or may not be posted."""

    rule: str
    source: str
    fact: str


class WouldHearOut(WireModel):
    """Who may hear of it on a match, up to which level, and what that level says."""

    recipient_kind: KindName
    level: Annotated[int, Field(ge=0, le=3)]
    text: str


class PreviewOut(WireModel):
    """What would follow from a signal, by policy alone."""

    may_post: bool
    reasons: list[ReasonOut]
    told: list[WouldHearOut]
    notice_to: list[Giver]
    consent_of: list[Giver]
    exception_possible: bool
    feedback_consents: list[str]
    policy: Hash
