"""Wire shapes of the key holder."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from service.http import WireModel

MAX_ELEMENTS = 1_000

Element = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$", description="A group element, base64url")]


class EvaluationRequest(WireModel):
    """Blinded tokens to be evaluated."""

    scheme: Literal["bsn", "demographic", "household"]
    epoch: Annotated[int, Field(strict=True, ge=1, le=65_535)]
    request_id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    reporter: UUID
    purpose: Literal["signal", "case", "rights"]
    elements: Annotated[list[Element], Field(min_length=1, max_length=MAX_ELEMENTS)]


class EvaluationAnswer(WireModel):
    """Evaluated tokens, with one proof per 32 of them."""

    elements: list[str]
    proofs: list[str]


class ManifestAnswer(WireModel):
    """The manifest, as its root signed it."""

    manifest: str
