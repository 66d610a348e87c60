"""The keys of the history: HISTORY_KEYS vouch for each event, CHECKPOINT_KEY signs checkpoints. Neither is
ever in the database."""

import base64
import hmac
from collections.abc import Mapping
from functools import cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kit.environment import secret

_LEAST_KEY_BYTES = 32
_SEED_BYTES = 32


class HistoryKeys:
    """The newest key vouches for what is recorded now, every key for what was recorded under it."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)
        self.newest = next(iter(self._keys))

    @classmethod
    def parse(cls, text: str) -> "HistoryKeys":
        """The keys that a setting describes: `id:base64,id:base64`, newest first; `ValueError` for none, and
        for one that is too short."""
        keys: dict[str, bytes] = {}
        for entry in filter(None, (part.strip() for part in text.split(","))):
            name, _, encoded = entry.partition(":")
            key = base64.b64decode(encoded, validate=True)
            if not name or len(key) < _LEAST_KEY_BYTES:
                raise ValueError("HISTORY_KEYS: each entry is `id:base64` of at least 32 bytes")
            keys[name] = key
        if not keys:
            raise ValueError("HISTORY_KEYS: at least one `id:base64` is needed")
        return cls(keys)

    def knows(self, key_id: str) -> bool:
        """The key of this id is here."""
        return key_id in self._keys

    def vouch(self, message: bytes, key_id: str | None = None) -> bytes:
        """The message authentication code, under the newest key or the one of this id."""
        return hmac.digest(self._keys[key_id or self.newest], message, sha256)

    def fits(self, message: bytes, key_id: str, mac: bytes) -> bool:
        """The code was made for this message by who has the key of this id."""
        return self.knows(key_id) and hmac.compare_digest(self.vouch(message, key_id), mac)


def event_message(canonical: bytes) -> bytes:
    """What is vouched for when an event is recorded."""
    return b"sangkien event 1\n" + canonical


def chain_message(service: str, position: int, chained: bytes) -> bytes:
    """What is vouched for when an event is chained: not only what was recorded, also its place."""
    return b"sangkien chain 1\n" + f"{service}\n{position}\n".encode() + chained


@cache
def history_keys() -> HistoryKeys:
    """Those of this process, from its environment."""
    return HistoryKeys.parse(secret("HISTORY_KEYS") or "")


class Signer:
    """Signs checkpoints; made from a seed of 32 bytes in hexadecimal."""

    def __init__(self, seed: str) -> None:
        raw = bytes.fromhex(seed)
        if len(raw) != _SEED_BYTES:
            raise ValueError("CHECKPOINT_KEY: a seed of 32 bytes in hexadecimal is needed")
        self._key = Ed25519PrivateKey.from_private_bytes(raw)
        self.public_key = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The signature (RFC 8032, 64 bytes)."""
        return self._key.sign(message)


def is_signed(message: bytes, signature: bytes, public_key: bytes) -> bool:
    """The signature is by the holder of the key to this public one."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
