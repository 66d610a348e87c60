"""What people type into forms, as services take it: days as they are written here, money with its dots."""

import re
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

_DAY: Final = re.compile(r"([0-9]{1,2})\s*[/.-]\s*([0-9]{1,2})\s*[/.-]\s*([0-9]{4})")
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONEY: Final = re.compile(r"[0-9]{1,3}([. ][0-9]{3})+|[0-9]+")
_MOST_DIGITS: Final = 15
"""Of an amount: no service takes more, and JSON has no larger numbers."""
_NUMBER: Final = re.compile(r"[0-9]{1,9}([.][0-9]{1,9})?")
_ID: Final = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class NotReadable(ValueError):
    """It is not what was asked for."""


def day_of(text: str) -> date | None:
    """The day that 5/9/2025, 05.09.2025 or 05-09-2025 says; None of nothing."""
    text = text.strip()
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found:
            day, month, year = (int(part) for part in found.groups())
            return date(year, month, day)
        if _ISO.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError as error:
        raise NotReadable from error
    raise NotReadable


def dong_of(text: str) -> int | None:
    """The amount that `1.000.000` or `1 000 000 đ` says; None of nothing."""
    text = text.strip().removesuffix("đồng").removesuffix("đ").strip()
    if not text:
        return None
    digits = re.sub(r"[. ]", "", text)
    if not _MONEY.fullmatch(text) or len(digits) > _MOST_DIGITS:
        raise NotReadable
    return int(digits)


def number_of(text: str) -> str:
    """A number with the comma of Vietnamese, as services read it."""
    return text.strip().removesuffix("%").strip().replace(",", ".")


def share_of(text: object) -> Decimal | None:
    """The number that 33,5 or 33.5 or 33,5 % says; None of anything else."""
    number = number_of(str(text))
    return Decimal(number) if _NUMBER.fullmatch(number) else None


def id_of(text: str) -> str:
    """An id as services write it; nothing of what only resembles one, so that it may stand in an address."""
    return str(UUID(text)) if _ID.fullmatch(text) else ""


def text_of(text: str) -> str:
    """Text as it is kept: a browser ends its lines in two characters."""
    return text.replace("\r\n", "\n").strip()


def line_of(text: str) -> str:
    """The same in one line."""
    return " ".join(text.split())
