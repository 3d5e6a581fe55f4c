"""What the ledger refuses: messages are constants and carry no value from the input."""

from __future__ import annotations


class LedgerError(Exception):
    """Say that something given to the ledger is not what it claims to be."""


class TreeError(LedgerError):
    """Say that a tree, position or size cannot exist."""


class ProofError(LedgerError):
    """Say that a proof does not prove its claim."""


class NoteError(LedgerError):
    """Say that a note or checkpoint is malformed or not signed by a known key."""


class LeafError(LedgerError):
    """Say that a leaf may not enter the log."""
