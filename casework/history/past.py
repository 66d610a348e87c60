"""Reading the history: events as the facts they were."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import TypeVar
from uuid import UUID

from pydantic import JsonValue, TypeAdapter
from pydantic_core import to_jsonable_python

from kit.db import Row, Tx
from kit.rows import read
from language.events.base import Fact
from language.events.catalogue import CATALOGUE, Detail, brought_up

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEvent:
    """An event as read back, in its newest form; `seq` orders the events of one service."""

    seq: int
    event_id: UUID
    subject_id: UUID
    occurred_at: datetime
    recorded_at: datetime
    actor_id: UUID | None
    on_behalf_of: UUID | None
    post_id: UUID | None
    through: dict[str, JsonValue] | None
    rule_version: str | None
    rule: str | None
    fact: Fact

    @property
    def kind(self) -> str:
        """Its name, for ever."""
        return type(self.fact).__name__

    @property
    def version(self) -> int:
        """The version of the form in which it is shown."""
        return self.fact.VERSION

    @property
    def detail(self) -> dict[str, JsonValue]:
        """What it holds, as JSON."""
        shown: dict[str, JsonValue] = to_jsonable_python(asdict(self.fact))
        return shown


@cache
def _reader(kind: str) -> Callable[[object], Fact]:
    return TypeAdapter(CATALOGUE[kind]).validator.validate_python


def fact_of(kind: str, version: int, detail: Detail) -> Fact:
    """The fact that was written in this form."""
    found, newest = brought_up(kind, version, detail)
    return _reader(found.__name__)(newest)


def event_of(row: Row) -> PastEvent:
    """The event in a row of `COLUMNS`."""
    return read(PastEvent, row, fact=fact_of(row["kind"], row["version"], row["detail"]))


# Personal values that are not erased take the place of their digests.
COLUMNS = """e.seq, e.event_id, e.subject_id, e.kind, e.version, e.occurred_at, e.recorded_at, e.actor_id,
  e.on_behalf_of, e.post_id, e.through, e.rule_version, e.rule,
  e.detail || coalesce(
    (select jsonb_object_agg(v.field, v.value) from event_values v where v.event_id = e.event_id), '{}'
  ) as detail"""
LIST = f"""
select {COLUMNS} from events e where e.subject_id = $1 and e.seq > $2 order by e.seq limit $3
"""


LAST = """
select version, detail from events where subject_id = $1 and kind = $2 order by seq desc limit 1
"""


async def last_of(tx: Tx, subject_id: UUID, kind: type[F]) -> F | None:
    """The newest fact of this kind about the subject; it holds nothing personal."""
    row = await tx.conn.fetchrow(LAST, subject_id, kind.__name__)
    fact = fact_of(kind.__name__, row["version"], row["detail"]) if row else None
    return fact if isinstance(fact, kind) else None


async def list_events(tx: Tx, subject_id: UUID, *, after: int = 0, limit: int = 200) -> list[PastEvent]:
    """The subject's history in order, from behind `after`."""
    return [event_of(row) for row in await tx.conn.fetch(LIST, subject_id, after, limit)]
