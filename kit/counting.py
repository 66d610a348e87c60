"""How many there are of a list, as far as counting is quick."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

MOST: Final = 1_000
"""So many are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many; with `more` at least so many."""

    count: int
    more: bool


def counting(statement: str) -> str:
    """The statement that counts what this list statement finds. Its limit is given as `MOST` + 1, its key as
    one before all."""
    return f"select count(*) from ({statement}) counted"


async def count_if_first(
    after: str | None, found: Sequence[object], limit: int, count: Callable[[], Awaitable[int]]
) -> Counted | None:
    """What the first page says of the whole list. Nothing is asked where it shows all, nor on later ones."""
    if after is not None:
        return None
    if len(found) <= limit:
        return Counted(count=len(found), more=False)
    there_are = await count()
    return Counted(count=min(there_are, MOST), more=there_are > MOST)
