"""Encryption on the wire: rotation of keys, unknown keys, and payloads that were never encrypted."""

import base64
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from temporalio.api.common.v1 import Payload
from temporalio.converter import DefaultFailureConverterWithEncodedAttributes

from kit.wire import EncryptionCodec, KeyRing, PlainPayload, SecretUnreadable, UnknownKey, data_converter

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data='{"number":"12/QĐ"}'.encode())


def _codec(keys: str) -> EncryptionCodec:
    ring = KeyRing.parse(keys)
    assert ring is not None
    return EncryptionCodec(ring)


async def test_what_is_encrypted_comes_back_and_is_unreadable_on_the_way() -> None:
    codec = _codec(NEW)
    sealed = await codec.encode([PLAIN, PLAIN])
    assert await codec.decode(sealed) == [PLAIN, PLAIN]
    assert all(b"12/Q" not in payload.SerializeToString() for payload in sealed)
    assert sealed[0].data != sealed[1].data


async def test_after_a_rotation_the_newest_key_encrypts_and_the_old_one_still_decrypts() -> None:
    rotated = _codec(f"{NEW}, {OLD}")
    written_before = await _codec(OLD).encode([PLAIN])
    assert await rotated.decode(written_before) == [PLAIN]
    written_after = await rotated.encode([PLAIN])
    assert written_after[0].metadata["encryption-key-id"] == b"new"
    assert await _codec(NEW).decode(written_after) == [PLAIN]


async def test_an_unknown_key_is_named_loudly() -> None:
    sealed = await _codec(NEW).encode([PLAIN])
    with pytest.raises(UnknownKey, match="new"):
        await _codec(OLD).decode(sealed)


async def test_a_changed_payload_is_never_taken_for_the_original() -> None:
    codec = _codec(NEW)
    (sealed,) = await codec.encode([PLAIN])
    sealed.data = sealed.data[:-1] + bytes([sealed.data[-1] ^ 1])
    with pytest.raises(InvalidTag):
        await codec.decode([sealed])


async def test_what_was_never_encrypted_passes_through() -> None:
    assert await _codec(NEW).decode([PLAIN]) == [PLAIN]


async def test_what_was_never_encrypted_is_refused_where_that_is_set() -> None:
    converter = data_converter(NEW, encrypted_only=True)
    assert converter.payload_codec is not None
    sealed = await converter.payload_codec.encode([PLAIN])
    assert await converter.payload_codec.decode(sealed) == [PLAIN]
    with pytest.raises(PlainPayload):
        await converter.payload_codec.decode([*sealed, PLAIN])


def test_nothing_plain_is_taken_only_with_keys() -> None:
    with pytest.raises(ValueError, match="PAYLOAD_KEYS"):
        data_converter("", encrypted_only=True)


def test_without_keys_nothing_is_encrypted_and_with_keys_failures_are_too() -> None:
    assert data_converter().payload_codec is None
    converter = data_converter(NEW)
    assert isinstance(converter.payload_codec, EncryptionCodec)
    assert converter.failure_converter_class is DefaultFailureConverterWithEncodedAttributes


@pytest.mark.parametrize("text", ["new:dG9vIHNob3J0", ":" + "A" * 44, "new", "new:not base64!"])
def test_a_key_that_is_none_stops_the_start(text: str) -> None:
    with pytest.raises(ValueError):
        KeyRing.parse(text)


def test_a_sealed_secret_is_read_in_its_row_only_and_after_a_rotation() -> None:
    row, other = uuid4(), uuid4()
    old, rotated, new = (KeyRing.parse(keys) for keys in (OLD, f"{NEW}, {OLD}", NEW))
    assert old is not None
    assert rotated is not None
    assert new is not None
    sealed = old.seal(row, "bí mật")
    assert "bí mật" not in sealed
    assert (sealed == old.seal(row, "bí mật"), rotated.unseal(row, sealed)) == (False, "bí mật")
    for ring, where in ((new, row), (rotated, other)):
        with pytest.raises(SecretUnreadable):
            ring.unseal(where, sealed)
