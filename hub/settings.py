"""Settings of the hub, from the environment (`DAT_HUB_…`); keys are paths, never values."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class HubSettings(BaseSettings):
    """What an operator chooses; legal maxima are bounds of the type, so law is not a deployment choice.

    Attributes:
        data: directory of the hub's own trust domain; the defaults of the other paths lie in it.
        public_url: scheme and host as callers see it; access tokens and proofs are bound to it.
        data_keys_url: the key holder that keeps the data keys; none, and they lie on this machine.
        data_keys_client_id: the id under which the hub's own request key is admitted there.
        data_keys_public: the public key, base64url, of that holder's receipts.
        data_keys_ca_file: certificate authorities for it and for the witness, when not the system's.
        data_keys_directory: where data keys lie for a trial, when no key holder keeps them.
        statistic_tables: a file like `hub/statistics/tables.toml`, put in its place.
        case_quota_per_day: cases that an organisation may register; who loads more is allowed it for a day.
        mandates_at_most: others for which one organisation may bring signals: it chooses whose name is told.
        token_minutes: life of an access token.
        reporter_months: without a signal, after which a reporter's right rests until trained again.
        linkable_percent: of a partner's rows that must give enough tokens before it goes live.
        witness_url: submission prefix of the witness that cosigns the log; empty: nobody does.
        witness_keys: file with the public keys of witnesses, a vkey a line, the first of that one.
        login: file about the OpenID provider of logins; none, and nobody can log in to the pages.
        theme: style sheet with a municipality's own colours and letters; none, and they are neutral.
        logbook_url: where the log of processing (Logboek Dataverwerkingen) takes OTLP; empty: nowhere.
        logbook_register: the register of processing activities that its lines point into.
        uncovered_limit: events that may wait for a cosignature before posts are refused.
        term_working_days: within which a notice is acknowledged, or returns to the team.
    """

    model_config = SettingsConfigDict(env_prefix="DAT_HUB_", extra="ignore", hide_input_in_errors=True)

    data: Path = Path("hub-data")
    database_url: str = ""
    keys_directory: Path | None = None
    data_keys_url: str = ""
    data_keys_client_id: str = "hub"
    data_keys_public: Annotated[str, Field(pattern=r"^([A-Za-z0-9_-]{43})?$")] = ""
    data_keys_ca_file: str | None = None
    data_keys_directory: Path | None = None
    hub_id: str = "hub.dat.example"
    public_url: str = "http://127.0.0.1:8100"
    host: str = "127.0.0.1"
    port: int = 8100
    log_level: str = "INFO"
    token_minutes: Annotated[int, Field(ge=1, le=10)] = 10
    case_quota_per_day: Annotated[int, Field(ge=1, le=500)] = 50
    mandates_at_most: Annotated[int, Field(ge=1, le=64)] = 8
    desk_quota_per_day: Annotated[int, Field(ge=1, le=5000)] = 200
    rights_quota_per_day: Annotated[int, Field(ge=1, le=1000)] = 100
    term_working_days: Annotated[int, Field(ge=1, le=20)] = 5
    partner_kinds: Path | None = None
    statistic_tables: Path | None = None
    reporter_months: Annotated[int, Field(ge=1, le=60)] = 12
    linkable_percent: Annotated[int, Field(ge=80, le=100)] = 95
    witness_url: str = ""
    witness_keys: Path | None = None
    login: Path | None = None
    theme: Path | None = None
    logbook_url: str = ""
    logbook_register: str = "https://register.dat.example/verwerkingen"
    uncovered_limit: Annotated[int, Field(ge=1, le=100_000)] = 10_000
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_starttls: bool = False
    mail_hours: Annotated[str, Field(pattern=r"^(([01]?[0-9]|2[0-3])(,([01]?[0-9]|2[0-3]))*)?$")] = "8"
    mail_at_once: bool = False
    mail_from: str = "noreply@dat-hub.example"
    inbox_url: str = "https://dat-hub.example/"
    work_every_seconds: Annotated[float, Field(gt=0, le=10)] = 0.2

    @property
    def database(self) -> str:
        """Return the database URL: SQLite in the data directory unless told otherwise."""
        return self.database_url or f"sqlite:///{self.data / 'hub.db'}"

    @property
    def digest_hours(self) -> list[int]:
        """Return the hours at which mail goes; none: at once."""
        return [int(hour) for hour in self.mail_hours.split(",") if hour]

    @property
    def keys(self) -> Path:
        """Return the directory of the hub's secret keys."""
        return self.keys_directory or self.data / "keys"

    @property
    def local_data_keys(self) -> Path:
        """Return the directory of data keys that no key holder keeps."""
        return self.data_keys_directory or self.data / "data-keys"
