"""Everything that this service holds of a person, for the person; for an administrator of the province at the
person's request, which is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from casework import rights
from casework.history.record import record
from casework.joined import records_of, stand_for
from casework.personal.held import PersonalData
from kit.auth import Principal
from kit.db import Database, Tx
from language.events.history import PersonalDataRead
from language.posts.kinds import ADMINS
from language.refusals import NotFound, Refusal
from language.views import View


class RequestNotNamed(Refusal):
    """What is kept about somebody else is read at that person's request only, and the request is named."""

    status = 422
    vi = "Hãy ghi lý do: số đơn yêu cầu của người có dữ liệu, không ghi tên người."
    en = "Give the reason: the number of the person's request, and no name."


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The rows by table, under every record of the person."""

    record_ids: Sequence[UUID]
    made_at: datetime
    held: Mapping[str, Sequence[Mapping[str, Any]]]


async def read_personal_data(
    database: Database, caller: Principal, person_id: UUID, reason: str | None, data: PersonalData
) -> Told:
    """All of it, from one state. `Forbidden` to who is neither the person nor an administrator of the
    province, whether there is such a person or not; `NotFound` and `RequestNotNamed` to administrators."""
    kept_id = await _allow(database, caller, person_id, reason)
    async with database.transaction() as tx:
        await tx.conn.execute(ONE_STATE)
        ids = sorted(await records_of(tx, kept_id))
        held = {one.table: await _rows(tx, one.statement, ids) for one in data.held}
        return Told(record_ids=ids, made_at=tx.now, held=held)


async def _rows(tx: Tx, statement: str, ids: Sequence[UUID]) -> Sequence[Mapping[str, Any]]:
    return [row["told"] for row in await tx.conn.fetch(statement, list(ids))]


ONE_STATE: Final = "set transaction isolation level repeatable read read only"
IS_KNOWN: Final = f"select exists (select from {View.NAMES} where id = $1)"


async def _allow(database: Database, caller: Principal, person_id: UUID, reason: str | None) -> UUID:
    """The record that stands for the person. That somebody else's is read is recorded before it is."""
    if caller.person_id == person_id:
        return person_id
    async with database.transaction() as tx:
        actor = await rights.require_root(tx, caller, ADMINS)
        if not await tx.conn.fetchval(IS_KNOWN, person_id):
            raise NotFound
        if not reason:
            raise RequestNotNamed
        kept_id = (await stand_for(tx, [person_id]))[person_id]
        await record(tx, PersonalDataRead(reason=reason), about=kept_id, actor=actor)
        return kept_id
