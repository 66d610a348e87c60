"""Cells as people fill them, read: shares, money, days, names, text. Each says what it takes the cell for,
and what it doubts; none ever fails."""

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final, Generic, TypeVar

from language.text import NothingVisible, fold, one_line
from sheets.cells import Value
from sheets.words import ASKING, SENTENCES, DoubtKind

T = TypeVar("T")
LONGEST_LINE, LONGEST_PROSE = 500, 20_000
_SHOWN = 80
_CENT = Decimal("0.01")
_HUNDRED = Decimal(100)
_MOST_MONEY = Decimal(10**15)
_SMALL_MONEY = 10_000
EPOCH, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
"""From which day spreadsheets number days; those of old Macs from another."""
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_SERIALS = range(10_000, 80_000)
_NOTHING: Final = frozenset(
    {"", "-", "--", "–", "—", "/", "x", "0", "khong", "khong co", "khong tinh", "k", "n/a"}
)
_ADDRESSED = re.compile(
    r"^(?:(?:ông|bà|thầy|cô|anh|chị|đ/c|đồng chí|ths|ts|pgs|gs|cn|ks|bs|nguyên)(?:\.\s*|\s+|:\s*))+",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|=.+", re.DOTALL)
_TWO_PEOPLE = re.compile(r"\s(?:và|cùng|với|[-–—])\s|\S[ ]+\S[^\n]*\n\s*\S+[ ]+\S", re.IGNORECASE)
"""What stands between two names: a word, a dash, or the end of a line in a cell of two full ones."""
_NAME = re.compile(r"^[^\W\d_]+(?:[ '’.-]+[^\W\d_]+)+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What is doubted about a cell: the cell as it stands and what it is taken for, both as people read
    them."""

    kind: DoubtKind
    value: str = ""
    read: str = ""

    @property
    def asks(self) -> bool:
        """Somebody has to answer it."""
        return self.kind in ASKING

    @property
    def vi(self) -> str:
        """For people."""
        return SENTENCES[self.kind][0].format(value=self.value, read=self.read)

    @property
    def en(self) -> str:
        """The same in English."""
        return SENTENCES[self.kind][1].format(value=self.value, read=self.read)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[T]):
    """What a cell is taken for, `None` when it is empty or cannot be read, and what is doubted."""

    value: T | None
    doubts: tuple[Doubt, ...] = field(default=())


def tidy(value: Value, *, lines: bool = False) -> str:
    """The cell as text: composed, without invisible or controlling characters and needless spaces; with
    `lines` the ends of lines stay."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        value = int(value)
    if isinstance(value, date):
        return shown_day(value.date() if isinstance(value, datetime) else value)
    text = str(value).replace("\u00d0", "Đ")
    if not lines:
        return _line(text)
    return "\n".join(_line(row) for row in text.replace("\r\n", "\n").split("\n")).strip()


def _line(text: str) -> str:
    try:
        return one_line(text)
    except NothingVisible:
        return ""


def cut(value: Value) -> str:
    """The cell as it is quoted in a doubt."""
    text = tidy(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def shown_day(day: date) -> str:
    """A day as an official writes it."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def shown_number(number: Decimal | int) -> str:
    """A number as an official writes it: `1.000.000`, `33,33`."""
    whole = f"{number:,d}" if isinstance(number, int) else f"{number.normalize():,f}"
    return whole.translate(str.maketrans(",.", ".,"))


def read_line(value: Value) -> Reading[str]:
    """One line of text."""
    return _not_longer(tidy(value), LONGEST_LINE)


def read_prose(value: Value) -> Reading[str]:
    """Text of several lines."""
    return _not_longer(tidy(value, lines=True), LONGEST_PROSE)


def is_formula(text: str) -> bool:
    """An error of a spreadsheet, or a formula that was never computed."""
    return bool(_FORMULA.fullmatch(text))


def _not_longer(text: str, most: int) -> Reading[str]:
    if is_formula(text):
        return _unreadable(DoubtKind.FORMULA_FAILED, text)
    if len(text) <= most:
        return Reading(value=text)
    doubt = Doubt(kind=DoubtKind.TEXT_TOO_LONG, value=cut(text), read=shown_number(len(text)))
    return Reading(value=None, doubts=(doubt,))


def read_name(value: Value) -> Reading[str]:
    """A person's name: in capitals it is written as names are."""
    text = tidy(value)
    if not text:
        return Reading(value=None)
    bare = _ADDRESSED.sub("", text)
    doubts = [] if bare == text else [Doubt(kind=DoubtKind.FORM_OF_ADDRESS, value=cut(text), read=cut(bare))]
    is_one = len(bare) <= _SHOWN and not _TWO_PEOPLE.search(tidy(value, lines=True))
    if not _NAME.fullmatch(bare) or not is_one or not _is_latin(bare):
        return Reading(value=None, doubts=(Doubt(kind=DoubtKind.NAME_UNLIKELY, value=cut(text)),))
    name = bare
    if bare.isupper() or bare.islower():
        name = " ".join(word[:1].upper() + word[1:].lower() for word in bare.split())
        doubts.append(Doubt(kind=DoubtKind.IN_CAPITALS, value=cut(bare), read=name))
    return Reading(value=name, doubts=tuple(doubts))


def _is_latin(text: str) -> bool:
    """No letter of another script that only looks like one of ours: it would be somebody else."""
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in text if letter.isalpha())


def read_decimal(text: str) -> Decimal | None:
    """A number as people type it: the comma is the decimal sign here, the point separates thousands; one of
    both that cannot be that is the other one. `None` when it is none."""
    plain = text.replace("\u00a0", "").replace(" ", "").replace("’", "")
    if not re.fullmatch(r"\d[\d.,]*", plain, re.ASCII):
        return None
    signs = [sign for sign in ".," if sign in plain]
    if len(signs) == 2:
        last = max(signs, key=plain.rindex)
        whole, _, part = plain.rpartition(last)
        if last in whole or not _in_thousands(whole, "." if last == "," else ","):
            return None
        plain = f"{re.sub(r'[.,]', '', whole)}.{part}"
    elif signs:
        sign = signs[0]
        if _in_thousands(plain, sign):
            plain = plain.replace(sign, "")
        elif plain.count(sign) == 1:
            plain = plain.replace(sign, ".")
        else:
            return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _in_thousands(text: str, sign: str) -> bool:
    """`5.000.000` and `5.000`, not `60.5` or `0.500`."""
    return bool(re.fullmatch(rf"[1-9]\d{{0,2}}(?:\{sign}\d{{3}})+|\d+", text, re.ASCII))


def read_share(value: Value) -> Reading[Decimal]:
    """A share in per cent: `60`, `60%`, `33,3`, `1/3`; a fraction such as 0.6 is 60 per cent."""
    text = tidy(value)
    if not text:
        return Reading(value=None)
    percent, is_said = _percent_of(value, text)
    if percent is None:
        return _unreadable(DoubtKind.SHARE_UNREADABLE, value)
    doubts = []
    if not is_said and percent <= 1:
        percent *= _HUNDRED
        doubts.append(Doubt(kind=DoubtKind.FRACTION, value=cut(value), read=shown_number(_rounded(percent))))
    rounded = _rounded(percent)
    if not 0 < rounded <= _HUNDRED:
        return _unreadable(DoubtKind.SHARE_UNREADABLE, value)
    if rounded != percent and not doubts:
        doubts.append(Doubt(kind=DoubtKind.ROUNDED, value=cut(value), read=shown_number(rounded)))
    return Reading(value=rounded, doubts=tuple(doubts))


def _percent_of(value: Value, text: str) -> tuple[Decimal | None, bool]:
    """The number, and whether it is said to be per cent."""
    number = _number(value)
    if number is not None:
        return number, False
    if parts := re.fullmatch(r"(\d{1,3})\s*/\s*(\d{1,3})", text, re.ASCII):
        above, below = int(parts[1]), int(parts[2])
        # 40/60 is how two people share, not two thirds.
        is_part = 0 < above <= below and above + below != _HUNDRED
        return (_HUNDRED * above / below if is_part else None), True
    bare = re.sub(r"\s*(?:%|％|phần trăm)$", "", text.lower())
    # A share has no thousands: 33.333 is a third.
    if re.fullmatch(r"\d{1,3}[.,]\d{1,20}", bare, re.ASCII):
        return Decimal(bare.replace(",", ".")), bare != text.lower()
    return read_decimal(bare), bare != text.lower()


def _number(value: Value) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return Decimal(repr(value))


def _rounded(number: Decimal) -> Decimal:
    try:
        return number.quantize(_CENT, ROUND_HALF_UP)
    except InvalidOperation:
        return Decimal(-1)


def _unreadable(kind: DoubtKind, value: Value) -> Reading[T]:
    return Reading(value=None, doubts=(Doubt(kind=kind, value=cut(value)),))


_UNITS: Final = (
    (re.compile(r"(?:tỷ|tỉ|ty|ti)$"), Decimal(10**9)),
    (re.compile(r"(?:triệu|trieu|tr)$"), Decimal(10**6)),
    (re.compile(r"(?:nghìn|ngàn|nghin|ngan|k)$"), Decimal(10**3)),
)
_CURRENCY = re.compile(r"\s*(?:việt nam đồng|đồng|dong|vnđ|vnd|đ|₫|/năm|/ năm|một năm|mỗi năm)\.?$")
_ABOUT = re.compile(r"^(?:khoảng|ước tính|ước|gần|hơn|trên|~|≈|tầm)\s*:?\s*")


def read_money(value: Value, unit: int = 1) -> Reading[int]:
    """An amount in đồng: `5.000.000`, `11 triệu`, `1,5 tỷ đồng`; a bare number counts in `unit`, the
    header's."""
    text = tidy(value).lower()
    if fold(text) in _NOTHING:
        return Reading(value=None)
    number = _number(value)
    bare, is_about, times = text, False, Decimal(1)
    if number is None:
        bare = _ABOUT.sub("", text)
        is_about, in_dong = bare != text, _without_currency(bare)
        times, bare = _times_of(in_dong)
        number = read_decimal(bare.strip())
        # Who writes đồng means đồng, whatever the header says.
        unit = 1 if times != 1 or in_dong != _ABOUT.sub("", text) else unit
    if number is None or number < 0:
        return _unreadable(DoubtKind.MONEY_UNREADABLE, value)
    exact = number * times * unit
    if exact > _MOST_MONEY:
        return _unreadable(DoubtKind.MONEY_UNREADABLE, value)
    amount = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    return Reading(value=amount, doubts=_doubts_of_money(value, amount, is_about, exact != number))


def _without_currency(text: str) -> str:
    while (shorter := _CURRENCY.sub("", text).strip()) != text:
        text = shorter
    return text


def _times_of(text: str) -> tuple[Decimal, str]:
    for unit, times in _UNITS:
        if (bare := unit.sub("", text)) != text:
            return times, bare
    return Decimal(1), text


def _doubts_of_money(value: Value, amount: int, is_about: bool, is_scaled: bool) -> tuple[Doubt, ...]:
    kinds = (
        (DoubtKind.ABOUT, is_about),
        (DoubtKind.IN_UNITS, is_scaled and not is_about),
        (DoubtKind.SMALL_AMOUNT, 0 < amount < _SMALL_MONEY),
    )
    return tuple(
        Doubt(kind=kind, value=cut(value), read=shown_number(amount)) for kind, is_so in kinds if is_so
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day as a cell says it; of a month or year only, its first."""

    first: date
    last: date

    @property
    def exact(self) -> date | None:
        """The day, when the cell says one."""
        return self.first if self.first == self.last else None


def read_day(value: Value, earliest: date, latest: date, epoch: date = EPOCH) -> Reading[Day]:
    """A day: a date of Excel or its number (counted from `epoch`), `18/04/1988`, `15.05.90`, `tháng 5/1999`,
    `1999`."""
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        return _likely(value, Day(first=day, last=day), (), earliest, latest)
    text = tidy(value)
    if fold(text) in _NOTHING:
        return Reading(value=None)
    if _SERIAL.fullmatch(text) and (number := int(float(text))) in _SERIALS:
        day = epoch + timedelta(days=number)
        doubt = Doubt(kind=DoubtKind.SERIAL_DAY, value=cut(value), read=shown_day(day))
        return _likely(value, _one(day), (doubt,), earliest, latest)
    for form, read in _FORMS:
        if parts := form.fullmatch(text.lower()):
            try:
                found, kind = read(parts.groupdict(), latest)
            except (ValueError, OverflowError):
                break
            doubts = (
                () if kind is None else (Doubt(kind=kind, value=cut(value), read=shown_day(found.first)),)
            )
            return _likely(value, found, doubts, earliest, latest)
    return _unreadable(DoubtKind.DAY_UNREADABLE, value)


def _likely(value: Value, day: Day, doubts: tuple[Doubt, ...], earliest: date, latest: date) -> Reading[Day]:
    if earliest <= day.last and day.first <= latest:
        return Reading(value=day, doubts=doubts)
    unlikely = Doubt(kind=DoubtKind.DAY_UNLIKELY, value=cut(value), read=shown_day(day.first))
    return Reading(value=None, doubts=(unlikely,))


_Found = tuple[Day, DoubtKind | None]


def _one(day: date) -> Day:
    return Day(first=day, last=day)


def _day_of(parts: dict[str, str], latest: date) -> _Found:
    day, month, year = int(parts["d"]), int(parts["m"]), int(parts["y"])
    kind = None
    if len(parts["y"]) == 2:
        year += 2000 if year <= latest.year % 100 else 1900
        kind = DoubtKind.SHORT_YEAR
    if month > 12 >= day:
        return _one(date(year, day, month)), DoubtKind.DAY_MONTH_TURNED
    return _one(date(year, month, day)), kind


def _month_of(parts: dict[str, str], _: date) -> _Found:
    first = date(int(parts["y"]), int(parts["m"]), 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return Day(first=first, last=following - timedelta(days=1)), DoubtKind.MONTH_ONLY


def _year_of(parts: dict[str, str], _: date) -> _Found:
    year = int(parts["y"])
    return Day(first=date(year, 1, 1), last=date(year, 12, 31)), DoubtKind.YEAR_ONLY


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[dict[str, str], date], _Found]], ...]] = tuple(
    (re.compile(form, re.ASCII), read)
    for form, read in (
        (
            r"(?:ngày |sinh ngày |ngày sinh:? )?"
            r"(?P<d>\d{1,2}) ?[/.\-–, ] ?(?P<m>\d{1,2}) ?[/.\-–, ] ?(?P<y>\d{4}|\d{2})",
            _day_of,
        ),
        (r"(?:ngày )?(?P<d>\d{1,2}) ?tháng ?(?P<m>\d{1,2}),? ?năm ?(?P<y>\d{4})", _day_of),
        (r"(?P<y>\d{4})[/.\-](?P<m>\d{1,2})[/.\-](?P<d>\d{1,2})(?:[t ]00:00(?::00)?)?", _day_of),
        (r"(?:tháng ?|th\.? ?|t)?(?P<m>\d{1,2}) ?[/.\-] ?(?P<y>\d{4})", _month_of),
        (r"tháng ?(?P<m>\d{1,2}),? ?(?:năm ?)?(?P<y>\d{4})", _month_of),
        (r"(?:năm ?)?(?P<y>(?:19|20)\d\d)(?:\.0)?", _year_of),
    )
)
