"""Turn people into the entries of envelopes, many at once. The blinding scalar and the inputs stay here.

Source: protocol.md, 4, steps 1 to 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from uuid import UUID

from dat_client.evaluations import ELEMENTS_PER_REQUEST, Purpose, Question, evaluate
from dat_client.identity.nl1 import NORMALISATION
from dat_client.identity.tokens import TokenFields
from dat_client.retrying import Retries
from dat_client.spreading import spread
from dat_client.transport import Service
from keys.protocol.envelope import Entry
from keys.protocol.manifest import Manifest
from keys.protocol.tokens import token_input
from keys.protocol.voprf import Blinding, blind, invert_blindings, take_off

Tokens = Sequence[TokenFields]


@dataclass(frozen=True, slots=True)
class _Slot:
    """One token of one person: whose it is, and what is blinded."""

    person: int
    token: TokenFields = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Piece:
    """The tokens of one request."""

    scheme: str
    slots: Sequence[_Slot]


@dataclass(frozen=True, slots=True)
class Pseudonymiser:
    """Make pseudonyms with the keys of one manifest.

    Attributes:
        holders: services by the URL that the manifest names.
        workers: threads that compute.
        askers: threads that wait for holders, so that one request is prepared while another is answered.
    """

    manifest: Manifest
    holders: Mapping[str, Service]
    workers: Executor
    askers: Executor
    retries: Retries = field(default_factory=Retries)

    def make_entries(
        self, people: Sequence[Tokens], *, reporter: UUID, purpose: Purpose
    ) -> list[list[Entry]]:
        """Make the entries of every person, in the order given.

        Raises:
            UnavailableError: Too few holders answer.
            HolderProofError: A holder's proof does not verify.
            ProblemError: A holder refuses: permission or message.
        """
        entries: list[list[Entry]] = [[] for _ in people]
        pieces = list(_pieces(people, ELEMENTS_PER_REQUEST))

        def make(piece: _Piece) -> list[bytes]:
            return self._make(piece, reporter, purpose)

        for piece, elements in zip(pieces, self.askers.map(make, pieces), strict=True):
            epoch = self.manifest.get_current_epoch(piece.scheme)
            for slot, element in zip(piece.slots, elements, strict=True):
                entries[slot.person].append(Entry(slot.token.token_type, epoch, element))
        return entries

    def _make(self, piece: _Piece, reporter: UUID, purpose: Purpose) -> list[bytes]:
        """Blind, ask, verify and unblind; "a retry uses new r and a new request id", so all of it again."""
        epoch = self.manifest.get_current_epoch(piece.scheme)
        key = self.manifest.get_key(piece.scheme, epoch)

        def attempt() -> list[bytes]:
            blindings = spread(self.workers, self._blind, piece.slots)
            question = Question(
                piece.scheme, epoch, reporter, purpose, tuple(made.element for made in blindings)
            )
            evaluated = evaluate(question, key, self.holders, self.workers)
            return spread(self.workers, take_off, invert_blindings(blindings), evaluated)

        return self.retries.run(attempt)

    def _blind(self, slot: _Slot) -> Blinding:
        token = slot.token
        return blind(
            token_input(
                self.manifest.hub_id, token.token_type, normalisation=NORMALISATION, fields=token.fields
            )
        )


def _slots_by_scheme(people: Sequence[Tokens]) -> dict[str, list[_Slot]]:
    slots: dict[str, list[_Slot]] = {}
    for person, tokens in enumerate(people):
        for token in tokens:
            slots.setdefault(token.token_type.scheme, []).append(_Slot(person, token))
    return slots


def _pieces(people: Sequence[Tokens], size: int) -> Iterator[_Piece]:
    for scheme, slots in sorted(_slots_by_scheme(people).items()):
        for start in range(0, len(slots), size):
            yield _Piece(scheme, slots[start : start + size])
