"""What a partner sees of an answer, with what differs by design masked: ids, hashes, times, signatures."""

from __future__ import annotations

import re
from typing import Any

# Each of fixed length, so that a mask hides a value and never a size.
_FIXED = re.compile(
    rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    rb"|(?<=\")[0-9a-f]{64}(?=\")|(?<=\")[A-Za-z0-9_-]{86}(?=\")|[0-9-]{10}T[0-9:]{8}Z"
    rb"|(?<=\"nextCursor\":\")[A-Za-z0-9_-]{32}(?=\")"
)
_OF_THE_ANSWER = {b"x-request-id", b"date"}


def masked(answer: Any) -> tuple[int, tuple[tuple[bytes, bytes], ...], bytes]:
    """Status, headers in order, and body, byte for byte except for the masks."""
    headers = tuple(
        (name, b"*" * len(value) if name.lower() in _OF_THE_ANSWER else value)
        for name, value in answer.headers.raw
    )
    return answer.status_code, headers, _FIXED.sub(lambda found: b"*" * len(found[0]), answer.content)
