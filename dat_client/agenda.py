"""Print the agenda of a team meeting: numbers, age brackets and days, nothing by which anybody is known.

Source: the weekly meeting speaks of cases "op naam en rugnummer", here by number only; the question itself is
brought orally from the team's own file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape

from dat_client.answers import IntakeItem

TITLE = "Agenda teamoverleg"
COLUMNS = ("nr", "nummer", "leeftijd", "wacht (dagen)", "van", "")
LEFT = "langer dan één overleg: bij de teamleider"


def print_agenda(items: Iterable[IntakeItem], *, now: datetime) -> str:
    """Return the agenda as plain text, longest waiting first."""
    lines = [TITLE, "", "  ".join(COLUMNS).rstrip()]
    lines += ["  ".join(row).rstrip() for row in _rows(items, now)]
    return "\n".join(lines) + "\n"


def print_agenda_page(items: Iterable[IntakeItem], *, now: datetime) -> str:
    """Return the agenda as a page to print; it loads nothing."""
    head = "".join(f"<th>{escape(name)}</th>" for name in COLUMNS)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in _rows(items, now)
    )
    return (
        f'<!doctype html><html lang="nl"><meta charset="utf-8"><title>{TITLE}</title>'
        f"<h1>{TITLE}</h1><table><tr>{head}</tr>{body}</table></html>\n"
    )


def _rows(items: Iterable[IntakeItem], now: datetime) -> Iterator[tuple[str, ...]]:
    waiting = sorted(
        (one for one in items if one.state == "waiting" and one.waiting_since is not None),
        key=lambda one: (one.waiting_since, one.item_id),
    )
    for number, item in enumerate(waiting, start=1):
        assert item.waiting_since is not None, "chosen above"
        yield (
            str(number),
            str(item.item_id),
            " / ".join(item.brackets),
            str((now - item.waiting_since).days),
            " + ".join(partner for partner in item.partners if partner),
            LEFT if item.left else "",
        )
