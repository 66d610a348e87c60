"""Giving committed events their positions: without gaps, in one chain a service and one a subject.

The queue is filled in each fact's own transaction, so a transaction that commits late is only chained late.
Who chains holds a lock to its commit, and the primary keys refuse a second event at a position: leaders that
follow each other too closely cannot fork the chain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import structlog

from casework.history.hashing import (
    bucket_of,
    chain_hash,
    chain_start,
    event_hash,
    link_hash,
    link_start,
)
from casework.history.keys import HistoryKeys, chain_message, event_message
from casework.history.sealed import EVENT_COLUMNS, Recorded, document_of, service_of
from kit.db import Connection, Row, Tx
from kit.inserts import Insert
from kit.rows import RowDoesNotFit, read, read_all
from language.events.canonical import NotCanonical, canonical_bytes

log = structlog.get_logger()

BATCH: Final = 500


class NotChained(StrEnum):
    """Why an event is not chained: its code does not fit; its key is not known here; it is gone."""

    FORGED = "FORGED"
    KEY_UNKNOWN = "KEY_UNKNOWN"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryAlarm:
    """An event that somebody must look at."""

    event_id: UUID
    kind: NotChained
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """An event in the queue that can be chained."""

    seq: int
    event: Recorded
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """Where a chain or a subject's links end."""

    position: int
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _SubjectHead:
    """The newest link of a subject."""

    subject_id: UUID
    ordinal: int
    hash: bytes


@dataclass(slots=True)
class _Grown:
    """What a batch adds to the chain and to the links, as rows."""

    chain: list[tuple[object, ...]]
    links: list[tuple[object, ...]]


ANYTHING_WAITS = "select exists (select from events_to_chain)"


async def anything_waits(conn: Connection) -> bool:
    """There is something to chain: asked often, so without a transaction and without the lock."""
    return bool(await conn.fetchval(ANYTHING_WAITS))


LOCK = "select pg_advisory_xact_lock(hashtextextended('chain:' || current_schema(), 0))"


# After the lock, in a statement of its own: only then does it see what the leader before has committed.
# `offset 0` keeps the planner from joining whole tables to a queue whose length it cannot know.
WAITING = f"""
select q.seq as waiting_seq, q.event_id as waiting_id, e.seq, e.key_id, e.mac,
  (select c.position from chain c where c.event_id = q.event_id) is not null as is_chained,
  {EVENT_COLUMNS}
from (select seq, event_id from events_to_chain order by seq limit $1) q
left join lateral (select * from events where events.event_id = q.event_id offset 0) e on true
order by q.seq
"""
MENDED = "delete from history_alarms where event_id = any($1::uuid[])"
TAKEN = "delete from events_to_chain where seq = any($1::bigint[])"


async def chain_waiting(tx: Tx, keys: HistoryKeys, limit: int = BATCH) -> int:
    """Chain what waits, in the order in which it was recorded, at most `limit`; how much was taken from the
    queue. What does not fit becomes an alarm and stops nothing."""
    await tx.conn.execute(LOCK)
    service = await service_of(tx.conn)
    rows = await tx.conn.fetch(WAITING, limit)
    if not rows:
        return 0
    waiting: list[_Waiting] = []
    alarms: list[tuple[UUID, int, NotChained, datetime]] = []
    for row in {row["waiting_id"]: row for row in rows if not row["is_chained"]}.values():
        found = _examine(service, keys, row)
        if isinstance(found, NotChained):
            alarms.append((row["waiting_id"], row["waiting_seq"], found, tx.now))
        else:
            waiting.append(found)
    await _append(tx, service, keys, waiting)
    await _raise_alarms(tx, alarms)
    await tx.conn.execute(MENDED, list({row["waiting_id"] for row in rows} - {alarm[0] for alarm in alarms}))
    await tx.conn.execute(TAKEN, [row["waiting_seq"] for row in rows])
    return len(rows)


def _examine(service: str, keys: HistoryKeys, row: Row) -> _Waiting | NotChained:
    if row["seq"] is None:
        return NotChained.MISSING
    if not keys.knows(row["key_id"]):
        return NotChained.KEY_UNKNOWN
    try:
        event = read(Recorded, row)
        canonical = canonical_bytes(document_of(service, event))
    except (NotCanonical, RowDoesNotFit):
        return NotChained.FORGED
    if not keys.fits(event_message(canonical), row["key_id"], row["mac"]):
        return NotChained.FORGED
    return _Waiting(seq=int(row["seq"]), event=event, hash=event_hash(canonical))


INSERT_CHAIN = Insert("chain", "position, event_id, hash, key_id, mac")
INSERT_LINK = Insert("links", "subject_id, ordinal, event_id, position, bucket, hash")


async def _append(tx: Tx, service: str, keys: HistoryKeys, waiting: Sequence[_Waiting]) -> None:
    if not waiting:
        return
    head = await chain_head(tx, service)
    subjects = await _subject_heads(tx, {found.event.subject_id for found in waiting})
    grown = _grow(service, keys, waiting, head, subjects)
    await tx.conn.executemany(INSERT_CHAIN.statement, grown.chain)
    await tx.conn.executemany(INSERT_LINK.statement, grown.links)


def _grow(
    service: str,
    keys: HistoryKeys,
    waiting: Sequence[_Waiting],
    head: _Head,
    subjects: dict[UUID, _SubjectHead],
) -> _Grown:
    grown = _Grown([], [])
    for found in waiting:
        event_id, subject_id = found.event.event_id, found.event.subject_id
        position = head.position + 1
        chained = chain_hash(head.hash, found.hash, position, found.seq)
        mac = keys.vouch(chain_message(service, position, chained))
        grown.chain.append(
            INSERT_CHAIN.row(position=position, event_id=event_id, hash=chained, key_id=keys.newest, mac=mac)
        )
        head = _Head(position=position, hash=chained)
        before = subjects.get(subject_id)
        ordinal = before.ordinal + 1 if before else 1
        linked = link_hash(before.hash if before else link_start(service, subject_id), found.hash, position)
        grown.links.append(
            INSERT_LINK.row(
                subject_id=subject_id,
                ordinal=ordinal,
                event_id=event_id,
                position=position,
                bucket=bucket_of(subject_id),
                hash=linked,
            )
        )
        subjects[subject_id] = _SubjectHead(subject_id=subject_id, ordinal=ordinal, hash=linked)
    return grown


HEAD = "select position, hash from chain order by position desc limit 1"


async def chain_head(tx: Tx, service: str) -> _Head:
    """The newest position and its hash."""
    row = await tx.conn.fetchrow(HEAD)
    return read(_Head, row) if row else _Head(position=0, hash=chain_start(service))


SUBJECT_HEADS = """
select l.subject_id, l.ordinal, l.hash from unnest($1::uuid[]) as wanted (subject_id)
cross join lateral (
  select subject_id, ordinal, hash from links where links.subject_id = wanted.subject_id
  order by ordinal desc limit 1
) l
"""


async def _subject_heads(tx: Tx, subjects: Iterable[UUID]) -> dict[UUID, _SubjectHead]:
    found = read_all(_SubjectHead, await tx.conn.fetch(SUBJECT_HEADS, list(subjects)))
    return {head.subject_id: head for head in found}


INSERT_ALARM = """
insert into history_alarms (event_id, seq, kind, since) values ($1, $2, $3, $4)
on conflict (event_id) do update set kind = excluded.kind
"""


async def _raise_alarms(tx: Tx, alarms: Sequence[tuple[UUID, int, NotChained, datetime]]) -> None:
    if alarms:
        await tx.conn.executemany(INSERT_ALARM, alarms)
        for event_id, _, kind, _ in alarms:
            log.error("history.not_chained", event_id=str(event_id), kind=kind.value)


LIST_ALARMS = "select event_id, kind, since from history_alarms order by since, event_id"


async def list_history_alarms(tx: Tx) -> list[HistoryAlarm]:
    """The events that are not chained, the oldest first."""
    return read_all(HistoryAlarm, await tx.conn.fetch(LIST_ALARMS))


# The alarm stands until the event is chained after all: since when it stands is not lost by looking.
QUEUE_AGAIN = """
insert into events_to_chain (seq, event_id) select seq, event_id from history_alarms on conflict do nothing
"""


async def queue_refused_again(tx: Tx) -> None:
    """Look once more at what was not chained: its key may be known by now, its row may be restored."""
    await tx.conn.execute(QUEUE_AGAIN)
