"""Sign a text and open only what a known key signed, in the form that other people's tools read.

Source: C2SP signed-note v1.0.0, signature type 0x01 (Ed25519).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from ledger.errors import NoteError

MAX_NOTE_BYTES = 131_072  # signed-note: at least 16 signatures, which may be nearly 5 kB each
MAX_SIGNATURES = 100  # as Go's sumdb/note
_ED25519 = b"\x01"
_MARK = "\u2014 "


@dataclass(frozen=True, slots=True)
class Verifier:
    """Name a key and hold its public half (32 bytes)."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        require_name(self.name)
        if len(self.public) != 32:
            raise NoteError("public key is not 32 bytes")

    @property
    def key_id(self) -> bytes:
        """Return the 4 bytes that tell keys of one name apart; a hint, never a proof."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def to_text(self) -> str:
        """Write the key as `name+keyid+key`, the vkey form that Go's sumdb/note reads."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(_ED25519 + self.public).decode()}"

    def require_signature(self, text: bytes, signature: bytes) -> None:
        """Accept only this key's signature over the text."""
        try:
            VerifyKey(self.public).verify(text, signature)
        except (CryptoError, ValueError):
            raise NoteError("signature of a known key does not verify") from None


def parse_verifier(text: str) -> Verifier:
    """Read a vkey; refuse one whose key id is not its own or whose type is not Ed25519."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")  # the base64 may hold a plus itself
    key = decode_base64(encoded)
    if key[:1] != _ED25519:
        raise NoteError("verifier key is not Ed25519")
    verifier = Verifier(name, key[1:])
    if verifier.key_id.hex() != key_id:
        raise NoteError("verifier key does not have that key id")
    return verifier


@dataclass(frozen=True, slots=True)
class Signer:
    """Name a key and hold its private half."""

    name: str
    key: SigningKey = field(repr=False)

    def __post_init__(self) -> None:
        require_name(self.name)

    @classmethod
    def generate(cls, name: str) -> Signer:
        """Make a new key."""
        return cls(name, SigningKey.generate())

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> Signer:
        """Take the key of a seed of 32 bytes (RFC 8032)."""
        if len(seed) != 32:
            raise NoteError("seed is not 32 bytes")
        return cls(name, SigningKey(seed))

    @property
    def verifier(self) -> Verifier:
        """Return the half that may be shown."""
        return Verifier(self.name, bytes(self.key.verify_key))


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Say which key is said to have signed, by name and 4-byte id, and what it is said to have written."""

    name: str
    key_id: bytes
    signature: bytes

    def to_text(self) -> str:
        """Write the line as it stands under a note."""
        return f"{_MARK}{self.name} {b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """Hold a text and those of the known keys that signed it; never empty."""

    text: str
    signers: tuple[Verifier, ...]


def sign(text: str, signer: Signer) -> str:
    """Write the note of a text with one signature.

    Raises:
        NoteError: The text does not end in a newline, or holds what a note may not hold.
    """
    if not text.endswith("\n"):
        raise NoteError("text does not end in a newline")
    signature = signer.key.sign(_encode(text)).signature
    note = f"{text}\n{SignatureLine(signer.name, signer.verifier.key_id, signature).to_text()}"
    _encode(note)
    return note


def open_note(note: str | bytes, verifiers: Iterable[Verifier]) -> SignedNote:
    """Return the text of a note that at least one of these keys signed.

    Signatures of unknown keys are ignored (witnesses, new algorithms); a false one of a known key
    refuses the whole note.

    Raises:
        NoteError: Malformed, too large, falsely signed, or signed by no known key.
    """
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    text, lines = read_note(note)
    signers: list[Verifier] = []
    for line in lines:
        if verifier := known.get((line.name, line.key_id)):
            verifier.require_signature(text.encode(), line.signature)
            signers.append(verifier)
    if not signers:
        raise NoteError("note is signed by no known key")
    return SignedNote(text, tuple(dict.fromkeys(signers)))


def read_note(note: str | bytes) -> tuple[str, list[SignatureLine]]:
    """Take a note apart without believing any of it.

    Raises:
        NoteError: Malformed or too large.
    """
    # signed-note: the text is separated from the signatures by the last empty line in the note.
    body, separator, lines = _decode_text(note).rpartition("\n\n")
    if not separator:
        raise NoteError("note has no signatures")
    return body + "\n", list(read_lines(lines))


def read_lines(lines: str) -> Iterator[SignatureLine]:
    """Read signature lines, each ended by a newline; at least one and at most a hundred."""
    rows = lines.split("\n")
    if rows.pop() != "" or not 1 <= len(rows) <= MAX_SIGNATURES:
        raise NoteError("note has no, an unfinished or too many signature lines")
    for row in rows:
        name, separator, encoded = row.removeprefix(_MARK).partition(" ")
        if not row.startswith(_MARK) or not separator:
            raise NoteError("malformed signature line")
        require_name(name)
        signature = decode_base64(encoded)
        if len(signature) < 5:
            raise NoteError("malformed signature line")
        yield SignatureLine(name, signature[:4], signature[4:])


def only_signed_by(note: str | bytes, name: str) -> str:
    """Return a note with the lines of one name, and nothing that others wrote under it."""
    text, lines = read_note(note)
    return "".join([text, "\n", *(line.to_text() for line in lines if line.name == name)])


def require_name(name: str) -> None:
    """Accept only a key name: not empty, no white space, no plus, nothing that ends a line."""
    if not name or "+" in name or any(char.isspace() or char < " " for char in name):
        raise NoteError("not a key name")
    _encode(name)


def decode_base64(text: str) -> bytes:
    """Read base64 in its one canonical form: else one signature could be written in many ways."""
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        raise NoteError("not base64") from None
    if b64encode(data).decode() != text:
        raise NoteError("base64 is not canonical")
    return data


def _encode(text: str) -> bytes:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise NoteError("note is not UTF-8") from None
    if len(data) > MAX_NOTE_BYTES:
        raise NoteError("note is too large")
    if any(byte < 0x20 and byte != 0x0A for byte in data):
        raise NoteError("note holds a control character")
    return data


def _decode_text(note: str | bytes) -> str:
    if isinstance(note, str):
        return _encode(note).decode()
    try:
        text = note[: MAX_NOTE_BYTES + 1].decode()
    except UnicodeDecodeError:
        raise NoteError("note is not UTF-8") from None
    _encode(text)
    return text
