"""What a restore took is read from the log, and no hub can call more lost than was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ledger.closing import read_gap
from ledger.errors import ProofError
from ledger.leaf import Opening
from tests.ledger.logs import AT, ORIGIN, SIGNER, WITNESS, numbered

LOG = numbered(7)
SEEN = datetime.fromtimestamp(AT, UTC)
GAP = Opening("00" * 16, "2026-11-22T01", ORIGIN, 5, LOG.checkpoint(5).root, witnessed=7, agreed=5)


def test_a_gap_begins_a_minute_before_the_last_head_that_was_kept() -> None:
    gap = read_gap(GAP, LOG.note(5, witness=WITNESS), log=SIGNER.verifier, witnesses=WITNESS.keys)
    assert gap.since == SEEN - timedelta(minutes=1)
    assert gap.until == datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.mark.parametrize("note", [LOG.note(3, witness=WITNESS), LOG.note(6, witness=WITNESS), LOG.note(5)])
def test_another_head_than_the_last_that_was_kept_excuses_nothing(note: str) -> None:
    """With an older one the gap would begin earlier, and what was dropped before would be in it."""
    with pytest.raises(ProofError):
        read_gap(GAP, note, log=SIGNER.verifier, witnesses=WITNESS.keys)
