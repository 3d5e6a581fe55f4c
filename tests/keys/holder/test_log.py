"""The holder's own log and store: counts only, and nothing changed unseen."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from keys.holder.models import LOG
from keys.holder.opening import Holder
from service.errors import UnavailableError
from service.eventlog.appending import sequence_pending
from service.eventlog.verification import verify_tree
from service.work import OPERATOR, SYSTEM
from tests.keys.holder.world import Admitting, Partner, admit, blindings, evaluation_of


def stored_bytes(holder: Holder) -> bytes:
    """Return every byte that the store keeps, journals included."""
    database = holder.database
    if database.dialect == "sqlite":
        place = Path(str(database.url.database))
        return b"".join(path.read_bytes() for path in place.parent.glob(place.name + "*"))
    with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        directory = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        question = text("SELECT oid FROM pg_database WHERE datname = current_database()")
        folder = directory / "base" / str(connection.execute(question).scalar_one())
    return b"".join(path.read_bytes() for path in folder.iterdir())


def forms(secret: bytes) -> list[bytes]:
    """Return the ways in which bytes are usually written."""
    written = (secret.hex().encode(), b64encode(secret), urlsafe_b64encode(secret))
    return [secret, secret[:16], *(form.rstrip(b"=")[:40] for form in written)]


def test_no_element_is_ever_stored(holder: Holder, http: TestClient) -> None:
    partner = admit(holder, http, Admitting(schemes={"demographic": 50}))
    blinded = [one.element for one in blindings(40)]
    evaluation = evaluation_of(partner.ask(blinded))
    partner.ask(blinded)
    partner.ask(blinded, scheme="bsn")
    with holder.database.work(SYSTEM) as work:
        sequence_pending(work, LOG, holder.signer)
    stored = stored_bytes(holder)
    assert partner.organisation.hex.encode() in stored
    for element in (*blinded, *evaluation.elements, *evaluation.proofs):
        assert not any(form in stored for form in forms(element))


def test_the_log_verifies_and_shows_a_changed_count(holder: Holder, partner: Partner) -> None:
    for _ in range(3):
        evaluation_of(partner.ask([blindings()[0].element]))
    with holder.database.work(SYSTEM) as work:
        placed = sequence_pending(work, LOG, holder.signer)
    # On SQLite each had its place with its act.
    assert placed == (0 if holder.database.dialect == "sqlite" else 6)
    with holder.database.look(OPERATOR) as work:
        report = verify_tree(work, LOG, holder.signer.verifier)
    assert (report.verified, report.events, report.pending) == (True, 6, 0)
    _change_one_leaf(holder)
    with holder.database.look(OPERATOR) as work:
        assert not verify_tree(work, LOG, holder.signer.verifier).verified


def _change_one_leaf(holder: Holder) -> None:
    # As somebody would who owns the database server.
    off = {
        "sqlite": "DROP TRIGGER evaluation_event_no_update",
        "postgresql": "ALTER TABLE evaluation_event DISABLE TRIGGER USER",
    }
    with holder.database.writer.begin() as connection:
        connection.execute(text(off[holder.database.dialect]))
        connection.execute(
            text(
                "UPDATE evaluation_event SET leaf = :leaf WHERE event_id = "
                "(SELECT event_id FROM evaluation_event LIMIT 1)"
            ),
            {"leaf": b'{"n":0}'},
        )


@pytest.mark.parametrize("act", ["UPDATE evaluation_event SET leaf = leaf", "DELETE FROM evaluation_event"])
def test_the_log_is_insert_only(holder: Holder, partner: Partner, act: str) -> None:
    with pytest.raises(UnavailableError), holder.database.work(SYSTEM) as work:
        work.session.execute(text(act))


def test_acts_of_the_administrator_are_logged(holder: Holder, partner: Partner) -> None:
    stored = stored_bytes(holder)
    for code in (b"client.admitted", b"scheme.permitted", b"reporter.added"):
        assert code in stored


def test_nothing_is_evaluated_when_the_log_cannot_be_written(holder: Holder, partner: Partner) -> None:
    partner.client.fetch_token()
    with holder.database.writer.begin() as connection:
        connection.execute(text("ALTER TABLE evaluation_event RENAME TO gone"))
    answer = partner.ask([blindings()[0].element])
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
