"""What a list would change, and every row of it that is at fault: looked at before anything is written."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from casework import rights
from kit.auth import Principal
from kit.db import Tx
from language.deadline.arithmetic import local_day
from language.posts.kinds import ADMINS
from language.refusals import FaultyPart, Forbidden
from services.organisation.domain.import_faults import FaultKind, Part, RowFault
from services.organisation.domain.importing import (
    ImportRows,
    Known,
    PersonRow,
    Preview,
    look_through,
)
from services.organisation.domain.refusals import ImportRefused
from services.organisation.sign_in.store import accounts
from services.organisation.store import people, units


def refused(faults: Sequence[RowFault]) -> ImportRefused:
    """The refusal that names these rows: `people.3 (gv902)`."""
    return ImportRefused(
        FaultyPart(path=f"{fault.part}.{fault.row} ({fault.code})", code=fault.kind, vi=fault.vi, en=fault.en)
        for fault in faults
    )


async def look_through_list(tx: Tx, caller: Principal, rows: ImportRows) -> Preview:
    """What each row would be; `ImportRefused` with all rows at fault. Asked of an administrator over all
    units that the list names, before any of their rows is looked at."""
    known = await _known(tx, caller, rows)
    ids = [one.person.id for one in known.people.values()]
    holders = await accounts.names_and_holders(tx, {row.username for row in rows.people if row.username}, ids)
    _require_keeping(rows.people, known, holders)
    preview = look_through(rows, known)
    preview.faults += _account_faults(rows.people, known, holders)
    if preview.faults:
        raise refused(sorted(preview.faults, key=lambda fault: (list(Part).index(fault.part), fault.row)))
    return preview


async def _known(tx: Tx, caller: Principal, rows: ImportRows) -> Known:
    codes = {row.code for row in rows.units} | {row.parent_code for row in rows.units}
    found = await units.units_with_codes(tx, codes | {row.unit_code for row in rows.posts})
    if found:
        await rights.require_over_all(tx, caller, ADMINS, [unit.path for unit in found])
    unit_codes = {unit.id: unit.code for unit in found}
    posts = await people.posts_of_units(tx, list(unit_codes))
    named = {row.code for row in rows.people} | {row.person_code for row in rows.posts if row.person_code}
    own_units = await rights.units_of(tx, caller, ADMINS)
    is_province = await rights.root_of(tx, caller, ADMINS) is not None
    day = local_day(tx.now)
    known = await people.known_people(tx, named, own_units, day, is_province=is_province)
    above = await units.some_units(tx, {unit.parent_id for unit in found if unit.parent_id})
    keys = {post.id: (unit_codes[post.unit_id], post.kind, post.title) for post in posts}
    codes_of = {one.person.id: one.person.code for one in known}
    until = await people.held_until(tx, list(unit_codes))
    return Known(
        units={unit.code: unit for unit in found},
        parents={unit.id: unit.code for unit in above},
        levels=await units.levels_of(tx, {above for unit in found for above in unit.path}),
        people={one.person.code: one for one in known},
        posts=set(keys.values()),
        held={
            (keys[post_id], codes_of[person_id]): last_day
            for (post_id, person_id), last_day in until.items()
            if person_id in codes_of
        },
        today=day,
    )


def _require_keeping(rows: Sequence[PersonRow], known: Known, holders: Mapping[str, UUID]) -> None:
    """An account is made for people of the own units only; whoever has this one already keeps it."""
    for row in rows:
        one = known.people.get(row.code)
        if row.username and one and not one.kept and holders.get(row.username) != one.person.id:
            raise Forbidden


def _account_faults(rows: Sequence[PersonRow], known: Known, holders: Mapping[str, UUID]) -> list[RowFault]:
    """A name that is another's, there or in the list; a second name for somebody."""
    ids = {one.person.code: one.person.id for one in known.people.values()}
    name_of = {person_id: username for username, person_id in holders.items()}
    given: dict[str, str] = {}
    faults = []
    for number, row in enumerate(rows, start=1):
        if row.username is None:
            continue
        person_id = ids.get(row.code)
        is_anothers = holders.get(row.username, person_id) != person_id
        has_another = person_id is not None and name_of.get(person_id, row.username) != row.username
        if is_anothers or has_another or given.setdefault(row.username, row.code) != row.code:
            kind = FaultKind.USERNAME_TAKEN
            faults.append(
                RowFault(part=Part.PEOPLE, row=number, code=row.code, kind=kind, other=row.username)
            )
    return faults
