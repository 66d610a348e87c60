"""An event as it is hashed and vouched for, and how it is written: with its code and its place in the queue
of the chain, in the transaction of the fact."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_bytes
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from casework.history.hashing import value_digest
from casework.history.keys import event_message, history_keys
from kit.clock import Clock
from kit.db import Connection, Tx
from kit.inserts import Insert
from language.events.actor import CLOCK_ACTED, Actor
from language.events.canonical import canonical_bytes, plain

FORMAT: Final = 1
_SALT_BYTES = 32
_CLOCK = Clock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What is to be written down. `personal` names the fields of `detail` that are kept apart."""

    event_id: UUID
    subject_id: UUID
    kind: str
    version: int = 1
    actor: Actor = CLOCK_ACTED
    rule_version: str | None = None
    rule: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    personal: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event as it stands in its row, without what vouches for it."""

    event_id: UUID
    subject_id: UUID
    kind: str
    version: int
    occurred_at: datetime
    recorded_at: datetime
    actor_id: UUID | None
    on_behalf_of: UUID | None
    post_id: UUID | None
    through: dict[str, Any] | None
    rule_version: str | None
    rule: str | None
    detail: dict[str, Any]


COLUMNS: Final = (
    "event_id, subject_id, kind, version, occurred_at, recorded_at, actor_id, on_behalf_of, post_id, "
    "through, rule_version, rule, detail"
)
"""Those of `Recorded`."""
EVENT_COLUMNS: Final = ", ".join(f"e.{name}" for name in COLUMNS.split(", "))
"""The same of a table `e` of a join."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalValue:
    """A personal value of an event, with what its digest is salted with."""

    field: str
    salt: bytes
    value: Any

    @property
    def digest(self) -> str:
        """What the event bears of it."""
        return value_digest(self.salt, canonical_bytes(self.value))


def document_of(service: str, event: Recorded) -> dict[str, Any]:
    """Everything that an event says, in the form that is hashed; but for `seq`, which the chain covers."""
    return {
        "format": FORMAT,
        "service": service,
        "event_id": plain(event.event_id),
        "subject_id": plain(event.subject_id),
        "kind": event.kind,
        "version": event.version,
        "occurred_at": plain(event.occurred_at),
        "recorded_at": plain(event.recorded_at),
        "actor_id": plain(event.actor_id),
        "on_behalf_of": plain(event.on_behalf_of),
        "post_id": plain(event.post_id),
        "through": event.through,
        "rule_version": event.rule_version,
        "rule": event.rule,
        "detail": event.detail,
    }


def _take_apart(happening: Happening) -> tuple[dict[str, Any], list[PersonalValue]]:
    """The detail with digests in the place of personal values, and these."""
    detail = plain(happening.detail)
    values = [
        PersonalValue(field=name, salt=token_bytes(_SALT_BYTES), value=detail[name])
        for name in sorted(happening.personal)
        if detail[name] is not None
    ]
    return detail | {value.field: {"digest": value.digest} for value in values}, values


def _as_recorded(tx: Tx, happening: Happening, detail: dict[str, Any]) -> Recorded:
    actor = happening.actor
    through = plain(actor.through) if actor.through else None
    return Recorded(
        event_id=happening.event_id,
        subject_id=happening.subject_id,
        kind=happening.kind,
        version=happening.version,
        occurred_at=tx.now,
        recorded_at=_CLOCK.real_now(),
        actor_id=actor.person_id,
        on_behalf_of=actor.on_behalf_of,
        post_id=actor.post_id,
        through=through and {name: value for name, value in through.items() if value is not None},
        rule_version=plain(happening.rule_version),
        rule=plain(happening.rule),
        detail=detail,
    )


_EVENT: Final = Insert("events", f"{COLUMNS}, key_id, mac", "returning seq, event_id")
_FIELDS, _SALTS, _VALUES = _EVENT.placeholders(3)
_INSERT_EVENT = f"with written as ({_EVENT.statement})"
_INSERT_QUEUED = "insert into events_to_chain (seq, event_id) select seq, event_id from written"
INSERT = f"{_INSERT_EVENT} {_INSERT_QUEUED}"
INSERT_WITH_VALUES = f"""{_INSERT_EVENT}, kept as (
  insert into event_values (event_id, field, salt, value)
  select written.event_id, given.field, given.salt, given.value::jsonb
  from written, unnest({_FIELDS}::text[], {_SALTS}::bytea[], {_VALUES}::text[])
    as given (field, salt, value)
) {_INSERT_QUEUED}"""


async def write(tx: Tx, happening: Happening) -> None:
    """Write the event, what vouches for it, its personal values and its place in the queue of the chain: one
    statement."""
    row, kept = _row(tx, await service_of(tx.conn), happening)
    if any(kept):
        await tx.conn.execute(INSERT_WITH_VALUES, *row, *kept)
    else:
        await tx.conn.execute(INSERT, *row)


async def write_all(tx: Tx, happenings: Iterable[Happening]) -> None:
    """The same of many, in their order and in few round trips."""
    service = await service_of(tx.conn)
    rows = (_row(tx, service, happening) for happening in happenings)
    await tx.conn.executemany(INSERT_WITH_VALUES, [(*row, *kept) for row, kept in rows])


def _row(
    tx: Tx, service: str, happening: Happening
) -> tuple[tuple[object, ...], tuple[list[str], list[bytes], list[str]]]:
    """The columns of the event, and those of its personal values."""
    detail, values = _take_apart(happening)
    event = _as_recorded(tx, happening, detail)
    keys = history_keys()
    mac = keys.vouch(event_message(canonical_bytes(document_of(service, event))))
    row = _EVENT.row(event, key_id=keys.newest, mac=mac)
    # As text: the driver takes a list in a list for one array of two dimensions.
    written = [json.dumps(value.value) for value in values]
    return row, ([value.field for value in values], [value.salt for value in values], written)


SERVICE = "select current_schema()"
_services: WeakKeyDictionary[object, str] = WeakKeyDictionary()


async def service_of(conn: Connection) -> str:
    """Whose history is written over this connection: the name of its schema. Asked once a connection, not
    once an event."""
    # What a pool lends is a fresh proxy each time; the connection behind it is what stays.
    lasting: object = getattr(conn, "_con", conn)
    known = _services.get(lasting)
    if known is None:
        known = _services[lasting] = str(await conn.fetchval(SERVICE))
    return known
