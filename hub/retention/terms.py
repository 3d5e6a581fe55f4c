"""Terms of keeping are data: read from TOML, checked, each with its source."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

BUILT_IN = Path(__file__).with_name("default_terms.toml")
_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class Rule(BaseModel):
    """How long one class of data is kept, in words for the person too.

    Attributes:
        days: at most ten years: no class needs longer, and a typing error must not keep anything for ever.
        at_least: as few days as a covenant may choose.
        at_most: as many days as a covenant may choose; None where it may not.
    """

    model_config = _STRICT

    code: Annotated[str, Field(pattern=r"^[a-z_]{1,24}$")]
    days: Annotated[int, Field(ge=1, le=3660)]
    at_least: Annotated[int, Field(ge=1, le=3660)] = 1
    at_most: Annotated[int, Field(ge=1, le=3660)] | None = None
    nl: str
    en: str
    counted_from: str
    source: str
    status: Literal["L", "C", "P", "S", "A"]

    @property
    def term(self) -> timedelta:
        """Return the term."""
        return timedelta(days=self.days)


class Brake(BaseModel):
    """When a run stops and waits for a human.

    Attributes:
        floor: up to how many rows a share says nothing; 0 makes it the share to the letter.
    """

    model_config = _STRICT

    share_percent: Annotated[int, Field(ge=1, le=50)]
    floor: Annotated[int, Field(ge=0, le=50)]
    window_days: Annotated[int, Field(ge=1, le=31)]
    release_hours: Annotated[int, Field(ge=1, le=168)]
    stale_after_days: Annotated[int, Field(ge=1, le=31)]
    source: str


class Terms(BaseModel):
    """Every rule, and the brake."""

    model_config = _STRICT

    brake: Brake
    rules: list[Rule]

    def get_rule(self, code: str) -> Rule:
        """Return a rule; raises KeyError."""
        return {rule.code: rule for rule in self.rules}[code]


@lru_cache(maxsize=1)
def default_terms() -> Terms:
    """Return the terms that are built in."""
    return Terms.model_validate(tomllib.loads(BUILT_IN.read_text("utf-8")))
