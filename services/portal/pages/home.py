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
    parts = [part] if part in WORKING else WORKING
    is_first = scope == "mine" and not part
    answers = await (desk.shared("tasks") if is_first else _tasks_of(desk, parts, scope))
    found = dict(zip(parts, answers, strict=True))
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


async def _tasks_of(desk: Desk, parts: Sequence[str], scope: str) -> list[Facts | None]:
    return list(await asyncio.gather(*(_tasks(desk, service, scope) for service in parts)))


async def _tasks(desk: Desk, service: str, scope: str) -> Facts | None:
    """None while the service does not answer. Of one service alone it goes on from where the address says."""
    after = desk.query.get("after") if desk.query.get("part") == service else None
    wanted = None if scope == "mine" else scope
    try:
        return await desk.ask(service, "/v1/tasks", scope=wanted, limit=MOST_WORK, after=after)
    except Away:
        return None
