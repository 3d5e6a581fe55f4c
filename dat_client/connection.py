"""Open a home: its configuration, key, manifest, store and the services it may call."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from dat_client import clock
from dat_client.answers import AnyAnswer, read_answer
from dat_client.configuration import Configuration, default_home, load_configuration
from dat_client.errors import AnswerError, ConfigurationError
from dat_client.manifests import find_stored_manifest, refresh_manifest
from dat_client.pseudonyms import Pseudonymiser
from dat_client.request_key import load_request_key
from dat_client.retrying import Retries
from dat_client.store import FILE_NAME as STORE_NAME
from dat_client.store import Store
from dat_client.transport import Credential, Service, open_http
from keys.protocol.manifest import Manifest

HUB_BASE = "/api/v1"
HOLDER_BASE = "/v1"
MOST_WORKERS = 8
PAGE = 200
ASKERS = 2


class Connection:
    """Everything a client needs, opened when it is first needed; close it, or use it in a `with`."""

    def __init__(self, home: Path, configuration: Configuration, *, retries: Retries | None = None) -> None:
        self.home = home
        self.configuration = configuration
        self.retries = retries or Retries()
        self.workers = ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_WORKERS), "dat")
        self.askers = ThreadPoolExecutor(ASKERS, "dat-ask")
        self._http = open_http(configuration.ca_file)
        self._holders: dict[str, Service] = {}
        self._manifest: Manifest | None = None

    @classmethod
    def from_home(cls, home: Path | str | None = None, *, retries: Retries | None = None) -> Self:
        """Open a home that `dat configure` made; DAT_HOME or ~/.config/dat when none is named.

        Raises:
            ConfigurationError: It is not there, not right, or readable by others.
        """
        path = Path(home) if home is not None else default_home()
        return cls(path, load_configuration(path), retries=retries)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close connections, threads and the store."""
        self.askers.shutdown(cancel_futures=True)
        self.workers.shutdown(cancel_futures=True)
        self._http.close()
        if "store" in self.__dict__:
            self.store.close()

    @cached_property
    def store(self) -> Store:
        """The local memory of what was posted."""
        return Store(self.home / STORE_NAME)

    @cached_property
    def credential(self) -> Credential:
        """Who this partner is, at the hub and at each holder."""
        key = load_request_key(self.home / self.configuration.request_key)
        return Credential(self.configuration.client_id, key)

    @cached_property
    def hub(self) -> Service:
        """The hub."""
        return self._service(self.configuration.hub_url, HUB_BASE)

    def get_holder(self, url: str) -> Service:
        """Give a key holder by its URL; each has a token of its own."""
        if url not in self._holders:
            self._holders[url] = self._service(url, HOLDER_BASE)
        return self._holders[url]

    def get_manifest(self) -> Manifest:
        """Give the manifest: as stored while it is valid, otherwise a new one that the pinned root signed."""
        now = clock.now()
        if self._manifest is None or not self._manifest.valid_from <= now < self._manifest.valid_until:
            self._manifest = find_stored_manifest(self.home, self.configuration, now=now)
        return self._manifest or self.refresh_manifest()

    def refresh_manifest(self) -> Manifest:
        """Fetch the manifest from a holder, verify it against the pinned root, and store it."""
        holders = [self.get_holder(url) for url in self.configuration.holder_urls]
        self._manifest = refresh_manifest(self.home, self.configuration, holders, now=clock.now())
        return self._manifest

    def get_reporter(self, reporter: UUID | None) -> UUID:
        """Give who posts: the one named, or the configured one."""
        found = reporter or self.configuration.reporter
        if found is None:
            raise ConfigurationError("no reporter is named, and none is configured")
        return found

    def get_pseudonymiser(self) -> Pseudonymiser:
        """Give the maker of pseudonyms under the current manifest."""
        manifest = self.get_manifest()
        urls = {url for key in manifest.keys.values() for url in key.holders.values()}
        holders = {url: self.get_holder(url) for url in urls}
        return Pseudonymiser(manifest, holders, self.workers, self.askers, self.retries)

    def list_pages(
        self, path: str, name: str, kind: type[AnyAnswer], **query: str | int | None
    ) -> Iterator[AnyAnswer]:
        """Give the items of a listing, page after page."""
        cursor: str | None = None
        while True:
            items, cursor = self.read_page(path, name, kind, cursor=cursor, **query)
            yield from items
            if cursor is None:
                return

    def read_page(
        self, path: str, name: str, kind: type[AnyAnswer], **query: str | int | None
    ) -> tuple[list[AnyAnswer], str | None]:
        """Give one page of a listing, and where the next one begins."""
        page: Any = self.hub.get(path, **query)
        if not isinstance(page, dict) or not isinstance(page.get(name), list):
            raise AnswerError
        following = page.get("nextCursor")
        return [read_answer(kind, item) for item in page[name]], str(following) if following else None

    def _service(self, url: str, base: str) -> Service:
        return Service(self._http, url=url, base=base, credential=self.credential, retries=self.retries)
