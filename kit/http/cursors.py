"""Keyset cursors: opaque text that holds the last key of a page."""

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import orjson

from kit.db import to_json
from kit.http.refusals import CursorInvalid

K = TypeVar("K")
_BEGINNING = (datetime.fromisoformat("0001-01-02T00:00:00+00:00"), UUID(int=0))
_LAST_ID = UUID(int=(1 << 128) - 1)


def encode_cursor(*key: object) -> str:
    """The cursor behind this key."""
    return base64.urlsafe_b64encode(to_json(key)).decode().rstrip("=")


def decode_cursor(cursor: str, read: Callable[..., K]) -> K:
    """The key in a cursor, read by `read`; `CursorInvalid` when somebody made it up."""
    try:
        return read(*orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))))
    except (binascii.Error, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise CursorInvalid from error


def plain_instant(instant: str) -> datetime:
    """An instant that a column can hold; `ValueError` for what somebody made up."""
    moment = datetime.fromisoformat(instant)
    if moment.tzinfo is None:
        raise ValueError("naive instant")
    return moment.astimezone(UTC)


def key_by_number(cursor: str | None) -> int:
    """The number to go on from; without a cursor, zero."""
    return 0 if cursor is None else decode_cursor(cursor, bounded)


def bounded(number: int) -> int:
    """A number that a column can hold; `ValueError` for what somebody made up."""
    if not isinstance(number, int) or not 0 <= number < 2**63:
        raise ValueError("not a sequence number")
    return number


def key_by_id_before(cursor: str | None) -> UUID:
    """The id to go on from downwards; without a cursor, one behind all."""
    return _LAST_ID if cursor is None else decode_cursor(cursor, UUID)


def plain_text(text: str) -> str:
    """A text that a column can hold; `ValueError` for what somebody made up."""
    if not isinstance(text, str) or "\x00" in text:
        raise ValueError("not a text key")
    return text.encode().decode()


def key_by_rung(cursor: str | None) -> tuple[datetime, UUID, str]:
    """The key (instant, id, name) to go on from; without a cursor, one before all."""
    return (*_BEGINNING, "") if cursor is None else decode_cursor(cursor, _instant_id_and_name)


def _instant_id_and_name(instant: str, identifier: str, name: str) -> tuple[datetime, UUID, str]:
    if not isinstance(name, str) or "\x00" in name:
        raise ValueError("not a name")
    return plain_instant(instant), UUID(identifier), name
