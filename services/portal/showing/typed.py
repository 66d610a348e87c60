"""What people type into forms, as services take it: days as they are written here, money with its dots."""

import re
from datetime import date
from typing import Final

_DAY: Final = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONEY: Final = re.compile(r"\d{1,3}([. ]\d{3})+|\d+")


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
    if not _MONEY.fullmatch(text):
        raise NotReadable
    return int(re.sub(r"[. ]", "", text))


def number_of(text: str) -> str:
    """A number with the comma of Vietnamese, as services read it."""
    return text.strip().removesuffix("%").strip().replace(",", ".")


def text_of(text: str) -> str:
    """Text as it is kept: a browser ends its lines in two characters."""
    return text.replace("\r\n", "\n").strip()


def line_of(text: str) -> str:
    """The same in one line."""
    return " ".join(text.split())
