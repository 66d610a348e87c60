"""Numbers, money and days of policy packs in both languages; what enums are called is in `language.words`."""

from datetime import date
from decimal import Decimal

from language.words.base import Words, same
from language.words.values import say_article
from packs.form import BasisIn


def number(value: Decimal | int) -> Words:
    """Without trailing zeros, with the decimal sign of each language."""
    text = f"{Decimal(value):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return Words(text.replace(".", ","), text)


def dong(amount: int) -> Words:
    """Money with its thousands."""
    english = f"{amount:,}"
    return Words(f"{english.replace(',', '.')} đồng", f"{english} đồng")


def day(value: date | None) -> Words:
    """A day as it is written here; none is without end."""
    return same(f"{value:%d/%m/%Y}") if value else Words("không thời hạn", "without end")


def basis_words(basis: BasisIn) -> Words:
    """Where the rule comes from, as it is quoted: document, article, how sure that is, and whether it is only
    a sample."""
    if basis == BasisIn(sample=True):
        return Words("mẫu", "sample")
    written = ", ".join(part for part in (basis.document, basis.article) if part)
    quoted = Words(say_article(written), written)
    quoted += Words(f", độ tin cậy {basis.confidence}", f", confidence {basis.confidence}")
    return quoted + Words(", mẫu", ", sample") if basis.sample else quoted
