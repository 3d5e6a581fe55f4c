"""`dat-hub notice-text` and `dat-hub preview`: what a person reads, and who would be told what."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import Annotated

import typer
from rich.console import Console

from hub.consent.facts import Bracket
from hub.consent.policy_set import PolicySet
from hub.consent.service import policy_in_force
from hub.context import open_database
from hub.informing.errors import NoticeTextMissingError
from hub.informing.preview import Planned, preview
from hub.informing.texts import Asked, NoticeText, find_notice_text
from hub.informing.wording import Language, wordings
from service.clock import dutch_date
from service.work import OPERATOR

console = Console(highlight=False, markup=False, soft_wrap=True)
Kind = Annotated[str, typer.Argument(help="Kind of partner, such as school.")]
Basis = Annotated[str, typer.Argument(help="Code of the legal basis, such as JW_7_1_4_1.")]
Age = Annotated[Bracket, typer.Argument(help="Age bracket of the person.")]


def show_notice_text(
    kind: Kind,
    basis: Basis,
    bracket: Age,
    *,
    language: Language = Language.DUTCH,
    months: Annotated[int, typer.Option(min=1, max=24, help="For how long the signal is posted.")] = 12,
) -> None:
    """Print the letters with which a person is told of a signal, from the policy set in force.

    Example: dat-hub notice-text school JW_7_1_4_1 12-15 --language nl
    """
    rules, on = _rules()
    asked = Asked(
        partner_kind=kind, legal_basis=basis, bracket=bracket, language=language, on=on, months=months
    )
    found = find_notice_text(asked, rules=rules)
    if found is None:
        raise NoticeTextMissingError
    console.print(write_text(found))


def show_preview(kind: Kind, basis: Basis, bracket: Age, language: Language = Language.DUTCH) -> None:
    """Print who would be told what of such a signal, by policy alone.

    Example: dat-hub preview school JW_7_1_4_1 12-15
    """
    rules, on = _rules()
    seen = preview(Planned(partner_kind=kind, legal_basis=basis, bracket=bracket, on=on), rules=rules)
    console.print("may be posted" if seen.posting.allowed else "may not be posted")
    for why in seen.posting.reasons:
        console.print(f"- {why.rule} {why.fact} ({why.source})")
    for one in seen.told:
        console.print(f"{one.recipient_kind}: level {one.level}. {wordings()[language].levels[one.level]}")
    console.print(f"told first: {' + '.join(sorted(seen.notice_to))}")
    console.print(f"consent of: {' + '.join(sorted(seen.consent_of)) or 'nobody'}")


def write_text(text: NoticeText) -> str:
    """Write letters as plain text, the guidance last."""
    lines = []
    for letter in text.letters:
        lines += [f"# {letter.title}", ""]
        for section in letter.sections:
            lines += [section.title, section.text, ""]
    return "\n".join([*lines, *(f"* {one}" for one in text.guidance)])


def _rules() -> tuple[PolicySet, date]:
    with closing(open_database()) as database, database.look(OPERATOR) as work:
        return policy_in_force(work), dutch_date(work.now)
