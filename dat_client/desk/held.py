"""Files and forms between two pages: in memory, a few, and not for long."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from dat_client import clock
from dat_client.errors import ClientError
from dat_client.importing import Import, RowReport
from dat_client.informing import Preview
from dat_client.reporting import Summary
from dat_client.rows import RowError
from keys.protocol.encoding import b64u

MOST = 4
LASTS = timedelta(minutes=30)


@dataclass(slots=True)
class HeldFile:
    """One file that was judged and waits.

    Attributes:
        summary: what became of it, once it was posted.
    """

    run: Import = field(repr=False)
    reports: Sequence[RowReport]
    held_at: datetime
    summary: Summary | None = None

    @property
    def refused(self) -> list[RowReport]:
        """The rows that cannot be posted."""
        return [report for report in self.reports if report.code]

    @property
    def good(self) -> int:
        """How many rows can be posted."""
        return len(self.reports) - len(self.refused)


@dataclass(frozen=True, slots=True)
class HeldForm:
    """A form as it was filled in, to be shown once more.

    Attributes:
        wrong: the code of what is not right, or the text of an error; None where all is well.
        ahead: who would be told what, where that was asked.
    """

    fields: Mapping[str, str] = field(repr=False)
    held_at: datetime
    wrong: RowError | ClientError | None = None
    ahead: Preview | None = None
    looked: bool = False


class HasMoment(Protocol):
    """Something that is held since a moment."""

    @property
    def held_at(self) -> datetime:
        """Since when."""


AnyHeld = TypeVar("AnyHeld", bound=HasMoment)


class Held(Generic[AnyHeld]):
    """What waits, by a name that says nothing.

    A page is never the answer to a form: browsers write what was sent in their list of pages to restore.
    """

    def __init__(self) -> None:
        self._held: dict[str, AnyHeld] = {}

    def hold(self, one: AnyHeld) -> str:
        """Keep something; gives its name."""
        while len(self._held) >= MOST:
            self._held.pop(next(iter(self._held)))
        name = b64u(secrets.token_bytes(9))
        self._held[name] = one
        return name

    def find(self, name: str) -> AnyHeld | None:
        """Find what still waits."""
        self.forget_old()
        return self._held.get(name)

    def forget_old(self) -> None:
        """Forget what waited too long; whoever left their chair comes back to an empty form."""
        for old in [key for key, one in self._held.items() if clock.now() - one.held_at > LASTS]:
            del self._held[old]

    def clear(self) -> None:
        """Forget everything."""
        self._held.clear()
