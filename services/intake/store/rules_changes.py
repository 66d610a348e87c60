"""What changes of rules made of dossiers, and which dossiers are open to one."""

from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.rows import read, read_all
from language.messages.transition import (
    ChangeRules,
    DossierStep,
    ListOpenDossiers,
    OpenDossier,
    ReadAnswers,
    RulesAnswer,
)

_OPEN = (
    "d.filed_at is not null and d.closed_at is null and d.state in ('FILED', 'SUPPLEMENT_REQUESTED', "
    "'ACCEPTED') and d.id > $2"
)
_FOUND = """
  d.id as dossier_id, d.code, d.unit_id, d.season_id, d.filed_at, d.state, d.rule_version,
  coalesce(d.moved_at, d.filed_at) as acted_at
"""
_BEFORE_ALL: Final = UUID(int=0)
_UNDER_CHECK = {"FILED", "SUPPLEMENT_REQUESTED"}


INSERT = """
insert into rules_changes (dossier_id, revision, transition_id, class, passage, rule_version_before,
  rule_version, route_before, changed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning true
"""


async def insert_change(tx: Tx, change: ChangeRules, rule_version_before: str | None) -> bool:
    """False when the answer is there already."""
    values = (
        change.passage.kind,
        change.passage,
        rule_version_before,
        change.rule_version or None,
        change.route_before,
        tx.now,
    )
    return bool(
        await tx.conn.fetchval(INSERT, change.dossier_id, change.revision, change.transition_id, *values)
    )


SET_RULE_VERSION = "update dossiers set rule_version = $2, version = version + 1 where id = $1"


async def set_rule_version(tx: Tx, dossier_id: UUID, rule_version: str) -> None:
    """Other rules hold for the dossier."""
    await tx.conn.execute(SET_RULE_VERSION, dossier_id, rule_version)


LIST_OPEN = f"""
select {_FOUND}, null::timestamptz as moved_at, '[]'::jsonb as route_before from dossiers d
where {_OPEN} and (d.rule_version is null or split_part(d.rule_version, '@', 1) = $1) order by d.id limit $3
"""
LIST_MOVED = f"""
select {_FOUND}, c.changed_at as moved_at, c.route_before from dossiers d
  join rules_changes c on c.dossier_id = d.id
where c.revision = $1 and c.class = 'MOVED' and {_OPEN} order by d.id limit $3
"""


async def list_open(tx: Tx, wanted: ListOpenDossiers) -> list[OpenDossier]:
    """A page of open dossiers by id."""
    after = wanted.after or _BEFORE_ALL
    if wanted.gives_back is None:
        rows = await tx.conn.fetch(LIST_OPEN, wanted.replaces, after, wanted.limit)
    else:
        rows = await tx.conn.fetch(LIST_MOVED, wanted.gives_back, after, wanted.limit)
    return [read(OpenDossier, row, step=_step(row["state"], row["rule_version"])) for row in rows]


def _step(state: str, rule_version: str | None) -> DossierStep:
    """As far as intake knows; once councils have it, review knows better."""
    if state not in _UNDER_CHECK:
        return DossierStep.BETWEEN_LEVELS
    return DossierStep.FORMAL_CHECK if rule_version else DossierStep.WAITS_FOR_RULES


ANSWERS = """
select d.id as dossier_id, c.passage, coalesce(c.changed_at, d.closed_at) as at
from dossiers d left join rules_changes c on c.dossier_id = d.id and c.revision = $1
where d.id = any($2) and (c.dossier_id is not null or d.closed_at is not null) order by d.id
"""


async def list_answers(tx: Tx, wanted: ReadAnswers) -> list[RulesAnswer]:
    """The answers that are there; without a passage where the dossier was closed first."""
    return read_all(RulesAnswer, await tx.conn.fetch(ANSWERS, wanted.revision, list(wanted.dossier_ids)))
