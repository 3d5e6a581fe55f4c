"""How people log in, from one TOML file (`DAT_HUB_LOGIN`), and how long a login lasts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hub.documents import places_of, read_document
from hub.partners.values import StaffRole
from service.errors import UnsafeSettingsError

Url = Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=200)]
Word = Annotated[str, Field(min_length=1, max_length=200)]


class LoginSettings(BaseModel):
    """What was agreed with the provider of logins.

    Attributes:
        issuer: the OpenID provider; plain http only on this machine.
        staff_claim: the claim that holds the pseudonym (UUID) of a member of staff.
        roles_claim: the claim that lists what somebody is at their organisation.
        organisations: ids of those whose staff it may vouch for; empty: every organisation of this hub.
        roles: value of that claim -> role here. A role counts when both say so: the provider and the hub.
        acr: levels of assurance with which one may log in, weakest first; empty: none is asked for.
        acr_of_role: levels for a role that needs more than that.
        proving_acr: level asked for again before contact data are shown; empty: a new login will do.
        idle_minutes: without a click, after which a login is over.
        longest_hours: after which it is over in any case.
        proven_minutes: how long a fresh proof of who one is counts.

    Source:
        OpenID Connect NL GOV 1.0 (`acr`); ASVS 5.0 V7.3 (both limits), V7.5.3 (proof anew).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    issuer: Url
    client_id: Word
    staff_claim: Word = "dat_staff"
    roles_claim: Word = "groups"
    organisations: tuple[UUID, ...] = ()
    roles: dict[str, StaffRole]
    acr: tuple[str, ...] = ()
    acr_of_role: dict[StaffRole, tuple[str, ...]] = {}
    proving_acr: str = ""
    idle_minutes: Annotated[int, Field(ge=1, le=60)] = 20
    longest_hours: Annotated[int, Field(ge=1, le=12)] = 10
    proven_minutes: Annotated[int, Field(ge=1, le=60)] = 15

    @property
    def idle(self) -> timedelta:
        """Return the limit of inactivity."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def longest(self) -> timedelta:
        """Return the absolute limit."""
        return timedelta(hours=self.longest_hours)

    @property
    def proven(self) -> timedelta:
        """Return how long a fresh proof counts."""
        return timedelta(minutes=self.proven_minutes)

    def roles_of(self, said: Iterable[str], acr: str) -> frozenset[StaffRole]:
        """Return the roles that a provider's claims stand for at a level of assurance."""
        named = {self.roles[value] for value in said if value in self.roles}
        return frozenset(role for role in named if acr in self.acr_of_role.get(role, (acr,)))


def read_login_settings(path: Path | None) -> LoginSettings | None:
    """Read the file; None where no logins are set up.

    Raises:
        UnsafeSettingsError: It can't be read, or the provider is called over plain http elsewhere.
    """
    if path is None:
        return None
    try:
        found = LoginSettings.model_validate(read_document(path))
    except ValidationError as failure:
        raise UnsafeSettingsError(f"{path.name}: mend {', '.join(places_of(failure))}") from None
    issuer = urlsplit(found.issuer)
    if issuer.scheme != "https" and issuer.hostname not in {"127.0.0.1", "localhost"}:
        raise UnsafeSettingsError(f"{path.name}: the issuer must be called over https")
    return found
