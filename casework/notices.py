"""Telling people: a notice is a fact of the service, written in the transaction of what it tells of, and
carried by the relay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from kit.db import Tx
from kit.ids import new_id
from kit.outbox import WorkflowStart, start_workflow
from kit.relay import Gathering
from kit.rows import read_all
from language.ids import NoticeId
from language.messages.notices import Notice, NoticeBatch, NoticeKind
from language.names import NOTICES_WORKFLOW, notices_workflow_id

BATCH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a notice is about, in the words that people know it by."""

    subject_id: UUID
    subject_code: str
    level: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """Something one person is to be told. See `Notice` for `detail` and `reference`."""

    event_id: UUID
    person_id: UUID
    kind: NoticeKind
    matter: Matter
    detail: str | None = None
    reference: str | None = None


INSERT = """
insert into notices (id, event_id, person_id, kind, subject_id, subject_code, level, due_at, detail,
  reference, happened_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (event_id, person_id, kind) do nothing
"""


async def tell(tx: Tx, new: Iterable[NewNotice]) -> None:
    """Write notices down; the same event tells the same person of a kind once."""
    rows = [
        (
            new_id(),
            notice.event_id,
            notice.person_id,
            notice.kind,
            notice.matter.subject_id,
            notice.matter.subject_code,
            notice.matter.level,
            notice.matter.due_at,
            notice.detail,
            notice.reference,
            tx.now,
        )
        for notice in new
    ]
    if rows:
        await tx.conn.executemany(INSERT, rows)


def _people(found: object) -> list[UUID]:
    """The persons under a key of a rung's event: one, several or none."""
    return [person for person in (found if isinstance(found, list) else [found]) if isinstance(person, UUID)]


async def tell_of_rung(tx: Tx, event_id: UUID, detail: Mapping[str, Any], matter: Matter) -> None:
    """Tell whom a rung reminded, put in the picture or took work from, as the detail of its event says. Who
    got work learns it from the task."""
    replaced = [seat.get("person_id") for seat in detail.get("replaced", [])]
    kept = _people(detail.get("to"))
    told = {
        NoticeKind.REMINDED: _people(detail.get("reminded")),
        NoticeKind.SUPERIOR_TOLD: _people(detail.get("told") or detail.get("superior_id")),
        NoticeKind.SECRETARY_TOLD: _people(detail.get("secretary_id")),
        NoticeKind.MEMBER_REPLACED: _people(replaced),
        NoticeKind.DECISION_HANDED_UP: [
            person for person in _people(detail.get("from")) if person not in kept
        ],
        NoticeKind.QUORUM_LOWERED: _people(detail.get("told_of_quorum")),
    }
    codes = {NoticeKind.QUORUM_LOWERED: detail.get("quorum_to")}
    await tell(
        tx,
        [
            NewNotice(event_id=event_id, person_id=person, kind=kind, matter=matter, detail=codes.get(kind))
            for kind, people in told.items()
            for person in people
        ],
    )


WAITING = """
select id, event_id, person_id, kind, subject_id, subject_code, level, due_at, detail, reference, happened_at
from notices where carried_by is null order by id limit $1 for update skip locked
"""
CARRIED = "update notices set carried_by = $2 where id = any($1)"
SERVICE = "select current_schema()"


async def gather(tx: Tx) -> int:
    """Give the notices that wait to the outbox as one batch, whose content is thereby fixed; how many they
    were, at most `BATCH`."""
    rows = await tx.conn.fetch(WAITING, BATCH)
    if not rows:
        return 0
    service = str(await tx.conn.fetchval(SERVICE))
    batch = NoticeBatch(service=service, notices=tuple(read_all(Notice, rows)))
    first = NoticeId(rows[0]["id"])
    start = WorkflowStart(
        event_id=new_id(),
        workflow_id=notices_workflow_id(service, first),
        workflow=NOTICES_WORKFLOW,
        message=batch,
        search_attributes={},
    )
    await start_workflow(tx, start)
    await tx.conn.execute(CARRIED, [row["id"] for row in rows], start.event_id)
    return len(rows)


GATHERING: Final = Gathering(run=gather, batch=BATCH)
"""The relay gathers notices."""
