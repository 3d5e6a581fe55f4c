"""Look at everything a post needs, and say of each whether it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from dat_client.client import Client
from dat_client.errors import ClientError
from dat_client.store import State
from dat_client.transport import Service

CLOCK_LIMIT = timedelta(seconds=30)  # proofs hold within a minute

Finding = tuple[str, bool, str]


class UnwellError(ClientError):
    """Something that works, and should not be left so."""


def examine(client: Client, *, soon: datetime) -> Iterator[Finding]:
    """Give each check, whether it holds, and what to do.

    Args:
        soon: a manifest that ends before this moment is reported.
    """
    yield _check("request key", lambda: str(client.credential.client_id))
    yield _check("manifest", lambda: _examine_manifest(client, soon))
    yield _check("hub", lambda: _examine_service(client.hub))
    for url in client.configuration.holder_urls:
        yield _check(f"key holder {url}", lambda url=url: _examine_service(client.get_holder(url)))  # type: ignore[misc]
    yield _check("posts", lambda: _examine_posts(client))


def _check(name: str, look: Callable[[], str]) -> Finding:
    try:
        return name, True, look()
    except ClientError as error:
        return name, False, str(error)


def _examine_manifest(client: Client, soon: datetime) -> str:
    manifest = client.get_manifest()
    missing = client.configuration.schemes - {scheme for scheme, _ in manifest.keys}
    if missing:
        raise UnwellError(f"the manifest has no key for: {', '.join(sorted(missing))}")
    if manifest.valid_until < soon:
        raise UnwellError("the manifest ends soon: run `dat manifest refresh`")
    return f"valid until {manifest.valid_until:%Y-%m-%d}"


def _examine_service(service: Service) -> str:
    ahead = service.measure_clock()
    if abs(ahead) > CLOCK_LIMIT:
        raise UnwellError("this machine's clock differs from the service's: set it by NTP")
    service.check_token()
    return "reached, and knows this key"


def _examine_posts(client: Client) -> str:
    waiting = sum(1 for _ in client.store.list_posts(state=State.PENDING))
    if waiting:
        raise UnwellError(f"{waiting} posts have no answer yet: run `dat resume`")
    return "none without an answer"
