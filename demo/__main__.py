"""`make demo`: a fictive municipality at work, until Ctrl-C, or once."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from types import FrameType

from rich.console import Console

from demo.domains import DemoError
from demo.processes import Children
from demo.running import deal_choice, play, require_promises, set_up
from demo.settings import Choices, read_choices
from demo.story import Story
from demo.town import Town

TAIL = 15  # lines


def main() -> int:
    """Tell the story; 0 when all went well, 1 with one clear line when not, 130 when interrupted."""
    os.umask(0o077)
    signal.signal(signal.SIGTERM, _interrupt)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    try:
        choices = read_choices(os.environ)
        _tell(choices, console)
    except DemoError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        print(f"demo: {type(error).__name__}: {error} ({place.filename}:{place.lineno})", file=sys.stderr)
        return 1
    return 0


def _tell(choices: Choices, console: Console) -> None:
    started = time.monotonic()
    story, deal = Story(console), deal_choice(choices)
    setting_up = set_up(choices, deal, story)
    town = next(setting_up)
    try:
        for _ in setting_up:
            pass
        facts = play(town, deal, story)
        story.tell(town, facts)
        require_promises(facts)
        figures = facts.as_json(seconds=time.monotonic() - started)
        if not choices.once:
            _stay(story, town)
    except Exception:
        _show_logs(town.children, console)
        raise
    finally:
        story.progress.stop()
        town.children.stop()
    print(json.dumps(figures), flush=True)


def _stay(story: Story, town: Town) -> None:
    story.show_the_way(town)
    try:
        while True:
            town.children.require_alive()
            time.sleep(1)
    except KeyboardInterrupt:
        story.console.print("\n  stopping ...")


def _show_logs(children: Children, console: Console) -> None:
    """Show how each log ends, before the processes are gone."""
    for child in children.running:
        lines = child.log.read_text(errors="replace").splitlines()[-TAIL:]
        if lines:
            console.print(f"[bold]{child.log}[/]")
            console.print("\n".join(lines), markup=False)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
