"""What holds a person's data: posts, dossiers, recognitions and money, each until a day."""

from dataclasses import dataclass
from enum import StrEnum


class TieKind(StrEnum):
    """KNOWN: entered in the register. RECOGNITION and MONEY hold the name alone, and the
    dossiers that they are about."""

    KNOWN = "KNOWN"
    POST = "POST"
    CASE = "CASE"
    RECOGNITION = "RECOGNITION"
    MONEY = "MONEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """`statement` reads, of the people `$1`, rows of `person_id`, `until` (a day or an instant; null: not
    over) and `dossier_id` (or null)."""

    kind: TieKind
    statement: str
