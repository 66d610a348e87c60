"""The history of a subject: an append-only row for everything that happened to it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from casework.history.sealed import Happening, write
from kit.db import Tx
from kit.ids import new_id
from kit.rows import read_all
from language.events.actor import CLOCK_ACTED, Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened. `detail` holds ids, numbers and reasons, no person's name; `rule` is the rule that made
    it happen, if one did."""

    event_id: UUID
    subject_id: UUID
    kind: str
    actor: Actor = CLOCK_ACTED
    rule_version: str | None = None
    rule: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEvent:
    """An event as read back; `seq` orders the events of one service."""

    seq: int
    event_id: UUID
    subject_id: UUID
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    actor_id: UUID | None
    on_behalf_of: UUID | None
    post_id: UUID | None
    rule_version: str | None
    rule: str | None
    detail: dict[str, Any]


async def record(tx: Tx, event: Event) -> None:
    """Write the event in the transaction of the fact."""
    await write(
        tx,
        Happening(
            event_id=event.event_id,
            subject_id=event.subject_id,
            kind=event.kind,
            actor=event.actor,
            rule_version=event.rule_version,
            rule=event.rule,
            detail=event.detail,
        ),
    )


async def note(tx: Tx, actor: Actor, subject_id: UUID, kind: str, **detail: Any) -> UUID:
    """Write down what somebody did to a row of the service; the event's id."""
    event = Event(event_id=new_id(), subject_id=subject_id, kind=kind, actor=actor, detail=detail)
    await record(tx, event)
    return event.event_id


LIST = """
select seq, event_id, subject_id, kind, occurred_at, recorded_at, actor_id, on_behalf_of, post_id,
  rule_version, rule, detail
from events where subject_id = $1 and seq > $2 order by seq limit $3
"""


async def list_events(tx: Tx, subject_id: UUID, *, after: int = 0, limit: int = 200) -> list[PastEvent]:
    """The subject's history in order, from behind `after`."""
    return read_all(PastEvent, await tx.conn.fetch(LIST, subject_id, after, limit))
