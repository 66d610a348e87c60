"""The verification of a service's whole history from its rows: nothing is believed that can be computed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from casework.history.chain import list_history_alarms
from casework.history.checkpoints import (
    CHECKPOINT_COLUMNS,
    Checkpoint,
    root_at,
    root_of_buckets,
    roots_of,
)
from casework.history.faults import Fault, FaultKind
from casework.history.hashing import NO_CHECKPOINT, bucket_of
from casework.history.judging import JUDGED, Judge, canonical_of, digests_in
from casework.history.keys import HistoryKeys, event_message, is_signed
from casework.history.sealed import EVENT_COLUMNS, PersonalValue, service_of
from kit.db import Row, Tx
from kit.rows import read, read_all
from language.events.history import PersonalValuesErased

BATCH: Final = 1_000
Progress = Callable[[int, int], None]
"""Called with the position that was reached and the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What the verifier holds against the rows: the keys that vouch for events, and the public keys that may
    sign checkpoints. None: not known here, so not looked at."""

    keys: HistoryKeys | None
    public_keys: frozenset[bytes] | None


@dataclass(slots=True, kw_only=True)
class Report:
    """What holds in a service, what is open, and what does not fit."""

    service: str
    head: int = 0
    examined: int = 0
    signed_to: int = 0
    newest: Checkpoint | None = None
    open: int = 0
    """How many events are chained and not yet signed."""
    waiting: int = 0
    faults: list[Fault] = field(default_factory=list)


CHECKPOINTS = f"""
select {CHECKPOINT_COLUMNS} from checkpoints order by number
"""
HEAD = "select coalesce(max(position), 0) from chain"


async def verify_service(
    tx: Tx, trust: Trust, *, since: datetime | None = None, progress: Progress = lambda *_: None
) -> Report:
    """Walk everything; with `since`, only what came after the last checkpoint before it. The transaction must
    see one state (repeatable read)."""
    service = await service_of(tx.conn)
    report = Report(service=service, head=int(await tx.conn.fetchval(HEAD)))
    checkpoints = await _verify_checkpoints(tx, trust, report)
    report.open = max(0, report.head - report.signed_to)
    earlier = [each for each in checkpoints if since is not None and each.made_at <= since]
    start = earlier[-1].position if earlier else 0
    await _walk(tx, trust, report, start, progress)
    await _find_strays(tx, trust, report)
    newest = report.newest
    if newest and not report.faults and await root_at(tx.conn, newest.position) != newest.root:
        report.faults.append(Fault(kind=FaultKind.CHECKPOINT_CHANGED, checkpoint=newest.number))
    return report


async def verify_checkpoints(tx: Tx) -> list[Fault]:
    """What does not fit of the checkpoints alone: each is signed by the key that it names, follows the one
    before, and its head stands in the chain. Cheap, and without any key."""
    report = Report(service=await service_of(tx.conn), head=int(await tx.conn.fetchval(HEAD)))
    await _verify_checkpoints(tx, Trust(keys=None, public_keys=None), report)
    return report.faults


async def _verify_checkpoints(tx: Tx, trust: Trust, report: Report) -> list[Checkpoint]:
    """The checkpoints that hold, up to the first that does not."""
    previous, position, held = NO_CHECKPOINT, 0, list[Checkpoint]()
    for found in read_all(Checkpoint, await tx.conn.fetch(CHECKPOINTS)):
        follows = found.number == len(held) + 1 and found.previous == previous and found.position > position
        is_known = trust.public_keys is None or found.public_key in trust.public_keys
        signed = is_signed(found.message(report.service), found.signature, found.public_key)
        if not (follows and is_known and signed):
            report.faults.append(Fault(kind=FaultKind.CHECKPOINT_CHANGED, checkpoint=found.number))
            break
        held.append(found)
        previous, position = found.hash(report.service), found.position
    if held:
        report.newest, report.signed_to = held[-1], held[-1].position
        await _hold_against_chain(tx, report)
    return held


OFF_THE_CHAIN = """
select k.number from checkpoints k left join chain c on c.position = k.position
where k.number <= $1 and c.hash is distinct from k.head order by k.number limit 1
"""


async def _hold_against_chain(tx: Tx, report: Report) -> None:
    newest = report.newest
    if newest is None:
        return
    if newest.position > report.head:
        report.faults.append(
            Fault(kind=FaultKind.POSITION_MISSING, position=report.head + 1, checkpoint=newest.number)
        )
    elif number := await tx.conn.fetchval(OFF_THE_CHAIN, newest.number):
        report.faults.append(Fault(kind=FaultKind.CHECKPOINT_CHANGED, checkpoint=int(number)))


WALK = f"{JUDGED} where c.position > $1 order by c.position limit $2"


async def _walk(tx: Tx, trust: Trust, report: Report, start: int, progress: Progress) -> None:
    """Up to the first fault: what lies behind it hangs on what is wrong."""
    judge = Judge(service=report.service, keys=trust.keys, signed_to=report.signed_to)
    values = _ValueCheck()
    after = start
    while rows := await tx.conn.fetch(WALK, after, BATCH):
        for row in rows:
            if fault := judge.judge(row):
                report.faults.insert(0, fault)
                return
        if fault := await values.check(tx, rows):
            report.faults.insert(0, fault)
            return
        report.examined += len(rows)
        after = int(rows[-1]["position"])
        progress(after, report.head)
    report.faults += await values.unexplained(tx, trust, report.service)


VALUES = "select event_id, field, salt, value from event_values where event_id = any($1::uuid[])"
WAITING = f"""
select q.event_id as waiting_id, e.seq, e.key_id, e.mac, {EVENT_COLUMNS}
from events_to_chain q left join events e on e.event_id = q.event_id
where not exists (select from chain c where c.event_id = q.event_id) order by q.seq
"""


class _ValueCheck:
    """Personal values fit their digests; those that are gone were erased by an event that says so."""

    def __init__(self) -> None:
        self._gone: dict[UUID, int] = {}
        self._erased: set[UUID] = set()

    async def check(self, tx: Tx, rows: Sequence[Row]) -> Fault | None:
        """The first value of these events that does not fit."""
        digests = {row["event_id"]: digests_in(row["detail"]) for row in rows}
        bearing = [event_id for event_id, found in digests.items() if found]
        kept: dict[tuple[UUID, str], PersonalValue] = {}
        if bearing:
            for row in await tx.conn.fetch(VALUES, bearing):
                kept[row["event_id"], row["field"]] = read(PersonalValue, row)
        for row in rows:
            self._note_erasure(row)
            for name, digest in digests[row["event_id"]].items():
                value = kept.get((row["event_id"], name))
                if value is None:
                    self._gone.setdefault(row["event_id"], row["position"])
                elif value.digest != digest:
                    return read(Fault, row, kind=FaultKind.VALUE_CHANGED, checkpoint=None)
        return None

    def _note_erasure(self, row: Row) -> None:
        if row["kind"] == PersonalValuesErased.__name__:
            self._erased |= {UUID(event_id) for event_id in row["detail"]["event_ids"]}

    async def unexplained(self, tx: Tx, trust: Trust, service: str) -> list[Fault]:
        """The first value that is gone though nobody recorded an erasure. One that was recorded a moment ago
        waits for its place in the chain, and counts when it is vouched for."""
        if self._gone.keys() - self._erased:
            for row in await tx.conn.fetch(WAITING):
                if _doubt_waiting(service, trust, row) is None:
                    self._note_erasure(row)
        gone = [event_id for event_id in self._gone if event_id not in self._erased]
        return [
            Fault(kind=FaultKind.VALUE_CHANGED, position=self._gone[event_id], event_id=event_id)
            for event_id in gone[:1]
        ]


INSERTED = """
select e.event_id from events e
where not exists (select from chain c where c.event_id = e.event_id)
  and not exists (select from events_to_chain q where q.event_id = e.event_id)
  and not exists (select from history_alarms a where a.event_id = e.event_id)
order by e.seq limit 1
"""
STRAY_LINK = """
select l.event_id from links l
where not exists (select from chain c where c.event_id = l.event_id and c.position = l.position)
order by l.position limit 1
"""
# Unique keys forbid it, but an owner can drop them; while they are there, their indexes answer.
DOUBLED = """
select event_id from (
  (select event_id from events group by event_id having count(*) > 1 limit 1)
  union all (select event_id from chain group by event_id having count(*) > 1 limit 1)
  union all (select event_id from links group by event_id having count(*) > 1 limit 1)
) doubled limit 1
"""


async def _find_strays(tx: Tx, trust: Trust, report: Report) -> None:
    """What lies beside the chain: events that wait and must be vouched for, alarms, rows nobody wrote."""
    waiting = await tx.conn.fetch(WAITING)
    report.waiting = len(waiting)
    for row in waiting:
        if kind := _doubt_waiting(report.service, trust, row):
            event_id: UUID = row["waiting_id"]
            report.faults.append(Fault(kind=kind, event_id=event_id))
            break
    for alarm in (await list_history_alarms(tx))[:1]:
        report.faults.append(Fault(kind=FaultKind.EVENT_NOT_CHAINED, event_id=alarm.event_id))
    if inserted := await tx.conn.fetchval(INSERTED):
        report.faults.append(Fault(kind=FaultKind.EVENT_INSERTED, event_id=inserted))
    if doubled := await tx.conn.fetchval(DOUBLED):
        report.faults.append(Fault(kind=FaultKind.ROW_DOUBLED, event_id=doubled))
    if stray := await tx.conn.fetchval(STRAY_LINK):
        report.faults.append(Fault(kind=FaultKind.LINK_CHANGED, event_id=stray))


def _doubt_waiting(service: str, trust: Trust, row: Row) -> FaultKind | None:
    if row["seq"] is None:
        return FaultKind.EVENT_DELETED
    if trust.keys is None:
        return None
    if not trust.keys.knows(row["key_id"]):
        return FaultKind.KEY_UNKNOWN
    canonical = canonical_of(service, row)
    fits = canonical is not None and trust.keys.fits(event_message(canonical), row["key_id"], row["mac"])
    return None if fits else FaultKind.EVENT_CHANGED


OF_SUBJECT = f"""{JUDGED}
where c.position in (
  select position from links where subject_id = $1
  union select chain.position from events join chain using (event_id) where events.subject_id = $1
) order by c.position
"""
UNLINKED_OF_SUBJECT = """
select e.event_id from events e where e.subject_id = $1
  and not exists (select from chain c where c.event_id = e.event_id)
  and not exists (select from events_to_chain q where q.event_id = e.event_id)
order by e.seq limit 1
"""
WAITING_OF_SUBJECT = """
select count(*) from events_to_chain q join events e on e.event_id = q.event_id where e.subject_id = $1
"""
LINKS_OF_SUBJECT = """
select count(*) = coalesce(max(ordinal), 0) from links where subject_id = $1
"""
ROOTS = "select bucket, root from checkpoint_buckets"


async def verify_subject(tx: Tx, trust: Trust, subject_id: UUID) -> Report:
    """The history of one subject in a service: its events, their places in the chain, its links, and its
    place under the newest signed root."""
    service = await service_of(tx.conn)
    report = Report(service=service, head=int(await tx.conn.fetchval(HEAD)))
    await _verify_checkpoints(tx, trust, report)
    judge = Judge(service=service, keys=trust.keys, signed_to=report.signed_to)
    rows = await tx.conn.fetch(OF_SUBJECT, subject_id)
    report.examined = len(rows)
    report.open = sum(row["position"] > report.signed_to for row in rows)
    found = next((fault for row in rows if (fault := judge.judge(row))), None)
    values = _ValueCheck()
    found = found or await values.check(tx, rows)
    report.faults += [found] if found else await values.unexplained(tx, trust, service)
    report.waiting = int(await tx.conn.fetchval(WAITING_OF_SUBJECT, subject_id))
    if unlinked := await tx.conn.fetchval(UNLINKED_OF_SUBJECT, subject_id):
        report.faults.append(Fault(kind=FaultKind.EVENT_INSERTED, event_id=unlinked))
    if not await tx.conn.fetchval(LINKS_OF_SUBJECT, subject_id):
        report.faults.append(Fault(kind=FaultKind.LINK_CHANGED))
    if report.newest and not report.faults:
        roots = {int(row["bucket"]): bytes(row["root"]) for row in await tx.conn.fetch(ROOTS)}
        roots |= await roots_of(tx.conn, [bucket_of(subject_id)], report.newest.position)
        if root_of_buckets(roots) != report.newest.root:
            report.faults.append(Fault(kind=FaultKind.CHECKPOINT_CHANGED, checkpoint=report.newest.number))
    return report
