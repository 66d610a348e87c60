"""Acts about units: a sheet old → new is read, what it would make of every unit, post and open case is shown,
exactly that is proposed, and another administrator approves it."""

import asyncio
import json
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from language.refusals import Refusal
from language.telling import Language
from language.units.succession import Fate, ThingKind
from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import ORGANISATION
from services.portal.opening import page
from services.portal.pages.administration_forms import Act, act_page, barred_by, offered
from services.portal.pages.passing import XLSX
from services.portal.pages.shared import (
    Told,
    as_table,
    asked,
    is_id,
    listed_or_told,
    names_of,
    sent_ids,
    wants_table,
)
from services.portal.pages.steering_transitions import units_named
from services.portal.showing.languages import N_
from services.portal.showing.typed import NotReadable, day_of, line_of
from services.portal.signed_in.kept import kept_as
from sheets.succession import empty_steps, known_units, read_steps, steps_of

_PATH: Final = "/v1/successions"
_BACK: Final = "/administration/successions"
_STEPS: Final = "steps"
_LASTS: Final = timedelta(hours=24)
_MOST_BYTES: Final = 2_000_000
_SHOWN: Final = 100
_STEPS_SHOWN: Final = 60


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page(_BACK, show_acts),
        page(f"{_BACK}/new", show_send, send_sheet),
        page(f"{_BACK}/empty.xlsx", show_empty),
        page(f"{_BACK}/sheets/{{sheet_id:uuid}}", show_sheet, send_answers),
        page(f"{_BACK}/{{succession_id:uuid}}", show_one),
        act_page(f"{_BACK}/{{succession_id:uuid}}/{{act}}", _act),
    ]


async def show_acts(desk: Desk) -> Response:
    """All, the one drafted last first."""
    wanted = asked(desk, "sort")
    if wants_table(desk):
        return await as_table(desk, ORGANISATION, _PATH, wanted)
    listed, told = await listed_or_told(desk, ORGANISATION, _PATH, wanted)
    people = [one[end] for one in listed["items"] for end in ("drafted_by", "approved_by")]
    names = await names_of(desk, people)
    return await desk.draw("steering/successions.html", listed=listed, told=told, names=names)


async def show_empty(desk: Desk) -> Response:
    """A sheet to be filled in."""
    headers = {"Content-Disposition": 'attachment; filename="sap-xep-don-vi.xlsx"'}
    return Response(empty_steps(), media_type=XLSX, headers=headers)


# Sending a sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What was sent, and which posts shall end, while it is looked through."""

    person_id: str
    name: str
    file: str
    document: str
    from_day: str
    ends: list[str] = field(default_factory=list)


async def show_send(desk: Desk) -> Response:
    """What a sheet is, and where it is sent."""
    return await _draw_send(desk, {}, None)


async def _draw_send(desk: Desk, typed: Mapping[str, str], told: Told | None, status: int = 200) -> Response:
    seen = await desk.ask_or({"items": None}, ORGANISATION, _PATH, limit=1)
    return await desk.draw(
        "steering/succession_send.html",
        status=status,
        typed=typed,
        told=told,
        barred=seen["items"] is None,
    )


async def send_sheet(desk: Desk) -> Response:
    """Read it, and keep it while it is looked through."""
    form = await desk.read_form()
    typed = {name: line_of(desk.sent_text(name)) for name in ("document", "from_day")}
    given, fields, day = form.get("file"), dict[str, str](), None
    try:
        day = day_of(typed["from_day"])
    except NotReadable:
        fields["from_day"] = desk.say(N_("This is no day. Write it like 05/09/2025."))
    for name, text in typed.items():
        if not text:
            fields[name] = desk.say(N_("This is still missing."))
    if not isinstance(given, UploadFile) or not given.filename:
        fields["file"] = desk.say(N_("Choose the file first."))
    if fields or day is None or not isinstance(given, UploadFile):
        return await _draw_send(desk, typed, Told(desk.say(N_("The sheet was not read.")), fields), 422)
    kept = _Kept(
        person_id=str(desk.session.person_id),
        name=line_of(given.filename or "")[:200],
        file=b64encode(await given.read(_MOST_BYTES)).decode(),
        document=typed["document"],
        from_day=day.isoformat(),
    )
    try:
        await _tried(desk, await _body(desk, kept))
    except Refusal as refusal:
        said = _said(desk, refusal)
        return await _draw_send(desk, typed, Told(said, {"file": said}), refusal.status)
    except Refused as refused:
        said = refused.said(desk.language.value)
        at = {"SuccessionDayOver": "from_day", "SuccessionFaulty": "file"}.get(refused.code)
        return await _draw_send(desk, typed, Told(said, {at: said} if at else {}), refused.status)
    kept_id = await desk.portal.sessions.keep_form(json.dumps({_STEPS: asdict(kept)}), _LASTS)
    return desk.see(f"{_BACK}/sheets/{kept_id}", done="succession-kept")


def _said(desk: Desk, refusal: Refusal) -> str:
    return refusal.detail_vi if desk.language is Language.VI else refusal.detail_en


async def _body(desk: Desk, kept: _Kept) -> Facts:
    """The act as the service takes it. A post that shall end goes with the step of its unit."""
    rows = await asyncio.to_thread(read_steps, b64decode(kept.file))
    steps = steps_of(rows, known_units(await _all_units(desk)))
    ends: dict[str, list[str]] = {}
    for one in kept.ends:
        post, _, unit = one.partition("@")
        ends.setdefault(unit, []).append(post)
    for step in steps:
        step["kind"] = str(step["kind"])
        step["ends"] = ends.get(step["unit_id"], []) if step["into_id"] else []
    return {"document": kept.document, "from_day": kept.from_day, "steps": steps}


async def _all_units(desk: Desk) -> list[Facts]:
    found: list[Facts] = []
    after = None
    while True:
        listed = await desk.ask(ORGANISATION, "/v1/units", limit=200, after=after)
        found += listed["items"]
        after = listed["next"]
        if after is None:
            return found


async def _tried(desk: Desk, body: Facts) -> Facts:
    """What it would make of everything; nothing is written."""
    return (await desk.command(Call("POST", ORGANISATION, _PATH, body=body), dry_run=True)).facts


def _digest(body: Facts, tried: Facts) -> str:
    return sha256(json.dumps([body, tried["verdicts"]], sort_keys=True).encode()).hexdigest()


async def _find(desk: Desk) -> _Kept:
    """The sheet of this address; to others it is not there."""
    said = await desk.portal.sessions.kept_form(UUID(desk.part("sheet_id")))
    found = kept_as(_Kept, said, _STEPS)
    if found is None or found.person_id != str(desk.session.person_id):
        raise HTTPException(404)
    return found


async def show_sheet(desk: Desk) -> Response:
    """What it would make of everything."""
    return await _draw_sheet(desk, await _find(desk), None)


async def _draw_sheet(desk: Desk, kept: _Kept, told: Told | None, status: int = 200) -> Response:
    facts: dict[str, Any] = {}
    try:
        body = await _body(desk, kept)
        tried = await _tried(desk, body)
    except (Refusal, Refused) as refusal:
        said = _said(desk, refusal) if isinstance(refusal, Refusal) else refusal.said(desk.language.value)
        return await desk.draw("steering/succession_sheet.html", kept=kept, told=Told(said), tried=None)
    facts |= await _shown(desk, tried)
    return await desk.draw(
        "steering/succession_sheet.html",
        status=status,
        kept=kept,
        told=told,
        tried=tried,
        digest=_digest(body, tried),
        **facts,
    )


async def _shown(desk: Desk, act: Facts) -> dict[str, Any]:
    """Steps and verdicts, as the pages show them."""
    units = {step[end] for step in act["steps"][:_STEPS_SHOWN] for end in ("unit_id", "into_id") if step[end]}
    counts = Counter((one["kind"], one["fate"]) for one in act["verdicts"])
    unsettled = [one for one in act["verdicts"] if not Fate(one["fate"]).is_settled]
    kind = desk.query.get("kind", "")
    listed = [one for one in act["verdicts"] if kind in ("", one["kind"])]
    return {
        "units": await units_named(desk, units),
        "steps": act["steps"][:_STEPS_SHOWN],
        "more_steps": max(0, len(act["steps"]) - _STEPS_SHOWN),
        "counts": sorted(counts.items()),
        "unsettled": unsettled[:_SHOWN],
        "unsettled_count": len(unsettled),
        "verdicts": listed[:_SHOWN],
        "verdict_count": len(listed),
        "kinds": [one.value for one in ThingKind],
        "kind": kind,
    }


async def send_answers(desk: Desk) -> Response:
    """Let posts end, propose what was shown, or put the sheet away."""
    kept = await _find(desk)
    form = await desk.read_form()
    sheet_id, act = UUID(desk.part("sheet_id")), desk.sent_text("act")
    if act == "drop":
        await desk.portal.sessions.drop_form(sheet_id)
        return desk.see(f"{_BACK}/new", done="list-dropped")
    if act == "propose":
        return await _propose(desk, kept)
    chosen = [str(one) for one in form.getlist("ends") if all(map(is_id, str(one).split("@")))]
    asked_of = sent_ids(desk, desk.sent_text("asked").split(" "))

    def written(said: str) -> str:
        now = kept_as(_Kept, said, _STEPS)
        if now is None:
            return said
        kept_on = [one for one in now.ends if one.partition("@")[0] not in asked_of]
        return json.dumps({_STEPS: asdict(replace(now, ends=[*kept_on, *chosen]))})

    await desk.portal.sessions.amend_form(sheet_id, written, _LASTS)
    return desk.see(desk.path, done="list-answered")


async def _propose(desk: Desk, kept: _Kept) -> Response:
    try:
        body = await _body(desk, kept)
        if _digest(body, await _tried(desk, body)) != desk.sent_text("digest"):
            said = N_("Something is different from what you were shown: look through it again, then confirm.")
            return await _draw_sheet(desk, kept, Told(desk.say(said)), 409)
        made = (await desk.command(Call("POST", ORGANISATION, _PATH, body=body))).facts
    except (Refusal, Refused) as refusal:
        said = _said(desk, refusal) if isinstance(refusal, Refusal) else refusal.said(desk.language.value)
        return await _draw_sheet(desk, kept, Told(said), refusal.status)
    await desk.portal.sessions.drop_form(UUID(desk.part("sheet_id")))
    return desk.see(f"{_BACK}/{made['id']}", done="succession-drafted")


# One act


async def _succession(desk: Desk) -> Facts:
    return await desk.ask(ORGANISATION, f"{_PATH}/{desk.part('succession_id')}", actions=True)


async def show_one(desk: Desk) -> Response:
    """What it says, what it would make of everything, and what may be done."""
    act = await _succession(desk)
    names, shown = await asyncio.gather(
        names_of(desk, (act["drafted_by"], act["approved_by"])), _shown(desk, act)
    )
    return await desk.draw("steering/succession.html", act=act, offers=offered(act), names=names, **shown)


_ACTS: Final = {
    "approve": (
        "approval",
        N_("Approve the act"),
        N_("As its day begins, units, posts and all that is open go where it says."),
        "succession-approved",
    ),
    "cancel": (
        "cancellation",
        N_("Take the act back"),
        N_("Everything stays where it is."),
        "succession-cancelled",
    ),
}


async def _act(desk: Desk) -> Act:
    wish = desk.part("act")
    if wish not in _ACTS:
        raise HTTPException(404)
    command, title, meaning, done = _ACTS[wish]
    found = await _succession(desk)
    call = Call("POST", ORGANISATION, f"{_PATH}/{found['id']}/{command}")
    return Act(
        title=title,
        meaning=meaning,
        subject=found["document"],
        done=done,
        call=lambda _: call,
        is_grave=True,
        barred=barred_by(desk, found, command),
        about=desk.say(N_("Acts about units")),
        back=f"{_BACK}/{found['id']}",
    )
