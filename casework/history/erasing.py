"""Erasing personal values of events: the values go, what was recorded stays proved."""

from collections.abc import Sequence
from uuid import UUID

from casework.history.record import record
from kit.db import Tx
from language.events.actor import Actor
from language.events.history import PersonalValuesErased

ERASE = "delete from event_values where event_id = any($1::uuid[]) returning event_id"


async def erase_personal_values(
    tx: Tx, event_ids: Sequence[UUID], *, about: UUID, grounds: str, actor: Actor
) -> UUID | None:
    """Erase the personal values of these events of one subject, and record it with the grounds; the event of
    the erasure, or None where nothing was left to erase. Whether the actor may is the owner's question."""
    erased = {row["event_id"] for row in await tx.conn.fetch(ERASE, event_ids)}
    if not erased:
        return None
    fact = PersonalValuesErased(event_ids=tuple(sorted(erased)), grounds=grounds)
    return await record(tx, fact, about=about, actor=actor)
