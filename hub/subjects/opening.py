"""Open an envelope and keep only what matching and rotation need; pure computation, no database."""

from __future__ import annotations

import hmac
import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from hub.subjects.errors import EnvelopeKeyUnknownError
from hub.subjects.keys import SubjectKeys
from hub.subjects.policy import Token
from keys.protocol.encoding import lp
from keys.protocol.envelope import ENTRY_BYTES, Entry, envelope_info, public_part_hash, unseal
from keys.protocol.errors import EnvelopeError
from keys.protocol.sodium import ELEMENT_BYTES, GENERATOR, is_element
from keys.protocol.tokens import TYPE_BY_CODE, TokenType
from service.datakeys.sealing import DataKey, SealedError, seal
from service.datakeys.sealing import unseal as unseal_value

INDEX_BYTES = 16
TOKEN_BYTES = 3 + INDEX_BYTES
_TOKEN = struct.Struct(f">BH{INDEX_BYTES}s")  # type, epoch, index value
_NAMES = {code: token_type.value for code, token_type in TYPE_BY_CODE.items()}

# What one person gives at most: alternatives are of the surname, one for each half of a double name.
_ONCE = frozenset({TokenType.BSN, TokenType.D, TokenType.F, TokenType.HOUSEHOLD})
_PARENTS = 4


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """An opened envelope, ready to be stored; the elements themselves are gone.

    Attributes:
        registration_id: the one registration it may be stored under; the sealing is bound to it.
        epoch: of the row key.
        data_key: the registration's own; what is recorded of its beginning is sealed under it too.
    """

    registration_id: UUID
    tokens: tuple[Token, ...] = field(repr=False)
    sealed: bytes = field(repr=False)
    epoch: int
    data_key: DataKey


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An envelope that is taken and kept apart; the poster is never told."""

    registration_id: UUID
    reason: str
    data_key: DataKey


class SealedElementsError(Exception):
    """Stored elements do not open: another key, row or table."""


def open_pseudonyms(
    secrets: SubjectKeys,
    *,
    registration_id: UUID,
    organisation_id: UUID,
    idempotency_key: UUID,
    public_part: Mapping[str, object],
    kid: str,
    sealed: bytes,
    allowed: frozenset[str],
) -> Pseudonyms | Quarantined:
    """Open an envelope, or put it in quarantine at the same cost: a visible error would be an oracle.

    Args:
        public_part: the message as on the wire without `envelope` and `idempotencyKey`.
        allowed: the token types this organisation may use.

    Source:
        protocol.md, 4, steps 5 and 6.
    """
    named = frozenset(str(name) for name in _names(public_part))
    info = envelope_info(
        hub_id=secrets.hub_id,
        organisation_id=str(organisation_id),
        idempotency_key=str(idempotency_key),
        public_part_hash=public_part_hash(public_part),
    )
    entries = _unseal(secrets, kid, info, sealed)
    decoys = [Entry(TokenType.A, max(secrets.peppers), GENERATOR)] * max(1, len(named))
    reason = _find_fault(secrets, decoys if entries is None else entries, named=named, allowed=allowed)
    if entries is None or reason:
        kept = _keep(secrets, registration_id, decoys)
        return Quarantined(registration_id, "does_not_open" if entries is None else reason, kept.data_key)
    return _keep(secrets, registration_id, entries)


def require_known_key(secrets: SubjectKeys, kid: str) -> None:
    """Refuse an envelope under a key that is not in use: kept apart, it would be lost without a word."""
    if kid not in secrets.envelope:
        raise EnvelopeKeyUnknownError(places=("/envelope/kid",))


def seal_elements(
    secrets: SubjectKeys, registration_id: UUID, entries: Sequence[Entry], *, key: DataKey
) -> bytes:
    """Seal a registration's elements in one piece, under the newest row key and its data key together."""
    plain = b"".join(
        bytes((entry.token_type.code,)) + entry.epoch.to_bytes(2, "big") + entry.element for entry in entries
    )
    both = DataKey(key.id, _combined(secrets.row_keys[secrets.row_epoch], key.secret))
    return seal(both, plain, place=_place(registration_id))


def unseal_elements(
    secrets: SubjectKeys, registration_id: UUID, *, epoch: int, sealed: bytes, key: bytes
) -> list[Entry]:
    """Open the stored elements of a registration with the data key that was asked back, for rotation.

    Raises:
        SealedElementsError: It was sealed for another row or under another key, or was changed.
    """
    try:
        both = _combined(secrets.row_keys[epoch], key)
        plain = unseal_value(both, sealed, place=_place(registration_id))
    except (SealedError, KeyError):
        raise SealedElementsError from None
    parts = (plain[start : start + ENTRY_BYTES] for start in range(0, len(plain), ENTRY_BYTES))
    return [Entry(TYPE_BY_CODE[part[0]], int.from_bytes(part[1:3], "big"), part[3:]) for part in parts]


def _combined(row_key: bytes, data_key: bytes) -> bytes:
    # A data key that its custodian misused is not enough, and neither is a stolen row key.
    return hmac.new(row_key, b"dat-hub/elements/v1" + data_key, "sha256").digest()


def make_token(secrets: SubjectKeys, entry: Entry) -> Token:
    """Turn an opened pseudonym into the index that registrations are matched on.

    Returns:
        16 bytes of index: equal persons, type and epoch give equal bytes; useless without the pepper.

    Source:
        protocol.md, 4, step 6.
    """
    return make_tokens(secrets, [entry])[0]


def make_tokens(secrets: SubjectKeys, entries: Sequence[Entry]) -> tuple[Token, ...]:
    """Do what `make_token` does, for all of one person."""
    # Not hmac.digest: that lets the interpreter go for a microsecond's work, and waits to get it back.
    epochs = {entry.epoch for entry in entries}
    keyed = {epoch: hmac.new(secrets.peppers[epoch], digestmod="sha256") for epoch in epochs}
    return tuple(_token(entry, keyed[entry.epoch].copy()) for entry in entries)


def _token(entry: Entry, keyed: hmac.HMAC) -> Token:
    keyed.update(_index_head(entry.token_type, entry.epoch) + entry.element)
    return Token(entry.token_type.value, entry.epoch, keyed.digest()[:INDEX_BYTES])


@lru_cache(maxsize=256)
def _index_head(token_type: TokenType, epoch: int) -> bytes:
    """Write all of the input but the element, and with it the element's constant length."""
    head = lp(b"dat-hub/index/v1", token_type.value.encode(), str(epoch).encode())
    return head + ELEMENT_BYTES.to_bytes(2, "big")


def write_tokens(tokens: Sequence[Token]) -> bytes:
    """Write tokens as 19 bytes each."""
    return b"".join(
        bytes((TokenType(token.token_type).code,)) + token.epoch.to_bytes(2, "big") + token.index
        for token in tokens
    )


def read_tokens(data: bytes) -> frozenset[Token]:
    """Read what `write_tokens` wrote."""
    return frozenset(Token(_NAMES[code], epoch, index) for code, epoch, index in _TOKEN.iter_unpack(data))


def _names(public_part: Mapping[str, object]) -> list[object]:
    names = public_part.get("tokenTypes")
    return names if isinstance(names, list) else []


def _unseal(secrets: SubjectKeys, kid: str, info: bytes, sealed: bytes) -> list[Entry] | None:
    # A key id that is gone costs as much as a wrong one.
    private_key = secrets.envelope.get(kid) or next(iter(secrets.envelope.values()))
    try:
        return unseal(private_key, info, sealed)
    except EnvelopeError:
        return None


def _find_fault(
    secrets: SubjectKeys, entries: Sequence[Entry], *, named: frozenset[str], allowed: frozenset[str]
) -> str:
    """Name what is wrong inside, or nothing; every element is looked at, whatever the first one is."""
    valid = [is_element(entry.element) for entry in entries]
    types = {entry.token_type.value for entry in entries}
    if types != named or not types <= allowed:
        return "types_differ"
    if _are_several(entries):
        return "several_persons"
    if any(entry.epoch not in secrets.peppers for entry in entries):
        return "epoch_unknown"
    return "" if all(valid) else "element_invalid"


def _are_several(entries: Sequence[Entry]) -> bool:
    """Tell whether more than one person is inside: sixteen would be probed for at the price of one."""
    counts = Counter(entry.token_type for entry in entries)
    return any(count > _at_most(token_type) for token_type, count in counts.items())


def _at_most(token_type: TokenType) -> int:
    if token_type is TokenType.PARENT:
        return _PARENTS
    return 1 if token_type in _ONCE else 2


def _keep(secrets: SubjectKeys, registration_id: UUID, entries: Sequence[Entry]) -> Pseudonyms:
    tokens = make_tokens(secrets, entries)
    key = secrets.data_keys.take()
    sealed = seal_elements(secrets, registration_id, entries, key=key)
    return Pseudonyms(registration_id, tokens, sealed, secrets.row_epoch, key)


def _place(registration_id: UUID) -> bytes:
    return lp(b"registration", registration_id.bytes, b"sealed")
