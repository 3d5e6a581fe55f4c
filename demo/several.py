"""Run several command lines of one program in one process: starting Python costs more than most of them.

    echo '[["partners", "list", "--json"]]' | python -m demo.several dat-hub

Prints a JSON list of what each printed; stops at the first that fails.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from importlib import import_module

PROGRAMS = {"dat": "dat_client.cli", "dat-hub": "hub.cli", "dat-keys": "keys.holder.cli"}


def main() -> None:
    """Run the lines on standard input."""
    os.umask(0o077)
    program = sys.argv[1]
    app = import_module(PROGRAMS[program]).app
    outputs = [_run(app, program, line) for line in json.load(sys.stdin)]
    print(json.dumps(outputs))


def _run(app: object, program: str, line: Sequence[str]) -> str:
    with redirect_stdout(io.StringIO()) as output:
        try:
            code = app(args=list(line), prog_name=program, standalone_mode=False)  # type: ignore[operator]
        except Exception as error:
            reason = getattr(error, "title", None) or str(error) or type(error).__name__
            raise SystemExit(f"{program} {' '.join(line[:3])}: {reason}") from None
    if code:
        raise SystemExit(f"{program} {' '.join(line[:3])}: exit {code}")
    return output.getvalue()


if __name__ == "__main__":
    main()
