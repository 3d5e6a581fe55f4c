"""Where this partner posts to, as whom, and whose signature it believes: `client.toml`."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from dat_client.errors import ConfigurationError
from dat_client.facts import SignalKind
from dat_client.files import read_private, write_private
from keys.protocol.encoding import unb64u
from keys.protocol.errors import EncodingError
from keys.protocol.tokens import SCHEMES

FILE_NAME = "client.toml"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def _service_url(text: str) -> str:
    """Accept https, and http on this machine only: a token on a plain line is anybody's."""
    parts = urlsplit(text)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not safe or parts.username or parts.query or parts.fragment or parts.path not in ("", "/"):
        raise ValueError("an https URL of scheme, host and port")
    return text.rstrip("/")


def _root_key(text: str) -> str:
    try:
        if len(unb64u(text)) == 32:
            return text
    except EncodingError:
        pass
    raise ValueError("32 bytes, base64url without padding")


def _known_schemes(schemes: frozenset[str]) -> frozenset[str]:
    if not schemes or not schemes <= set(SCHEMES):
        raise ValueError("one or more of bsn, demographic, household")
    return schemes


ServiceUrl = Annotated[str, AfterValidator(_service_url)]


class Configuration(BaseModel):
    """What `client.toml` says.

    Attributes:
        root_public: the manifest root's Ed25519 public key, base64url, as told by the municipality on paper.
        postcode_table: file from which the municipality of a person is worked out, relative to the home.
        partner_kind: what kind of organisation this is, such as `school`; for previews and the desk page.
        legal_bases: codes that the desk page offers; the first one stands filled in.
        signal_kinds: what the covenant takes; the form and a file refuse the rest before anything is sealed.
        reporter: who posts when no other is named; a pseudonymous id of this partner's own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    hub_url: ServiceUrl
    holder_urls: Annotated[tuple[ServiceUrl, ...], Field(min_length=1)]
    hub_id: Annotated[str, Field(min_length=1, max_length=200)]
    organisation_id: UUID
    client_id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{2,62}$")]
    root_public: Annotated[str, AfterValidator(_root_key)]
    request_key: str = "request-key.pem"
    schemes: Annotated[frozenset[str], AfterValidator(_known_schemes)] = frozenset({"demographic"})
    reporter: UUID | None = None
    ca_file: str | None = None
    postcode_table: str | None = None
    partner_kind: Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,31}$")] | None = None
    legal_bases: tuple[Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}$")], ...] = ()
    signal_kinds: Annotated[tuple[SignalKind, ...], Field(min_length=1)] = ("contact",)


def default_home() -> Path:
    """Give the home directory: DAT_HOME, or ~/.config/dat."""
    given = os.environ.get("DAT_HOME")
    return Path(given) if given else Path.home() / ".config" / "dat"


def make_configuration(facts: Mapping[str, Any]) -> Configuration:
    """Check what somebody configures; places are named, values are not.

    Raises:
        ConfigurationError: Something is missing or wrong.
    """
    try:
        return Configuration.model_validate(facts)
    except ValidationError as error:
        places = sorted({".".join(map(str, entry["loc"][:1])) for entry in error.errors()})
        raise ConfigurationError(f"not right or missing in client.toml: {', '.join(places)}") from None


def load_configuration(home: Path) -> Configuration:
    """Read `client.toml`.

    Raises:
        ConfigurationError: It is not there, readable by others, or not right.
    """
    try:
        facts = tomllib.loads(read_private(home / FILE_NAME).decode("utf-8"))
    except ValueError:
        raise ConfigurationError("client.toml is not TOML") from None
    return make_configuration(facts)


def save_configuration(home: Path, configuration: Configuration) -> None:
    """Write `client.toml` for its owner only."""
    facts = configuration.model_dump(mode="json", exclude_none=True)
    facts["schemes"].sort()
    lines = [f"{name} = {_toml(value)}" for name, value in facts.items()]
    write_private(home / FILE_NAME, ("\n".join(lines) + "\n").encode("utf-8"))


def _toml(value: str | list[str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
