"""The desk of the formal check: what waits, what each request lacks, and many accepted at once."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Refused
from services.portal.desk import Desk
from services.portal.frame import INTAKE
from services.portal.opening import page
from services.portal.pages import clerk_bulk
from services.portal.pages.clerk_bulk import Bulk
from services.portal.pages.passing import TABLES, passed_on
from services.portal.showing.languages import N_
from services.portal.showing.typed import line_of

_SHOWN: Final = 25
_FILTERS: Final = ("q", "overdue", "sort")
ACCEPTING: Final = Bulk(
    command="acceptance",
    back="/checking",
    title=N_("Accept several requests"),
    lead=N_("The councils begin to examine those that are accepted."),
    button=N_("Accept these requests"),
    done="checked-many",
)


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/checking", show_desk),
        page("/checking/acceptance", show_back, accept_many),
        page("/checking/table.{kind}", show_table),
    ]


def _asked(desk: Desk) -> dict[str, Any]:
    query: dict[str, Any] = {name: line_of(desk.query.get(name, "")) for name in _FILTERS}
    scope = "office" if desk.query.get("scope") == "office" else "mine"
    return {**query, "scope": scope, "kind": "FORMAL_CHECK"}


async def show_desk(desk: Desk) -> Response:
    """What waits, the soonest due first, with what the service says against accepting each."""
    query, said, status = _asked(desk), None, 200
    listed: dict[str, Any] = {"items": [], "next": None, "count": 0, "more": False}
    try:
        listed = await desk.ask(INTAKE, "/v1/tasks", **query, limit=_SHOWN, after=desk.query.get("after"))
    except Refused as refusal:
        said, status = desk.why(refusal), refusal.status
    problems = await clerk_bulk.tried(desk, ACCEPTING, [row["subject_id"] for row in listed["items"]])
    return await desk.draw(
        "clerk/checking.html",
        status=status,
        listed=listed,
        told=said,
        query=query,
        problems=problems,
        able=[one for one, problem in problems.items() if problem is None],
        is_filtered=bool(query["q"] or query["overdue"]),
    )


async def show_back(desk: Desk) -> Response:
    """Nothing was chosen here: to the desk."""
    return desk.see(ACCEPTING.back)


async def accept_many(desk: Desk) -> Response:
    """Try it, or do it."""
    return await clerk_bulk.send(desk, ACCEPTING)


async def show_table(desk: Desk) -> Response:
    """The same list as a file."""
    accept = TABLES.get(desk.part("kind"), TABLES["csv"])
    return await passed_on(desk, INTAKE, "/v1/tasks", accept=accept, **_asked(desk))
