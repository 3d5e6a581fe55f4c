"""Keep the holder's shares in its key store: drawn here, or dealt to it; rotated; destroyed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace

from nacl.signing import SigningKey

from keys.holder.credentials import TOKEN_KEY
from keys.holder.datakeys.service import RECEIPT_KEY
from keys.holder.errors import RotationRefusedError
from keys.holder.service import KeyShare, KeyShares
from keys.protocol import sodium
from keys.protocol.encoding import b64u
from keys.protocol.tokens import SCHEMES
from keys.protocol.voprf import generate_key_pair
from ledger.cosignature import Cosigner
from ledger.note import Signer
from service.errors import UnsafeSettingsError
from service.keystore import KeyStore

LEDGER = "ledger"
WITNESS_KEYS = ("witness.ed25519", "witness.ml-dsa-44")


@dataclass(frozen=True, slots=True)
class ShareName:
    """Say of which key a share is: number `index` of `shares`, any `threshold` of which are the key."""

    scheme: str
    epoch: int
    index: int
    threshold: int
    shares: int

    def to_text(self) -> str:
        """Write the name of the key file: "share.bsn.1.2.2-of-3"."""
        return f"share.{self.scheme}.{self.epoch}.{self.index}.{self.threshold}-of-{self.shares}"

    @classmethod
    def of_text(cls, text: str) -> ShareName:
        """Read the name of a key file."""
        _, scheme, epoch, index, rest = text.split(".")
        threshold, shares = rest.split("-of-")
        return cls(scheme, int(epoch), int(index), int(threshold), int(shares))


@dataclass(frozen=True, slots=True)
class Rotated:
    """A new epoch, and the scalar that leads to it from the one before."""

    epoch: int
    delta: bytes = field(repr=False)


def create_keys(keys: KeyStore) -> None:
    """Draw everything a 1-of-1 holder needs; raises FileExistsError rather than overwrite a key."""
    for scheme in SCHEMES:
        store_share(keys, ShareName(scheme, 1, 1, 1, 1), generate_key_pair()[0])
    create_service_keys(keys)


def create_service_keys(keys: KeyStore) -> None:
    """Draw the keys of tokens, log and witness, and no share: those are dealt to a holder of t-of-n."""
    keys.create(LEDGER, os.urandom(32))
    keys.create(RECEIPT_KEY, os.urandom(32))
    keys.create(TOKEN_KEY, os.urandom(32))
    for name in WITNESS_KEYS:
        keys.create(name, os.urandom(32))


def store_share(keys: KeyStore, name: ShareName, secret: bytes) -> None:
    """Keep a share; its file's name says of what."""
    sodium.require_scalar(secret)
    if any((known.scheme, known.epoch) == (name.scheme, name.epoch) for known in _names(keys)):
        raise FileExistsError(f"a share of {name.scheme} in epoch {name.epoch}")
    keys.create(name.to_text(), secret)


def load_shares(keys: KeyStore) -> KeyShares:
    """Read every share, by scheme and epoch."""
    shares: dict[tuple[str, int], KeyShare] = {}
    for name in _names(keys):
        secret = keys.read(name.to_text())
        shares[name.scheme, name.epoch] = KeyShare(name.index, secret, sodium.multiply_base(secret))
    return shares


def rotate(keys: KeyStore, scheme: str, *, delta: bytes | None = None) -> Rotated:
    """Make the share of the next epoch: the old one times a scalar, so that t-of-n stays one key.

    Args:
        delta: the scalar that all holders of a shared key were given; a holder of the whole key draws it.

    Returns:
        The new epoch and the scalar that turns stored elements of the old epoch into the new: it goes to
        the hub once, by hand, and is destroyed there within 24 hours.

    Raises:
        RotationRefusedError: The key was compromised, there is none, or a shared key without a scalar.
    """
    name = _latest(keys, scheme)
    if _mark(name) in keys.names("compromised.") or (delta is None and name.shares > 1):
        raise RotationRefusedError
    scalar = delta or generate_key_pair()[0]
    secret = sodium.multiply_scalars(scalar, keys.read(name.to_text()))
    store_share(keys, replace(name, epoch=name.epoch + 1), secret)
    return Rotated(name.epoch + 1, scalar)


def declare_compromised(keys: KeyStore, scheme: str) -> int:
    """Close the usual way out of the latest epoch, and of a whole key draw an unrelated next one.

    The scalar between the two must never lie beside old backups of the hub, so nobody computes it here:
    stored elements move by blinded update. A shared key is dealt anew. Returns the compromised epoch.
    """
    name = _latest(keys, scheme)
    keys.create(_mark(name), b"")
    if name.shares == 1:
        store_share(keys, replace(name, epoch=name.epoch + 1), generate_key_pair()[0])
    return name.epoch


def destroy_epoch(keys: KeyStore, scheme: str, epoch: int) -> None:
    """Destroy the share of a past epoch: what was made under it can't be made again.

    Raises:
        RotationRefusedError: It is the latest epoch, or there is no such share.
    """
    if epoch >= _latest(keys, scheme).epoch:
        raise RotationRefusedError
    for name in _names(keys):
        if (name.scheme, name.epoch) == (scheme, epoch):
            keys.destroy(name.to_text())
            return
    raise RotationRefusedError


def _names(keys: KeyStore) -> list[ShareName]:
    return [ShareName.of_text(text) for text in keys.names("share.")]


def _latest(keys: KeyStore, scheme: str) -> ShareName:
    names = [name for name in _names(keys) if name.scheme == scheme]
    if not names:
        raise RotationRefusedError
    return max(names, key=lambda name: name.epoch)


def _mark(name: ShareName) -> str:
    return f"compromised.{name.scheme}.{name.epoch}"


def signer(keys: KeyStore, name: str) -> Signer:
    """Return the signer of the holder's own checkpoints.

    Raises:
        UnsafeSettingsError: The holder has no keys yet.
    """
    try:
        seed = keys.read(LEDGER)
    except KeyError:
        raise UnsafeSettingsError("the holder has no keys yet; run: dat-keys init") from None
    return Signer.from_seed(f"{name}/evaluations", seed)


def cosigner(keys: KeyStore, name: str) -> Cosigner:
    """Return what cosigns the hub's log; its keys are used for nothing else.

    Raises:
        UnsafeSettingsError: The holder has no keys yet.
    """
    try:
        seed, ml_dsa_seed = (keys.read(one) for one in WITNESS_KEYS)
    except KeyError:
        raise UnsafeSettingsError("the holder has no keys yet; run: dat-keys init") from None
    return Cosigner(f"{name}/witness", seed, ml_dsa_seed)


def receipt_signer(keys: KeyStore) -> SigningKey:
    """Return the key that receipts of destroyed data keys are signed with."""
    return SigningKey(keys.read(RECEIPT_KEY))


def public_part(keys: KeyStore, *, name: str, url: str) -> dict[str, object]:
    """Return what the manifest says of this holder: public values only."""
    shares = load_shares(keys)
    return {
        "name": name,
        "url": url,
        "ledger": signer(keys, name).verifier.to_text(),
        "witness": [key.to_text() for key in cosigner(keys, name).keys],
        "receiptKey": b64u(bytes(receipt_signer(keys).verify_key)),
        "shares": [
            {
                "scheme": known.scheme,
                "epoch": known.epoch,
                "index": known.index,
                "threshold": known.threshold,
                "public": b64u(shares[known.scheme, known.epoch].public),
            }
            for known in sorted(_names(keys), key=lambda known: (known.scheme, known.epoch))
        ],
    }
