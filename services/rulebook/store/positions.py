"""Where dossiers stand, as intake and review publish it."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.rows import read_all
from language.messages.transition import PackRef
from language.views import View
from services.rulebook.domain.transition import OpenDossier, RulesAnswer, StageSeen

_OPEN: Final = "closed_at is null and state in ('FILED', 'SUPPLEMENT_REQUESTED', 'ACCEPTED')"
LIST_OPEN = f"""
select id as dossier_id, code, unit_id, season_id, check_state, null::timestamptz as moved_at,
  null::jsonb as route_before
from {View.DOSSIERS}
where {_OPEN} and id > $4 and case split_part(rule_version, '@', 1)
    when $2 then split_part(rule_version, '@', 2)::int < $3
    else split_part(rule_version, '@', 1) = $1
  end
order by id limit $5
"""


async def list_open(tx: Tx, replaced: str, holds: PackRef, page: tuple[UUID, int]) -> list[OpenDossier]:
    """A page of open dossiers under some version of the replaced pack, or one of the pack that holds that is
    earlier, by id."""
    rows = await tx.conn.fetch(LIST_OPEN, replaced, holds.name, holds.version, *page)
    return read_all(OpenDossier, rows)


LIST_MOVED = f"""
select id as dossier_id, code, unit_id, season_id, check_state, rules_moved_at as moved_at, route_before
from {View.DOSSIERS} where moved_revision = $1 and {_OPEN} and id > $2 order by id limit $3
"""


async def list_moved(tx: Tx, revision: int, after: UUID, limit: int) -> list[OpenDossier]:
    """A page of open dossiers that the transition of this revision moved last, by id."""
    return read_all(OpenDossier, await tx.conn.fetch(LIST_MOVED, revision, after, limit))


STAGES = f"""
select s.dossier_id, s.level, s.unit_id, s.is_last, s.marks, d.outcome,
  coalesce(d.proposed, false) as proposed, d.decided_at
from {View.STAGES} s left join {View.DECISIONS} d on d.stage_id = s.id
where s.dossier_id = any($1) and s.state <> 'MOVED' and d.annulled_by is distinct from 'REOPENING'
order by s.dossier_id, s.opened_at, s.id
"""


async def stages_of(tx: Tx, dossier_ids: Sequence[UUID]) -> dict[UUID, list[StageSeen]]:
    """The stages of each of these dossiers that has some, in their order."""
    found = read_all(StageSeen, await tx.conn.fetch(STAGES, list(dossier_ids)))
    return {
        dossier_id: list(stages) for dossier_id, stages in groupby(found, key=lambda stage: stage.dossier_id)
    }


ANSWERS = f"""
select id as dossier_id, case when transition_id = $1 then passage end as passage,
  case when transition_id = $1 then answered_at else closed_at end as at
from {View.DOSSIERS} where id = any($2) and (transition_id = $1 or closed_at is not null)
"""


async def answers_of(tx: Tx, transition_id: UUID, dossier_ids: Sequence[UUID]) -> list[RulesAnswer]:
    """The answers that are there; without a passage where the dossier was closed first."""
    return read_all(RulesAnswer, await tx.conn.fetch(ANSWERS, transition_id, list(dossier_ids)))
