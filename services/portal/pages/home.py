"""The first page: what waits for its reader, the soonest due first."""

import asyncio
from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Away, Facts
from services.portal.desk import Desk
from services.portal.frame import MOST_WORK, WORKING
from services.portal.opening import page


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/", show_home, public=True)]


async def show_home(desk: Desk) -> Response:
    """What waits, over all services; who is not signed in reads what this is."""
    if not desk.is_signed_in:
        return desk.see("/welcome")
    scope = "office" if desk.query.get("scope") == "office" else "mine"
    part = desk.query.get("part", "")
    found = await _found(desk, scope, part if part in WORKING else "")
    rows = [
        {**task, "service": service}
        for service, answer in found.items()
        for task in (answer or {}).get("items", [])
    ]
    rows.sort(key=lambda row: (row["due_at"] is None, row["due_at"] or ""))
    return await desk.draw(
        "home.html",
        rows=rows,
        scope=scope,
        away=[service for service, answer in found.items() if answer is None],
        part=part if part in WORKING else "",
        further={service: answer["next"] for service, answer in found.items() if answer and answer["next"]},
    )


async def _found(desk: Desk, scope: str, part: str) -> dict[str, Facts | None]:
    """The tasks by service; of one part alone it goes on from where the address says."""
    wanted = None if scope == "mine" else scope
    if part:
        return {part: await _tasks(desk, part, scope=wanted, after=desk.query.get("after"))}
    if scope == "mine":
        answers = await desk.shared("tasks")
    else:
        answers = await asyncio.gather(*(_tasks(desk, service, scope=wanted) for service in WORKING))
    return dict(zip(WORKING, answers, strict=True))


async def _tasks(desk: Desk, service: str, **query: object) -> Facts | None:
    """None while the service does not answer."""
    try:
        return await desk.ask(service, "/v1/tasks", limit=MOST_WORK, **query)
    except Away:
        return None
