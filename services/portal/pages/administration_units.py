"""Units: the tree, one unit with its posts and who holds them, and every act about them."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from language.posts.kinds import PostKind
from services.portal.asking.services import Call, Facts
from services.portal.desk import Desk
from services.portal.frame import ORGANISATION
from services.portal.opening import page
from services.portal.pages.administration_forms import (
    Act,
    Body,
    Field,
    act_page,
    barred_by,
    offered,
    why_not,
)
from services.portal.pages.shared import as_table, asked, is_id, listed_or_told, today_of, wants_table
from services.portal.showing.languages import N_
from services.portal.showing.values import Values

_NAME: Final = Field(name="name", label=N_("Name of the unit"))
_LEVELS: Final = ("SCHOOL", "UNIT", "COMMUNE", "DISTRICT", "SECTOR", "PROVINCE")


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/administration/units", show_units),
        page("/administration/units/{unit_id:uuid}", show_unit),
        act_page("/administration/units/{unit_id:uuid}/{act}", _act),
        act_page("/administration/units/{unit_id:uuid}/posts/{post_id:uuid}/appoint", _appoint),
        act_page("/administration/units/{unit_id:uuid}/holdings/{holding_id:uuid}/end", _end),
    ]


async def show_units(desk: Desk) -> Response:
    """The tree from its root, or what fits a search."""
    wanted = asked(desk, "q", "level", "sort", "unit_id", "parent_id")
    if wants_table(desk):
        return await as_table(desk, ORGANISATION, "/v1/units", wanted)
    listed, told = await listed_or_told(desk, ORGANISATION, "/v1/units", wanted)
    names = await _names(desk, {row["parent_id"] for row in listed["items"]})
    return await desk.draw("administration/units.html", listed=listed, told=told, names=names)


async def _names(desk: Desk, ids: set[str | None]) -> dict[str, str]:
    """What the units of these ids are called."""
    known = sorted(one for one in ids if one and is_id(one))
    found = await asyncio.gather(*(desk.ask_or({}, ORGANISATION, f"/v1/units/{one}") for one in known))
    return {row["id"]: row["name"] for row in found if row}


async def show_unit(desk: Desk) -> Response:
    """One unit, with what lies below it and who holds its posts."""
    unit_id = desk.part("unit_id")
    unit, past, below, posts, barred = await asyncio.gather(
        desk.ask(ORGANISATION, f"/v1/units/{unit_id}", actions=True),
        desk.ask(ORGANISATION, f"/v1/units/{unit_id}/past"),
        desk.ask(ORGANISATION, "/v1/units", parent_id=unit_id, after=desk.query.get("after")),
        desk.ask_or({"items": None}, ORGANISATION, f"/v1/units/{unit_id}/posts"),
        why_not(desk, _new_post({"unit_id": unit_id, "kind": PostKind.STAFF.value, "title": "x"})),
    )
    return await desk.draw(
        "administration/unit.html",
        unit=unit,
        past=past,
        below=below,
        posts=posts["items"],
        offers=offered(unit),
        may_appoint=not barred,
        above=await _names(desk, set(unit["path"]) - {unit_id}),
        today=today_of(desk),
    )


def _new_post(body: Body) -> Call:
    return Call("POST", ORGANISATION, "/v1/posts", body=body)


def _about(unit: Facts, **more: Any) -> Act:
    return Act(about=unit["name"], back=f"/administration/units/{unit['id']}", **more)


def _edit(unit: Facts, barred: str) -> Act:
    return _about(
        unit,
        title=N_("Rename it, or set its last day"),
        meaning=N_("What was filed and decided keeps the name of its day."),
        done="unit-changed",
        call=lambda body: Call("PATCH", ORGANISATION, f"/v1/units/{unit['id']}", body=body),
        fields=(_NAME, Field(name="valid_to", label=N_("Last day"), kind="day", required=False)),
        stored=unit,
        version=unit["etag"],
        barred=barred,
    )


def _move(unit: Facts, barred: str) -> Act:
    return _about(
        unit,
        title=N_("Put it under another unit"),
        meaning=N_("With all below it. What is open stays where it was opened."),
        done="unit-moved",
        call=lambda body: Call("POST", ORGANISATION, f"/v1/units/{unit['id']}/move", body=body),
        fields=(Field(name="parent_id", label=N_("The unit above"), kind="unit"),),
        version=unit["etag"],
        barred=barred,
    )


def _child(desk: Desk, unit: Facts, barred: str) -> Act:
    said = Values(desk.language).level
    return _about(
        unit,
        title=N_("Add a unit below"),
        meaning=N_("It begins without posts; give it at least a head and an officer who takes requests."),
        done="unit-added",
        call=lambda body: Call("POST", ORGANISATION, "/v1/units", body={**body, "parent_id": unit["id"]}),
        fields=(
            Field(name="code", label=N_("Code"), most=64),
            _NAME,
            Field(
                name="level", label=N_("Level"), kind="choice", options=[(one, said(one)) for one in _LEVELS]
            ),
            Field(name="valid_from", label=N_("First day"), kind="day"),
        ),
        barred=barred,
    )


def _post(desk: Desk, unit: Facts, barred: str) -> Act:
    said = Values(desk.language).words
    kinds = [(one.value, said(one.value, "PostKind")) for one in PostKind]
    return _about(
        unit,
        title=N_("Add a post"),
        meaning=N_("Rights go with the post, not with the person who holds it."),
        done="post-added",
        call=lambda body: _new_post({**body, "unit_id": unit["id"]}),
        fields=(
            Field(name="kind", label=N_("What it is for"), kind="choice", options=kinds),
            Field(name="title", label=N_("What the post is called"), hint=N_("As it stands on the door.")),
        ),
        barred=barred,
    )


async def _unit(desk: Desk) -> Facts:
    whole = await desk.ask_whole(ORGANISATION, f"/v1/units/{desk.part('unit_id')}", actions=True)
    return {**whole.facts, "etag": whole.version}


async def _may_post(desk: Desk) -> str:
    """Why the reader may not give posts in this unit."""
    sample = {"unit_id": desk.part("unit_id"), "kind": PostKind.STAFF.value, "title": "x"}
    return await why_not(desk, _new_post(sample))


async def _act(desk: Desk) -> Act:
    """The act that the address names."""
    unit, wish = await _unit(desk), desk.part("act")
    if wish == "edit":
        return _edit(unit, barred_by(desk, unit, "patch"))
    if wish == "move":
        return _move(unit, barred_by(desk, unit, "move"))
    if wish == "unit":
        return _child(desk, unit, barred_by(desk, unit, "patch"))
    if wish == "post":
        return _post(desk, unit, await _may_post(desk))
    raise HTTPException(404)


async def _posts(desk: Desk) -> list[Facts]:
    found = await desk.ask(ORGANISATION, f"/v1/units/{desk.part('unit_id')}/posts")
    rows: list[Facts] = found["items"]
    return rows


async def _appoint(desk: Desk) -> Act:
    unit, posts, barred = await asyncio.gather(_unit(desk), _posts(desk), _may_post(desk))
    post = next((one for one in posts if one["id"] == desk.part("post_id")), None)
    if post is None:
        raise HTTPException(404)
    path = f"/v1/posts/{post['id']}"
    return _about(
        unit,
        title=N_("Give the post to somebody"),
        meaning=N_("From the first day on the rights and the work of the post are this person's."),
        subject=post["title"],
        done="appointed",
        call=lambda body: Call("POST", ORGANISATION, f"{path}/holdings", body=body),
        second=lambda body: Call("POST", ORGANISATION, f"{path}/proposals", body=body),
        fields=(
            Field(name="person_id", label=N_("Who"), kind="person"),
            Field(name="held_from", label=N_("First day"), kind="day"),
            Field(name="held_to", label=N_("Last day"), kind="day", required=False),
            Field(
                name="acting",
                label=N_("Only acting, until somebody is appointed"),
                kind="tick",
                required=False,
            ),
        ),
        barred=barred,
    )


async def _end(desk: Desk) -> Act:
    unit, posts, barred = await asyncio.gather(_unit(desk), _posts(desk), _may_post(desk))
    held = next((one for one in posts if one["holding_id"] == desk.part("holding_id")), None)
    if held is None:
        raise HTTPException(404)
    path = f"/v1/holdings/{held['holding_id']}"
    return _about(
        unit,
        title=N_("End the holding"),
        meaning=N_("After the last day the person no longer acts in this post."),
        subject=f"{held['full_name'] or '–'} · {held['title']}",
        done="holding-ended",
        call=lambda body: Call("POST", ORGANISATION, f"{path}/end", body=body),
        second=lambda body: Call("POST", ORGANISATION, f"{path}/proposals", body=body),
        fields=(
            Field(
                name="held_to",
                label=N_("Last day"),
                kind="day",
                hint=N_("Open work goes to who stands in, or onto the alarm list."),
            ),
        ),
        is_grave=True,
        barred=barred,
    )
