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
    answers = await (desk.shared("tasks") if scope == "mine" else _of_the_office(desk))
    away = [service for service, answer in zip(WORKING, answers, strict=True) if answer is None]
    rows = [
        {**task, "service": service}
        for service, answer in zip(WORKING, answers, strict=True)
        for task in (answer or {}).get("items", [])
    ]
    rows.sort(key=lambda row: (row["due_at"] is None, row["due_at"] or ""))
    return await desk.draw("home.html", rows=rows, scope=scope, away=away)


async def _of_the_office(desk: Desk) -> list[Facts | None]:
    return list(await asyncio.gather(*(_tasks(desk, service) for service in WORKING)))


async def _tasks(desk: Desk, service: str) -> Facts | None:
    try:
        return await desk.ask(service, "/v1/tasks", scope="office", limit=MOST_WORK)
    except Away:
        return None
