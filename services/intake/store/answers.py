"""What authors say of their own shares."""

from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read_all
from services.intake.domain.agreement import AuthorAnswer

_COLUMNS = "person_id, answer, percent, reason, answered_at"
KEEP = Insert(
    "author_answers",
    f"dossier_id, {_COLUMNS}",
    "on conflict (dossier_id, person_id) do update set answer = excluded.answer, percent = excluded.percent, "
    "reason = excluded.reason, answered_at = excluded.answered_at",
)


async def keep_answer(tx: Tx, dossier_id: UUID, answer: AuthorAnswer) -> None:
    """The author's last word; the history has the earlier ones."""
    await tx.conn.execute(KEEP.statement, *KEEP.row(answer, dossier_id=dossier_id))


OF_DOSSIER = f"select {_COLUMNS} from author_answers where dossier_id = $1"


async def answers_of(tx: Tx, dossier_id: UUID) -> dict[UUID, AuthorAnswer]:
    """By author, also of those who are none any more."""
    rows = await tx.conn.fetch(OF_DOSSIER, dossier_id)
    return {answer.person_id: answer for answer in read_all(AuthorAnswer, rows)}
