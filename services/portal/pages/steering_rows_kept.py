"""A list of units, people and posts while it is looked through: the file and what was answered, kept sealed
for a day for who sent it; what it would make is asked of the service anew each time."""

import asyncio
import json
import re
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from starlette.exceptions import HTTPException

from language.deadline.arithmetic import local_day
from services.portal.asking.services import Call, Facts, Fault, Refused
from services.portal.desk import Desk
from services.portal.frame import ORGANISATION
from services.portal.signed_in.kept import kept_as
from sheets.cells import column_number
from sheets.office_rows import OfficeList, OfficeRow, RowPart, read_office_rows
from sheets.values import tidy
from sheets.writing import mark_cells

_ROWS: Final = "rows"
_LASTS: Final = timedelta(hours=24)
_LIST_AT_FAULT: Final = "ImportRefused"
_KEY_CELL: Final[Mapping[RowPart, str]] = {
    RowPart.UNITS: "code",
    RowPart.PEOPLE: "code",
    RowPart.POSTS: "unit_code",
}
_AT_FIELD: Final[Mapping[str, str]] = {
    "PARENT_UNKNOWN": "parent_code",
    "LEVEL_OUT_OF_ORDER": "level",
    "BIRTH_UNLIKELY": "date_of_birth",
    "USERNAME_TAKEN": "username",
    "PERSON_UNKNOWN": "person_code",
}
"""The cell that a fault speaks of; of all others the first of the row."""
_FAULTY: Final = re.compile(r"(units|people|posts)\.([0-9]+)")


@dataclass(slots=True, kw_only=True)
class KeptRows:
    """What was sent, and answered so far, by cell. `made` is what was written of it."""

    person_id: str
    name: str
    file: str
    valid_from: str
    known: str
    answers: dict[str, str] = field(default_factory=dict)
    made: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a list says and would make: `body` as the service takes it, `faults` by cell, `verdicts` each with
    its `cell` and all `cells`, and a digest of all that is shown."""

    read: OfficeList
    body: Facts
    faults: Sequence[tuple[str, Fault]] = ()
    verdicts: Sequence[Facts] = ()
    counts: Facts = field(default_factory=dict)
    questioned: Facts = field(default_factory=dict)
    refused: Refused | None = None

    @property
    def is_ready(self) -> bool:
        """Nothing has to be answered, and the service would take it."""
        return not (self.faults or self.refused or any(one.doubt.asks for one in self.read.remarks))

    @property
    def digest(self) -> str:
        """What was shown, so that only that is written."""
        shown = [self.body, list(self.verdicts), self.questioned.get("count", 0)]
        return sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()

    def value(self, cell: str) -> str:
        """What the cell says now."""
        name, _, place = cell.rpartition("!")
        letters = place.rstrip("0123456789")
        sheet = next((one for one in self.read.sheets if one.name == name), None)
        if sheet is None or not sheet.has(place):
            return ""
        return tidy(sheet.rows[int(place.removeprefix(letters)) - 1][column_number(letters)])


async def look(desk: Desk, kept: KeptRows) -> Seen:
    """Read it, and ask what it would make; nothing is written. While a cell has to be answered, the service
    is not asked: rows that lean on that one would seem wrong."""
    today = local_day(desk.portal.clock.now())
    read = await asyncio.to_thread(read_office_rows, b64decode(kept.file), today, kept.answers)
    body: Facts = {"valid_from": kept.valid_from, "known": kept.known}
    body |= {part.value: [dict(row.fields) for row in read.of(part)] for part in RowPart}
    if any(one.doubt.asks for one in read.remarks):
        return Seen(read=read, body=body)
    try:
        answer = await desk.command(Call("POST", ORGANISATION, "/v1/imports", body=body), dry_run=True)
    except Refused as refused:
        if refused.code != _LIST_AT_FAULT:
            return Seen(read=read, body=body, refused=refused)
        return Seen(read=read, body=body, faults=[(_cell(read, one), one) for one in refused.faults])
    preview = answer.facts["preview"]
    verdicts = [{**one, **_cells(read, one["part"], one["row"])} for one in preview["rows"]]
    return Seen(
        read=read,
        body=body,
        verdicts=verdicts,
        counts=preview["counts"],
        questioned=answer.facts["questioned"],
    )


def _row(read: OfficeList, part: str, number: int) -> OfficeRow | None:
    rows = read.of(RowPart(part))
    return rows[number - 1] if 0 < number <= len(rows) else None


def _cells(read: OfficeList, part: str, number: int) -> Facts:
    """The cell that names the row, and all of them."""
    row = _row(read, part, number)
    return {"cell": row.cells[_KEY_CELL[row.part]], "cells": list(row.cells.values())} if row else {}


def _cell(read: OfficeList, fault: Fault) -> str:
    """The cell of a fault, whose path names part and row: `people.3 (gv902)`."""
    found = _FAULTY.match(fault.path)
    row = _row(read, found[1], int(found[2])) if found else None
    if row is None:
        return fault.path
    return row.cells.get(_AT_FIELD.get(fault.code, ""), row.cells[_KEY_CELL[row.part]])


async def marked(desk: Desk, kept: KeptRows) -> bytes:
    """The workbook with its doubts and faults in the cells."""
    seen = await look(desk, kept)
    told = [(one.cell, one.doubt.vi, one.doubt.asks) for one in seen.read.remarks]
    told += [(cell, fault.message, True) for cell, fault in seen.faults]
    return await asyncio.to_thread(mark_cells, seen.read.sheets, told)


def _said(kept: KeptRows) -> str:
    return json.dumps({_ROWS: asdict(kept)})


async def keep(desk: Desk, kept: KeptRows) -> UUID:
    """Keep it; the id stands in the address."""
    return await desk.portal.sessions.keep_form(_said(kept), _LASTS)


async def change(desk: Desk, changed: Callable[[KeptRows], KeptRows]) -> None:
    """Keep what was answered, or written, on top of what another tab has meanwhile."""

    def written(said: str) -> str:
        kept = kept_as(KeptRows, said, _ROWS)
        return _said(changed(kept)) if kept else said

    await desk.portal.sessions.amend_form(UUID(desk.part("list_id")), written, _LASTS)


async def drop(desk: Desk) -> None:
    """Put it away."""
    await find(desk)
    await desk.portal.sessions.drop_form(UUID(desk.part("list_id")))


async def find(desk: Desk) -> KeptRows:
    """The list of this address; to others it is not there."""
    said = await desk.portal.sessions.kept_form(UUID(desk.part("list_id")))
    found = kept_as(KeptRows, said, _ROWS)
    if found is None or found.person_id != str(desk.session.person_id):
        raise HTTPException(404)
    return found
