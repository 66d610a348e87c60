"""Amounts of money in words, as they stand on a payment list: nobody alters a figure unseen."""

from typing import Final

from language.words.base import Words

_DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_AFTER_TENS: Final = {1: "mốt", 4: "tư", 5: "lăm"}
_BILLION: Final = 1_000_000_000
_SMALL: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES: Final = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"))


def say_amount(dong: int) -> Words:
    """Five hundred thousand: «Năm trăm nghìn đồng»."""
    if dong < 0:
        raise ValueError(dong)
    vi = _vietnamese(dong, is_first=True) or _DIGITS[0]
    return Words(f"{vi[0].upper()}{vi[1:]} đồng", f"{_english(dong).capitalize()} đồng")


def _vietnamese(number: int, *, is_first: bool) -> str:
    """Nothing of zero. What does not stand first names its empty hundreds."""
    said: list[str] = []
    higher, rest = divmod(number, _BILLION)
    if higher:
        said.append(f"{_vietnamese(higher, is_first=is_first)} tỷ")
    for size, word in ((1_000_000, " triệu"), (1_000, " nghìn"), (1, "")):
        group = rest // size % 1_000
        if group:
            said.append(_three_digits(group, is_first=is_first and not said) + word)
    return " ".join(said)


def _three_digits(group: int, *, is_first: bool) -> str:
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    said = [] if is_first and not hundreds else [f"{_DIGITS[hundreds]} trăm"]
    if not tens:
        return " ".join([*said, *(["linh"] if said else []), _DIGITS[ones]] if ones else said)
    said.append("mười" if tens == 1 else f"{_DIGITS[tens]} mươi")
    if ones:
        is_five_or_further = ones == 5 or tens > 1
        said.append(_AFTER_TENS.get(ones, _DIGITS[ones]) if is_five_or_further else _DIGITS[ones])
    return " ".join(said)


def _english(number: int) -> str:
    if number < len(_SMALL):
        return _SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return f"{_TENS[tens]}-{_SMALL[ones]}" if ones else _TENS[tens]
    for size, word in (*_SCALES, (100, "hundred")):
        if number >= size:
            count, rest = divmod(number, size)
            return f"{_english(count)} {word}{f' {_english(rest)}' if rest else ''}"
    raise AssertionError(number)
