"""Where dossiers stand, as intake and review publish it."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.rows import read_all
from language.views import View
from services.rulebook.domain.transition import OpenDossier, RulesAnswer, StageSeen

_OPEN: Final = """
closed_at is null and state in ('FILED', 'SUPPLEMENT_REQUESTED', 'ACCEPTED') and id > $2 order by id limit $3
"""
LIST_OPEN = f"""
select id as dossier_id, code, unit_id, season_id, check_state, null::timestamptz as moved_at,
  null::jsonb as route_before
from {View.DOSSIERS} where split_part(rule_version, '@', 1) = $1 and {_OPEN}
"""


async def list_open(tx: Tx, pack: str, after: UUID, limit: int) -> list[OpenDossier]:
    """A page of open dossiers under some version of this pack, by id."""
    return read_all(OpenDossier, await tx.conn.fetch(LIST_OPEN, pack, after, limit))


LIST_MOVED = f"""
select id as dossier_id, code, unit_id, season_id, check_state, rules_moved_at as moved_at, route_before
from {View.DOSSIERS} where moved_revision = $1 and {_OPEN}
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
