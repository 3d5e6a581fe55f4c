"""The styles of every page: components as they came, what they leave open, and the colours over them."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.responses import Response

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that browsers keep for a year, because its name changes with its content."""

    path: str
    packed: bytes

    def answer(self) -> Response:
        """Give it, packed."""
        headers = {
            "Content-Encoding": "gzip",
            "Cache-Control": "public, max-age=31536000, immutable",
            "Vary": "Accept-Encoding",
        }
        return Response(self.packed, media_type="text/css", headers=headers)


@cache
def styles() -> Asset:
    """Return all styles as one file: the components as they came, then our own."""
    files = [*sorted((STATIC / "vendor/utrecht").glob("*.css")), STATIC / "house.css"]
    return _asset("styles", "\n".join(file.read_text("utf-8") for file in files))


def theme(path: Path | None) -> Asset:
    """Return the colours and letters: an organisation's own file, or ours."""
    return _asset("theme", (path or STATIC / "theme.css").read_text("utf-8"))


def _asset(name: str, content: str) -> Asset:
    digest = hashlib.sha256(content.encode()).hexdigest()[:16]
    return Asset(f"/static/{name}.{digest}.css", gzip.compress(content.encode(), mtime=0))
