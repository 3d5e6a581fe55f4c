"""Cosign a checkpoint as a witness does, and read what known witnesses signed, and when.

Ed25519 (type 0x04), and beside it ML-DSA-44 (type 0x06) wherever `cryptography` offers it: who knows only one
of them passes over the line of the other.

Source: C2SP tlog-cosignature.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from ledger.checkpoint import Checkpoint, parse_checkpoint
from ledger.errors import NoteError
from ledger.note import SignatureLine, decode_base64, read_note, require_name

try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

    MLDSA44PrivateKey.from_seed_bytes(bytes(32))
    HAS_ML_DSA = True
except (ImportError, UnsupportedAlgorithm):  # an older library, or one built on another OpenSSL
    HAS_ML_DSA = False

ED25519, ML_DSA_44 = 0x04, 0x06
_PUBLIC_BYTES = {ED25519: 32, ML_DSA_44: 1312}
_SIGNATURE_BYTES = {ED25519: 64, ML_DSA_44: 2420}
_LABEL = b"subtree/v1\n\x00"


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """Name a witness and hold the public half of one of its keys."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        require_name(self.name)
        if len(self.public) != _PUBLIC_BYTES.get(self.kind):
            raise NoteError("not the public key of a witness")

    @property
    def key_id(self) -> bytes:
        """Return the 4 bytes that tell keys of one name apart; a hint, never a proof."""
        return sha256(self.name.encode() + b"\n" + self._typed).digest()[:4]

    @property
    def _typed(self) -> bytes:
        return bytes([self.kind]) + self.public

    def to_text(self) -> str:
        """Write the key as `name+keyid+key` (vkey)."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(self._typed).decode()}"

    def require_cosignature(self, checkpoint: Checkpoint, signature: bytes) -> int:
        """Accept only this key's cosignature; returns the second (POSIX) at which it was given."""
        if len(signature) != 8 + _SIGNATURE_BYTES[self.kind]:
            raise NoteError("cosignature of a known witness is malformed")
        at = int.from_bytes(signature[:8])
        try:
            if self.kind == ED25519:
                VerifyKey(self.public).verify(_ed25519_message(checkpoint, at), signature[8:])
            else:
                key = MLDSA44PublicKey.from_public_bytes(self.public)
                key.verify(signature[8:], _ml_dsa_message(self.name, checkpoint, at))
        except (CryptoError, InvalidSignature, ValueError):
            raise NoteError("cosignature of a known witness does not verify") from None
        if not 0 < at < 2**63:
            raise NoteError("cosignature of a known witness has no time")
        return at


def parse_witness_key(text: str) -> WitnessKey:
    """Read a vkey of a witness; refuse one whose key id is not its own."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    typed = decode_base64(encoded)
    key = WitnessKey(name, typed[0] if typed else 0, typed[1:])
    if key.key_id.hex() != key_id:
        raise NoteError("witness key does not have that key id")
    return key


@dataclass(frozen=True, slots=True)
class Cosigner:
    """Hold the private half of a witness: two seeds of 32 bytes, never used for anything else."""

    name: str
    seed: bytes = field(repr=False)
    ml_dsa_seed: bytes | None = field(repr=False, default=None)

    @property
    def keys(self) -> list[WitnessKey]:
        """Return the halves that may be shown, Ed25519 first."""
        keys = [WitnessKey(self.name, ED25519, bytes(SigningKey(self.seed).verify_key))]
        if HAS_ML_DSA and self.ml_dsa_seed is not None:
            private = MLDSA44PrivateKey.from_seed_bytes(self.ml_dsa_seed)
            keys.append(WitnessKey(self.name, ML_DSA_44, private.public_key().public_bytes_raw()))
        return keys

    def cosign(self, checkpoint: Checkpoint, *, at: int) -> list[SignatureLine]:
        """Say that this is the largest consistent tree seen until this second (POSIX, not zero)."""
        lines = []
        for key in self.keys:
            if key.kind == ED25519:
                signed = SigningKey(self.seed).sign(_ed25519_message(checkpoint, at)).signature
            else:
                private = MLDSA44PrivateKey.from_seed_bytes(self.ml_dsa_seed or b"")
                signed = private.sign(_ml_dsa_message(self.name, checkpoint, at))
            lines.append(SignatureLine(self.name, key.key_id, at.to_bytes(8) + signed))
        return lines


@dataclass(frozen=True, slots=True)
class Cosignature:
    """Say that a known witness signed, with which kind of key, and at which second (POSIX)."""

    witness: str
    kind: int
    at: int


def read_cosignatures(note: str | bytes, keys: Iterable[WitnessKey]) -> list[Cosignature]:
    """Return what these witnesses signed under a checkpoint; who signed the log itself is not judged here.

    Raises:
        NoteError: Malformed, or a known witness's line is false.
    """
    text, lines = read_note(note)
    return cosignatures_of(parse_checkpoint(text), lines, keys)


def cosignatures_of(
    checkpoint: Checkpoint, lines: Iterable[SignatureLine], keys: Iterable[WitnessKey]
) -> list[Cosignature]:
    """Return what these witnesses signed of a checkpoint; raises NoteError at a false line of theirs."""
    known = {(key.name, key.key_id): key for key in keys if key.kind == ED25519 or HAS_ML_DSA}
    return [
        Cosignature(key.name, key.kind, key.require_cosignature(checkpoint, line.signature))
        for line in lines
        if (key := known.get((line.name, line.key_id)))
    ]


def _ed25519_message(checkpoint: Checkpoint, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{checkpoint.to_text()}".encode()


def _ml_dsa_message(name: str, checkpoint: Checkpoint, at: int) -> bytes:
    witness, origin = name.encode(), checkpoint.origin.encode()
    if max(len(witness), len(origin)) > 255:
        raise NoteError("a name is too long to be cosigned")
    start = 0  # the whole tree
    return b"".join(
        [
            _LABEL,
            bytes([len(witness)]) + witness,
            at.to_bytes(8),
            bytes([len(origin)]) + origin,
            start.to_bytes(8),
            checkpoint.size.to_bytes(8),
            checkpoint.root,
        ]
    )
