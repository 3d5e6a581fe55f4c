"""Keep the holder's shares in its key store: drawn here, or dealt to it; rotated; destroyed."""

from __future__ import annotations

import os

from keys.holder.credentials import TOKEN_KEY
from keys.holder.service import KeyShare, KeyShares
from keys.protocol import rotation, sodium
from keys.protocol.encoding import b64u
from keys.protocol.tokens import SCHEMES
from keys.protocol.voprf import generate_key_pair
from ledger.note import Signer
from service.keystore import KeyStore


def create_keys(keys: KeyStore) -> None:
    """Draw everything a 1-of-1 holder needs; raises FileExistsError rather than overwrite a key."""
    create_service_keys(keys)
    for scheme in SCHEMES:
        store_share(keys, scheme, epoch=1, index=1, secret=generate_key_pair()[0])


def create_service_keys(keys: KeyStore) -> None:
    """Draw the keys of tokens and of the log, and no share: those are dealt to a holder of t-of-n."""
    keys.create(TOKEN_KEY, os.urandom(32))
    keys.create("ledger", os.urandom(32))


def store_share(keys: KeyStore, scheme: str, *, epoch: int, index: int, secret: bytes) -> None:
    """Keep a share; its file's name says of what."""
    sodium.require_scalar(secret)
    keys.create(f"share.{scheme}.{epoch}.{index}", secret)


def load_shares(keys: KeyStore) -> KeyShares:
    """Read every share, by scheme and epoch."""
    shares: dict[tuple[str, int], KeyShare] = {}
    for name in keys.names("share."):
        _, scheme, epoch, index = name.split(".")
        secret = keys.read(name)
        shares[scheme, int(epoch)] = KeyShare(int(index), secret, sodium.multiply_base(secret))
    return shares


def rotate(keys: KeyStore, scheme: str) -> tuple[int, bytes]:
    """Draw the key of the next epoch.

    Returns:
        The new epoch and the scalar that turns stored elements of the old epoch into the new: it goes to
        the hub once, by hand, and is destroyed there within 24 hours; never after a compromise of the key.
    """
    shares = load_shares(keys)
    epoch = max(known for name, known in shares if name == scheme)
    old = shares[scheme, epoch]
    secret, _ = generate_key_pair()
    store_share(keys, scheme, epoch=epoch + 1, index=old.index, secret=secret)
    return epoch + 1, rotation.delta(old.secret, secret)


def destroy_epoch(keys: KeyStore, scheme: str, epoch: int) -> None:
    """Destroy the share of a past epoch: what was made under it can't be made again."""
    share = load_shares(keys)[scheme, epoch]
    keys.destroy(f"share.{scheme}.{epoch}.{share.index}")


def signer(keys: KeyStore, name: str) -> Signer:
    """Return the signer of the holder's own checkpoints."""
    return Signer.from_seed(f"{name}/evaluations", keys.read("ledger"))


def public_part(keys: KeyStore, *, name: str, url: str) -> dict[str, object]:
    """Return what the manifest says of this holder: public values only."""
    return {
        "name": name,
        "url": url,
        "ledger": signer(keys, name).verifier.to_text(),
        "shares": [
            {"scheme": scheme, "epoch": epoch, "index": share.index, "public": b64u(share.public)}
            for (scheme, epoch), share in sorted(load_shares(keys).items())
        ],
    }
