"""Settings of a key holder, from the environment (`DAT_KEYS_…`); keys are paths, never values."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class HolderSettings(BaseSettings):
    """What the holder's own administrator chooses.

    Attributes:
        data: directory of the holder's own trust domain; the defaults of the other paths lie in it.
        public_url: scheme and host as partners see it; access tokens and proofs are bound to it.
        permissions_public: the public key, base64url, of the list that says who may ask; none, and the
            administrator admits by hand.
    """

    model_config = SettingsConfigDict(env_prefix="DAT_KEYS_", extra="ignore", hide_input_in_errors=True)

    data: Path = Path("holder-data")
    database_url: str = ""
    keys_directory: Path | None = None
    name: str = "holder.dat.example"
    public_url: str = "http://127.0.0.1:8200"
    host: str = "127.0.0.1"
    port: int = 8200
    log_level: str = "INFO"
    permissions_public: Annotated[str, Field(pattern=r"^([A-Za-z0-9_-]{43})?$")] = ""
    token_minutes: Annotated[int, Field(ge=1, le=10)] = 10

    @property
    def database(self) -> str:
        """Return the database URL: SQLite in the data directory unless told otherwise."""
        return self.database_url or f"sqlite:///{self.data / 'holder.db'}"

    @property
    def keys(self) -> Path:
        """Return the directory of the holder's secret keys."""
        return self.keys_directory or self.data / "keys"

    @property
    def manifest(self) -> Path:
        """Return where the signed manifest lies that partners fetch."""
        return self.data / "manifest.jws"
