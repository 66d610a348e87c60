"""Grounds of a rejection that dates and history say: what they say need not be believed, it is looked up.
Other grounds have their reasons."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from language.cases import RejectionGround
from language.words.base import Coded
from language.words.values import say_day
from services.intake.domain.refusals import GroundNotInFile

BY_THE_FILE: Final = frozenset({RejectionGround.FILED_LATE, RejectionGround.NOT_SUPPLEMENTED})
_NOTHING_ASKED: Final = Coded(
    "no supplement asked", "chưa yêu cầu bổ sung lần nào", "no supplement was ever asked for"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the file says: when it was first filed, by when it had to be, and how often it was handed in."""

    filed_on: date
    limit: date
    versions: int


def require_in_file(ground: RejectionGround, kept: Kept) -> None:
    """The file bears the ground out."""
    if ground is RejectionGround.NOT_SUPPLEMENTED and kept.versions < 2:
        raise GroundNotInFile(ground=ground, found=_NOTHING_ASKED)
    if ground is RejectionGround.FILED_LATE and kept.filed_on <= kept.limit:
        filed, limit = say_day(kept.filed_on), say_day(kept.limit)
        found = Coded(
            f"{kept.filed_on} <= {kept.limit}",
            f"nộp ngày {filed}, hạn nộp là ngày {limit}",
            f"it was filed on {filed}, and could be until {limit}",
        )
        raise GroundNotInFile(ground=ground, found=found)
