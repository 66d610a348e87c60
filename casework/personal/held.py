"""What a table holds of people: which columns name somebody, and what of a row that person is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from casework.personal.fate import Fate
from casework.personal.ties import Tie
from language.words.base import Words

_LIST: Final = "[]"


@dataclass(frozen=True, kw_only=True)
class Held:
    """Rows that are about a person. `persons` are the columns that name somebody, with `[]` where they name
    several; `also` is a condition in `t`, the row, and `$1`, the ids of the person, for rows that name nobody
    themselves. `shown` are columns as they stand, `made` others as an expression; `hidden` says of the rest,
    columns by columns, why it is not shown. `fate` is what becomes of the rows when the person is made
    nameless.

    Whom a shown column names beside the person is left out: it is about somebody else."""

    table: str
    persons: Sequence[str] = ()
    also: str = ""
    shown: str
    made: Mapping[str, str] = field(default_factory=dict)
    hidden: Mapping[str, Words] = field(default_factory=dict)
    fate: Fate

    @cached_property
    def of_person(self) -> str:
        """Which rows are the person's."""
        named = (
            f"t.{name.removesuffix(_LIST)} {'&&' if name.endswith(_LIST) else '= any('}$1"
            f"{'' if name.endswith(_LIST) else ')'}"
            for name in self.persons
        )
        return " or ".join((*named, *((self.also,) if self.also else ())))

    @cached_property
    def columns(self) -> frozenset[str]:
        """Every column that is spoken of."""
        hidden = (name for names in self.hidden for name in names.split())
        return frozenset((*self.shown.split(), *self.made, *hidden))

    @cached_property
    def statement(self) -> str:
        """The rows of the person `$1` as JSON, in an order that stays."""
        shown = [*(self._as_told(name) for name in self.shown.split()), *self._made()]
        return (
            f"select to_jsonb(r) as told from (select {', '.join(shown)} from {self.table} t "
            f"where {self.of_person}) r order by 1"
        )

    def _as_told(self, name: str) -> str:
        if name in self.persons:
            return f"case when t.{name} = any($1) then t.{name} end as {name}"
        if f"{name}{_LIST}" in self.persons:
            return f"array(select who from unnest(t.{name}) who where who = any($1)) as {name}"
        return f"t.{name}"

    def _made(self) -> Sequence[str]:
        return [f"{expression} as {name}" for name, expression in self.made.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Rows that name people and are shown to none of them, with the reason."""

    table: str
    persons: Sequence[str]
    why: Words
    fate: Fate

    @property
    def of_person(self) -> str:
        """Which rows are the person's."""
        return " or ".join(f"t.{name} = any($1)" for name in self.persons)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """Everything that a service holds of people, and what holds it. What hangs on rows of another table is
    declared behind that table."""

    held: Sequence[Held]
    withheld: Sequence[Withheld] = ()
    ties: Sequence[Tie] = ()


SECRET: Final = Words(
    "bí mật đăng nhập, không bao giờ được cho xem", "a secret of signing in, shown to nobody"
)
PROOF: Final = Words(
    "mã chứng thực của lịch sử, không nói gì về người",
    "a code of the history's proof, says nothing of anybody",
)
DERIVED: Final = Words(
    "tính ra từ giá trị đã nêu, để tìm kiếm", "made of a value that is shown, to search by"
)
OF_THE_MATTER: Final = Words(
    "nói về vụ việc, không nói về người; xem ở trang của vụ việc",
    "about the matter and not the person; it stands on the matter's page",
)
OF_OTHERS: Final = Words("nói về người khác", "about somebody else")
COPY: Final = Words(
    "bản sao của điều đã nêu ở nơi khác, tự mất khi hết hạn giữ",
    "a copy of what is shown elsewhere; it goes by itself when its term is over",
)
