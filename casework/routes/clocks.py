"""Routes that every service with clocks offers in the same shape: the sum of a clock line by line, and what
heads may do to it."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import Field

from casework.case import Cases
from casework.clocks import acts as clock_acts
from casework.clocks.kept import KeptClock, clocks_of
from casework.clocks.moves import MoveKind, PastMove, moves_of, running_clock
from casework.reading import MayRead
from kit.db import Tx
from kit.http.commands import Caller, Commanded, Db
from kit.http.models import In, Out, Page, Prose, whole
from kit.http.routers import Router
from language.cases import CaseType
from language.deadline.arithmetic import SuspensionKind
from language.plan.review_plan import BudgetUnit, RungAction
from language.words.deadlines import SumLineKind, sum_up


class HeadsCause(StrEnum):
    """Why a head may suspend a clock; for a supplement the officer does it with the notice."""

    COMPLAINT = "COMPLAINT"
    FORCE_MAJEURE = "FORCE_MAJEURE"


class ExtensionIn(In):
    """So much longer, in the unit that the rules of the dossier give (`extension.most`)."""

    amount: int = Field(ge=1, le=1_000)
    reason: Prose


class SuspensionIn(In):
    """Why the clock is to stand still."""

    kind: HeadsCause
    reason: Prose


class ResumptionIn(In):
    """Why it goes on."""

    reason: Prose


class BudgetOut(Out):
    """A span of time."""

    amount: int
    unit: BudgetUnit


class RungOut(Out):
    """A rung and the instant at which it is climbed, or was due to be."""

    id: str
    action: RungAction
    at: datetime
    rule: str


class SumLineOut(Out):
    """A line of the sum, as a sentence and in figures."""

    kind: SumLineKind
    vi: str
    en: str
    days: list[date]
    amount: int | None
    unit: BudgetUnit | None
    reason: str | None
    by: UUID | None
    rule: str | None


class ClockMoveOut(Out):
    """What moved the clock, with the due instant before and after."""

    kind: MoveKind
    cause: SuspensionKind | None
    budget: BudgetOut | None
    calendar_version: int | None
    reason: str
    rule: str | None
    actor_id: UUID | None
    post_id: UUID | None
    on_behalf_of: UUID | None
    moved_at: datetime
    old_due_at: datetime
    new_due_at: datetime


class ClockOut(Out):
    """A clock with its sum. `remaining` counts days after today, in `remaining_unit`; `may_extend_by` is what
    is left of the rules' extension."""

    about_id: UUID
    kind: CaseType
    level: str | None
    unit_id: UUID
    rule_version: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    revision: int
    is_suspended: bool
    calendar_version: int
    remaining: int
    remaining_unit: BudgetUnit
    may_extend_by: BudgetOut | None
    lines: list[SumLineOut]
    rungs: list[RungOut]
    moves: list[ClockMoveOut]


def _may_extend_by(clock: KeptClock, moves: list[PastMove]) -> BudgetOut | None:
    if clock.extension is None or clock.closed_at:
        return None
    most = clock.extension.most
    return BudgetOut(
        amount=most.amount - sum(move.budget.amount for move in moves if move.budget), unit=most.unit
    )


async def shown_clock(tx: Tx, clock: KeptClock) -> ClockOut:
    """The clock as it stands now; a closed one as it stood when it was closed."""
    moves = await moves_of(tx, clock.about_id)
    sum_ = sum_up(running_clock(clock, moves), clock.rule, clock.closed_at or tx.now)
    shown: dict[str, Any] = {
        name: getattr(clock, name)
        for name in (
            "about_id",
            "kind",
            "level",
            "unit_id",
            "rule_version",
            "opened_at",
            "closed_at",
            "revision",
            "is_suspended",
        )
    }
    return ClockOut(
        **shown,
        due_at=sum_.due_at.astimezone(UTC),
        calendar_version=clock.calendar.version,
        remaining=sum_.remaining,
        remaining_unit=sum_.remaining_unit,
        may_extend_by=_may_extend_by(clock, moves),
        lines=[SumLineOut.of(line) for line in sum_.lines],
        rungs=[RungOut.of(rung) for rung in clock.rungs],
        moves=[ClockMoveOut.of(move) for move in moves],
    )


def clock_router(  # noqa: C901 - routes beside each other
    cases: Cases, require_readable: MayRead
) -> Router:
    """The clocks of a dossier in this service. Only heads above the unit that acts may move them."""
    router = Router(prefix="/v1", tags=["clocks"])

    @router.get("/dossiers/{dossier_id}/clock")
    async def read_clocks(dossier_id: UUID, caller: Caller, database: Db) -> Page[ClockOut]:
        """Every clock of the dossier here, in the order in which they started: its sum line by line, what is
        left, what moved it."""
        async with database.reading() as tx:
            await require_readable(tx, caller, dossier_id)
            return whole([await shown_clock(tx, clock) for clock in await clocks_of(tx, dossier_id)])

    @router.get("/clocks/{about_id}")
    async def read_clock(about_id: UUID, caller: Caller, database: Db) -> ClockOut:
        """One clock, also of a case that lies in no dossier."""
        async with database.reading() as tx:
            clock = await clock_acts.kept(tx, about_id)
            await cases.of(clock.kind).require_readable(tx, caller, clock.subject_id)
            return await shown_clock(tx, clock)

    @router.post("/clocks/{about_id}/extension", response_model=ClockOut)
    async def extend_clock(about_id: UUID, body: ExtensionIn, command: Commanded) -> Response:
        """Give more time, within the limit of the rules."""

        async def act(tx: Tx) -> ClockOut:
            return await shown_clock(
                tx,
                await clock_acts.extend_clock(tx, cases, command.caller, about_id, body.amount, body.reason),
            )

        return await command.run(act, ClockOut.of)

    @router.post("/clocks/{about_id}/suspension", response_model=ClockOut)
    async def suspend_clock(about_id: UUID, body: SuspensionIn, command: Commanded) -> Response:
        """Let the clock stand still; nothing is reminded, replaced or handed up meanwhile."""

        async def act(tx: Tx) -> ClockOut:
            cause = SuspensionKind(body.kind)
            return await shown_clock(
                tx,
                await clock_acts.suspend_clock(tx, cases, command.caller, about_id, cause, body.reason),
            )

        return await command.run(act, ClockOut.of)

    @router.post("/clocks/{about_id}/resumption", response_model=ClockOut)
    async def resume_clock(about_id: UUID, body: ResumptionIn, command: Commanded) -> Response:
        """Let it go on with what was left."""

        async def act(tx: Tx) -> ClockOut:
            return await shown_clock(
                tx, await clock_acts.resume_clock(tx, cases, command.caller, about_id, body.reason)
            )

        return await command.run(act, ClockOut.of)

    return router
