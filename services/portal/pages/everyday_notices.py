"""The inbox of notices: unread first, read at one click, each with the way to what it is about."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from kit.ids import new_id
from language.pages import page_of
from services.portal.asking.services import Call, Facts
from services.portal.desk import Desk, own_path
from services.portal.frame import POSTROOM
from services.portal.opening import page
from services.portal.pages.shared import as_table, asked, is_id, listed_or_told, now_of, wants_table

_SHOWN: Final = 25
_UNREAD: Final[Mapping[str, bool]] = {"unread": True, "read": False}


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/notices", show_notices, read_notices)]


async def show_notices(desk: Desk) -> Response:
    """Those that nobody has read, or all of them, or those of one kind."""
    show = desk.query.get("show", "unread")
    wanted: dict[str, object] = {**asked(desk, "kind", "sort"), "unread": _UNREAD.get(show)}
    if wants_table(desk):
        return await as_table(desk, POSTROOM, "/v1/notices", wanted)
    (listed, told), counts = await asyncio.gather(
        listed_or_told(desk, POSTROOM, "/v1/notices", wanted, limit=_SHOWN),
        desk.shared("notices"),
    )
    kinds = (counts or {"items": []})["items"]
    counted = sum(_of(row, show) for row in kinds if row["kind"] == desk.query.get("kind", row["kind"]))
    return await desk.draw(
        "everyday/notices.html",
        rows=[row | {"to": _leads_to(row)} for row in listed["items"]],
        told=told,
        listed={"next": listed["next"], "count": counted, "more": False},
        kinds=[row["kind"] for row in kinds],
        show=show,
        unread=sum(row["unread"] for row in kinds),
        now=now_of(desk),
    )


def _leads_to(notice: Facts) -> str:
    return page_of(notice["kind"], notice["detail"], notice["subject_id"], notice["subject_code"])


def _of(row: Facts, show: str) -> int:
    unread, whole = int(row["unread"]), int(row["count"])
    return {"unread": unread, "read": whole - unread}.get(show, whole)


async def read_notices(desk: Desk) -> Response:
    """One was read, or all up to when the page was drawn. `open` goes on to what it is about."""
    form = await desk.read_form()
    opened = desk.sent_text("open")
    which = opened or desk.sent_text("read")
    if which == "all":
        body: dict[str, object] = {"up_to": desk.sent_text("up_to")}
    elif is_id(which):
        body = {"ids": [which]}
    else:
        return desk.see(desk.here())
    # To read is to read, however often: each click is a command of its own.
    await desk.command(Call("POST", POSTROOM, "/v1/notices/read", body=body), key=str(new_id()))
    if opened:
        return desk.see(own_path(str(form.get(f"to-{opened}", "/"))))
    return desk.see(desk.here(), done="notices-read")
