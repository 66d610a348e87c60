"""What became of decisions: added, never edited."""

from collections.abc import Sequence
from uuid import UUID

from kit.db import Row, Tx
from kit.inserts import Insert
from kit.rows import read
from services.review.domain.decision_acts import ENDINGS, DecisionAct
from services.review.domain.stage import Paper

_COLUMNS = """id, stage_id, ordinal, kind, decision_number, paper_number, issued_on, signer, reasons, reason,
  new_stage_id, actor_id, acted_at"""
OF_STAGE = f"select {_COLUMNS} from decision_acts where stage_id = $1 order by ordinal"
OF_SOME = f"select {_COLUMNS} from decision_acts where stage_id = any($1) order by stage_id, ordinal"


def _act(row: Row) -> DecisionAct:
    paper = read(Paper, row, number=row["paper_number"]) if row["paper_number"] else None
    return read(DecisionAct, row, paper=paper)


async def acts_on(tx: Tx, stage_id: UUID) -> list[DecisionAct]:
    """The acts on the decision of a stage, in their order."""
    return [_act(row) for row in await tx.conn.fetch(OF_STAGE, stage_id)]


async def acts_on_some(tx: Tx, stage_ids: Sequence[UUID]) -> dict[UUID, list[DecisionAct]]:
    """The acts on the decisions of these stages, by stage."""
    found: dict[UUID, list[DecisionAct]] = {}
    for row in await tx.conn.fetch(OF_SOME, list(stage_ids)):
        found.setdefault(row["stage_id"], []).append(_act(row))
    return found


INSERT = Insert("decision_acts", f"event_id, {_COLUMNS}")
ANNUL = "update stages set annulled_at = $2, annulled_by = $3, version = version + 1 where id = $1"


async def insert_act(tx: Tx, act: DecisionAct, event_id: UUID) -> None:
    """Add it; by some the decision no longer stands."""
    paper = act.paper
    row = INSERT.row(
        act,
        event_id=event_id,
        paper_number=paper.number if paper else None,
        issued_on=paper.issued_on if paper else None,
        signer=paper.signer if paper else None,
    )
    await tx.conn.execute(INSERT.statement, *row)
    if act.kind in ENDINGS:
        await tx.conn.execute(ANNUL, act.stage_id, act.acted_at, act.kind)
