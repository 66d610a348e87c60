"""Cases as who watches over units sees them, in every service with clocks in the same shape: listed, and in
figures."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from casework import rights
from casework.alarms import stranded
from casework.clocks import listed
from casework.clocks.listed import CaseFilter, CaseState
from casework.naming import Days, NamedOut, named
from kit.auth import Principal
from kit.counting import count_if_first
from kit.db import Tx
from kit.http.commands import Caller, Db
from kit.http.models import Code, Day, Out, Page, PageSize, UnitFilter, page_of, whole
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from language.cases import CaseType
from language.posts.kinds import PostKind
from language.refusals import Forbidden


class CaseLineOut(NamedOut):
    """A case in a list: the check of a request, a stage, money that is signed or paid, a complaint. Overdue:
    open behind its term, or done behind it; what stands still is not."""

    about_id: UUID
    subject_id: UUID
    subject_code: str
    kind: CaseType
    level: str | None
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    is_suspended: bool
    is_overdue: bool


class StrandedOut(Out):
    """An open case without a next step that is on no alarm list."""

    about_id: UUID
    subject_code: str
    kind: CaseType
    level: str | None
    unit_id: UUID


class OpenCasesOut(Out):
    """How many cases of a kind and level are open, by how many days ago they began: up to 7, up to 30, up to
    60, more."""

    kind: CaseType
    level: str | None
    up_to_a_week: int
    up_to_a_month: int
    up_to_two_months: int
    longer: int
    count: int
    overdue: int
    suspended: int


class PunctualityOut(Out):
    """Of a unit and all below it: what was done in time and late in the span, what is open now. `itself`:
    only what lies in the unit that was asked for, and not below it."""

    unit_id: UUID
    unit_name: str
    itself: bool
    in_time: int
    late: int
    running: int
    running_late: int


async def _wanted(
    kind: CaseType | None = None,
    level: Code | None = None,
    state: CaseState | None = None,
    overdue: Annotated[bool | None, Query(description="Open behind its term, or done behind it")] = None,
    suspended: Annotated[bool | None, Query(description="Open, and its clock stands still")] = None,
    opened_from: Day | None = None,
    opened_until: Day | None = None,
    closed_from: Day | None = None,
    closed_until: Day | None = None,
    in_unit_id: Annotated[UUID | None, Query(description="In exactly this unit, not below it")] = None,
) -> CaseFilter:
    return CaseFilter(
        kind=kind,
        level=level,
        state=state,
        overdue=overdue,
        suspended=suspended,
        opened=Days(first=opened_from, last=opened_until),
        closed=Days(first=closed_from, last=closed_until),
        in_unit_id=in_unit_id,
    )


async def watched(
    tx: Tx, caller: Principal, watchers: frozenset[PostKind], unit_id: UUID | None
) -> tuple[UUID, ...]:
    """The unit that is asked for, if the caller watches over it; else all in which the caller has such a
    post."""
    if unit_id is not None:
        await rights.require_in(tx, caller, watchers, unit_id)
        return (unit_id,)
    units = await rights.units_of(tx, caller, watchers)
    if not units:
        raise Forbidden
    return units


async def all_or(
    tx: Tx, caller: Principal, watchers: frozenset[PostKind], units: tuple[UUID, ...]
) -> tuple[UUID, ...] | None:
    """None where the root is among them: everything lies under it."""
    root = await rights.root_of(tx, caller, watchers)
    return None if root in units else units


def cases_router(watchers: frozenset[PostKind]) -> Router:
    """Cases under the units in which the caller has a post of these kinds."""
    router = Router(prefix="/v1/cases", tags=["cases"])

    @router.get("")
    async def list_cases(
        caller: Caller,
        database: Db,
        wanted: Annotated[CaseFilter, Depends(_wanted)],
        page: Annotated[AskedPage, Depends(sorted_by(listed.SORTS))],
        unit_id: UnitFilter = None,
        limit: PageSize = 50,
    ) -> Page[CaseLineOut]:
        """Cases, those that are due first before the others."""
        async with database.reading() as tx:
            units = await watched(tx, caller, watchers, unit_id)
            wanted = replace(wanted, unit_ids=await all_or(tx, caller, watchers, units))
            found = await listed.list_cases(tx, wanted, page.place, limit + 1)
            counted = await count_if_first(page.after, found, limit, lambda: listed.count_cases(tx, wanted))
            lines = await named(tx, [CaseLineOut.of(one) for one in found], "subject_id")
        return page_of(lines, limit, page.key, page.after, counted)

    @router.get("/stranded")
    async def list_stranded(caller: Caller, database: Db) -> Page[StrandedOut]:
        """Open cases that nothing will ever move and nobody knows of; there must be none. For who watches
        over the whole province."""
        async with database.reading() as tx:
            await rights.require_root(tx, caller, watchers)
            found = await stranded(tx)
        return whole([StrandedOut.of(one) for one in found])

    @router.get("/ageing")
    async def count_open(caller: Caller, database: Db, unit_id: UnitFilter = None) -> Page[OpenCasesOut]:
        """What is open now, by kind and level and by how long it has been so."""
        async with database.reading() as tx:
            units = await watched(tx, caller, watchers, unit_id)
            found = await listed.open_cases(tx, await all_or(tx, caller, watchers, units))
        return whole([OpenCasesOut.of(one) for one in found])

    @router.get("/punctuality")
    async def count_in_time(
        caller: Caller,
        database: Db,
        unit_id: UnitFilter = None,
        kind: CaseType | None = None,
        closed_from: Day | None = None,
        closed_until: Day | None = None,
    ) -> Page[PunctualityOut]:
        """Unit by unit, those directly below the one asked for: done in time and late, and open now. Those
        first in which most is late."""
        days = Days(first=closed_from, last=closed_until)
        async with database.reading() as tx:
            units = await watched(tx, caller, watchers, unit_id)
            found = await listed.punctuality(tx, units, days, kind)
        return whole([PunctualityOut.of(one) for one in found])

    return router
