"""People, posts, leave and accounts over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import StringConstraints

from casework.roster import held_posts
from kit.http.commands import Caller, Commanded, Db, IfMatch, shown
from kit.http.models import OneLine, Page, PageSize, of_id, page_of, whole
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from language.deadline.arithmetic import local_day
from language.text import containing, fold
from services.organisation.api import schemas
from services.organisation.operations import people as operations
from services.organisation.operations import reading
from services.organisation.operations.people import PersonFacts
from services.organisation.store import people

router = Router(prefix="/v1", tags=["organisation"])
Search = Annotated[
    str | None,
    OneLine,
    Query(max_length=100, description="Part of the code, or of the name, marked or not"),
]


@router.get("/me")
async def who_am_i(caller: Caller, database: Db) -> schemas.MeOut:
    """The caller and the posts that the caller holds today."""
    async with database.reading() as tx:
        name = await people.name_of(tx, caller.person_id)
        held = await held_posts(tx, caller.person_id, local_day(tx.now))
    posts = [schemas.HeldPostOut.of(post) for post in held]
    return schemas.MeOut(person_id=caller.person_id, full_name=name, posts=posts)


@router.get("/people")
async def search_people(
    caller: Caller,
    database: Db,
    page: Annotated[AskedPage, Depends(sorted_by(people.SORTS))],
    q: Search = None,
    limit: PageSize = 50,
) -> Page[schemas.PersonOut]:
    """People by code, for administrators; birth dates and mail addresses only of people in their units."""
    async with database.reading() as tx:
        found = await reading.search_people(
            tx, caller, containing(fold(q)) if q else None, page.place, limit + 1
        )
    return page_of([schemas.PersonOut.of(person) for person in found], limit, page.key, page.after)


@router.get("/names")
async def read_names(
    caller: Caller, database: Db, ids: Annotated[list[UUID], Query(max_length=200)]
) -> Page[schemas.NameOut]:
    """The names of up to 200 people, for display to anybody signed in."""
    async with database.reading() as tx:
        names = await people.named(tx, ids)
    return whole([schemas.NameOut.of(one) for one in names])


@router.get("/colleagues")
async def find_colleagues(
    caller: Caller,
    database: Db,
    q: Annotated[
        str,
        StringConstraints(min_length=2, max_length=100),
        OneLine,
        Query(description="Part of the name, with or without marks"),
    ],
) -> Page[schemas.ColleagueOut]:
    """Up to 20 people who hold a post today in the caller's units or beside them, the own ones first, and
    elsewhere whoever has exactly this name: to name a co-author."""
    async with database.reading() as tx:
        found = await reading.find_colleagues(tx, caller, fold(q))
    return whole([schemas.ColleagueOut.of(one) for one in found])


@router.get("/people/{person_id}", response_model=schemas.PersonOut)
async def read_person(person_id: UUID, caller: Caller, database: Db) -> Response:
    """One person, for the person and administrators over all the person's units."""
    async with database.reading() as tx:
        return shown(await reading.read_person(tx, caller, person_id), schemas.PersonOut.of)


@router.post("/people", status_code=201, response_model=schemas.PersonOut)
async def create_person(body: schemas.PersonIn, command: Commanded) -> Response:
    """Add a person."""
    facts = PersonFacts(**body.model_dump(exclude={"code"}))
    return await command.run(
        lambda tx: operations.create_person(tx, command.caller, body.code, facts),
        schemas.PersonOut.of,
        status=201,
        location=lambda person: f"/v1/people/{person.id}",
    )


@router.patch("/people/{person_id}", response_model=schemas.PersonOut)
async def change_person(
    person_id: UUID, body: schemas.PersonPatch, version: IfMatch, command: Commanded
) -> Response:
    """Correct a name, birth date or mail address."""
    facts = PersonFacts(**body.model_dump())
    return await command.run(
        lambda tx: operations.change_person(tx, command.caller, person_id, version, facts),
        schemas.PersonOut.of,
    )


@router.get("/people/{person_id}/posts")
async def list_posts_of(person_id: UUID, caller: Caller, database: Db) -> Page[schemas.PersonsPostOut]:
    """The posts that the person holds, held and will hold, newest first; for the person and
    administrators."""
    async with database.reading() as tx:
        found = await reading.list_posts_of(tx, caller, person_id)
    return whole([schemas.PersonsPostOut.of(one) for one in found])


@router.get("/people/{person_id}/leaves")
async def list_leaves(person_id: UUID, caller: Caller, database: Db) -> Page[schemas.LeaveOut]:
    """The person's leaves, for the person and administrators."""
    async with database.reading() as tx:
        found = await operations.list_leaves(tx, caller, person_id)
    return whole([schemas.LeaveOut.of(leave) for leave in found])


@router.get("/people/{person_id}/leaves/{leave_id}")
async def read_leave(person_id: UUID, leave_id: UUID, caller: Caller, database: Db) -> schemas.LeaveOut:
    """One of them."""
    async with database.reading() as tx:
        found = await operations.list_leaves(tx, caller, person_id)
    return schemas.LeaveOut.of(of_id(found, leave_id))


@router.post("/people/{person_id}/leaves", status_code=201, response_model=schemas.LeaveAddedOut)
async def add_leave(person_id: UUID, body: schemas.LeaveIn, command: Commanded) -> Response:
    """Write down a leave; of one that has begun already also what the person has done on its days."""
    return await command.run(
        lambda tx: operations.add_leave(tx, command.caller, person_id, body.starts_on, body.ends_on),
        schemas.LeaveAddedOut.of,
        status=201,
    )


@router.delete("/people/{person_id}/leaves/{leave_id}", response_model=schemas.IdOut)
async def cancel_leave(person_id: UUID, leave_id: UUID, command: Commanded) -> Response:
    """Take a leave back, from now on."""
    return await command.run(
        lambda tx: operations.cancel_leave(tx, command.caller, person_id, leave_id),
        lambda cancelled: schemas.IdOut(id=cancelled),
    )


@router.get("/units/{unit_id}/posts")
async def list_posts(unit_id: UUID, caller: Caller, database: Db) -> Page[schemas.PostHolderOut]:
    """The unit's posts and who holds them, for posts in or over the unit; who held or will hold them, for its
    administrators and heads."""
    async with database.reading() as tx:
        rows = await reading.list_posts(tx, caller, unit_id)
        holders = [row.person_id for row in rows if row.person_id]
        names = {one.id: one.full_name for one in await people.named(tx, holders)}
    shown = [schemas.PostHolderOut.of(row) for row in rows]
    return whole(
        [
            line.model_copy(update={"full_name": names.get(line.person_id) if line.person_id else None})
            for line in shown
        ]
    )


@router.post("/posts", status_code=201, response_model=schemas.PostOut)
async def create_post(body: schemas.PostIn, command: Commanded) -> Response:
    """Add a post."""
    return await command.run(
        lambda tx: operations.create_post(tx, command.caller, body.unit_id, body.kind, body.title),
        schemas.PostOut.of,
        status=201,
    )


@router.get("/posts/{post_id}")
async def read_post(post_id: UUID, caller: Caller, database: Db) -> schemas.PostOut:
    """One post, for posts in or over its unit."""
    async with database.reading() as tx:
        return schemas.PostOut.of(await reading.read_post(tx, caller, post_id))


@router.post("/posts/{post_id}/holdings", status_code=201, response_model=schemas.HoldingChangedOut)
async def hold_post(post_id: UUID, body: schemas.HoldingIn, command: Commanded) -> Response:
    """Give the post to a person; from a day that is over on also what others have done in it since."""
    return await command.run(
        lambda tx: operations.hold_post(
            tx, command.caller, post_id, body.person_id, (body.held_from, body.held_to), acting=body.acting
        ),
        schemas.HoldingChangedOut.of,
        status=201,
    )


@router.get("/holdings/{holding_id}")
async def read_holding(holding_id: UUID, caller: Caller, database: Db) -> schemas.HoldingOut:
    """Who holds, held or will hold a post, for the person and the unit's administrators and heads."""
    async with database.reading() as tx:
        return schemas.HoldingOut.of(await reading.read_holding(tx, caller, holding_id))


@router.post("/holdings/{holding_id}/end", response_model=schemas.HoldingChangedOut)
async def end_holding(holding_id: UUID, body: schemas.HoldingEnd, command: Commanded) -> Response:
    """Set the last day of a holding; of one that has ended already also what was done by it since."""
    return await command.run(
        lambda tx: operations.end_holding(tx, command.caller, holding_id, body.held_to),
        schemas.HoldingChangedOut.of,
    )
