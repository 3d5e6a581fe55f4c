"""Wire shapes of cases: the team's own reference stays in the team's own store."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from hub.consent.facts import Bracket
from hub.consent.schemas import QuarterText
from hub.subjects.schemas import Envelope, TokenTypes
from service.http import WireModel

Moment = Annotated[str, Field(min_length=20, max_length=20)]
BasisCode = Annotated[str, Field(min_length=1, max_length=24, pattern=r"^[A-Z][A-Z0-9_]*$")]


class NewCase(WireModel):
    """A person whom the team serves."""

    legal_basis: BasisCode
    casemanager: UUID | None = None
    team_id: UUID | None = None
    bracket: Bracket
    bracket_ends: QuarterText | None
    token_types: TokenTypes
    envelope: Envelope


class RegisteredCase(WireModel):
    """The answer to a registration: the same whether or not the envelope could be used."""

    case_id: UUID
    casemanager: UUID
    opened_at: Moment


class CaseAnswer(RegisteredCase):
    """A case as its own team sees it."""

    legal_basis: str
    state: Literal["open", "closed"]


class CasesAnswer(WireModel):
    """A page of the team's caseload."""

    cases: list[CaseAnswer]
    next_cursor: UUID | None


class CaseClosure(WireModel):
    """A closure says nothing more."""
