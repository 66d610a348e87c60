"""Tables as text: as programs write them, and as spreadsheets save them in this country or that."""

import codecs
import csv
import io
from typing import Final

_SEPARATORS: Final = ",;\t"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class TextUnreadable(ValueError):
    """The content is no text in UTF-8, nor in UTF-16 with its mark; or no table."""


def text_of(content: bytes) -> str:
    """The text, by the mark at its beginning; without one in UTF-8."""
    coding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(coding)
    except UnicodeDecodeError as error:
        raise TextUnreadable("not UTF-8 (không phải UTF-8)") from error


def rows_of(text: str) -> list[list[str]]:
    """The rows, without blanks around their cells. Columns are separated by commas, semicolons (where the
    comma is the decimal sign) or tabs: by what most rows are."""
    return max((_split(text, separator) for separator in _SEPARATORS), key=_fits)


def _split(text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return [[cell.strip() for cell in row] for row in reader]
    except csv.Error as error:
        raise TextUnreadable(str(error)) from error


def _fits(rows: list[list[str]]) -> tuple[int, int]:
    return sum(len(row) > 1 for row in rows), sum(map(len, rows))
