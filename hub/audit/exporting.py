"""Write the hub's log for auditors: hashes, leaves of coded facts, signed heads, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from hub.audit.cosigned import find_cosigned, list_given_up
from hub.audit.models import LOG
from service.eventlog.exporting import export_tiles, write_note
from service.work import Work


def export_trees(work: Work, folder: Path) -> Iterator[tuple[str, int]]:
    """Write each tree into a folder of its own, as of its last cosigned head; yields its name and size.

    A tree that nobody cosigned is written as of its last signed head; so is one that was closed because the
    store is not what its witness saw, for that is the head which the next tree names.
    """
    given_up = list_given_up(work)
    for head in work.session.execute(select(LOG.head).order_by(LOG.head.c.shard)).all():
        cosigned = find_cosigned(work, head.shard, most=head.size)
        if head.shard in given_up and cosigned and cosigned.size < head.size:
            write_note(folder / head.shard / "cosigned", cosigned.note)
            cosigned = None
        size, note = (cosigned.size, cosigned.note) if cosigned else (head.size, head.note)
        if note:
            export_tiles(work, LOG, head.shard, size=size, note=note, folder=folder / head.shard)
            yield head.shard, size
