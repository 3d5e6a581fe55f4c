"""Make the letters with which a person is told of a signal, from the policy set: always who, never why.

Source: TRA-01, TRA-02, TRA-03, TRA-13; AVG 13, 14; Jeugdwet 2.5, 7.1.5.1; Wmo 2015 2.3.2(3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from hub.consent.facts import Bracket
from hub.consent.policy_set import LegalBasis, PartnerRule, PolicySet
from hub.informing.wording import OTHER, Language, Reader, Wording, wordings

# Words in brackets are for lawyers; single letters and figures belong to the article.
_ASIDE = re.compile(r"\s*\([^)]*[a-z]{2}[^)]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """For which signal the letters are: nothing about anybody, only policy.

    Attributes:
        months: for how long the signal is posted, at most.
    """

    partner_kind: str
    legal_basis: str
    bracket: Bracket
    language: Language
    on: date
    months: int = 12


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a letter; `code` says what it must hold."""

    code: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter for one kind of reader."""

    reader: Reader
    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class NoticeText:
    """The letters for one signal, and what the professional who hands them over must know."""

    letters: tuple[Letter, ...]
    guidance: tuple[str, ...]
    policy_hash: str


def find_notice_text(asked: Asked, *, rules: PolicySet) -> NoticeText | None:
    """Make the letters of a signal that may be posted on this day, or None where it may not be."""
    partner, basis = rules.find_partner(asked.partner_kind), rules.find_basis(asked.legal_basis, on=asked.on)
    if partner is None or basis is None or not partner.may_signal or partner.kind not in basis.partner_kinds:
        return None
    if asked.bracket not in partner.brackets & basis.brackets:
        return None
    letters = (_letter(reader, asked, partner, basis, rules) for reader in readers_of(asked.bracket, rules))
    return NoticeText(tuple(letters), tuple(wordings()[asked.language].guidance), rules.hash)


def readers_of(bracket: Bracket, rules: PolicySet) -> tuple[Reader, ...]:
    """Name who gets a letter at this age. Source: Jeugdwet 7.1.5.1(1)."""
    told = rules.told(bracket)
    own = Reader.ADULT if bracket in {Bracket.TO_22, Bracket.FROM_23} else Reader.YOUTH
    return tuple(
        reader for role, reader in (("subject", own), ("representative", Reader.PARENTS)) if role in told
    )


def _letter(
    reader: Reader, asked: Asked, partner: PartnerRule, basis: LegalBasis, rules: PolicySet
) -> Letter:
    wording, words = wordings()[asked.language], _words(reader, asked, partner, basis, rules)
    sections = (
        Section(code, wording.titles[code], " ".join(wording.sentences[one].format(**words) for one in parts))
        for code, parts in _parts(asked, partner, basis, rules)
    )
    return Letter(reader, wording.readers[reader]["opening"], tuple(sections))


def _parts(
    asked: Asked, partner: PartnerRule, basis: LegalBasis, rules: PolicySet
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give each section the sentences that hold under this policy."""
    young = asked.bracket is not Bracket.FROM_23
    both = rules.told(asked.bracket) == {"subject", "representative"}
    objecting = "basis_objection" if basis.objection_blocks == "any" else "basis"
    yield "that", ("that",)
    yield "who", ("who",)
    yield "purpose", ("purpose",)
    yield "data", ("data",)
    yield "basis", ("basis_consent" if basis.needs_consent else objecting,)
    yield "duration", ("duration", *(("duration_age",) if young else ()))
    hears = "told" if _recipients(partner, rules) else "told_nobody"
    yield "told", (hears, "told_feedback" if partner.feedback else "told_never")
    yield (
        "rights",
        (
            "rights_own",
            *(("rights_both",) if both else ()),
            *(("rights_consent",) if basis.needs_consent else ()),
        ),
    )
    yield "objection", ("objection",)
    yield "help", (*(("help_youth",) if young else ()), "help_all")
    # Only a consent can be refused: to suggest a choice that is none is what the AP warned of (2016).
    yield "choice", ("choice_consent" if basis.needs_consent else "choice_objection",)


def _words(
    reader: Reader, asked: Asked, partner: PartnerRule, basis: LegalBasis, rules: PolicySet
) -> dict[str, str]:
    wording = wordings()[asked.language]
    person = wording.readers[reader]
    others = [row.kind for row in rules.partners if row.may_signal and row.kind != partner.kind]
    recipients = _recipients(partner, rules)
    levels = [rules.most_told(partner, basis, recipient=kind) for kind in recipients]
    return {
        **wording.fill_in,
        **person,
        "You": person["you"].capitalize(),
        "partners": _list(wording, others),
        "recipients": _list(wording, recipients),
        "level": wording.levels[max(levels, default=0)],
        "law": law_of(basis.source, wording),
        "months": str(asked.months),
        "age": str(_ends_at(asked.bracket, rules)),
    }


def _recipients(partner: PartnerRule, rules: PolicySet) -> list[str]:
    return sorted(row.kind for row in rules.partners if row.may_be_told and row.kind in partner.told)


def _ends_at(bracket: Bracket, rules: PolicySet) -> int:
    """Return the age at which a bracket ends: a signal never outlives it."""
    brackets = list(Bracket)
    return sum(rules.years(one) for one in brackets[: brackets.index(bracket) + 1])


def law_of(source: str, wording: Wording) -> str:
    """Write the first law of a source for a citizen: its name in words, then its articles."""
    name, _, articles = _ASIDE.sub("", source.split(";", maxsplit=1)[0]).strip().partition(" ")
    named = wording.laws.get(name, name)
    return f"{named}, {wording.laws['article']} {articles}" if articles else named


def _list(wording: Wording, kinds: Iterable[str]) -> str:
    nouns = list(dict.fromkeys(wording.nouns.get(kind, wording.nouns[OTHER]) for kind in kinds))
    if len(nouns) < 2:
        return "".join(nouns)
    return f"{', '.join(nouns[:-1])} {wording.nouns['and']} {nouns[-1]}"
