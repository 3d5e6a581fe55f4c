"""Kinds of partner are configuration: what each may do at most, by default from `kinds.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from keys.protocol.tokens import SCHEMES
from service.errors import UnsafeSettingsError

BUILT_IN = Path(__file__).with_name("kinds.toml")
# Law, not configuration: nobody may hand these a citizen service number. Source: UAVG 46; Wabb 10.
NEVER_BSN = frozenset({"housing_association", "school"})


class PartnerKind(BaseModel):
    """What organisations of one kind may do at most."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    domain: str = Field(pattern=r"^[a-z_]{1,32}$")
    may_signal: bool
    may_receive: bool
    schemes: list[str]
    schemes_at_most: list[str]
    decision: bool = False

    @model_validator(mode="after")
    def _schemes_exist(self) -> PartnerKind:
        if not set(self.schemes) <= set(self.schemes_at_most) <= set(SCHEMES):
            raise ValueError("schemes lie within schemes_at_most, which lie within the schemes there are")
        return self


Kinds = Mapping[str, PartnerKind]


def load_kinds(deployment: Path | None = None) -> Kinds:
    """Return the kinds that are built in, with those of a deployment added or put in their place.

    Raises:
        UnsafeSettingsError: The file is not of the agreed form, or gives the BSN to who may never use it.
    """
    kinds = _read(BUILT_IN) | (_read(deployment) if deployment else {})
    for name in NEVER_BSN & kinds.keys():
        if "bsn" in kinds[name].schemes_at_most:
            raise UnsafeSettingsError(f"{deployment}: a {name} may not use the bsn scheme")
    return kinds


def _read(path: Path) -> dict[str, PartnerKind]:
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
        return {name: PartnerKind.model_validate(table) for name, table in tables.items()}
    except (OSError, ValueError, ValidationError):
        raise UnsafeSettingsError(
            f"{path}: not a file of partner kinds; see hub/partners/kinds.toml"
        ) from None
