"""Many decisions at once: those that wait for their reader, a dry run, then those that the rules take."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import Desk, texts_of
from services.portal.frame import REVIEW
from services.portal.opening import page
from services.portal.pages.council_verdict import VERDICT_FIELDS, lacking, verdict_body
from services.portal.pages.shared import (
    MOST,
    Told,
    asked,
    every_row,
    listed_or_told,
    now_of,
    sent_ids,
    told_of,
)
from services.portal.showing.languages import N_


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/stages/deciding", show_deciding, send_deciding)]


async def _read(desk: Desk) -> dict[str, Any]:
    """The stages whose decision is the reader's; `ready` are those of which the task is open."""
    wanted = {"state": "OPEN", "actor_id": str(desk.session.person_id), "sort": "due", **asked(desk, "level")}
    found, tasks = await asyncio.gather(
        listed_or_told(desk, REVIEW, "/v1/stages", wanted, limit=MOST),
        every_row(desk, REVIEW, "/v1/tasks", kind="DECIDE"),
    )
    listed, refused = found
    ready = {row["about_id"] for row in tasks}
    by_id = {row["id"]: row for row in listed["items"]}
    return {"listed": listed, "refused": refused, "ready": ready, "rows_by_id": by_id, "now": now_of(desk)}


async def show_deciding(desk: Desk) -> Response:
    """What waits for a decision."""
    return await _draw(desk, {}, [], None)


async def _draw(
    desk: Desk,
    typed: Mapping[str, str],
    chosen: Sequence[str],
    told: Told | None,
    *,
    report: Facts | None = None,
    status: int = 200,
) -> Response:
    found = await _read(desk)
    return await desk.draw(
        "council/deciding.html",
        status=status,
        typed=typed,
        chosen=frozenset(chosen),
        told=told,
        report=report,
        results={one["id"]: one for one in report["items"]} if report else {},
        **found,
    )


async def send_deciding(desk: Desk) -> Response:
    """Try them, or decide those that were tried and taken."""
    form = await desk.read_form()
    typed, chosen = texts_of(form), sent_ids(desk, form.getlist("stage_id"))
    missing = lacking(desk, typed)
    if not chosen:
        missing = {"chosen": desk.say(N_("Tick the dossiers that are decided.")), **missing}
    if missing:
        said = desk.say(N_("Something is not filled in correctly."))
        return await _draw(desk, typed, chosen, Told(said, missing), status=422)
    items = [{"id": one, **verdict_body(typed)} for one in chosen[:MOST]]
    is_trial = typed.get("act") != "do"
    call = Call("POST", REVIEW, "/v1/batch/stages/decision", body={"items": items})
    try:
        answer = await desk.command(call, dry_run=is_trial)
    except Refused as refusal:
        told = told_of(desk, refusal, {**VERDICT_FIELDS, "items": "verdict"})
        return await _draw(desk, typed, chosen, told, status=refusal.status)
    return await _draw(desk, typed, chosen, None, report=answer.facts)
