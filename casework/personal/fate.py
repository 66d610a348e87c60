"""What becomes of the rows about a person when the person is made nameless."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from language.words.base import Words

NAMELESS: Final = "(đã xóa tên)"
"""Stands where a name stood."""
WITHOUT_WORDS: Final = "(đã xóa)"
"""Stands where a person's own words stood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """The rows stay as they are."""

    why: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Goes:
    """The rows are deleted: those whose column `by` names the person, or all that are the person's."""

    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blanked:
    """The rows stay, and columns of them get other values (expressions in `t`, the row, and `$1`, the ids of
    the person): `at_once` when the person's own term is over, `with_the_name` when no recognition and no
    money holds the name either. Rows of which `spared` is true are left as they are; `$2` are the dossiers
    with a recognition or money within its term. Of rows with a version it is counted up (`is_versioned`), so
    that no page that lies open writes back what went."""

    by: str = ""
    at_once: Mapping[str, str] = field(default_factory=dict)
    with_the_name: Mapping[str, str] = field(default_factory=dict)
    spared: str = ""
    is_versioned: bool = False
    why: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ByEvent:
    """Values of events, which are erased event by event (`casework.history.erasing`)."""


Fate = Stays | Goes | Blanked | ByEvent

BY_ID_ONLY: Final = Stays(
    why=Words(
        "chỉ ghi id, không ghi tên; id không còn chỉ ra ai khi tên đã xóa",
        "names by id only; the id leads to nobody when the name is gone",
    )
)
IN_THE_CHAIN: Final = Stays(
    why=Words(
        "lịch sử được chứng thực; chỉ ghi id, giá trị cá nhân được xóa riêng",
        "the proved history; ids only, what is personal is erased apart",
    )
)
RECOGNITION: Final = Stays(
    why=Words(
        "một phần của việc xét công nhận; chỉ ghi id",
        "part of what was decided about the recognition; ids only",
    )
)
MONEY: Final = Stays(
    why=Words("sổ sách và chứng từ kế toán; chỉ ghi id", "books and papers of accounting; ids only")
)
