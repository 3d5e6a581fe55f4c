"""The log as static files: judged by the verifier that stands alone, on what the database really holds."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from hub.audit.exporting import export_trees
from hub.audit.models import LOG
from hub.audit.service import record_many, sequence_events
from hub.audit.verification import verify as verify_hub
from ledger import verify
from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.leaf import find_opening
from ledger.note import Signer
from ledger.tree import verify_consistency, verify_inclusion
from service.database import Database
from service.eventlog.proofs import prove_consistency, prove_inclusion, root_at
from service.work import SYSTEM, Work
from tests.hub.audit.test_service import SIGNER, Happened, check, fill, force

VKEY = SIGNER.verifier.to_text()


def export(database: Database, folder: Path) -> list[Path]:
    with database.look(SYSTEM) as work:
        return [folder / shard for shard, _ in export_trees(work, folder)]


def judge(folder: Path) -> int:
    return verify.main(["log", str(folder), "--key", VKEY])


def test_an_exported_log_is_whole_for_the_verifier_that_stands_alone(
    hub_database: Database, now: datetime, tmp_path: Path
) -> None:
    fill(hub_database, now, count=600)
    (folder,) = export(hub_database, tmp_path)
    assert folder.name == "2026h2"
    assert judge(folder) == 0
    force(hub_database, "UPDATE audit_event SET leaf = event_id")
    (folder,) = export(hub_database, tmp_path)
    assert judge(folder) == 1


def test_a_new_half_year_begins_where_the_last_one_ended(
    hub_database: Database, now: datetime, tmp_path: Path
) -> None:
    fill(hub_database, now - timedelta(days=180), count=3)
    fill(hub_database, now, count=4)
    report = check(hub_database)
    assert (report.findings, report.shards, report.events) == ([], 2, 8)
    first, second = export(hub_database, tmp_path)
    assert (judge(first), judge(second)) == (0, 0)
    with hub_database.look(SYSTEM) as work:
        query = select(LOG.event.c.leaf).join(LOG.leaf, LOG.leaf.c.event_id == LOG.event.c.event_id)
        leaf = work.session.scalars(query.where(LOG.leaf.c.idx == 0, LOG.leaf.c.shard == "2026h2")).one()
    opening = find_opening(leaf)
    assert opening is not None
    assert (opening.closed, opening.size) == (f"{SIGNER.name}/2026h1", 3)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("DELETE FROM audit_head WHERE shard = '2026h1'", "head_missing 2026h1"),
        ("DELETE FROM audit_leaf WHERE shard = '2026h1'", "size_differs 2026h1"),
        ("DELETE FROM audit_node WHERE hash IS NOT NULL", ""),
        (
            "UPDATE audit_node SET hash = (SELECT leaf_hash FROM audit_leaf LIMIT 1)",
            "node_changed 2026h2/1/0",
        ),
        ("UPDATE audit_node SET idx = 9", "node_without_leaves 2026h2/1"),
    ],
)
def test_what_is_beside_a_tree_is_held_against_it(
    hub_database: Database, now: datetime, statement: str, finding: str
) -> None:
    fill(hub_database, now - timedelta(days=180), count=3)
    fill(hub_database, now, count=300)
    force(hub_database, statement)
    findings = check(hub_database).findings
    assert (finding in findings) if finding else findings == []


def test_a_whole_half_year_that_was_taken_away_is_missed(hub_database: Database, now: datetime) -> None:
    fill(hub_database, now - timedelta(days=180), count=3)
    fill(hub_database, now, count=4)
    for table in ("audit_private", "audit_event"):
        force(
            hub_database,
            f"DELETE FROM {table} WHERE event_id IN (SELECT event_id FROM audit_leaf WHERE shard = '2026h1')",
        )
    force(hub_database, "DELETE FROM audit_leaf WHERE shard = '2026h1'")
    force(hub_database, "DELETE FROM audit_head WHERE shard = '2026h1'")
    assert check(hub_database).findings == [f"tree_missing {SIGNER.name}/2026h1"]


def test_a_newest_half_year_that_was_taken_away_is_missed_by_who_witnessed_it(
    hub_database: Database, now: datetime
) -> None:
    fill(hub_database, now - timedelta(days=180), count=3)
    fill(hub_database, now, count=4)
    with hub_database.look(SYSTEM) as work:
        seen = head_at(work, 5)
    for table in ("audit_private", "audit_event"):
        force(
            hub_database,
            f"DELETE FROM {table} WHERE event_id IN (SELECT event_id FROM audit_leaf WHERE shard = '2026h2')",
        )
    for table in ("audit_leaf", "audit_head"):
        force(hub_database, f"DELETE FROM {table} WHERE shard = '2026h2'")
    with hub_database.look(SYSTEM) as work:
        assert verify_hub(work, SIGNER.verifier).findings == []
        findings = verify_hub(work, SIGNER.verifier, witnessed=[seen]).findings
    assert findings == [f"tree_missing {SIGNER.name}/2026h2"]


def test_a_closed_half_year_that_was_signed_anew_is_not_the_one_that_the_next_names(
    hub_database: Database, now: datetime
) -> None:
    fill(hub_database, now - timedelta(days=180), count=3)
    fill(hub_database, now, count=4)
    own = Signer(f"{SIGNER.name}/2026h1", SIGNER.key)
    note = sign_checkpoint(Checkpoint(own.name, 3, bytes(32)), own)
    force(hub_database, f"UPDATE audit_head SET note = '{note}' WHERE shard = '2026h1'")
    assert check(hub_database).findings == ["root_differs 2026h1", "opening_differs 2026h2"]


def test_what_a_witness_holds_is_held_against_the_store(hub_database: Database, now: datetime) -> None:
    fill(hub_database, now, count=300)
    sizes = (1, 255, 256, 257, 300)
    with hub_database.look(SYSTEM) as work:
        heads = [head_at(work, size) for size in sizes]
        report = verify_hub(work, SIGNER.verifier, witnessed=heads)
        assert (report.findings, report.witnessed) == ([], 5)
        false = [Checkpoint(heads[0].origin, size, bytes(32)) for size in (200, 301)]
        report = verify_hub(work, SIGNER.verifier, witnessed=[*heads, *false])
    assert report.findings == ["witnessed_otherwise 2026h2 200", "rolled_back 2026h2 301"]


def head_at(work: Work, size: int) -> Checkpoint:
    return Checkpoint(f"{SIGNER.name}/2026h2", size, root_at(work, LOG, "2026h2", size))


def test_proofs_are_read_from_few_rows_and_hold(hub_database: Database, now: datetime) -> None:
    chance = random.Random(7)
    for count in (100, 500, 200):
        with hub_database.work(SYSTEM, now=now) as work:
            record_many(work, [Happened() for _ in range(count)])
            sequence_events(work, SIGNER)
    with hub_database.look(SYSTEM) as work:
        leaves = work.session.scalars(select(LOG.leaf.c.leaf_hash).order_by(LOG.leaf.c.idx)).all()
        nodes = work.session.execute(text("SELECT count(*) FROM audit_node")).scalar_one()
        assert (len(leaves), nodes) == (800, 3)
        for _ in range(12):
            old, new = sorted(chance.sample(range(1, 801), 2))
            index = chance.randrange(new)
            root = root_at(work, LOG, "2026h2", new)
            proof = prove_inclusion(work, LOG, "2026h2", index=index, size=new)
            verify_inclusion(leaves[index], index, new, proof, root)
            continued = prove_consistency(work, LOG, "2026h2", old=old, new=new)
            verify_consistency(old, root_at(work, LOG, "2026h2", old), new, root, continued)
