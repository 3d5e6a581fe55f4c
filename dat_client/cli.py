"""`dat`: what a partner, a casemanager and a municipal desk type."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from dat_client.commands import (
    cases,
    configuring,
    desk,
    duties,
    households,
    informing,
    matches,
    notices,
    posting,
    receipts,
    requests,
    rights,
    signals,
    teams,
    transfers,
)
from dat_client.commands.terminal import say
from dat_client.errors import (
    ClientError,
    ConfigurationError,
    IdentifyingReferenceError,
    ProblemError,
    UnknownReferenceError,
)
from dat_client.identity.person import RefusedPersonError
from dat_client.reporting import SOME_REFUSED, UNFINISHED, USAGE
from dat_client.rows import RowError
from dat_client.tables import TableError

UNEXPECTED = 1

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=(
        "Tell the responsible casemanager that you had contact with somebody, and nobody anything more. "
        "Names, birth dates and BSNs never leave this machine."
    ),
    epilog="Start with: dat configure; dat doctor. Acute danger? Call 112 or Veilig Thuis (0800-2000).",
)
app.command("configure")(configuring.configure)
app.command("keygen")(configuring.keygen)
app.add_typer(configuring.manifest_app, name="manifest")
app.command("post")(posting.post)
app.command("import")(posting.import_signals)
app.command("resume")(posting.resume)
app.add_typer(signals.app, name="signals")
app.add_typer(cases.app, name="cases")
app.add_typer(transfers.transfers_app, name="transfers")
app.add_typer(transfers.addresses_app, name="addresses")
app.add_typer(notices.notices_app, name="notices")
app.add_typer(notices.intake_app, name="intake")
app.add_typer(notices.possible_app, name="possible")
app.add_typer(matches.matches_app, name="matches")
app.add_typer(households.inquiries_app, name="inquiries")
app.add_typer(households.households_app, name="households")
app.add_typer(teams.follow_ups_app, name="follow-ups")
app.add_typer(teams.teams_app, name="teams")
app.command("agenda")(matches.show_agenda)
app.add_typer(rights.consent_app, name="consent")
app.add_typer(rights.objection_app, name="objection")
app.command("honey")(rights.seed_honey_token)
app.add_typer(informing.told_app, name="subject-notice")
app.command("notice-text")(informing.notice_text)
app.command("preview")(informing.preview)
app.add_typer(informing.override_app, name="override")
app.add_typer(requests.app, name="rights")
app.add_typer(duties.policy_app, name="policy")
app.add_typer(receipts.app, name="receipts")
app.command("desk")(desk.open_desk)
app.command("doctor")(configuring.doctor)


@app.callback()
def choose_home(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(envvar="DAT_HOME", help="Home directory; default ~/.config/dat.")
    ] = None,
) -> None:
    """Keep the chosen home for the command."""
    context.obj = home


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code; no error shows a value, only what to do."""
    try:
        app(args=list(arguments), prog_name="dat")
    except SystemExit as stop:
        return int(stop.code or 0)
    except (RefusedPersonError, RowError) as refused:
        say(f"refused: {refused}")
        return SOME_REFUSED
    except ClientError as error:
        say(str(error))
        return _exit_code(error)
    except Exception as error:
        # A traceback would print lines of input: the kind of error and its place must do.
        say(f"unexpected error: {type(error).__name__}")
        return UNEXPECTED
    return 0


def _exit_code(error: ClientError) -> int:
    if isinstance(error, ConfigurationError | TableError):
        return USAGE
    if isinstance(error, ProblemError | IdentifyingReferenceError | UnknownReferenceError):
        return SOME_REFUSED
    return UNFINISHED


def main() -> None:
    """Run `dat` as a program."""
    sys.exit(run(sys.argv[1:]))
