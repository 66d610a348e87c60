"""One act done to many: tried first, with what the service says of each; then done to those that can be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from services.portal.asking.services import Call, Facts
from services.portal.desk import Desk
from services.portal.frame import INTAKE
from services.portal.pages.shared import sent_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """An act of many dossiers: the command, where the list is, and what its pages say."""

    command: str
    back: str
    title: str
    lead: str
    button: str
    done: str


async def tried(desk: Desk, bulk: Bulk, ids: Sequence[str]) -> Mapping[str, Facts | None]:
    """What would stand against it, by dossier; None where nothing does."""
    if not ids:
        return {}
    answer = await desk.command(_call(bulk, ids), dry_run=True)
    return {one["id"]: one["problem"] for one in answer.facts["items"]}


def _call(bulk: Bulk, ids: Sequence[str]) -> Call:
    items = [{"id": one} for one in ids]
    return Call("POST", INTAKE, f"/v1/batch/dossiers/{bulk.command}", body={"items": items})


async def send(desk: Desk, bulk: Bulk) -> Response:
    """Show what would be done, or do it."""
    form = await desk.read_form()
    ids = sent_ids(desk, form.getlist("dossier_id"))
    if not ids:
        return desk.see(bulk.back, done="none-chosen")
    titles = {one: desk.sent_text(f"title:{one}") for one in ids}
    if desk.sent_text("act") != "do":
        return await _draw(desk, bulk, titles, await tried(desk, bulk, ids), is_done=False)
    answer = await desk.command(_call(bulk, ids))
    if not answer.facts["refused"]:
        return desk.see(bulk.back, done=bulk.done)
    problems = {one["id"]: one["problem"] for one in answer.facts["items"]}
    return await _draw(desk, bulk, titles, problems, is_done=True)


async def _draw(
    desk: Desk,
    bulk: Bulk,
    titles: Mapping[str, str],
    problems: Mapping[str, Facts | None],
    *,
    is_done: bool,
) -> Response:
    return await desk.draw(
        "clerk/bulk.html",
        bulk=bulk,
        is_done=is_done,
        able=[(one, titles[one]) for one, problem in problems.items() if problem is None],
        barred=[(one, titles[one], problem) for one, problem in problems.items() if problem is not None],
    )
