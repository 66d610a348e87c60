"""The sheets of a member: those still to be filled in, by their tasks, and those that are in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.rows import read_all
from kit.sorting import Key, ListPlace, Order, Sort, Sorts
from language.cases import Vote
from services.review.domain.stage import SheetState


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSheet:
    """A sheet of the member's own with what it holds, and what it is about."""

    id: UUID
    version: int
    state: SheetState
    stage_id: UUID
    task_id: UUID
    dossier_id: UUID
    dossier_code: str
    level: str
    unit_id: UUID
    due_at: datetime
    scores: Mapping[str, Decimal]
    vote: Vote | None
    remark: str | None
    remarks: Mapping[str, str]
    total: Decimal | None
    submitted_at: datetime | None


SORTS: Final = Sorts(
    "due",
    Sort(name="due", column="t.due_at", shown=attrgetter("due_at")),
    Sort(name="code", column="t.subject_code", shown=attrgetter("dossier_code"), key=Key.TEXT),
    row_id="t.id",
    shown_id="task_id",
)
_STATES: Final = {SheetState.DRAFT: "OPEN", SheetState.SUBMITTED: "DONE"}
"""The state of its task. A sheet that was taken back and handed in again has several that are done: the last
of them is its own."""


def _own(order: Order) -> str:
    return f"""
select s.id, s.version, s.state, s.stage_id, t.id as task_id, t.subject_id as dossier_id,
  t.subject_code as dossier_code, t.level, t.unit_id, t.due_at,
  s.scores, s.vote, s.remark, s.remarks, s.total, s.submitted_at
from tasks t join score_sheets s on s.stage_id = t.about_id and s.person_id = t.assignee_id
where t.assignee_id = $1 and t.state = $5 and t.kind = 'MARK' and s.state = $6
  and ($5 = 'OPEN' or not exists (select from tasks l where l.about_id = t.about_id and l.kind = 'MARK'
    and l.assignee_id = t.assignee_id and l.state = 'DONE' and (l.opened_at, l.id) > (t.opened_at, t.id)))
  and {order.behind(2)}
{order.by()} limit $4
"""


OWN = SORTS.statements(_own)


async def sheets_of(
    tx: Tx, person_id: UUID, state: SheetState, place: ListPlace, limit: int
) -> list[OwnSheet]:
    """Drafts, or those that are in, in the order of the place, from there on."""
    found = await tx.conn.fetch(
        OWN[place.order], person_id, *place.arguments, limit, _STATES[state], state.value
    )
    return read_all(OwnSheet, found)
