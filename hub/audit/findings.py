"""What a check of the log may find, in plain words for whoever has to act on it."""

from __future__ import annotations

MEANINGS = {
    "bad_signature": "the head of this tree is not signed by the key of the log",
    "cosignature_false": "what is kept here as the word of a witness was not written by it",
    "events_without_place": "so many events stand in no tree and wait for none",
    "head_missing": "the signed head of this tree was taken away",
    "index_gap": "a line was taken out, put in or moved here",
    "leaf_changed": "this line is not the one that was signed",
    "leaf_missing": "this line was taken away",
    "line_changed": "what the questions read of this line is not what the line says",
    "lines_missing": "so many lines were hidden from the questions",
    "node_changed": "a hash between lines and head is false; proofs from it would fail",
    "node_without_leaves": "hashes of lines that are not there",
    "opening_differs": "this tree begins elsewhere than the one before it ended",
    "opening_missing": "this tree does not say where the one before it ended",
    "pending_changed": "an event was changed while it waited for its place",
    "private_changed": "a value beside this line is not the one that was recorded",
    "private_missing": "a value beside this line was taken away, and not by an erasure",
    "private_without_event": "values of so many lines that are not there",
    "private_without_key": "a value beside this line opens no more, and nobody signed for its erasure",
    "rolled_back": "the witness saw more lines of this tree than are here: an older copy was put back",
    "root_differs": "the lines of this tree are not those under its signed head",
    "size_differs": "this tree has more or fewer lines than its signed head says",
    "tree_missing": "a whole tree was taken away",
    "unsigned_head": "this tree has lines and no signed head",
    "witness_silent": "the witness does not answer: an older copy may have been put back, or not",
    "witnessed_otherwise": "the witness saw other lines than are here: history was written anew",
}


def explain(finding: str) -> str:
    """Say what a finding means; its code and place stand in it."""
    return MEANINGS[finding.partition(" ")[0]]
