"""The real client and three real key holders, 2-of-3, each a process of its own behind HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dat_client import NewSignal
from dat_client.errors import HolderProofError, UnavailableError
from keys.holder import administration
from keys.holder.administration import Admission
from keys.holder.dealing import DealtShare, deal
from keys.holder.manifests import assemble
from keys.protocol.envelope import Entry
from keys.protocol.manifest import sign_manifest
from keys.protocol.tokens import SCHEMES, TokenType
from service import clock
from service.work import OPERATOR
from tests.dat_client.world import CANARY, CLIENT_ID, FACTS, World, make_world, neighbour
from tests.keys.holder.test_threshold import HUB, part
from tests.keys.holder.world import new_holder
from tests.promises.processes import ForkServer, free_port, wait_for_answer

LIAR = "2 of another deal"


@dataclass
class Trio:
    """Three holders as their own organisations run them, a hub, and a partner that all of them admitted.

    Attributes:
        folders: the trust domain of each holder that may be started; one that lies has its own.
    """

    world: World
    home: Path
    forks: ForkServer
    urls: dict[int, str]
    folders: dict[str, Path] = field(default_factory=dict)
    running: dict[int, int] = field(default_factory=dict)

    def start(self, index: int, name: str | None = None) -> None:
        """Start a holder, or whoever took its place."""
        folder, url = self.folders[name or str(index)], self.urls[index]
        environment = {"DATA": str(folder), "PORT": url.rpartition(":")[2], "PUBLIC_URL": url}
        named = {f"DAT_KEYS_{key}": value for key, value in environment.items()}
        self.running[index] = self.forks.start("holder", named, folder / "log")

    def stop(self, *indexes: int) -> None:
        """Kill holders."""
        for index in indexes:
            self.forks.kill(self.running.pop(index))

    def wait(self) -> None:
        """Wait until all answer that run."""
        for index in self.running:
            wait_for_answer(self.urls[index])

    def entries(self) -> list[list[Entry]]:
        """Return the pseudonyms of every signal that the hub took."""
        return [stored.entries for stored in self.world.hub.list_kind("signalId")]


def set_up(trio: Trio, name: str, shares: Sequence[DealtShare]) -> dict[str, object]:
    """Set up a holder, admit the partner there, and return its public part."""
    world, folder = trio.world, trio.folders[name]
    holder = new_holder(folder, url=trio.urls[int(name[0])], shares=shares)
    organisation, jwk = world.organisation_id, world.holder.keys[CLIENT_ID]
    with holder.database.work(OPERATOR) as work:
        administration.admit(work, Admission(CLIENT_ID, organisation, jwk, {"bsn": 100, "demographic": 900}))
        administration.add_reporter(work, organisation, world.reporter, per_day=1_000)
    holder.database.close()
    return part(holder)


def publish(trio: Trio, parts: Sequence[dict[str, object]]) -> None:
    """Have the root sign the keys that the holders show, and give the manifest to every holder."""
    keys = assemble(HUB, parts, valid_from=clock.now(), life=timedelta(days=1)).keys
    token = sign_manifest(replace(trio.world.manifest, keys=keys), trio.world.root.private_bytes_raw())
    for folder in trio.folders.values():
        (folder / "manifest.jws").write_text(token)


@pytest.fixture
def trio(tmp_path: Path, forks: ForkServer) -> Iterator[Trio]:
    """Three running holders with dealt shares, and one of another deal that may take the second's place."""
    world = make_world(tmp_path / "homes")
    urls = {index: f"http://127.0.0.1:{free_port()}" for index in (1, 2, 3)}
    home = world.make_home(holder_urls=list(urls.values()))
    names = ("1", "2", "3", LIAR)
    found = Trio(world, home, forks, urls, {name: tmp_path / name for name in names})
    honest, other = (deal(SCHEMES, threshold=2, shares=3, epoch=1) for _ in range(2))
    parts = [set_up(found, str(index), honest[index - 1]) for index in urls]
    set_up(found, LIAR, other[1])
    publish(found, parts)
    for index in urls:
        found.start(index)
    found.wait()
    yield found
    found.stop(*found.running)
    world.services.close()


def test_any_two_of_three_running_holders_give_the_same_pseudonyms(trio: Trio, today: date) -> None:
    with trio.world.open(trio.home) as client:
        for down in (None, 1, 2, 3):
            if down:
                trio.stop(down)
            client.post_signal(CANARY, contact_date=today, **FACTS)
            if down:
                trio.start(down)
                trio.wait()
    first, *others = trio.entries()
    assert {entry.token_type for entry in first} >= {TokenType.BSN, TokenType.A}
    assert others == [first] * 3


def test_with_two_holders_down_nothing_is_posted_and_nothing_lost(trio: Trio, today: date) -> None:
    signals = [NewSignal(person=neighbour(n), contact_date=today, **FACTS) for n in range(3)]
    with trio.world.open(trio.home) as client:
        trio.stop(1, 3)
        with pytest.raises(UnavailableError) as refused:
            list(client.post_signals(signals))
        assert str(refused.value) == UnavailableError.message
        assert trio.entries() == []
        trio.start(3)
        trio.wait()
        assert [one.status for one in client.post_signals(signals)] == ["accepted"] * 3
    assert len(trio.entries()) == 3


def test_a_lying_holder_is_named_and_what_it_says_is_not_used(trio: Trio, today: date) -> None:
    trio.stop(2)
    trio.start(2, LIAR)
    trio.wait()
    with trio.world.open(trio.home) as client:
        with pytest.raises(HolderProofError) as refused:
            client.post_signal(CANARY, contact_date=today, **FACTS)
        assert refused.value.index == 2
        assert "key holder 2" in str(refused.value)
        assert trio.entries() == []
        trio.stop(2)
        client.post_signal(CANARY, contact_date=today, **FACTS)
    assert len(trio.entries()) == 1
