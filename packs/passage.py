"""The form of what belongs to a whole pack: its papers, and how dossiers pass to it from the pack before."""

from typing import Self

from pydantic import Field, model_validator

from language.plan.rule_kinds import DocumentKind
from packs.faults import require_unique
from packs.form import BasisIn, LevelName, Name, Strict, Text


class DocumentIn(Strict):
    """A paper of the procedure and what it is called."""

    id: Name
    kind: DocumentKind
    level: LevelName | None
    title_vi: Text
    title_en: Text
    basis: BasisIn


class LevelMoveIn(Strict):
    """Dossiers at `from_level` of the replaced pack go on at `to_level` of this one."""

    from_level: LevelName
    to_level: LevelName


class TransitionIn(Strict):
    """How dossiers of the pack that this one replaces may go on; levels that are not named keep their
    name."""

    replaces: Name
    level_moves: list[LevelMoveIn] = Field(max_length=20)
    basis: BasisIn

    @model_validator(mode="after")
    def _each_level_goes_one_way(self) -> Self:
        require_unique(
            (move.from_level for move in self.level_moves),
            "a level moves to two levels",
            "một cấp chuyển sang hai cấp",
            "level_moves",
            field="from_level",
        )
        return self
