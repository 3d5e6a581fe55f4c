"""What commands share: the home they work in, and how they write lists, JSON and hints."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from dat_client.client import Client
from dat_client.configuration import default_home

Holders = Annotated[
    int | None,
    typer.Option(min=1, max=8, help="How many hold authority (gezagsregister); each of them was told."),
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON for other programs.")]


def home_of(context: typer.Context) -> Path:
    """Give the home directory that the command works in."""
    chosen = context.find_root().obj
    return chosen if isinstance(chosen, Path) else default_home()


def open_client(context: typer.Context) -> Client:
    """Open the client of that home."""
    return Client.from_home(home_of(context))


def say(text: str) -> None:
    """Write a hint for people, beside the output proper."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(text, markup=False)


def write_json(content: Any) -> None:
    """Write one JSON document."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False) + "\n")


def write_list(answers: Iterable[BaseModel], columns: Sequence[str], *, as_json: bool, empty: str) -> None:
    """Write answers as a table of the named fields, or as JSON with all of them."""
    found = [answer.model_dump(mode="json") for answer in answers]
    if as_json:
        write_json(found)
    elif found:
        write_rows(columns, ([_text(item[name]) for name in columns] for item in found))
    else:
        say(empty)


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a plain table; ids are never cut off."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name.replace("_", " "), overflow="fold", no_wrap=name.endswith("id"))
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 200).print(table)


def write_one(answer: BaseModel, *, as_json: bool) -> None:
    """Write one answer, field by field."""
    content = answer.model_dump(mode="json", exclude_none=True)
    if as_json:
        write_json(content)
    else:
        write_rows(
            ("field", "value"), [(name.replace("_", " "), _text(value)) for name, value in content.items()]
        )


def make_progress() -> Progress:
    """Make a progress bar on the error stream; none where nobody watches. NO_COLOR is respected by rich."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(part) for part in value if part is not None)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
