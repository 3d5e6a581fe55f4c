"""Witness the logs of others: cosign what continues the tree that was seen, and nothing else, ever.

Whoever rolls the hub's database back, or writes its history anew with its key, meets the size and the root
that lie here, in another house. There is no command to make a witness forget.

Source: C2SP tlog-witness.
"""

from __future__ import annotations

import re
from hashlib import sha256

from sqlalchemy import select, update

from keys.holder.events import record
from keys.holder.models import WitnessedLogRow, WitnessedTreeRow
from ledger.cosignature import Cosigner
from ledger.note import Verifier, only_signed_by, parse_verifier
from ledger.tree import EMPTY_ROOT
from ledger.witnessing import (
    NotCosignedError,
    Refusal,
    Seen,
    parse_submission,
    require_cosignable,
)
from service.bulk import insert_into
from service.work import Work

_TREE = re.compile(r"(.+?)(?:/20[0-9]{2}h[12](?:\.[2-9])?)?")


def trust_log(work: Work, vkey: str) -> Verifier:
    """Witness a log from now on, under the name and key that its operator gave by another road.

    A log that is trusted already keeps its key: another key under its name would be another log.

    Raises:
        NoteError: It is no verifier key.
    """
    verifier = parse_verifier(vkey)
    row = work.session.get(WitnessedLogRow, verifier.name)
    if row is None:
        work.session.add(WitnessedLogRow(name=verifier.name, public=verifier.public))
        record(work, "log.trusted", log=verifier.name)
        return verifier
    return Verifier(row.name, row.public)


def list_logs(work: Work) -> list[Verifier]:
    """List the logs that are witnessed."""
    rows = work.session.scalars(select(WitnessedLogRow).order_by(WitnessedLogRow.name))
    return [Verifier(row.name, row.public) for row in rows]


def cosign(work: Work, cosigner: Cosigner, body: str) -> str:
    """Cosign a submission and remember it; answer only after the commit: persist, then answer.

    Returns:
        The cosigner's signature lines.

    Raises:
        NotCosignedError: With the status and, where that is why, the size that was seen.
    """
    submission = parse_submission(body)
    verifier = _find_verifier(work, submission.origin)
    seen = _locked(work, submission.origin)
    checkpoint = require_cosignable(submission, seen, [verifier])
    lines = "".join(line.to_text() for line in cosigner.cosign(checkpoint, at=int(work.now.timestamp())))
    tree = WitnessedTreeRow
    moved = (
        update(tree)
        .where(tree.origin == checkpoint.origin, tree.size == seen.size)
        .values(
            size=checkpoint.size,
            root=checkpoint.root,
            note=only_signed_by(submission.note, verifier.name) + lines,
            cosigned_at=work.now,
        )
    )
    held = work.session.execute(moved.returning(tree.origin).execution_options(synchronize_session=False))
    if held.first() is None:
        raise NotCosignedError(Refusal.OTHER_SIZE, seen=seen.size)
    return lines


def find_checkpoint(work: Work, origin_hash: str) -> str | None:
    """Return the last note that was cosigned of the tree whose origin has this SHA-256 (hexadecimal)."""
    query = select(WitnessedTreeRow.note).where(
        WitnessedTreeRow.origin_hash == origin_hash, WitnessedTreeRow.note != ""
    )
    return work.session.execute(query).scalar_one_or_none()


def _find_verifier(work: Work, origin: str) -> Verifier:
    found = _TREE.fullmatch(origin)
    names = {origin, found[1]} if found else {origin}
    rows = work.session.scalars(select(WitnessedLogRow).where(WitnessedLogRow.name.in_(names))).all()
    if not rows:
        raise NotCosignedError(Refusal.UNKNOWN_LOG)
    # The trees of one log carry its key, each under a name of its own.
    return Verifier(origin, max(rows, key=lambda row: len(row.name)).public)


def _locked(work: Work, origin: str) -> Seen:
    empty = {
        "origin": origin,
        "origin_hash": sha256(origin.encode()).hexdigest(),
        "size": 0,
        "root": EMPTY_ROOT,
        "note": "",
        "cosigned_at": work.now,
    }
    fresh = insert_into(work.session, WitnessedTreeRow).values(empty)
    work.session.execute(fresh.on_conflict_do_nothing())
    tree = WitnessedTreeRow
    query = select(tree.size, tree.root).where(tree.origin == origin).with_for_update()
    row = work.session.execute(query).one()
    return Seen(row.size, row.root)
