"""The permission list: who may ask this holder for what, signed offline and pinned by the holder.

Source: protocol.md, 2: "from a permission list signed offline and loaded at the holder by the holder's own
administrator". With it, taking over the holder's machine is not enough to admit a partner by the front door.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, ValidationError

from keys.holder.administration import MOST_PER_DAY
from keys.holder.errors import PermissionListError, SignedListRequiredError
from keys.holder.settings import HolderSettings
from keys.protocol.documents import read_document, sign_document
from keys.protocol.encoding import canonical_json, unb64u
from keys.protocol.errors import ProtocolError
from service.http import WireModel

KIND = "dat-permissions+jws"

PerDay = Annotated[int, Field(strict=True, ge=1, le=MOST_PER_DAY)]


class ListedClient(WireModel):
    """A request key of an organisation, or of one member of its staff."""

    client_id: str
    jwk: dict[str, str]
    staff: UUID | None = None


class ListedOrganisation(WireModel):
    """Everything that one organisation may ask."""

    organisation: UUID
    schemes: dict[Literal["bsn", "demographic", "household"], PerDay]
    clients: tuple[ListedClient, ...]
    reporters: dict[UUID, PerDay]


class PermissionList(WireModel):
    """Everybody who may ask; whoever is not on it may not.

    Attributes:
        holder: the name of the holder that it is for: a list for another one says nothing here.
        serial: higher than that of any list before, so that an old list brings nobody back.
    """

    format: Literal["dat-hub/permissions/v1"] = "dat-hub/permissions/v1"
    holder: str
    serial: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
    organisations: tuple[ListedOrganisation, ...]


def parse_list(content: bytes) -> PermissionList:
    """Read a list as it is written by hand; raises PermissionListError."""
    try:
        found = PermissionList.model_validate_json(content)
    except ValidationError:
        raise PermissionListError from None
    ids = [one.organisation for one in found.organisations]
    clients = [client.client_id for one in found.organisations for client in one.clients]
    if len(set(ids)) != len(ids) or len(set(clients)) != len(clients):
        raise PermissionListError
    return found


def sign_list(permissions: PermissionList, private: bytes) -> str:
    """Sign a list with a 32-byte Ed25519 seed that never comes near the holder."""
    content = canonical_json(permissions.model_dump(mode="json", by_alias=True))
    return sign_document(content, kind=KIND, private=private)


def read_list(token: str, settings: HolderSettings) -> PermissionList:
    """Return a list that the pinned key signed for this holder.

    Raises:
        PermissionListError: No key is pinned, another one signed, or it is for another holder.
    """
    try:
        public = unb64u(settings.permissions_public)
        found = parse_list(read_document(token, kind=KIND, public=public))
    except ProtocolError:
        raise PermissionListError from None
    if found.holder != settings.name:
        raise PermissionListError
    return found


def require_no_pinned_list(settings: HolderSettings) -> None:
    """Refuse to give more by hand where a signed list says who may ask; to take away is always free."""
    if settings.permissions_public:
        raise SignedListRequiredError
