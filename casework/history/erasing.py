"""Erasing personal values of events: the values go, what was recorded stays proved."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from casework.history.record import record
from casework.personal.whose import Whose
from kit.db import Tx
from kit.rows import read_all
from language.events.actor import Actor
from language.events.history import PersonalValuesErased
from language.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class BearingEvent:
    """An event that still bears so many personal values."""

    event_id: UUID
    subject_id: UUID
    kind: str
    values: int


BEARING = f"""
select e.event_id, e.subject_id, e.kind, count(*)::int as values
from event_values v join events e on e.event_id = v.event_id
where (e.subject_id = any($1)
    or (e.actor_id = any($1) and not exists (select from {View.NAMES} p where p.id = e.subject_id))
    or (e.subject_id = any($4) and v.value::text like any($5)))
  and e.subject_id <> all($2) and v.field <> all($3)
group by e.seq, e.event_id, e.subject_id, e.kind order by e.seq
"""


async def bearing_events(tx: Tx, whose: Whose) -> list[BearingEvent]:
    """The events of this service that bear personal values of the person: those about the person, and those
    in which the person acted and gave them, unless they are about somebody else: who entered people takes
    none of their names along; and those that name the person's id in what others wrote into the person's
    dossiers. Dossiers that are kept stay, and the name as long as it does."""
    naming = [f"%{record_id}%" for record_id in whose.record_ids]
    kept = whose.kept_dossiers, _kept_fields(whose)
    rows = await tx.conn.fetch(BEARING, whose.record_ids, *kept, whose.dossiers, naming)
    return read_all(BearingEvent, rows)


def _kept_fields(whose: Whose) -> Sequence[str]:
    return ["full_name", "date_of_birth"] if whose.keeps_name else []


async def erase_person(tx: Tx, whose: Whose, *, grounds: str, actor: Actor) -> list[BearingEvent]:
    """Erase them all, recorded once for each subject that they are about, so that each history explains
    itself; what was erased, nothing when it is done already. Whether the actor may is the caller's
    question."""
    found = await bearing_events(tx, whose)
    erased: set[UUID] = set()
    for subject in dict.fromkeys(event.subject_id for event in found):
        events = [event.event_id for event in found if event.subject_id == subject]
        kept = _kept_fields(whose)
        if await erase_personal_values(
            tx, events, about=subject, grounds=grounds, actor=actor, kept_fields=kept
        ):
            erased |= {*events}
    return [event for event in found if event.event_id in erased]


ERASE = """
delete from event_values where event_id = any($1::uuid[]) and field <> all($2::text[]) returning event_id
"""


async def erase_personal_values(
    tx: Tx,
    event_ids: Sequence[UUID],
    *,
    about: UUID,
    grounds: str,
    actor: Actor,
    kept_fields: Sequence[str] = (),
) -> UUID | None:
    """Erase the personal values of these events of one subject, but for the fields that are kept, and record
    it with the grounds; the event of the erasure, or None where nothing was left to erase. Whether the actor
    may is the owner's question."""
    erased = {row["event_id"] for row in await tx.conn.fetch(ERASE, event_ids, list(kept_fields))}
    if not erased:
        return None
    fact = PersonalValuesErased(event_ids=tuple(sorted(erased)), grounds=grounds)
    return await record(tx, fact, about=about, actor=actor)
