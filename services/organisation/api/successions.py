"""Acts about units over HTTP: units end, pass to others, are split, move, get another name."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends, Response
from pydantic import Field

from kit.db import Tx
from kit.http.commands import Caller, Commanded, Db, shown
from kit.http.models import In, Line, Out, Page, PageSize, page_of
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from language.ids import PostId, UnitId
from language.units.succession import Fate, Given, Step, StepKind, ThingKind
from services.organisation.domain.succession import JudgedSuccession, SuccessionState
from services.organisation.operations import succession
from services.organisation.operations.succession import NewSuccession
from services.organisation.store import successions

router = Router(prefix="/v1", tags=["organisation"])


class GivenIn(In):
    """A unit below one that is split, or a post in it, that goes elsewhere than the rest."""

    id: UUID
    into_id: UUID


class StepIn(In):
    """What happens to one unit. `into_id` is the unit that takes over, of MOVES the unit above from then on;
    `ends` are posts whose work goes to the one of their kind in the successor."""

    kind: StepKind
    unit_id: UUID
    into_id: UUID | None = None
    name: Line | None = None
    given: list[GivenIn] = Field(default_factory=list, max_length=2_000)
    ends: list[UUID] = Field(default_factory=list, max_length=500)

    def step(self) -> Step:
        """As the rule takes it."""
        return Step(
            kind=self.kind,
            unit_id=UnitId(self.unit_id),
            into_id=UnitId(self.into_id) if self.into_id else None,
            name=self.name,
            given=tuple(Given(id=one.id, into_id=UnitId(one.into_id)) for one in self.given),
            ends=tuple(PostId(post) for post in self.ends),
        )


class SuccessionIn(In):
    """An act with its document, in force as `from_day` begins."""

    document: Line
    from_day: date
    steps: Annotated[list[StepIn], Field(min_length=1, max_length=500)]


class GivenOut(Out):
    """What goes elsewhere than the rest."""

    id: UUID
    into_id: UUID


class StepOut(Out):
    """What happens to one unit."""

    kind: StepKind
    unit_id: UUID
    into_id: UUID | None
    name: str | None
    given: list[GivenOut]
    ends: list[UUID]


class VerdictOut(Out):
    """What becomes of a unit, a post or something that is open. NO_PLACE and NEEDS_CHOICE keep the act from
    being approved; `work_to` is the post that has the work of one that ends."""

    kind: ThingKind
    id: UUID
    code: str
    fate: Fate
    from_id: UUID
    from_name: str
    to_id: UUID | None
    to_name: str | None
    work_to: UUID | None


class SuccessionOut(Out):
    """An act about units. `held_up_at`: its day has come, but something has no place to go."""

    id: UUID
    document: str
    from_day: date
    steps: list[StepOut]
    state: SuccessionState
    drafted_by: UUID
    drafted_at: datetime
    approved_by: UUID | None
    approved_at: datetime | None
    in_force_at: datetime | None
    held_up_at: datetime | None
    version: int


class JudgedOut(SuccessionOut):
    """An act, and what it would make of everything as things stand; nothing, once it is over."""

    verdicts: list[VerdictOut]

    @classmethod
    def of(cls, value: JudgedSuccession) -> Self:
        """The answer that shows this act."""
        verdicts = [
            VerdictOut(
                kind=one.kind,
                id=one.id,
                code=one.code,
                fate=one.fate,
                from_id=one.from_id,
                from_name=value.names.get(one.from_id, ""),
                to_id=one.to_id,
                to_name=value.names.get(one.to_id) if one.to_id else None,
                work_to=one.work_to,
            )
            for one in value.verdicts
        ]
        act = SuccessionOut.of(value.succession)
        return cls(**{name: getattr(act, name) for name in SuccessionOut.model_fields}, verdicts=verdicts)


@router.get("/successions")
async def list_acts(
    caller: Caller,
    database: Db,
    page: Annotated[AskedPage, Depends(sorted_by(successions.SORTS))],
    limit: PageSize = 50,
) -> Page[SuccessionOut]:
    """Acts about units, the one drafted last first, for administrators of the province."""
    async with database.reading() as tx:
        found = await succession.list_acts(tx, caller, page.place, limit + 1)
    return page_of([SuccessionOut.of(one) for one in found], limit, page.key, page.after)


@router.get("/successions/{succession_id}", response_model=JudgedOut)
async def read_act(succession_id: UUID, caller: Caller, database: Db) -> Response:
    """One act with a verdict for every unit, post and open case that it reaches, for whoever holds a post in
    or over one of its units."""
    async with database.reading() as tx:
        return shown(await succession.preview(tx, caller, succession_id), JudgedOut.of)


@router.post("/successions", status_code=201, response_model=JudgedOut)
async def draft(body: SuccessionIn, command: Commanded) -> Response:
    """Draft an act, as an administrator above all its units; another one approves it."""
    steps = tuple(step.step() for step in body.steps)
    new = NewSuccession(document=body.document, from_day=body.from_day, steps=steps)

    async def operation(tx: Tx) -> JudgedSuccession:
        return await succession.draft(tx, command.caller, new)

    return await command.run(
        operation,
        JudgedOut.of,
        status=201,
        location=lambda made: f"/v1/successions/{made.succession.id}",
    )


@router.post("/successions/{succession_id}/approval", response_model=JudgedOut)
async def approve(succession_id: UUID, command: Commanded) -> Response:
    """Approve an act that somebody else has drafted; it comes into force as its day begins."""
    return await command.run(lambda tx: succession.approve(tx, command.caller, succession_id), JudgedOut.of)


@router.post("/successions/{succession_id}/cancellation", response_model=JudgedOut)
async def cancel(succession_id: UUID, command: Commanded) -> Response:
    """Take an act back that is not in force yet."""
    return await command.run(lambda tx: succession.cancel(tx, command.caller, succession_id), JudgedOut.of)
