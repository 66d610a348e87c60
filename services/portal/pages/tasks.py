"""From a task on the first page to the page where it is done."""

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from services.portal.desk import Desk
from services.portal.frame import INTAKE, PAYOUT, WORKING
from services.portal.opening import page

DONE_AT: Final[Mapping[str, str]] = {
    "SUPPLEMENT": "/dossiers/{subject_id}/edit/idea",
    "FORMAL_CHECK": "/dossiers/{subject_id}",
    "MARK": "/marking/{about_id}",
    "DECIDE": "/stages/{about_id}",
    "VERIFY_AWARD": "/money/awards/{about_id}",
    "APPROVE_AWARD": "/money/awards/{about_id}",
    "MAKE_LIST": "/money/lists/new?unit_id={unit_id}",
    "SEND_LIST": "/money/lists/{about_id}",
    "CONFIRM_LIST": "/money/lists/{about_id}",
    "SETTLE_COMPLAINT": "/complaints/{about_id}",
}
"""Where each kind of task is done, with the names of a task's fields."""
OTHERWISE: Final = "/dossiers/{subject_id}"


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/tasks/{service}/{task_id:uuid}", go_on), page("/about/{subject_id:uuid}", show_subject)]


async def go_on(desk: Desk) -> Response:
    """The task's page; of what is over, the thing it was about."""
    service = desk.part("service")
    if service not in WORKING:
        raise HTTPException(404)
    task = await desk.ask(service, f"/v1/tasks/{desk.part('task_id')}")
    address = DONE_AT.get(task["kind"], OTHERWISE)
    return desk.see(address.format(**task))


async def show_subject(desk: Desk) -> Response:
    """What a notice is about, where the notice does not say which: a dossier, or a payment list."""
    subject = desk.part("subject_id")
    if await desk.ask_or({}, INTAKE, f"/v1/dossiers/{subject}"):
        return desk.see(f"/dossiers/{subject}")
    if await desk.ask_or({}, PAYOUT, f"/v1/payment-lists/{subject}"):
        return desk.see(f"/money/lists/{subject}")
    raise HTTPException(404)
