"""Excluded addresses on the wire: sealed, like everything that says where somebody lives."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from hub.subjects.schemas import Envelope
from service.http import WireModel

Moment = Annotated[str, Field(min_length=20, max_length=20)]


class NewExcludedAddress(WireModel):
    """An address of an institution."""

    token_types: Annotated[list[Literal["household"]], Field(min_length=1, max_length=1)]
    envelope: Envelope


class ExcludedAddressAnswer(WireModel):
    """An address is in the register; the same whether or not the envelope could be used."""

    address_id: UUID
    recorded_at: Moment


class AddressInclusion(WireModel):
    """Taking an address from the register says nothing more."""


class AddressReview(WireModel):
    """That the register is complete today says nothing more."""


class AddressReviewAnswer(WireModel):
    """Since when the register counts as complete."""

    reviewed_at: Moment
