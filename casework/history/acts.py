"""The acts of a person or of a post in this service's history, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from casework.history.past import COLUMNS, PastEvent, event_of
from casework.naming import EVER, Days
from kit.db import Tx
from kit.rows import read_all
from kit.sorting import ListPlace, Order, Sort, Sorts
from language.cases import CaseType
from language.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFilter:
    """Whose acts: of these records of one person, through this post, or both; only through posts under these
    units (None: also through none), of a kind, in a span."""

    actor_ids: Sequence[UUID] | None = None
    post_id: UUID | None = None
    unit_ids: Sequence[UUID] | None = None
    kind: str | None = None
    happened: Days = EVER


SORTS: Final = Sorts(
    "-happened",
    Sort(name="happened", column="occurred_at", shown=lambda event: event.occurred_at),
    row_id="event_id",
    shown_id="event_id",
)


_MATCHES: Final = f"""
  ($3::uuid[] is null or post_id = any(array(select id from {View.POSTS} where unit_path && $3)))
  and ($4::text is null or kind = $4)
  and ($5::timestamptz is null or occurred_at >= $5) and ($6::timestamptz is null or occurred_at < $6)
"""


def _of_person(order: Order) -> str:
    return f"""
select {COLUMNS} from events e
where actor_id = ($1::uuid[])[1] and ($2::uuid is null or post_id = $2) and {_MATCHES}
  and {order.behind(7)} {order.by()} limit $9
"""


def _of_people(order: Order) -> str:
    # Of a person with several records; each record's acts lie in this order in an index, and are merged.
    return f"""
select {COLUMNS} from (
  select a.* from unnest($1::uuid[]) as p (id) cross join lateral (
    select * from events where actor_id = p.id and ($2::uuid is null or post_id = $2) and {_MATCHES}
      and {order.behind(7)} {order.by()} limit $9) a
) e {order.by()} limit $9
"""


def _of_post(order: Order) -> str:
    return f"""
select {COLUMNS} from events e
where $1::uuid[] is null and post_id = $2 and {_MATCHES} and {order.behind(7)} {order.by()} limit $9
"""


OF_PERSON: Final = SORTS.statements(_of_person)
OF_PEOPLE: Final = SORTS.statements(_of_people)
OF_POST: Final = SORTS.statements(_of_post)


def list_statement(people: Sequence[UUID] | None, order: str) -> str:
    """The one that is led by an index to what is wanted."""
    if people is None:
        return OF_POST[order]
    return (OF_PERSON if len(people) == 1 else OF_PEOPLE)[order]


async def list_acts(tx: Tx, wanted: ActFilter, place: ListPlace, limit: int) -> list[PastEvent]:
    """Acts in the order of the place, from there on."""
    people = None if wanted.actor_ids is None else list(wanted.actor_ids)
    rows = await tx.conn.fetch(
        list_statement(people, place.order),
        people,
        wanted.post_id,
        None if wanted.unit_ids is None else list(wanted.unit_ids),
        wanted.kind,
        wanted.happened.begins,
        wanted.happened.ends,
        *place.arguments,
        limit,
    )
    return [event_of(row) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an act was about, as people know it: the code, and the kind of case."""

    subject_id: UUID
    subject_code: str
    case_kind: CaseType


SUBJECTS: Final = """
select distinct on (subject_id) subject_id, subject_code, kind as case_kind from clocks
where subject_id = any($1) order by subject_id, opened_at
"""


async def subjects_of(tx: Tx, subject_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """By what people know these subjects, where they have had a deadline here."""
    rows = await tx.conn.fetch(SUBJECTS, list(subject_ids))
    return {one.subject_id: one for one in read_all(Subject, rows)}
