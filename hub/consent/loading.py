"""Read a policy set from its file, refuse one that is incomplete, and name it by its hash."""

from __future__ import annotations

import hashlib
import json
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from hub.consent.facts import Bracket, Fact
from hub.consent.policy_set import LegalBasis, PolicySet
from service.errors import UnsafeSettingsError

DEFAULT = Path(__file__).with_name("default_policy.toml")


@lru_cache(maxsize=1)
def default_policy() -> PolicySet:
    """Return the policy set that comes with the hub."""
    return load_policy(DEFAULT)


def load_policy(path: Path) -> PolicySet:
    """Read a policy set.

    Raises:
        UnsafeSettingsError: A part is missing, unknown or contradicts another; the hub does not guess at law.
    """
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        rules = TypeAdapter(PolicySet).validate_python({**document, "hash": policy_hash(document)})
    except ValidationError as failure:
        places = ", ".join(".".join(map(str, error["loc"])) for error in failure.errors(include_input=False))
        raise UnsafeSettingsError(f"{path.name}: not a policy set at {places}") from None
    _require_complete(rules, path.name)
    return rules


def policy_hash(document: dict[str, Any]) -> str:
    """Hash a policy document in canonical form: comments, key order and white space do not count."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), default=date.isoformat)
    return hashlib.sha256(canonical.encode()).digest()[:16].hex()


def _require_complete(rules: PolicySet, name: str) -> None:
    if {row.fact for row in rules.rules} != set(Fact) or len(rules.rules) != len(Fact):
        raise UnsafeSettingsError(f"{name}: rules must give every fact one source")
    if [row.bracket for row in rules.ages] != list(Bracket):
        raise UnsafeSettingsError(f"{name}: ages must give every bracket once, in order")
    kinds = [row.kind for row in rules.partners]
    if len(kinds) != len(set(kinds)):
        raise UnsafeSettingsError(f"{name}: partners must give every kind once")
    if any(_overlap(left, right) for left in rules.bases for right in rules.bases if left is not right):
        raise UnsafeSettingsError(f"{name}: bases must not hold two rows of one code on one day")


def _overlap(left: LegalBasis, right: LegalBasis) -> bool:
    same_code = left.code == right.code
    return same_code and (left.in_force(right.valid_from_on) or right.in_force(left.valid_from_on))
