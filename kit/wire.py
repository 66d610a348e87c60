"""How messages travel: pydantic JSON of the contract dataclasses, encrypted with a key ring when a key is
configured; and how a ring seals secrets that rows keep."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import is_dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import TypeAdapter
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
    PayloadCodec,
)

from language.messages import versions
from language.versions import WrittenLater

_ENCODING = b"binary/encrypted"
_NONCE_BYTES = 12
_KEY_SIZES = (16, 24, 32)


class UnknownKey(Exception):
    """A payload names an encryption key that the ring does not hold."""


class SecretUnreadable(Exception):
    """The key of a secret is not here, or the row is not the one that it was sealed for."""


class KeyRing:
    """The newest key encrypts, every key decrypts. Text form: `id:base64key,id:base64key`, newest first."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self.newest = next(iter(keys))

    @classmethod
    def parse(cls, text: str, setting: str = "PAYLOAD_KEYS") -> "KeyRing | None":
        """The ring that a setting describes; None when the setting is empty. `ValueError` for a key of the
        wrong size."""
        keys: dict[str, bytes] = {}
        for entry in filter(None, (part.strip() for part in text.split(","))):
            name, _, encoded = entry.partition(":")
            key = base64.b64decode(encoded, validate=True)
            if not name or len(key) not in _KEY_SIZES:
                raise ValueError(f"{setting}: each entry is `id:base64` of 16, 24 or 32 bytes")
            keys[name] = key
        return cls(keys) if keys else None

    def cipher(self, name: str) -> AESGCM:
        """The cipher of this key; `UnknownKey` when the ring lacks it."""
        try:
            return self._ciphers[name]
        except KeyError:
            raise UnknownKey(name) from None

    def seal(self, row_id: UUID, secret: str) -> str:
        """The secret as it is kept: with the key's name, and of use in this row only."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self.cipher(self.newest).encrypt(nonce, secret.encode(), row_id.bytes)
        return f"{self.newest}:{base64.b64encode(nonce + sealed).decode()}"

    def unseal(self, row_id: UUID, kept: str) -> str:
        """The secret itself; `SecretUnreadable` without its key."""
        name, _, encoded = kept.partition(":")
        raw = base64.b64decode(encoded)
        try:
            return self.cipher(name).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], row_id.bytes).decode()
        except (UnknownKey, InvalidTag) as fault:
            raise SecretUnreadable(type(fault).__name__) from None


class PlainPayload(Exception):
    """Something came through Temporal that nobody with our keys has written."""


class EncryptionCodec(PayloadCodec):
    """AES-GCM over whole payloads. Payloads without our encoding pass through, so a running system can turn
    encryption on, or are refused once everything that is under way was encrypted (`only`)."""

    def __init__(self, ring: KeyRing, *, only: bool = False) -> None:
        self._ring = ring
        self._only = only

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt each with the newest key."""
        return [self._encrypt(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt those that are ours."""
        if self._only and any(payload.metadata.get("encoding") != _ENCODING for payload in payloads):
            raise PlainPayload
        return [
            self._decrypt(payload) if payload.metadata.get("encoding") == _ENCODING else payload
            for payload in payloads
        ]

    def _encrypt(self, payload: Payload) -> Payload:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ring.cipher(self._ring.newest).encrypt(nonce, payload.SerializeToString(), None)
        return Payload(
            metadata={"encoding": _ENCODING, "encryption-key-id": self._ring.newest.encode()},
            data=nonce + sealed,
        )

    def _decrypt(self, payload: Payload) -> Payload:
        cipher = self._ring.cipher(payload.metadata["encryption-key-id"].decode())
        return Payload.FromString(
            cipher.decrypt(payload.data[:_NONCE_BYTES], payload.data[_NONCE_BYTES:], None)
        )


# One reader for each message type in the process. The SDK's converter keeps its readers for itself, and every
# workflow run has a converter of its own: building the readers anew was a seventh of the worker's time.
_reader: Any = cache(TypeAdapter)
# Of most messages there is one version, and they say none: they are read without a look at each name.
_VERSION = f'"{versions.FIELD}"'.encode()


class Unread:
    """In the place of a message that a later release wrote. Whoever looks into it fails with `WrittenLater`,
    and is tried again until a release takes it that knows it. Refused while it is decoded, a signal would be
    lost: the SDK drops it."""

    __slots__ = ("_fault",)

    def __init__(self, fault: WrittenLater) -> None:
        self._fault = fault

    def __getattr__(self, name: str) -> Any:
        raise self._fault


def _read(kind: type, body: dict[str, object]) -> Any:
    try:
        brought = versions.message_body(kind, body)
    except WrittenLater as fault:
        return Unread(fault)
    return _reader(kind).validate_python(brought)


class _SharedReaders(PydanticJSONPlainPayloadConverter):
    """Pydantic JSON, read by the process's readers."""

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """The message in the payload, in today's form; without a type, plain JSON values."""
        if type_hint is None:
            return _reader(Any).validate_json(payload.data)
        if _VERSION in payload.data or versions.newest(type_hint) > 1:
            body = orjson.loads(payload.data)
            if isinstance(body, dict) and is_dataclass(type_hint):
                return _read(type_hint, body)
        return _reader(type_hint).validate_json(payload.data)


class MessageConverter(CompositePayloadConverter):
    """The SDK's converters, with ours in the place of plain JSON."""

    def __init__(self) -> None:
        ours = _SharedReaders()
        known = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(
            *(ours if isinstance(converter, JSONPlainPayloadConverter) else converter for converter in known)
        )


_MESSAGES = DataConverter(payload_converter_class=MessageConverter)


def data_converter(payload_keys: str = "", *, encrypted_only: bool = False) -> DataConverter:
    """The converter of every client, worker, replayer and test."""
    ring = KeyRing.parse(payload_keys)
    if ring is None and encrypted_only:
        raise ValueError("PAYLOADS_ENCRYPTED_ONLY needs PAYLOAD_KEYS")
    if ring is None:
        return _MESSAGES
    return replace(
        _MESSAGES,
        payload_codec=EncryptionCodec(ring, only=encrypted_only),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
