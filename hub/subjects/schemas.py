"""What every registration on the wire has in common: the token types it names, and its sealed envelope."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from keys.protocol.encoding import unb64u
from keys.protocol.envelope import SEALED_BYTES
from keys.protocol.errors import EncodingError
from keys.protocol.tokens import TokenType
from service.http import WireModel

SEALED_CHARS = -(-SEALED_BYTES * 4 // 3)
_NAMES = frozenset(token_type.value for token_type in TokenType)


def _require_canonical(names: list[str]) -> list[str]:
    """Refuse names that are unknown, doubled or out of order: a list has one form."""
    if names != sorted(set(names)) or not _NAMES.issuperset(names):
        raise ValueError("token types are known names, sorted, each once")
    return names


TokenTypes = Annotated[
    list[Annotated[str, Field(max_length=16)]],
    Field(min_length=1, max_length=len(_NAMES), json_schema_extra={"uniqueItems": True}),
    AfterValidator(_require_canonical),
]


class Envelope(WireModel):
    """Pseudonyms, sealed for this hub, this organisation and this message; always the same size."""

    kid: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9-]+$")]
    sealed: Annotated[
        str, Field(min_length=SEALED_CHARS, max_length=SEALED_CHARS, pattern=r"^[A-Za-z0-9_-]+$")
    ]

    def read(self) -> bytes:
        """Return the sealed bytes; what is not canonical base64url does not open, and says no more."""
        try:
            return unb64u(self.sealed)
        except EncodingError:
            return b""
