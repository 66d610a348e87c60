"""What a list says of what its rows are about: title and first author of the dossier, the unit's name. Read
by the page from what is published, so that one call shows a screen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, TypeVar
from uuid import UUID

from kit.db import Tx
from kit.http.models import Out
from kit.http.refusals import RequestInvalid
from kit.rows import read_all
from language.deadline.arithmetic import LOCAL_ZONE
from language.views import View
from language.words.values import say_day

_DAY: Final = timedelta(days=1)
_QUARTER: Final = timedelta(days=92)
_FIRST_DAY: Final = date(1, 1, 1)
"""It begins before the first year does, in the universal time."""
_NOBODYS: Final = UUID(int=0)


class NamedOut(Out):
    """With the names that people know it by; null where there is no such dossier, as with a payment list."""

    unit_id: UUID
    title: str | None = None
    first_author: str | None = None
    unit_name: str | None = None


T = TypeVar("T", bound=NamedOut)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A dossier by its names."""

    id: UUID
    title: str
    first_author: str | None


HEADS = f"select id, title, first_author from {View.DOSSIERS} where id = any($1)"
PEOPLE = f"select id, full_name from {View.NAMES} where id = any($1)"
UNITS = f"select id, name from {View.UNITS} where id = any($1)"


async def heads_of(tx: Tx, dossier_ids: Iterable[UUID]) -> dict[UUID, Head]:
    """The names of these dossiers, as far as they were filed."""
    rows = await tx.conn.fetch(HEADS, list(set(dossier_ids)))
    return {head.id: head for head in read_all(Head, rows)}


async def unit_names(tx: Tx, unit_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these units."""
    return {row["id"]: row["name"] for row in await tx.conn.fetch(UNITS, list(set(unit_ids)))}


async def people_names(tx: Tx, person_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of these people, as far as the organisation knows them."""
    ids = list({one for one in person_ids if one})
    return {row["id"]: row["full_name"] for row in await tx.conn.fetch(PEOPLE, ids)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCalled:
    """A post by its title, and its unit."""

    id: UUID
    title: str
    unit_name: str


POSTS = f"""
select p.id, p.title, u.name as unit_name from {View.POSTS} p join {View.UNITS} u on u.id = p.unit_id
where p.id = any($1)
"""


async def posts_called(tx: Tx, post_ids: Iterable[UUID | None]) -> dict[UUID, PostCalled]:
    """What these posts are called."""
    ids = list({one for one in post_ids if one})
    rows = await tx.conn.fetch(POSTS, ids) if ids else []
    return {post.id: post for post in read_all(PostCalled, rows)}


async def named(tx: Tx, items: Sequence[T], dossier: str = "dossier_id") -> list[T]:
    """The rows of a page with their names; `dossier` is the field that holds the dossier's id."""
    if not items:
        return []
    heads = await heads_of(tx, (getattr(item, dossier) for item in items if hasattr(item, dossier)))
    units = await unit_names(tx, (item.unit_id for item in items))
    return [_with_names(item, heads.get(getattr(item, dossier, _NOBODYS)), units) for item in items]


def _with_names(item: T, head: Head | None, units: Mapping[UUID, str]) -> T:
    own = {"title": head.title, "first_author": head.first_author} if head else {}
    return item.model_copy(update={**own, "unit_name": units.get(item.unit_id)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Local days, both included; None leaves that end open."""

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        """A span that ends before it begins would be a list of nothing, and nobody would notice."""
        if self.first and self.last and self.last < self.first:
            raise RequestInvalid(
                summary=f"from {self.first} to {self.last}: the last day lies before the first",
                summary_vi=f"từ {say_day(self.first)} đến {say_day(self.last)}: ngày cuối trước ngày đầu",
            )

    @property
    def is_short(self) -> bool:
        """A quarter at most: what happened in it is little beside that of many years."""
        if self.first is None or self.last is None:
            return False
        return self.last - self.first <= _QUARTER

    @property
    def begins(self) -> datetime | None:
        """The instant the first day begins."""
        if self.first is None or self.first <= _FIRST_DAY:
            return None
        return datetime.combine(self.first, time(), LOCAL_ZONE)

    @property
    def ends(self) -> datetime | None:
        """The instant the last day is over."""
        if self.last is None or self.last == date.max:
            return None
        return datetime.combine(self.last + _DAY, time(), LOCAL_ZONE)


EVER: Final = Days()
"""Open at both ends."""
