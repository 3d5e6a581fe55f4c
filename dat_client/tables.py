"""Read the files that partners have: CSV in the encodings and with the separators that offices use."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import ClassVar, TextIO

from dat_client.errors import ClientError

SEPARATORS = ";,\t"
REPLACEMENT = "\ufffd"
HINT = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # what Excel takes for the separator, and does not show
# What letters with accents of other code pages look like in Windows-1252: in a name they would be left out
# without a word, and somebody else's pseudonym would go.
ELSEWHERE = re.compile(
    r"[^\W\d_](?:[‚„†‡ˆ‰•˜¢¤]|[‹“”™›](?=[^\W\d_])|‘(?=[a-z;,\t\r\n]|$))|[a-zß-ÿ][ŠŒŽŸ](?![A-ZÀ-Þ])"
)


class TableError(ClientError):
    """A file that cannot be read as a table; a usage error, found before anything is sent.

    Attributes:
        code: what is wrong, from a closed list.
    """

    code: ClassVar[str] = "no_table"
    message = "the file cannot be read as a table with a header row"


class EncodingUnknownError(TableError):
    """Letters with accents are not what they were."""

    code = "accents_lost"
    message = "letters with accents cannot be read: save the file as CSV UTF-8"


@dataclass(frozen=True, slots=True)
class Record:
    """One row as it stands in the file; the header is row 1, so that numbers agree with a spreadsheet.

    Attributes:
        fault: why the row cannot be used, a code from a closed list.
    """

    number: int
    cells: tuple[str, ...] = field(repr=False)
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file with a header, read row by row.

    Attributes:
        source: where it lies, or what it holds where it may lie nowhere.
    """

    source: Path | bytes = field(repr=False)
    encoding: str
    separator: str
    header: tuple[str, ...]

    def list_records(self) -> Iterator[Record]:
        """Give the rows; empty ones are passed over, unusable ones carry their fault."""
        with _open(self.source, self.encoding) as file:
            _read_hint(file)
            reader = csv.reader(file, delimiter=self.separator)
            next(reader)
            number = 1
            while True:
                number += 1
                try:
                    cells = tuple(next(reader))
                except StopIteration:
                    return
                except csv.Error:
                    yield Record(number, (), "row_unreadable")
                    continue
                if any(cell.strip() for cell in cells):
                    yield Record(number, cells, self._find_fault(cells))

    def _find_fault(self, cells: tuple[str, ...]) -> str | None:
        """A stray separator would shift one person's fields into another's place."""
        if len(cells) != len(self.header):
            return "row_cell_count"
        return "row_unreadable" if any(REPLACEMENT in cell for cell in cells) else None


def open_table(source: Path | bytes) -> Table:
    """Find encoding, separator and header.

    Raises:
        TableError: No such file, no header, or in an encoding that is not known.
    """
    try:
        encoding = _find_encoding(source)
        with _open(source, encoding) as file:
            separator = _read_hint(file)
            begin = file.tell()
            separator = separator or max(SEPARATORS, key=file.readline().count)
            file.seek(begin)
            header = tuple(next(csv.reader(file, delimiter=separator)))
    except (OSError, StopIteration, csv.Error):
        raise TableError from None
    return Table(source, encoding, separator, header)


def count_rows(table: Table) -> int:
    """Count the rows, for a progress bar."""
    return sum(1 for _ in table.list_records())


def _open(source: Path | bytes, encoding: str, errors: str = "replace") -> TextIO:
    if isinstance(source, bytes):
        return TextIOWrapper(BytesIO(source), encoding, errors, newline="")
    return source.open(encoding=encoding, errors=errors, newline="")


def _read_hint(file: TextIO) -> str:
    """Pass over a first line that names the separator, and give that; a spreadsheet does not count it."""
    hint = HINT.fullmatch(file.readline())
    if hint is None:
        file.seek(0)
        return ""
    return hint[1]


def _find_encoding(source: Path | bytes) -> str:
    """Take UTF-8 when all of the file is, and Windows-1252 otherwise; the byte order mark decides first."""
    with _open(source, "latin-1") as file:
        start = file.read(4).encode("latin-1")
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith(BOM_UTF8):
        return "utf-8-sig"
    try:
        with _open(source, "utf-8", "strict") as text:
            while text.read(1 << 16):
                pass
    except UnicodeDecodeError:
        _require_windows(source)
        return "cp1252"
    return "utf-8"


def _require_windows(source: Path | bytes) -> None:
    """Refuse what an old Macintosh or MS-DOS wrote; raises EncodingUnknownError."""
    with _open(source, "cp1252") as text:
        if any(ELSEWHERE.search(line) for line in text):
            raise EncodingUnknownError
