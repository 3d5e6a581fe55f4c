"""Two of three holders, each an organisation of its own with its own list, store and share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from keys.holder import custody
from keys.holder.dealing import deal, read_share_file, write_share_file
from keys.holder.errors import PublicPartError
from keys.holder.manifests import assemble, root_public
from keys.holder.opening import Holder
from keys.protocol.encoding import b64u
from keys.protocol.manifest import Manifest, load_manifest, sign_manifest
from keys.protocol.rotation import check_delta
from keys.protocol.threshold import combine, find_liars
from keys.protocol.voprf import Evaluation, blind, generate_key_pair, unblind, verify
from ledger.note import Signer
from service import clock
from service.keystore import FileKeyStore
from tests.keys.holder.world import Admitting, Partner, admit, evaluation_of, new_holder, serve

URLS = {index: f"http://holder-{index}.example" for index in (1, 2, 3)}
HUB = {
    "hubId": "hub.example",
    "receiptKey": b64u(bytes(32)),
    "ledger": Signer.generate("hub.example/audit").verifier.to_text(),
    "envelopeKeys": [],
}


@dataclass
class Trio:
    """Three holders, the partner as each knows it, and the signed manifest."""

    holders: dict[int, Holder]
    partners: dict[int, Partner]
    manifest: Manifest

    def ask(self, index: int, element: bytes) -> Evaluation:
        return evaluation_of(self.partners[index].ask([element]))


def part(holder: Holder) -> dict[str, object]:
    keys = FileKeyStore(holder.settings.keys)
    return custody.public_part(keys, name=holder.settings.name, url=holder.settings.public_url)


def manifest_of(parts: list[dict[str, object]]) -> Manifest:
    root = os.urandom(32)
    signed = sign_manifest(assemble(HUB, parts, valid_from=clock.now(), life=timedelta(days=1)), root)
    return load_manifest(signed, pinned_root=root_public(root), now=clock.now())


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    """Three holders with dealt shares of every scheme, which one partner is admitted at."""
    dealt = deal(("bsn", "demographic", "household"), threshold=2, shares=3, epoch=1)
    carried = [read_share_file(write_share_file(shares)) for shares in dealt]
    holders = {
        index: new_holder(tmp_path / str(index), url=url, shares=carried[index - 1])
        for index, url in URLS.items()
    }
    how = Admitting()
    with ExitStack() as stack:
        partners = {
            index: admit(holder, stack.enter_context(serve(holder)), how) for index, holder in holders.items()
        }
        yield Trio(holders, partners, manifest_of([part(holder) for holder in holders.values()]))
    for holder in holders.values():
        holder.database.close()


def test_any_two_of_three_holders_give_the_same_pseudonym(trio: Trio) -> None:
    key = trio.manifest.get_key("demographic", 1)
    found = set()
    for pair in combinations(URLS, 2):
        blinding = blind(b"one person")
        evaluations = {index: trio.ask(index, blinding.element) for index in pair}
        for index, evaluation in evaluations.items():
            verify(key.shares[index], [blinding.element], evaluation)
        whole = combine({index: evaluation.elements[0] for index, evaluation in evaluations.items()})
        found.add(unblind(blinding.scalar, whole))
    assert len(found) == 1
    assert dict(key.holders) == URLS


def test_one_holder_alone_has_another_pseudonym(trio: Trio) -> None:
    blinding = blind(b"one person")
    pair = {index: trio.ask(index, blinding.element).elements[0] for index in (1, 2)}
    assert combine(pair) != combine({1: pair[1]})


def test_a_lying_holder_is_named(trio: Trio) -> None:
    # It answers with another share, and proves that honestly.
    holder = trio.holders[2]
    secret, public = generate_key_pair()
    shares = {name: replace(share, secret=secret, public=public) for name, share in holder.shares.items()}
    with serve(replace(holder, shares=shares)) as http:
        trio.partners[2].client.http = http
        trio.partners[2].client._token = None
        blinding = blind(b"one person")
        evaluations = {index: trio.ask(index, blinding.element) for index in URLS}
    publics = trio.manifest.get_key("demographic", 1).shares
    assert find_liars(publics, [blinding.element], evaluations) == (2,)


def test_a_holder_that_swaps_answers_is_named(trio: Trio) -> None:
    blinded = [blind(name).element for name in (b"one", b"two")]
    evaluations = {index: evaluation_of(trio.partners[index].ask(blinded)) for index in URLS}
    evaluations[3] = replace(evaluations[3], elements=evaluations[3].elements[::-1])
    publics = trio.manifest.get_key("demographic", 1).shares
    assert find_liars(publics, blinded, evaluations) == (3,)


def test_a_common_scalar_rotates_a_shared_key(trio: Trio) -> None:
    delta = generate_key_pair()[0]
    for holder in trio.holders.values():
        custody.rotate(FileKeyStore(holder.settings.keys), "demographic", delta=delta)
    manifest = manifest_of([part(holder) for holder in trio.holders.values()])
    old, new = (manifest.get_key("demographic", epoch).public for epoch in (1, 2))
    check_delta(delta, old, new)


def test_a_manifest_refuses_shares_of_different_deals(trio: Trio, tmp_path: Path) -> None:
    other = deal(("bsn", "demographic", "household"), threshold=2, shares=3, epoch=1)
    stranger = new_holder(tmp_path / "stranger", url=URLS[3], shares=other[2])
    parts = [part(trio.holders[1]), part(trio.holders[2]), part(stranger)]
    stranger.database.close()
    with pytest.raises(PublicPartError):
        manifest_of(parts)
