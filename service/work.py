"""One caller, one moment, one transaction: the first argument of every service function."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from service.datakeys.pool import DataKeyPool


class Role(StrEnum):
    """In which capacity somebody calls."""

    PARTNER = "partner"  # an organisation's client, without a named person behind the key
    STAFF = "staff"  # one pseudonymous member of staff with an own key
    OPERATOR = "operator"  # the command line on the machine itself
    SYSTEM = "system"  # the worker


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as authenticated; never taken from a request body.

    Attributes:
        at_most: the roles that whoever vouches for a login allows; None: all that the hub knows of.
    """

    role: Role
    organisation_id: UUID | None = None
    staff_id: UUID | None = None
    credential_id: str = ""
    at_most: frozenset[str] | None = None


SYSTEM = Caller(role=Role.SYSTEM)
OPERATOR = Caller(role=Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class Work:
    """A unit of work: returning commits, raising rolls back.

    Attributes:
        data_keys: under which what is about a person is sealed.
    """

    session: Session
    caller: Caller
    now: datetime
    data_keys: DataKeyPool
