"""The three programs' own help: every command shows how it is called, as it really is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from dat_client.cli import app as dat
from hub.cli import app as dat_hub
from keys.holder.cli import app as dat_keys

PROGRAMS = {"dat": dat, "dat-hub": dat_hub, "dat-keys": dat_keys}
SETTING = re.compile(r"[A-Z_]+=")


def commands_of(program: str) -> Iterator[tuple[str, TyperCommand]]:
    """Give each command of a program with the words by which it is called."""
    waiting = [(program, typer.main.get_command(PROGRAMS[program]))]
    while waiting:
        words, found = waiting.pop()
        if isinstance(found, TyperGroup):
            waiting += [(f"{words} {name}", one) for name, one in found.commands.items()]
        elif isinstance(found, TyperCommand):
            yield words, found


def examples_of(command: TyperCommand) -> list[str]:
    """Give what stands behind `Example:`, each until a blank line, without settings in front of it."""
    told = f"{command.help or ''}\n\n{command.epilog or ''}"
    found = [" ".join(one.split()) for one in re.findall(r"Example: (.+?)(?:\n\s*\n|\Z)", told, re.DOTALL)]
    return [" ".join(word for word in one.split(" ") if not SETTING.match(word)) for one in found]


def faults_of(words: str, command: TyperCommand) -> list[str]:
    """Say what is wrong with a command's examples: none, of another command, or an option it lacks."""
    options = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    examples = examples_of(command)
    faults = [] if examples else [f"{words}: no example"]
    for example in examples:
        if not example.startswith(f"{words} ") and example != words:
            faults.append(f"{words}: {example}")
        shown = {word for word in shlex.split(example) if word.startswith("--")}
        faults += [f"{words} has no {name}" for name in sorted(shown - options)]
    return faults


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_shows_an_example_with_options_that_it_has(program: str) -> None:
    commands = list(commands_of(program))
    assert len(commands) > 20
    assert [fault for words, command in commands for fault in faults_of(words, command)] == []
