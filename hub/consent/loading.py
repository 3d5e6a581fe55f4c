"""Read a policy set, refuse one that is incomplete, and name it by its hash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from hub.consent.errors import PolicyInvalidError
from hub.consent.facts import Bracket, ConsentKind, Fact, FeedbackCode
from hub.consent.policy_set import EVERY, NOTICE, TERMS, LegalBasis, PolicySet
from hub.documents import hash_document, places_of, read_document, unique
from hub.retention.terms import default_terms
from service.errors import UnsafeSettingsError

DEFAULT = Path(__file__).with_name("default_policy.toml")
POLICE_DATA_RECIPIENTS = frozenset({"municipal_team"})
ENFORCING = frozenset({"school_attendance", "police"})
OPENING = frozenset({ConsentKind.DATA_PROCESSING.value, ConsentKind.SECRECY_WAIVER.value})
_ADAPTER = TypeAdapter(PolicySet)


@lru_cache(maxsize=1)
def default_policy() -> PolicySet:
    """Return the policy set that comes with the hub."""
    return load_policy(DEFAULT)


def default_document() -> dict[str, Any]:
    """Return the packaged policy set as a document, as a store keeps it."""
    return read_document(DEFAULT)


def load_policy(path: Path) -> PolicySet:
    """Read a policy set from a file.

    Raises:
        UnsafeSettingsError: A part is missing, unknown or contradicts another; the hub does not guess at law.
    """
    try:
        return parse_policy(read_document(path))
    except PolicyInvalidError as failure:
        places = ", ".join(failure.places)
        raise UnsafeSettingsError(f"{path.name}: not a policy set at {places}") from None


def parse_policy(document: Mapping[str, Any]) -> PolicySet:
    """Read a policy set from its document.

    Raises:
        PolicyInvalidError: names every place that is missing, unknown or contradicts another.
    """
    try:
        rules = _ADAPTER.validate_python({**document, "hash": policy_hash(document)})
    except ValidationError as failure:
        raise PolicyInvalidError(places=places_of(failure)) from None
    if places := unique(_faults(rules)):
        raise PolicyInvalidError(places=places)
    return rules


def policy_hash(document: Mapping[str, Any]) -> str:
    """Hash a policy document in canonical form: comments, key order and white space do not count."""
    return hash_document(document)


def _faults(rules: PolicySet) -> Iterator[str]:
    """Find where parts contradict each other, or law that is no deployment's to choose."""
    yield from _table_faults(rules)
    yield from _age_faults(rules)
    yield from _partner_faults(rules)
    yield from (f"/bases/{at}/partner_kinds" for at, row in enumerate(rules.bases) if not _known(rules, row))
    yield from _informing_faults(rules)
    yield from _keeping_faults(rules)
    yield from (f"/bases/{at}" for at in _overlapping(rules.bases))
    for at, cap in enumerate(rules.caps):
        if not {cap.sender, cap.recipient} <= {row.kind for row in rules.partners} | {EVERY}:
            yield f"/caps/{at}"


def _table_faults(rules: PolicySet) -> Iterator[str]:
    if not rules.signal_kinds:
        yield "/signal_kinds"
    tables: dict[str, tuple[Iterable[object], Iterable[object]]] = {
        "rules": ((row.fact for row in rules.rules), Fact),
        "brackets": ((row.bracket for row in rules.brackets), Bracket),
        "terms": ((row.code for row in rules.terms), list(TERMS)),
    }
    for name, (found, wanted) in tables.items():
        if Counter(found) != Counter(wanted):
            yield f"/{name}"
    unique: dict[str, list[str]] = {
        "partners": [row.kind for row in rules.partners],
        "acts": [row.act for row in rules.acts],
        "profiles": [row.name for row in rules.profiles],
        "exceptions": [row.code for row in rules.exceptions],
        "overrides": [row.code for row in rules.overrides],
    }
    yield from (f"/{name}" for name, keys in unique.items() if len(keys) != len(set(keys)))
    for at, term in enumerate(rules.terms):
        if not 0 < term.length <= TERMS.get(term.code, 0):
            yield f"/terms/{at}/length"


def _keeping_faults(rules: PolicySet) -> Iterator[str]:
    """Law, not configuration: nothing is kept shorter or longer than its packaged term may be."""
    allowed = {rule.code: range(rule.at_least, (rule.at_most or 0) + 1) for rule in default_terms().rules}
    if len({row.rule for row in rules.keeping}) != len(rules.keeping):
        yield "/keeping"
    for at, row in enumerate(rules.keeping):
        if row.days not in allowed.get(row.rule, ()):
            yield f"/keeping/{at}/days"


def _informing_faults(rules: PolicySet) -> Iterator[str]:
    """Law and prudence, not configuration: a month to tell the person, a day for one person's override."""
    terms = rules.notice_terms
    if not (terms.months == 1 and 0 < terms.extension_days <= terms.exception_days <= 28):
        yield "/notice_terms"
    for at, row in enumerate(rules.overrides):
        if not 0 < row.hours <= rules.term("override_hours") or not 0 < row.days <= 28:
            yield f"/overrides/{at}"


def _age_faults(rules: PolicySet) -> Iterator[str]:
    """Law, not configuration: data processing needs what UAVG 5(1) asks, and somebody is always told."""
    known = {row.act for row in rules.acts}
    if NOTICE not in known:
        yield "/acts"
    if rules.age_profile not in {row.name for row in rules.profiles}:
        yield "/age_profile"
    for at, act in enumerate(rules.acts):
        if set(act.who) != set(Bracket) or not all(act.who.values()):
            yield f"/acts/{at}/who"
    for at, profile in enumerate(rules.profiles):
        named = (profile.data_processing, profile.secrecy_waiver, profile.help_agreement, profile.rights)
        lawful = "consent_avg" in profile.data_processing and "rights_youth_lane" in profile.rights
        if not lawful or not all(acts and acts <= known for acts in named):
            yield f"/profiles/{at}"


def _partner_faults(rules: PolicySet) -> Iterator[str]:
    kinds = {row.kind for row in rules.partners}
    # Law, not configuration: police data reach the college's own team only. Source: MAT-13; Wpg 18, 20.
    if not rules.police_data_recipients <= kinds & POLICE_DATA_RECIPIENTS:
        yield "/police_data_recipients"
    for at, row in enumerate(rules.partners):
        if not row.told <= kinds:
            yield f"/partners/{at}/told"
        # A help agreement never opens anything, and police never hear back. Source: CON-02; domain.md 5.1.
        if not row.feedback <= OPENING or (row.police_origin and row.feedback):
            yield f"/partners/{at}/feedback"
        # Match results never flow to enforcement. Source: MAT-14; Leerplichtwet 16(5).
        if row.kind in ENFORCING and not row.feedback_codes <= {FeedbackCode.JOINT_CONSIDERATION}:
            yield f"/partners/{at}/feedback_codes"


def _known(rules: PolicySet, basis: LegalBasis) -> bool:
    return basis.partner_kinds <= {row.kind for row in rules.partners}


def _overlapping(bases: tuple[LegalBasis, ...]) -> Iterator[int]:
    for at, left in enumerate(bases):
        if any(_overlap(left, right) for right in bases if right is not left):
            yield at


def _overlap(left: LegalBasis, right: LegalBasis) -> bool:
    same_code = left.code == right.code
    return same_code and (left.in_force(right.valid_from_on) or right.in_force(left.valid_from_on))
