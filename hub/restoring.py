"""`dat-hub audit reopen`: lead a hub out of a restore, erasures first."""

from __future__ import annotations

from rich.console import Console

from hub.audit.errors import NoGapError
from hub.audit.keys import ledger_signer
from hub.audit.restoring import reopen_log
from hub.audit.witness import watch_of
from hub.context import open_database
from hub.rights.replaying import replay_erasures
from hub.settings import HubSettings
from service.keystore import FileKeyStore

console = Console()


def reopen() -> None:
    """After a restore: erase again what was erased since, and begin a tree that says what was lost."""
    settings = HubSettings()
    database = open_database(settings)
    count = replay_erasures(database)
    console.print(f"{count} registrations were erased since the backup, and are again", highlight=False)
    watch = watch_of(settings.witness_url, settings.witness_keys, ca_file=settings.data_keys_ca_file)
    if watch is None:
        console.print("nobody witnesses this hub: what else was lost is not known; see DAT_HUB_WITNESS_URL")
        return
    try:
        gap = reopen_log(database, ledger_signer(FileKeyStore(settings.keys), settings.hub_id), watch)
    except NoGapError as error:
        console.print(error.title)
        return
    console.print(f"{gap.closed}: {gap.size} leaves here, {gap.witnessed} were witnessed", highlight=False)
    console.print(f"{gap.agreed} of those are here; trees gone: {gap.lost or 'none'}", highlight=False)
    console.print("the next tree begins with that; tell the privacy officer")
