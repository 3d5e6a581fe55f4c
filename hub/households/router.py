"""The register of excluded addresses over HTTP, for who keeps it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from hub.context import hub_of
from hub.households import service
from hub.households.schemas import (
    AddressInclusion,
    AddressReview,
    AddressReviewAnswer,
    ExcludedAddressAnswer,
    NewExcludedAddress,
)
from service.clock import wire_time
from service.http import AnyCaller
from service.idempotency import IdempotencyKey

router = APIRouter(tags=["households"])


@router.post(
    "/excluded-addresses", status_code=201, summary="Exclude an address", operation_id="excludeAddress"
)
def exclude_address(
    request: Request, caller: AnyCaller, idempotency_key: IdempotencyKey, message: NewExcludedAddress
) -> ExcludedAddressAnswer:
    """Put an institution's address in the register: nobody is of one household by it."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        row = service.exclude_address(work, hub.subject_keys, message, idempotency_key=idempotency_key)
        return ExcludedAddressAnswer(address_id=row.id, recorded_at=wire_time(row.recorded_at))


@router.post(
    "/excluded-addresses/{addressId}/inclusion",
    status_code=204,
    summary="Include an address again",
    operation_id="includeAddress",
)
def include_address(
    request: Request,
    caller: AnyCaller,
    address_id: Annotated[UUID, Path(alias="addressId")],
    _body: AddressInclusion,
) -> Response:
    """Take an address from the register, and forget it."""
    with hub_of(request).database.work(caller) as work:
        service.include_address(work, address_id)
    return Response(status_code=204)


@router.post(
    "/address-reviews", status_code=201, summary="Review the register", operation_id="reviewAddresses"
)
def review_addresses(request: Request, caller: AnyCaller, _body: AddressReview) -> AddressReviewAnswer:
    """Say that the register of excluded addresses is complete today; without that, addresses do not count."""
    with hub_of(request).database.work(caller) as work:
        return AddressReviewAnswer(reviewed_at=wire_time(service.review_addresses(work)))
