"""Read what a form sends, in memory alone: a framework would lay a larger file down in a temporary folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from starlette.requests import Request

MAX_BODY = 8 * 1024 * 1024  # bytes
MAX_FIELDS = 60
TYPED = "application/x-www-form-urlencoded"


class FormError(Exception):
    """Say that a form is too large, or no form."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields that were filled in, and the file that came along."""

    fields: dict[str, str] = field(default_factory=dict, repr=False)
    file: bytes = field(default=b"", repr=False)


async def read_form(request: Request) -> Form:
    """Read a form.

    Raises:
        FormError: It is too large, or no form.
    """
    kind = request.headers.get("content-type", "")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise FormError
    if kind.partition(";")[0].strip() == TYPED:
        return Form(_read_typed(body))
    if kind.startswith("multipart/form-data;"):
        return _read_parts(kind, body)
    raise FormError


def _read_typed(body: bytes) -> dict[str, str]:
    try:
        found = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise FormError from None
    return {name: value.strip() for name, value in found}


def _read_parts(kind: str, body: bytes) -> Form:
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body
    )
    if not message.is_multipart():
        raise FormError
    fields, file = {}, b""
    for part in list(message.iter_parts())[:MAX_FIELDS]:
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            raise FormError
        if part.get_filename() is not None:
            file = file or content
        else:
            name = part.get_param("name", "", header="content-disposition")
            fields[str(name)] = content.decode("utf-8", "replace").strip()
    return Form(fields, file)
