"""Lists of initiatives in Excel: sent, shown with every reading and doubt by its cell, corrected in place,
and written when what was shown is confirmed."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import RULEBOOK
from services.portal.opening import page
from services.portal.pages import clerk_kept
from services.portal.pages.clerk_kept import KeptList, kept_list, read_anew
from services.portal.pages.clerk_register import own_units
from services.portal.pages.passing import XLSX
from services.portal.pages.shared import Told, is_id
from services.portal.showing.languages import N_
from services.portal.showing.typed import line_of, text_of

_MOST_BYTES: Final = 5_000_000
_SHOWN: Final = 20
_PLACES: Final = 2_000
_AT_FIELD: Final = {"SeasonUnknown": "season_id", "SeasonClosed": "season_id", "Forbidden": "unit_id"}
"""Which field a refusal speaks of; of all others it is the file."""
VIEWS: Final = (
    ("asks", N_("To answer")),
    ("remarks", N_("Read in some way")),
    ("all", N_("All of the list")),
    ("left-out", N_("Left out")),
)


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/lists", show_send, send_list),
        page("/lists/{list_id:uuid}", show_list, send_answers),
        page("/lists/{list_id:uuid}/marked.xlsx", show_marked),
    ]


# Sending


async def show_send(desk: Desk) -> Response:
    """What a list is, and where it is sent."""
    return await _draw_send(desk, None, {})


async def _draw_send(desk: Desk, told: Told | None, typed: Mapping[str, str], status: int = 200) -> Response:
    units, seasons = await asyncio.gather(own_units(desk), desk.ask(RULEBOOK, "/v1/seasons"))
    now = desk.portal.clock.now().isoformat()
    ordered = sorted(seasons["items"], key=lambda one: not one["opens_at"] <= now <= one["closes_at"])
    return await desk.draw(
        "clerk/lists.html",
        status=status,
        told=told,
        typed=typed,
        units=[(one["id"], one["name"]) for one in units],
        seasons=[(one["id"], one["name"]) for one in ordered],
    )


async def send_list(desk: Desk) -> Response:
    """Read it, and keep it while it is looked through."""
    form = await desk.read_form()
    typed = {name: line_of(desk.sent_text(name)) for name in ("unit_id", "season_id")}
    given = form.get("file")
    fields = {name: desk.say(N_("Choose this first.")) for name, text in typed.items() if not is_id(text)}
    if not isinstance(given, UploadFile) or not given.filename:
        fields["file"] = desk.say(N_("Choose the file first."))
    if fields or not isinstance(given, UploadFile):
        return await _draw_send(desk, Told(desk.say(N_("The list was not read.")), fields), typed, 422)
    content = await given.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        said = desk.say(N_("The file is larger than 5 MB."))
        return await _draw_send(desk, Told(said, {"file": said}), typed, 422)
    kept = KeptList(
        person_id=str(desk.session.person_id),
        name=line_of(given.filename or "")[:200],
        file=b64encode(content).decode(),
        unit_id=typed["unit_id"],
        season_id=typed["season_id"],
    )
    try:
        await read_anew(desk, kept)
    except Refused as refusal:
        said = desk.why(refusal)
        told = Told(said, {_AT_FIELD.get(refusal.code, "file"): said})
        return await _draw_send(desk, told, typed, refusal.status)
    return desk.see(f"/lists/{await clerk_kept.keep(desk, kept)}", done="list-kept")


# Looking through


async def show_list(desk: Desk) -> Response:
    """How it is read, with what has to be answered first."""
    kept = await kept_list(desk)
    return await _draw(desk, kept, None)


def _has(line: Facts, view: str) -> bool:
    asking = [one for one in line["remarks"] if one["asks"] and line["standing"] == "ASKS"]
    told = [one for one in line["remarks"] if not one["asks"]]
    return {"asks": bool(asking), "remarks": bool(told)}.get(view, True)


def _from(desk: Desk) -> int:
    text = desk.query.get("from", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(_MOST_BYTES)) else 0


async def _draw(
    desk: Desk,
    kept: KeptList,
    told: Told | None,
    *,
    status: int = 200,
    typed: KeptList | None = None,
    other: Mapping[str, str] | None = None,
) -> Response:
    read = await read_anew(desk, kept)
    counts = {name: sum(_has(line, name) for line in read["dossiers"]) for name in ("asks", "remarks", "all")}
    counts["left-out"] = len(read["left_out"])
    usual = "asks" if counts["asks"] else "all"
    view = desk.query.get("show", usual) if desk.query.get("show") in counts else usual
    # By their place in the whole list, a field has the same name on every page of it.
    rows = [one for one in enumerate(read["dossiers"]) if view != "left-out" and _has(one[1], view)]
    begin = _from(desk)
    return await desk.draw(
        "clerk/list.html",
        status=status,
        kept=kept,
        read=read,
        told=told,
        other=other or {},
        view=view,
        tabs=[(name, desk.say(said), counts[name]) for name, said in VIEWS],
        rows=[_shown_line(line, typed or kept, kept, place) for place, line in rows[begin : begin + _SHOWN]],
        left_out=read["left_out"][begin : begin + _SHOWN] if view == "left-out" else [],
        begin=begin,
        following=begin + _SHOWN if counts[view] > begin + _SHOWN else None,
        answered=_given(kept, read),
        ready=read["counts"]["READY"],
        asking=read["counts"]["ASKS"],
    )


def _given(kept: KeptList, read: Facts) -> list[tuple[str, str, str]]:
    """What was answered so far: how it is taken back, the cell, and what it says now."""
    people = {one["cell"]: one for line in read["dossiers"] for one in line["authors"]}
    units = {line["unit_cell"]: line["unit_name"] for line in read["dossiers"]}
    named = {cell: people[cell] for cell in kept.people if cell in people}
    return [
        *((f"answers:{cell}", cell, text) for cell, text in kept.answers.items()),
        *((f"people:{cell}", cell, f"{one['full_name']}, {one['code']}") for cell, one in named.items()),
        *((f"units:{cell}", cell, units.get(cell, "")) for cell in kept.units),
    ]


def _shown_line(line: Facts, typed: KeptList, kept: KeptList, place: int) -> Facts:
    """With a name for each field, as cells have spaces and signs; and with what was answered before, so that
    what is left as it stood is no answer."""
    choices = [
        {
            "name": f"p{place}-{number}",
            "cell": one["cell"],
            "author": one,
            "chosen": typed.people.get(one["cell"], ""),
            "was": kept.people.get(one["cell"], "none"),
        }
        for number, one in enumerate(line["authors"])
        if one["candidates"]
    ]
    cells: dict[str, Any] = {}
    for remark in line["remarks"]:
        cells.setdefault(remark["cell"], []).append(remark)
    remarks = [
        {
            "name": f"a{place}-{number}",
            "cell": cell,
            "said": said,
            "asks": bool([one for one in said if one["asks"]]),
            "value": typed.answers.get(cell, said[0]["value"]),
            "was": kept.answers.get(cell, said[0]["value"]),
        }
        for number, (cell, said) in enumerate(cells.items())
    ]
    made = kept.made.get(line["cell"])
    return {
        **line,
        "place": place,
        "choices": choices,
        "checked": remarks,
        "unit_chosen": typed.units.get(line["unit_cell"], ""),
        "unit_was": kept.units.get(line["unit_cell"], "none"),
        "made": made,
        "standing": "MADE" if made else line["standing"],
    }


# Answering


def _answered(desk: Desk, kept: KeptList) -> KeptList:
    """The list with what the form says. What was left as it stood is no answer."""
    answered = replace(kept, answers=dict(kept.answers), people=dict(kept.people), units=dict(kept.units))
    for name in desk.sent_text("fields").split(" ")[:_PLACES]:
        _answer(desk, answered, name)
    if other := line_of(desk.sent_text("cell")):
        cell = _whole_cell(other, desk.sent_text("sheet"))
        answered.answers[cell] = text_of(desk.sent_text("value"))
    kind, _, cell = desk.sent_text("take_back").partition(":")
    for name, given in (
        ("answers", answered.answers),
        ("people", answered.people),
        ("units", answered.units),
    ):
        if name == kind:
            given.pop(cell, None)
    return answered


def _answer(desk: Desk, kept: KeptList, name: str) -> None:
    cell, text = desk.sent_text(f"{name}-cell"), text_of(desk.sent_text(name))
    chosen = kept.people if name.startswith("p") else kept.units
    if not cell or text == text_of(desk.sent_text(f"{name}-was")):
        return
    if name.startswith("a"):
        kept.answers[cell] = text
    elif is_id(text):
        chosen[cell] = text
    elif text == "none":
        chosen.pop(cell, None)


def _whole_cell(cell: str, sheet: str) -> str:
    """`C7` of the sheet that was shown, or a cell with its sheet."""
    return cell if "!" in cell or not sheet else f"{sheet}!{cell.upper()}"


async def send_answers(desk: Desk) -> Response:
    """Answer, confirm, or put the list away."""
    kept = await kept_list(desk)
    act = desk.sent_text("act")
    if act == "drop":
        await clerk_kept.drop(desk)
        return desk.see("/lists", done="list-dropped", sent=f"list-{desk.part('list_id')}")
    if act == "write":
        return await _write(desk, kept)
    answered = _answered(desk, kept)
    try:
        await read_anew(desk, answered)
    except Refused as refusal:
        said = desk.why(refusal)
        other = {name: desk.sent_text(name) for name in ("cell", "value")}
        told = Told(said, {"cell": said} if other["cell"] else {})
        return await _draw(desk, kept, told, status=refusal.status, typed=answered, other=other)
    await clerk_kept.change(desk, lambda now: _answered(desk, now))
    return desk.see(desk.here(), done="list-answered", sent=f"list-{desk.part('list_id')}")


async def _write(desk: Desk, kept: KeptList) -> Response:
    try:
        answer = await clerk_kept.write(
            desk, kept, desk.sent_text("digest"), leave_doubtful=desk.sent_text("leave_doubtful") == "true"
        )
    except Refused as refusal:
        told = Told(desk.why(refusal))
        return await _draw(desk, kept, told, status=refusal.status)
    made = {line["cell"]: line["dossier_id"] for line in answer.facts["dossiers"] if line["dossier_id"]}
    await clerk_kept.change(desk, lambda now: replace(now, made={**now.made, **made}))
    return desk.see(desk.path, show="all", done="list-made", sent=f"list-{desk.part('list_id')}")


async def show_marked(desk: Desk) -> Response:
    """The same workbook, with what is doubted marked in its cells."""
    read = await read_anew(desk, await kept_list(desk), marked=True)
    headers = {"Content-Disposition": 'attachment; filename="danh-sach-can-xem.xlsx"'}
    return Response(b64decode(read["marked"]), media_type=XLSX, headers=headers)
