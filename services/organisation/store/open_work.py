"""The open work of a person, as intake, review and payout publish it, and the rules about passing it on."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from kit.db import Tx
from kit.rows import read_all
from language.posts.kinds import PostTask
from language.views import LATER_PACK, View
from services.organisation.domain.delegating import OpenWork


def _work_in(tasks: View) -> str:
    return f"""
select t.kind as task, t.level, t.post_id, p.kind as post_kind, u.path as unit_path,
  exists (
    select from {View.DOSSIERS} d where d.id = t.subject_id
      and d.authors @> jsonb_build_array(jsonb_build_object('person_id', $2::uuid))
  ) as is_authors,
  exists (
    select from {tasks} o where o.about_id = t.about_id and o.assignee_id = $2 and o.state <> 'CANCELLED'
  ) as has_part
from {tasks} t join posts p on p.id = t.post_id join units u on u.id = p.unit_id
where t.assignee_id = $1 and t.state in ('WAITING', 'OPEN') and t.kind = any($3)
"""


OPEN_WORK: Final = " union all ".join(
    _work_in(tasks) for tasks in (View.INTAKE_TASKS, View.REVIEW_TASKS, View.PAYOUT_TASKS)
)


async def open_work(tx: Tx, grantor_id: UUID, delegate_id: UUID) -> list[OpenWork]:
    """What the grantor has to do through posts, and whether the delegate is an author of it or has a part in
    it."""
    rows = await tx.conn.fetch(OPEN_WORK, grantor_id, delegate_id, sorted(PostTask))
    return read_all(OpenWork, rows)


RULES: Final = f"""
select content -> 'delegation' from {View.PACKS}
where effective_from <= $1 and (effective_to is null or effective_to >= $1) order by {LATER_PACK} limit 1
"""


async def delegation_rules(tx: Tx, day: date) -> dict[str, Any] | None:
    """What the pack that holds on the day says about delegations; None where it says nothing."""
    rules: dict[str, Any] | None = await tx.conn.fetchval(RULES, day)
    return rules


HEADS: Final = """
select h.person_id, array_length(u.path, 1) as depth
from holdings h join posts p on p.id = h.post_id join units u on u.id = p.unit_id
where p.unit_id = any($1) and p.kind = 'UNIT_HEAD' and h.held_from <= $2
  and (h.held_to is null or h.held_to >= $2)
  and not exists (select from accounts a where a.person_id = h.person_id and a.disabled_at is not null)
order by depth desc, h.held_from, h.id
"""


async def nearest_head(tx: Tx, unit_path: Sequence[UUID], but: UUID, day: date) -> UUID | None:
    """Who heads the unit on the day and can sign in; where nobody does, or this person, who heads the nearest
    unit above."""
    heads = [row["person_id"] for row in await tx.conn.fetch(HEADS, list(unit_path), day)]
    return next((head for head in heads if head != but), None)
