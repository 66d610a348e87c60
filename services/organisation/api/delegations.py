"""Delegations over HTTP."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import Response
from pydantic import Field, model_validator

from casework.late.shown import QuestionedOut
from kit.http.commands import Caller, Commanded, Db
from kit.http.models import In, Out, Page, Prose, in_order, of_id, whole
from kit.http.routers import Router
from kit.ids import new_id
from language.ids import PersonId, UnitId
from language.posts.kinds import PostKind, PostTask
from language.posts.substitution import Delegation
from services.organisation.api.schemas import IdOut, LevelName
from services.organisation.domain.delegating import MadeDelegation
from services.organisation.operations import delegating
from services.organisation.operations.late_papers import Changed

router = Router(prefix="/v1/people/{person_id}/delegations", tags=["organisation"])


class DelegationIn(In):
    """Whose work goes where: from the first day to the last, both included. An empty list of kinds, levels or
    tasks stands for all."""

    delegate_id: UUID
    starts_on: date
    ends_on: date
    unit_id: UUID
    units_below: bool = False
    post_kinds: Annotated[tuple[PostKind, ...], Field(max_length=len(PostKind))] = ()
    levels: Annotated[tuple[LevelName, ...], Field(max_length=10)] = ()
    tasks: Annotated[tuple[PostTask, ...], Field(max_length=len(PostTask))] = ()
    reason: Prose

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        in_order(self.starts_on, self.ends_on)
        return self

    def by(self, grantor_id: UUID) -> Delegation:
        """The delegation of this person."""
        return Delegation(
            id=new_id(),
            grantor_id=PersonId(grantor_id),
            delegate_id=PersonId(self.delegate_id),
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            post_kinds=frozenset(self.post_kinds),
            levels=frozenset(self.levels),
            tasks=frozenset(self.tasks),
            unit_id=UnitId(self.unit_id),
            units_below=self.units_below,
            reason=self.reason,
        )


class DelegationOut(Out):
    """A delegation that stands, given or got by the person."""

    id: UUID
    grantor_id: UUID
    delegate_id: UUID
    starts_on: date
    ends_on: date
    unit_id: UUID
    units_below: bool
    post_kinds: list[PostKind]
    levels: list[str]
    tasks: list[PostTask]
    reason: str


class DelegationChangedOut(DelegationOut):
    """A delegation that was shortened, and the acts that this puts into question because it came
    late."""

    questioned: QuestionedOut

    @classmethod
    def of(cls, value: Changed[Delegation]) -> Self:
        """What was changed."""
        return cls.model_validate(
            {**DelegationOut.of(value.value).model_dump(), "questioned": QuestionedOut.of(value.questioned)}
        )


class DelegationEnd(In):
    """The last day of a delegation."""

    ends_on: date


class MovingWorkOut(Out):
    """Of the work of a kind that is open now and covered: how much there is, and how much goes to the
    delegate. The rest cannot: the delegate is an author, sits there already, or signs the same."""

    task: PostTask
    covered: int
    moving: int


class MadeDelegationOut(DelegationOut):
    """A delegation as it was made, what it moves (`moves_nothing` where no open work goes to the delegate),
    and the acts that it puts into question because it came late."""

    work: list[MovingWorkOut]
    moves_nothing: bool
    questioned: QuestionedOut

    @classmethod
    def of(cls, value: Changed[MadeDelegation]) -> Self:
        """As it was made."""
        made = value.value
        return cls(
            **DelegationOut.of(made.delegation).model_dump(),
            work=[MovingWorkOut.of(work) for work in made.work],
            moves_nothing=made.moves_nothing,
            questioned=QuestionedOut.of(value.questioned),
        )


@router.get("")
async def list_delegations(person_id: UUID, caller: Caller, database: Db) -> Page[DelegationOut]:
    """What the person has delegated and was delegated, for the person, and administrators and heads over the
    person."""
    async with database.reading() as tx:
        found = await delegating.list_delegations(tx, caller, person_id)
    return whole([DelegationOut.of(given) for given in found])


@router.get("/{delegation_id}")
async def read_delegation(
    person_id: UUID, delegation_id: UUID, caller: Caller, database: Db
) -> DelegationOut:
    """One of them."""
    async with database.reading() as tx:
        found = await delegating.list_delegations(tx, caller, person_id)
    return DelegationOut.of(of_id(found, delegation_id))


@router.post("", status_code=201, response_model=MadeDelegationOut)
async def delegate(person_id: UUID, body: DelegationIn, command: Commanded) -> Response:
    """Pass work on; open tasks in the scope go to the delegate at once, and come back afterwards. The answer,
    also of a dry run, says how many; both sides and who heads the units are told."""
    new = body.by(person_id)
    return await command.run(
        lambda tx: delegating.delegate(tx, command.caller, new), MadeDelegationOut.of, status=201
    )


@router.delete("/{delegation_id}", response_model=IdOut)
async def take_back(person_id: UUID, delegation_id: UUID, command: Commanded) -> Response:
    """End a delegation at once; what was done by it until now stands."""
    return await command.run(
        lambda tx: delegating.take_back(tx, command.caller, person_id, delegation_id),
        lambda ended: IdOut(id=ended),
    )


@router.post("/{delegation_id}/end", response_model=DelegationChangedOut)
async def end_delegation(
    person_id: UUID, delegation_id: UUID, body: DelegationEnd, command: Commanded
) -> Response:
    """Set an earlier last day; where it is over already also what was done by the delegation since."""
    return await command.run(
        lambda tx: delegating.end_delegation(tx, command.caller, person_id, delegation_id, body.ends_on),
        DelegationChangedOut.of,
    )
