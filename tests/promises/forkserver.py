"""Start services fast: one process imports everything once and forks a service for each line it reads.

A line is a JSON object {"service": name, "environment": {…}, "log": path}; the answer is the process id, also
that of a process group of its own.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from nacl.signing import SigningKey

import hub.app
import hub.cli
import hub.signals.committer
import keys.holder.app
import keys.holder.cli
from hub.matches.matching import match
from hub.signals.service import Outcome, Post, accept
from hub.subjects.service import claim_changed
from service.work import Work


def serve_mutant() -> None:
    """Serve a hub that matches what it takes before it answers."""

    def accept_and_match(work: Work, posts: Sequence[Post], *, signer: SigningKey) -> list[Outcome]:
        outcomes = accept(work, posts, signer=signer)
        match(work, frozenset(claim_changed(work, 100)))
        return outcomes

    hub.signals.committer.accept = accept_and_match  # type: ignore[attr-defined]
    hub.cli.serve(workers=1)


SERVICES: Mapping[str, Callable[[], None]] = {
    "hub": lambda: hub.cli.serve(workers=1),
    "mutant": serve_mutant,
    "worker": hub.cli.worker,
    "holder": lambda: keys.holder.cli.serve(workers=1),
}
OK = 0


def become(service: str, environment: Mapping[str, str], log: str) -> None:
    """Turn this fork into the service; never returns."""
    os.setsid()
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (file, 1), (file, 2)):
        os.dup2(source, target)
    os.environ.update(environment)
    try:
        SERVICES[service]()
    finally:
        sys.stdout.flush()
        os._exit(OK)


def reap() -> None:
    """Let those that were killed go."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def main() -> None:
    """Fork until the input ends."""
    # A service that walks what was imported, looking for garbage, copies all of that memory.
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        reap()
        pid = os.fork()
        if pid == 0:
            become(order["service"], order["environment"], order["log"])
        print(pid, flush=True)


if __name__ == "__main__":
    main()
