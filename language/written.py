"""How numbers and days are written where programs read them: one way for each, and no other taken for it."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from language.refusals import Refusal
from language.unfit import Unfit

_NUMBER: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EARLIEST: Final = date(1800, 1, 1)
"""The first days that a calendar holds have no instant in another zone."""
_LATEST: Final = date(2999, 12, 31)
"""What is written for ever as 31/12/9999 elsewhere is no end here: databases take it for infinity."""
_EARLIEST_BIRTH: Final = date(1900, 1, 1)


class BirthImpossible(Refusal):
    """Somebody is born on a day that is still to come, or longer ago than anybody lives."""

    status = 422
    vi = "Ngày sinh {day} không thể đúng: phải từ {earliest} đến hôm nay. Hãy kiểm tra lại."
    en = "Nobody is born on {day}: it has to lie between {earliest} and today. Check the day."


def plain_number(text: str) -> Decimal:
    """Digits, a point, a minus: `33.30`. No exponent, no other digits, and no zero below zero."""
    if not _NUMBER.fullmatch(text):
        raise Unfit("write the number with plain digits, like 33.3", "hãy viết số thường, ví dụ 33.3")
    return Decimal(text) + 0


def whole_number(text: str) -> int:
    """Digits and a minus: `1000`. No separators, no other digits, nothing around them."""
    if not _WHOLE.fullmatch(text):
        raise Unfit("write the number with digits only, like 1000", "hãy viết chỉ bằng chữ số, ví dụ 1000")
    return int(text)


def plain_day(text: str) -> date:
    """Year, month and day: `2026-09-05`. A number is no day."""
    if not _DAY.fullmatch(text):
        raise Unfit("write the day as YYYY-MM-DD", "hãy viết ngày theo dạng NĂM-THÁNG-NGÀY")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Unfit("there is no such day", "không có ngày này trong lịch") from None
    if day < _EARLIEST:
        raise Unfit("nothing here is older than 1800", "không có gì trước năm 1800")
    return day


def day_in_time(day: date) -> date:
    """A day that something is planned for, by whoever asks for something; what was kept is read as it is."""
    if day > _LATEST:
        raise Unfit(
            "nothing here is later than 2999; leave an end out that nobody knows",
            "không có gì sau năm 2999; chưa biết ngày kết thúc thì để trống",
        )
    return day


def instant_in_time(instant: datetime) -> datetime:
    """A moment from 1801 to 2999, in universal time: on every clock it has a day."""
    if not _EARLIEST.year < instant.year <= _LATEST.year:
        raise Unfit(
            "the instant lies outside the years 1801 to 2999", "thời điểm nằm ngoài các năm 1801 đến 2999"
        )
    return instant.astimezone(UTC)


def require_birth(day: date | None, today: date) -> None:
    """A day of birth that can be one, if it is known."""
    if day is not None and not _EARLIEST_BIRTH <= day <= today:
        raise BirthImpossible(day=day, earliest=_EARLIEST_BIRTH)
