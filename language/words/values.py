"""Values as an official writes them: days, instants, money, numbers, levels, articles."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from language.deadline.arithmetic import LOCAL_ZONE
from language.words.base import Coded, Words, same

LEVELS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "UNIT": Words("cơ sở", "unit"),
        "SCHOOL": Words("trường", "school"),
        "COMMUNE": Words("xã", "commune"),
        "DISTRICT": Words("huyện", "district"),
        "SECTOR": Words("ngành", "sector"),
        "PROVINCE": Words("tỉnh", "province"),
    }
)
"""Packs name their levels as they like; these are the usual ones."""
_ARTICLE: Final = re.compile(r"\b[Đđ]iều (\d+[a-zđ]?)\.(\d+[a-zđ]?)(?:\.([a-zđ]))?\b")


def say_level(level: str) -> Words:
    """A level as people call it."""
    return LEVELS.get(level, same(level))


def coded_level(level: str) -> Coded:
    """For the facts of a refusal."""
    said = say_level(level)
    return Coded(level, said.vi, said.en)


def say_day(day: date) -> str:
    """05/09/2025."""
    return f"{day:%d/%m/%Y}"


def say_instant(instant: datetime) -> Words:
    """Local: 23:59 ngày 05/09/2025."""
    local = instant.astimezone(LOCAL_ZONE)
    return Words(f"{local:%H:%M} ngày {local:%d/%m/%Y}", f"{local:%H:%M} {local:%d/%m/%Y}")


def say_money(dong: int) -> str:
    """1.000.000 đ."""
    return f"{dong:,}".replace(",", ".") + " đ"


def say_number(number: Decimal) -> Words:
    """99,99 in Vietnamese."""
    plain = f"{number:f}"
    return Words(plain.replace(".", ","), plain)


def say_article(text: str) -> str:
    """Articles of law as the law writes them: «Điều 5.2.a» is «điểm a khoản 2 Điều 5»."""
    return _ARTICLE.sub(_clause_first, text)


def _clause_first(found: re.Match[str]) -> str:
    article, clause, point = found.groups()
    return f"{f'điểm {point} ' if point else ''}khoản {clause} Điều {article}"
