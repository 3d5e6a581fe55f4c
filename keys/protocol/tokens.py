"""Name the token types and write what is blinded for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from keys.protocol.encoding import lp, utf8
from keys.protocol.errors import EncodingError

SCHEMES = ("bsn", "demographic", "household")
INPUT_LIMIT = 512


class TokenType(StrEnum):
    """One way to recognise a person or household; each type lives under the key of one scheme.

    Source: protocol.md, 3. `H` (sound code, first name, birth date) carries full first-name evidence
    without an address, so that twins are told apart.
    """

    BSN = "bsn"
    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"
    G = "G"
    H = "H"
    HOUSEHOLD = "household"
    PARENT = "parent"

    @property
    def code(self) -> int:
        """The byte that stands for this type in an envelope; never 0, which is padding."""
        return _CODES[self]

    @property
    def scheme(self) -> str:
        """The identity scheme, whose key evaluates this type."""
        return _SCHEMES.get(self, "demographic")


_SCHEMES = {TokenType.BSN: "bsn", TokenType.HOUSEHOLD: "household", TokenType.PARENT: "household"}
_CODES = {token_type: code for code, token_type in enumerate(TokenType, start=1)}
TYPE_BY_CODE = {code: token_type for token_type, code in _CODES.items()}


def token_input(hub_id: str, token_type: TokenType, *, normalisation: str, fields: Sequence[str]) -> bytes:
    """Write the input `x` that is hashed to the group: hub, scheme, type, normalisation and fields.

    Raises:
        EncodingError: No fields, more than 512 bytes, or text that is not Unicode.

    Source:
        protocol.md, 3.
    """
    head = ("dat-hub/v1", hub_id, token_type.scheme, token_type.value, normalisation)
    written = lp(*(utf8(part) for part in (*head, *fields)))
    if not fields or len(written) > INPUT_LIMIT:
        raise EncodingError
    return written
