"""The one form in which an event is hashed and signed: the same facts always give the same bytes, different
facts never do.

JSON in UTF-8, keys in the order of their code points, no spaces. Whole numbers only; all else that counts is
text, so that every language and every version reads the same."""

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

LARGEST: Final = 2**53 - 1
"""Up to here whole numbers are the same in every reader of JSON."""


class NotCanonical(TypeError):
    """A value that has no one form: a float, a set, a naive instant, a number beyond `LARGEST`."""


def plain(value: Any) -> Any:
    """The value in what JSON has: ids, decimals, days and instants as text, enums as what they stand for,
    text in NFC."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool):
        return value
    for kinds, form in _FORMS:
        if isinstance(value, kinds):
            return form(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    raise NotCanonical(f"{type(value).__name__} has no canonical form")


def _whole(value: int) -> int:
    if abs(value) > LARGEST:
        raise NotCanonical("a whole number beyond 2^53 is written as text")
    return value


def _text(value: str) -> str:
    if "\x00" in value:
        raise NotCanonical("text without null bytes only")
    return unicodedata.normalize("NFC", value)


def _mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    found = {plain(key): plain(item) for key, item in value.items()}
    if len(found) != len(value) or not all(isinstance(key, str) for key in found):
        raise NotCanonical("keys are texts, each once")
    return found


def _items(value: Sequence[Any]) -> list[Any]:
    return [plain(item) for item in value]


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise NotCanonical("a number that is none")
    return format(value, "f")


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise NotCanonical("an instant without a time zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


_FORMS: Final[tuple[tuple[Any, Callable[[Any], Any]], ...]] = (
    (str, _text),
    (int, _whole),
    (UUID, str),
    (dict | Mapping, _mapping),
    (list | tuple, _items),
    (datetime, _instant),
    (date, date.isoformat),
    (Decimal, _decimal),
)


def canonical_bytes(document: Any) -> bytes:
    """The bytes of a plain document. Nothing is mended here: what was not made by `plain` is refused, or
    gives other bytes, so that a changed row never passes for the one that was written."""
    _require_plain(document)
    return json.dumps(
        document, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode()


def _require_plain(value: object) -> None:
    match value:
        case None | bool() | str():
            return
        case int():
            _whole(value)
        case list():
            for item in value:
                _require_plain(item)
        case dict():
            if not all(isinstance(key, str) for key in value):
                raise NotCanonical("keys are texts")
            for item in value.values():
                _require_plain(item)
        case _:
            raise NotCanonical(f"{type(value).__name__} is not plain")
