"""Many acts of one kind in one request: one result an item, each with the refusal it would have had alone.

What can be done to one thing at `/v1/THINGS/{id}/ACT` can be done to many at `/v1/batch/THINGS/ACT`. Each
item is a command of its own, with its own transaction and its own key, made of the request's and the item's
place: after a crash or an outage the same request again does what is left, and gets the first answers for the
rest."""

from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256
from typing import Annotated, Any, Final, Generic, TypeVar
from uuid import UUID

from fastapi import Depends
from fastapi.responses import Response
from pydantic import BaseModel, Field, RootModel
from pydantic_core import from_json

from kit.auth import Principal
from kit.connecting import to_json
from kit.db import Tx, attempting
from kit.http.commands import Command, Commanded
from kit.http.models import In
from kit.http.problems import Problem, problem_of
from language.refusals import Refusal

MOST: Final = 200
"""So many items a request."""


class Named(In):
    """An item that says no more than what it is about."""

    id: UUID


ItemT = TypeVar("ItemT", bound=Named)
OutT = TypeVar("OutT", bound=BaseModel)
V = TypeVar("V")


class BatchIn(In, Generic[ItemT]):
    """The items, done in this order."""

    items: list[ItemT] = Field(min_length=1, max_length=MOST)


class BatchItemOut(BaseModel, Generic[OutT]):
    """What became of an item, with the status that it would have had alone: its `result`, or the
    `problem`."""

    id: UUID
    status: int
    result: OutT | None
    problem: Problem | None


class BatchOut(BaseModel, Generic[OutT]):
    """One result an item, in the order of the request. Of a dry run nothing was written, and each item was
    tried after those before it."""

    dry_run: bool
    done: int
    refused: int
    items: list[BatchItemOut[OutT]]


Act = Callable[[Tx, Principal, ItemT], Awaitable[V]]
Show = Callable[[V], BaseModel]


class Batch:
    """What a batch endpoint works with: `await batch.run(body.items, act, AwardOut.of)`."""

    def __init__(self, command: Command) -> None:
        self.dry_run = command.dry_run
        self._command = command

    async def run(
        self, items: Sequence[ItemT], act: Act[ItemT, V], show: Show[V], *, status: int = 200
    ) -> Response:
        """Do all of it, one after the other; a refusal stops nothing but its own item."""
        if self.dry_run:
            return await self._command.try_out(lambda tx: self._try_all(tx, items, act, show), RootModel[Any])
        done = [
            await _item(item, status, self._do(number, item, act, show)) for number, item in enumerate(items)
        ]
        return Response(to_json(_summed(done, dry_run=False)), media_type="application/json")

    async def _do(self, number: int, item: ItemT, act: Act[ItemT, V], show: Show[V]) -> Any:
        command = self._command.part(number)
        said = sha256(item.model_dump_json().encode()).hexdigest()
        answer = await command.run(lambda tx: act(tx, command.caller, item), show, content_hash=said)
        return from_json(bytes(answer.body))

    async def _try_all(
        self, tx: Tx, items: Sequence[ItemT], act: Act[ItemT, V], show: Show[V]
    ) -> dict[str, Any]:
        tried = [await _item(item, 200, self._try(tx, item, act, show)) for item in items]
        return _summed(tried, dry_run=True)

    async def _try(self, tx: Tx, item: ItemT, act: Act[ItemT, V], show: Show[V]) -> Any:
        async with attempting(tx):
            return show(await act(tx, self._command.caller, item)).model_dump(mode="json")


async def _item(item: Named, status: int, doing: Awaitable[Any]) -> dict[str, Any]:
    """As `BatchItemOut` has it; a result that was kept is given as it was written."""
    try:
        result = await doing
    except Refusal as refusal:
        problem = problem_of(refusal).model_dump(mode="json")
        return {"id": str(item.id), "status": refusal.status, "result": None, "problem": problem}
    return {"id": str(item.id), "status": status, "result": result, "problem": None}


def _summed(done: list[dict[str, Any]], *, dry_run: bool) -> dict[str, Any]:
    refused = sum(item["problem"] is not None for item in done)
    return {"dry_run": dry_run, "done": len(done) - refused, "refused": refused, "items": done}


async def _current_batch(command: Commanded) -> Batch:
    return Batch(command)


Batched = Annotated[Batch, Depends(_current_batch)]
