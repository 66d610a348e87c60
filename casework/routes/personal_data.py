"""What a service holds of a person, for that person: alike in every service."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import JsonValue, StringConstraints

from casework.personal.held import PersonalData
from casework.personal.reading import read_personal_data
from kit.http.commands import Caller, Db
from kit.http.models import OneLine, Out
from kit.http.routers import Router
from language.names import TaskQueue
from language.personal_data import FORM, PATH

Reason = Annotated[
    str | None,
    StringConstraints(max_length=500),
    OneLine,
    Query(description="Of an administrator: the number of the person's request, and no name"),
]


class NotShownOut(Out):
    """What of a table is not shown, and why; without `columns` none of its rows is."""

    table: str
    columns: Sequence[str] | None
    vi: str
    en: str


class PersonalDataOut(Out):
    """Everything that this service holds of a person: rows by table, each column by its name. Ids of other
    people are left out. `record_ids` are all under which the person is known, or was."""

    form: int
    service: TaskQueue
    person_id: UUID
    record_ids: Sequence[UUID]
    made_at: datetime
    held: Mapping[str, Sequence[Mapping[str, JsonValue]]]
    not_shown: Sequence[NotShownOut]


def personal_data_router(service: TaskQueue, data: PersonalData) -> Router:
    """The person's own right; of somebody else's an administrator of the province reads it, with a reason."""
    router = Router(tags=["personal data"])
    not_shown = _not_shown(data)

    @router.get(PATH)
    async def read_data_of_person(
        person_id: UUID, caller: Caller, database: Db, reason: Reason = None
    ) -> PersonalDataOut:
        """Everything that this service holds of the person; docs/personal-data.md. That an administrator
        reads it is recorded."""
        told = await read_personal_data(database, caller, person_id, reason, data)
        return PersonalDataOut(
            form=FORM,
            service=service,
            person_id=person_id,
            record_ids=told.record_ids,
            made_at=told.made_at,
            held=told.held,
            not_shown=not_shown,
        )

    return router


def _not_shown(data: PersonalData) -> Sequence[NotShownOut]:
    columns: list[tuple[str, Any, Any]] = [
        (one.table, names.split(), why) for one in data.held for names, why in one.hidden.items()
    ]
    rows: list[tuple[str, Any, Any]] = [(one.table, None, one.why) for one in data.withheld]
    return [
        NotShownOut(table=table, columns=names, vi=why.vi, en=why.en) for table, names, why in columns + rows
    ]
