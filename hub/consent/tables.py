"""Write a policy set as tables that a lawyer reads; `docs/consent.md` holds them for the packaged set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from hub.consent.facts import Bracket
from hub.consent.keeping import keeping_of
from hub.consent.policy_set import LegalBasis, PartnerRule, PolicySet
from hub.retention.terms import Rule


class _Cited(Protocol):
    """Whatever names its law."""

    @property
    def source(self) -> str: ...

    @property
    def status(self) -> str: ...


BEGIN, END = "<!-- tables: dat-hub policy tables -->", "<!-- end of tables -->"


def write_tables(rules: PolicySet) -> str:
    """Write every table of a policy set in Markdown, with the name and hash of the set."""
    parts = (
        f"Policy set `{rules.name}`, hash `{rules.hash}`, age profile `{rules.age_profile}`, "
        f"signals of {' and '.join(sorted(rules.signal_kinds, reverse=True))} (SIG-05).",
        _section("Legal bases (grondslagen)", _bases(rules)),
        _section("Who may signal, and who may hear of it", _partners(rules)),
        _section("Age: who decides and who is told", _ages(rules)),
        _section("Telling the person later (uitzondering)", _exceptions(rules)),
        _section("Overrides (noodprocedure)", _overrides(rules)),
        _section("Disclosure profile", _caps(rules)),
        _section("Terms", _terms(rules)),
        _section("How long it is kept", _kept(rules)),
    )
    return "\n\n".join(parts)


def place_tables(page: str, rules: PolicySet) -> str:
    """Put the tables of a policy set between the marks of a page; raises ValueError where it has none."""
    head, _, rest = page.partition(BEGIN)
    _, found, tail = rest.partition(END)
    if not found:
        raise ValueError("the page has no place for tables")
    return f"{head}{BEGIN}\n\n{write_tables(rules)}\n\n{END}{tail}"


def _bases(rules: PolicySet) -> list[Sequence[str]]:
    rows = [
        (f"`{row.code}`", _dates(row), _names(row.partner_kinds), _needs(row), _law(row))
        for row in rules.bases
    ]
    return [("Basis", "In force", "Who posts", "Needs", "Source"), *rows]


def _dates(basis: LegalBasis) -> str:
    return f"{basis.valid_from_on} - {basis.valid_to_on or ''}".strip()


def _needs(basis: LegalBasis) -> str:
    asked = {
        "decision reference": basis.needs_decision_reference,
        "consent": basis.needs_consent,
        "no objection": basis.objection_blocks == "any",
        "notice (exception possible)": basis.notice_needed and basis.notice_exception,
        "notice": basis.notice_needed and not basis.notice_exception,
    }
    return ", ".join([*(name for name, needed in asked.items() if needed), *_spaced(basis.attests)])


def _partners(rules: PolicySet) -> list[Sequence[str]]:
    rows = [
        (
            f"`{row.kind}`",
            _codes(one.code for one in rules.bases if row.kind in one.partner_kinds and row.may_signal)
            or "-",
            ", ".join(one.value for one in Bracket if one in row.brackets) or "-",
            _heard(row, rules),
            _back(row),
            _law(row),
        )
        for row in rules.partners
    ]
    return [
        ("Kind", "Bases", "Ages", "Who may hear, up to level", "Hears back", "Source"),
        *rows,
    ]


def _back(row: PartnerRule) -> str:
    """Write what a sender may hear back, and on which consents."""
    if not row.feedback:
        return "never"
    return f"{_names(row.feedback)}: {_names(frozenset(row.feedback_codes))}"


def _heard(partner: PartnerRule, rules: PolicySet) -> str:
    bases = [row for row in rules.bases if partner.kind in row.partner_kinds]
    levels = {
        kind: [rules.most_told(partner, basis, recipient=kind) for basis in bases]
        for kind in sorted(partner.told)
    }
    heard = (f"{_spaced([kind])[0]}: {max(found)}" for kind, found in levels.items() if found)
    return ", ".join(heard) or "nobody"


def _ages(rules: PolicySet) -> list[Sequence[str]]:
    rows = [
        (
            _spaced([row.act])[0] + (" (where able)" if row.if_able else ""),
            *(" + ".join(sorted(row.who[bracket])) for bracket in Bracket),
            _law(row),
        )
        for row in rules.acts
    ]
    strictest = tuple(" + ".join(sorted(rules.givers(bracket, "data_processing"))) for bracket in Bracket)
    profile = next(row for row in rules.profiles if row.name == rules.age_profile)
    own = (f"**consent to data processing here ({profile.name})**", *strictest, _law(profile))
    return [("Act", *(bracket.value for bracket in Bracket), "Source"), *rows, own]


def _exceptions(rules: PolicySet) -> list[Sequence[str]]:
    return [("Ground", "Source"), *((f"`{row.code}`", _law(row)) for row in rules.exceptions)]


def _overrides(rules: PolicySet) -> list[Sequence[str]]:
    rows = [
        (
            f"`{row.code}`",
            ", ".join(one.value for one in Bracket if one in row.brackets),
            _names(row.lifts),
            f"{row.hours} hours",
            f"{row.days} days",
            _law(row),
        )
        for row in rules.overrides
    ]
    return [("Ground", "Ages", "Lifts", "Alone", "With a second person", "Source"), *rows]


def _terms(rules: PolicySet) -> list[Sequence[str]]:
    notice = rules.notice_terms
    own = [
        ("telling the person", f"{notice.months} month", _law(notice)),
        ("exception to telling", f"{notice.exception_days} days", _law(notice)),
        ("each extension of it", f"{notice.extension_days} days", _law(notice)),
    ]
    rows = [(*_named_term(row.code, row.length), _law(row)) for row in rules.terms]
    return [("Term", "Length", "Source"), *own, *rows]


def _caps(rules: PolicySet) -> list[Sequence[str]]:
    """Write what lowers a level, whatever partner and basis allow. Source: MAT-12, SIG-16."""
    own = [
        (_codes([row.sender]), _codes([row.basis]), _codes([row.recipient]), str(row.level), _law(row))
        for row in rules.caps
    ]
    sensitive = ", ".join(f"`{row.kind}`" for row in rules.partners if row.sensitive)
    shown = (
        sensitive,
        "`*`",
        "`*`",
        str(rules.sensitive_level),
        "SIG-16: the kind of sender says something of health (A)",
    )
    return [("Sender", "Basis", "Recipient", "At most level", "Source"), *own, shown]


def _kept(rules: PolicySet) -> list[Sequence[str]]:
    rows = [
        (rule.code.replace("_", " "), f"{rule.days} days", rule.counted_from, _range(rule), _law(rule))
        for rule in keeping_of(rules).rules
    ]
    return [("What", "Term", "Counted from", "A covenant may choose", "Source"), *rows]


def _range(rule: Rule) -> str:
    return "no other" if rule.at_most is None else f"{rule.at_least} to {rule.at_most} days"


def _named_term(code: str, length: int) -> tuple[str, str]:
    name, _, unit = code.rpartition("_")
    unit = f"working {unit}" if unit == "days" else unit
    return _spaced([name])[0], f"{length} {unit}"


def _law(row: _Cited) -> str:
    return f"{row.source} ({row.status})"


def _names(names: Iterable[str]) -> str:
    return ", ".join(_spaced(sorted(names)))


def _codes(codes: Iterable[str]) -> str:
    return ", ".join(f"`{code}`" for code in dict.fromkeys(codes))


def _spaced(names: Iterable[str]) -> list[str]:
    return [name.replace("_", " ") for name in names]


def _section(title: str, rows: list[Sequence[str]]) -> str:
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return f"### {title}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)
