"""Two records of one person over HTTP: proposed to be joined, approved by another, joined as a day begins."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends, Response

from kit.db import Tx
from kit.http.commands import Caller, Commanded, Db, shown
from kit.http.models import In, Line, Out, Page, PageSize, page_of
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from language.joined import JoinedAs, SignInAfter
from language.names import TaskQueue
from services.organisation.domain.joining import JoiningShown, JoiningState
from services.organisation.operations import joining
from services.organisation.operations.joining import NewJoining
from services.organisation.store import joinings

router = Router(prefix="/v1", tags=["organisation"])


class JoiningIn(In):
    """The record that stays, the one that is joined to it, and why; in force as `from_day` begins."""

    kept_id: UUID
    joined_id: UUID
    document: Line
    reason: Line
    from_day: date


class JoiningCancellation(In):
    """Why it is taken back."""

    reason: Line


class JoiningOut(Out):
    """A joining of two records of one person."""

    id: UUID
    kept_id: UUID
    joined_id: UUID
    document: str
    reason: str
    from_day: date
    state: JoiningState
    proposed_by: UUID
    proposed_at: datetime
    approved_by: UUID | None
    approved_at: datetime | None
    in_force_at: datetime | None
    version: int


class MovingOut(Out):
    """So many things stand under the joined record in a service, so many of them open; all go over."""

    service: TaskQueue
    joined_as: JoinedAs
    count: int
    open: int


class StandsTwiceOut(Out):
    """Both records stand in one thing. Shares of one dossier are added; of two seats in one open council the
    one with marks stays and the other is given to a substitute; what both have signed or marked stays; a post
    that both held is held once."""

    service: TaskQueue
    joined_as: JoinedAs
    about_id: UUID


class JoiningShownOut(JoiningOut):
    """A joining, and everything that it would move as things stand; nothing, once it is over."""

    kept_code: str
    joined_code: str
    sign_in: SignInAfter | None
    moves: list[MovingOut]
    twice: list[StandsTwiceOut]

    @classmethod
    def of(cls, value: JoiningShown) -> Self:
        """The answer that shows this joining."""
        bare = JoiningOut.of(value.joining)
        return cls(
            **{name: getattr(bare, name) for name in JoiningOut.model_fields},
            kept_code=value.kept_code,
            joined_code=value.joined_code,
            sign_in=value.sign_in,
            moves=[MovingOut.of(one) for one in value.moves],
            twice=[StandsTwiceOut.of(one) for one in value.twice],
        )


@router.get("/joinings")
async def list_joinings(
    caller: Caller,
    database: Db,
    page: Annotated[AskedPage, Depends(sorted_by(joinings.SORTS))],
    limit: PageSize = 50,
) -> Page[JoiningOut]:
    """Joinings of records, the one proposed last first, for administrators of the province."""
    async with database.reading() as tx:
        found = await joining.list_joinings(tx, caller, page.place, limit + 1)
    return page_of([JoiningOut.of(one) for one in found], limit, page.key, page.after)


@router.get("/joinings/{joining_id}", response_model=JoiningShownOut)
async def read_joining(joining_id: UUID, caller: Caller, database: Db) -> Response:
    """One joining with everything that it moves, for administrators over both records and for the person."""
    async with database.reading() as tx:
        return shown(await joining.read(tx, caller, joining_id), JoiningShownOut.of)


@router.post("/joinings", status_code=201, response_model=JoiningShownOut)
async def propose(body: JoiningIn, command: Commanded) -> Response:
    """Propose to join two records of one person, as an administrator over the units of both; another one
    approves it. With `dry_run` it only says what would move."""
    new = NewJoining(**body.model_dump())

    async def operation(tx: Tx) -> JoiningShown:
        return await joining.propose(tx, command.caller, new)

    return await command.run(
        operation,
        JoiningShownOut.of,
        status=201,
        location=lambda made: f"/v1/joinings/{made.joining.id}",
    )


@router.post("/joinings/{joining_id}/approval", response_model=JoiningShownOut)
async def approve(joining_id: UUID, command: Commanded) -> Response:
    """Approve what somebody else has proposed; the records are joined as the day begins."""
    return await command.run(lambda tx: joining.approve(tx, command.caller, joining_id), JoiningShownOut.of)


@router.post("/joinings/{joining_id}/cancellation", response_model=JoiningShownOut)
async def cancel(joining_id: UUID, body: JoiningCancellation, command: Commanded) -> Response:
    """Take it back before its day; what is in force stays."""
    return await command.run(
        lambda tx: joining.cancel(tx, command.caller, joining_id, body.reason), JoiningShownOut.of
    )
