"""What councils examine: the list, and one stage with its council, marks, rules and what is coming; reminders
and the decision."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import Desk, allowed, texts_of
from services.portal.frame import REVIEW
from services.portal.opening import page
from services.portal.pages.council_verdict import (
    VERDICT_FIELDS,
    lacking,
    verdict_body,
    verdicts_tried,
)
from services.portal.pages.shared import (
    Told,
    as_table,
    asked,
    listed_or_told,
    names_of,
    now_of,
    seasons_of,
    sent_ids,
    told_of,
    wants_table,
)
from services.portal.showing.languages import N_

_FILTERS: Final = (
    "level",
    "state",
    "season_id",
    "unit_id",
    "overdue",
    "opened_from",
    "opened_until",
    "due_from",
    "due_until",
    "sort",
)
_ROW_OF_TASKS: Final = 200


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/stages", show_stages),
        page("/stages/forecast", show_forecast),
        page("/stages/{stage_id:uuid}", show_stage, send_stage),
    ]


async def show_stages(desk: Desk) -> Response:
    """Every stage that its reader may see, narrowed and in order."""
    wanted = asked(desk, *_FILTERS)
    if desk.query.get("mine") == "true":
        wanted["actor_id"] = str(desk.session.person_id)
    if wants_table(desk):
        return await as_table(desk, REVIEW, "/v1/stages", wanted)
    (listed, told), seasons = await asyncio.gather(
        listed_or_told(desk, REVIEW, "/v1/stages", wanted), seasons_of(desk)
    )
    return await desk.draw(
        "council/stages.html",
        listed=listed,
        told=told,
        seasons=seasons,
        is_filtered=bool(wanted.keys() - {"sort"}),
        now=now_of(desk),
    )


async def show_forecast(desk: Desk) -> Response:
    """Which rungs fire next, and what they would do as things stand."""
    days = desk.query.get("days", "14")
    wanted = {"days": days if days in {"7", "14", "30", "90"} else "14"}
    if wants_table(desk):
        return await as_table(desk, REVIEW, "/v1/forecast", wanted)
    listed, told = await listed_or_told(desk, REVIEW, "/v1/forecast", wanted)
    names = await names_of(desk, (one for row in listed["items"] for one in people_in(row["did"])))
    return await desk.draw(
        "council/forecast.html", listed=listed, told=told, names=names, days=wanted["days"]
    )


def people_in(did: Sequence[Facts]) -> list[str]:
    """Everybody that a rung would touch."""
    found: list[str] = []
    for part in did:
        for name, value in part.items():
            if name.endswith("_id") and value:
                found.append(value)
            elif name.endswith("_ids"):
                found += value
        found += [one[end] for one in part.get("replaced", []) for end in ("from_id", "to_id")]
        found += [one["person_id"] for one in part.get("silent", []) if "person_id" in one]
    return found


async def _read(desk: Desk) -> dict[str, Any]:
    """A stage with all that stands on its page."""
    stage_id = desk.part("stage_id")
    stage, acts, complaints, clock = await asyncio.gather(
        desk.ask(REVIEW, f"/v1/stages/{stage_id}", actions=True),
        desk.ask_or({"items": []}, REVIEW, f"/v1/stages/{stage_id}/acts"),
        desk.ask_or({"items": []}, REVIEW, f"/v1/stages/{stage_id}/complaints"),
        desk.ask_or({}, REVIEW, f"/v1/clocks/{stage_id}"),
    )
    people = [one["person_id"] for one in stage["council"]]
    people += [one["on_behalf_of"] for one in stage["council"]]
    people += [stage["decider_id"], stage["decider_on_behalf_of"]]
    people += [one["actor_id"] for one in acts["items"]]
    people += [one["complainant_id"] for one in complaints["items"]]
    is_open = stage["state"] == "OPEN"
    names, owed, tried = await asyncio.gather(
        names_of(desk, people),
        _owed(desk, stage) if is_open and stage["sheets_owed"] else _nothing(),
        verdicts_tried(desk, stage) if is_open and "decision" in allowed(stage) else _nothing(),
    )
    return {
        "stage": stage,
        "acts": acts["items"],
        "complaints": complaints["items"],
        "clock": clock,
        "names": names,
        "owed": {row["assignee_id"]: row for row in owed},
        "rungs": {rung["id"]: rung["at"] for rung in clock.get("rungs", [])},
        "tried": tried,
        "now": now_of(desk),
        "sheets": {one["person_id"]: one for one in stage["sheets"]},
    }


async def _nothing() -> list[Facts]:
    return []


async def _owed(desk: Desk, stage: Facts) -> list[Facts]:
    """Who has not marked, each with the task and whether its reader may remind of it: a dry run says so."""
    wanted = {"kind": "MARK", "code": stage["dossier_code"], "level": stage["level"]}
    listed = await desk.ask_or(
        {"items": []},
        REVIEW,
        "/v1/tasks",
        **wanted,
        scope="unit",
        unit_id=stage["unit_id"],
        limit=_ROW_OF_TASKS,
    )
    tasks = [task for task in listed["items"] if task["about_id"] == stage["id"]]
    if not tasks:
        return []
    items = [{"id": task["id"]} for task in tasks]
    call = Call("POST", REVIEW, "/v1/batch/tasks/reminder", body={"items": items})
    tried = (await desk.command(call, dry_run=True)).facts["items"]
    return [
        {**task, "may": not one["problem"], "problem": one["problem"]}
        for task, one in zip(tasks, tried, strict=True)
    ]


async def show_stage(desk: Desk) -> Response:
    """One stage."""
    return await _draw(desk, {}, None)


async def _draw(
    desk: Desk, typed: Mapping[str, str], told: Told | None, *, accepted: str | None = None, status: int = 200
) -> Response:
    found = await _read(desk)
    return await desk.draw(
        "council/stage.html", status=status, typed=typed, told=told, accepted=accepted, **found
    )


async def send_stage(desk: Desk) -> Response:
    """Remind who has not marked, or decide."""
    form = await desk.read_form()
    if desk.sent_text("act") == "remind":
        return await _remind(desk, sent_ids(desk, form.getlist("task_id")))
    return await _decide(desk, texts_of(form))


async def _remind(desk: Desk, tasks: Sequence[str]) -> Response:
    if not tasks:
        return desk.see(desk.path)
    body = {"items": [{"id": one} for one in tasks]}
    answer = await desk.command(Call("POST", REVIEW, "/v1/batch/tasks/reminder", body=body))
    problems = [one["problem"] for one in answer.facts["items"] if one["problem"]]
    if not problems:
        return desk.see(desk.path, done="council-reminded")
    key = "detail" if desk.language.value == "vi" else "detail_en"
    said = " ".join(dict.fromkeys(one[key] for one in problems))
    return await _draw(desk, {}, Told(said), status=409)


async def _decide(desk: Desk, typed: Mapping[str, str]) -> Response:
    """Try the verdict first, or make the decision."""
    if missing := lacking(desk, typed):
        return await _draw(
            desk, typed, Told(desk.say(N_("Something is not filled in correctly.")), missing), status=422
        )
    is_trial = typed.get("act") == "try"
    path = f"/v1/stages/{desk.part('stage_id')}/decision"
    call = Call("POST", REVIEW, path, body=verdict_body(typed))
    try:
        answer = await desk.command(call, dry_run=is_trial)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        return await _draw(desk, typed, told_of(desk, refusal, VERDICT_FIELDS), status=refusal.status)
    if is_trial:
        return await _draw(desk, typed, None, accepted=answer.facts["outcome"])
    return desk.see(f"/decisions/{desk.part('stage_id')}", done="decided", sent=desk.path)
