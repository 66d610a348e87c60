"""Lists of units, people and posts in Excel: sent, shown with every reading, doubt and change by its cell,
corrected in place, and written exactly as it was shown."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from language.refusals import Refusal
from language.telling import Language
from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import ORGANISATION
from services.portal.opening import page
from services.portal.pages import steering_rows_kept as kept_rows
from services.portal.pages.administration_forms import why_not
from services.portal.pages.passing import XLSX
from services.portal.pages.shared import Told, names_of
from services.portal.pages.steering_rows_kept import KeptRows, Seen
from services.portal.showing.languages import N_
from services.portal.showing.typed import NotReadable, day_of, line_of, text_of
from sheets.office_rows import RowPart, empty_list

_BACK: Final = "/administration/rows"
_IMPORTS: Final = "/v1/imports"
_MOST_BYTES: Final = 5_000_000
_SHOWN: Final = 50
_PLACES: Final = 500
_DIGITS: Final = 6
KNOWN: Final = (
    ("REFUSE", N_("stop the list: each difference has to be answered")),
    ("KEEP", N_("keep what is known")),
    ("CHANGE", N_("correct people by the list")),
)
_PARTS: Final[Mapping[str, str]] = {
    RowPart.UNITS: N_("Units"),
    RowPart.PEOPLE: N_("People"),
    RowPart.POSTS: N_("Posts"),
}
_FIELDS: Final[Mapping[str, str]] = {
    "name": N_("Name of the unit"),
    "level": N_("Level"),
    "parent_code": N_("The unit above"),
    "full_name": N_("Full name"),
    "date_of_birth": N_("Date of birth"),
    "mail_address": N_("Mail address"),
    "person_code": N_("Who holds it"),
}
_VIEWS: Final = (
    ("asks", N_("To answer")),
    ("changes", N_("Changes")),
    ("new", N_("New")),
    ("remarks", N_("Read in some way")),
    ("left-out", N_("Left out")),
)


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page(_BACK, show_send, send_list),
        page(f"{_BACK}/empty.xlsx", show_empty),
        page(f"{_BACK}/{{list_id:uuid}}", show_list, send_answers),
        page(f"{_BACK}/{{list_id:uuid}}/marked.xlsx", show_marked),
    ]


# Sending


async def show_send(desk: Desk) -> Response:
    """What a list is, and where it is sent."""
    return await _draw_send(desk, {}, None)


async def _draw_send(desk: Desk, typed: Mapping[str, str], told: Told | None, status: int = 200) -> Response:
    nothing = Call("POST", ORGANISATION, _IMPORTS, body={"valid_from": "2026-01-01"})
    return await desk.draw(
        "steering/rows.html",
        status=status,
        typed=typed,
        told=told,
        barred=await why_not(desk, nothing),
        known=[(name, desk.say(said)) for name, said in KNOWN],
    )


async def show_empty(desk: Desk) -> Response:
    """A list to be filled in."""
    headers = {"Content-Disposition": 'attachment; filename="danh-sach-don-vi-nguoi-vi-tri.xlsx"'}
    return Response(empty_list(), media_type=XLSX, headers=headers)


async def send_list(desk: Desk) -> Response:
    """Read it, and keep it while it is looked through."""
    form = await desk.read_form()
    typed = {name: desk.sent_text(name) for name in ("valid_from", "known")}
    given, fields = form.get("file"), dict[str, str]()
    day = None
    try:
        day = day_of(typed["valid_from"])
    except NotReadable:
        fields["valid_from"] = desk.say(N_("This is no day. Write it like 05/09/2025."))
    if day is None and not fields:
        fields["valid_from"] = desk.say(N_("This is still missing."))
    if not isinstance(given, UploadFile) or not given.filename:
        fields["file"] = desk.say(N_("Choose the file first."))
    if fields or day is None or not isinstance(given, UploadFile):
        return await _draw_send(desk, typed, Told(desk.say(N_("The list was not read.")), fields), 422)
    content = await given.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        said = desk.say(N_("The file is larger than 5 MB."))
        return await _draw_send(desk, typed, Told(said, {"file": said}), 422)
    kept = KeptRows(
        person_id=str(desk.session.person_id),
        name=line_of(given.filename or "")[:200],
        file=b64encode(content).decode(),
        valid_from=day.isoformat(),
        known=typed["known"] if typed["known"] in dict(KNOWN) else "REFUSE",
    )
    try:
        await kept_rows.look(desk, kept)
    except Refusal as refusal:
        told = _told(desk, refusal)
        return await _draw_send(desk, typed, replace(told, fields={"file": told.said}), refusal.status)
    except Refused as refused:
        return await _draw_send(desk, typed, Told(refused.said(desk.language.value)), refused.status)
    return desk.see(f"{_BACK}/{await kept_rows.keep(desk, kept)}", done="rows-kept")


def _told(desk: Desk, refusal: Refusal) -> Told:
    return Told(refusal.detail_vi if desk.language is Language.VI else refusal.detail_en)


# Looking through


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A cell, or a row, of which something is said. `asked` cells can be corrected here."""

    cell: str
    value: str
    said: tuple[str, ...]
    asks: bool = False
    name: str = ""


def _views(desk: Desk, seen: Seen) -> dict[str, list[Any]]:
    language = desk.language.value
    cells: dict[str, list[Any]] = {}
    for remark in seen.read.remarks:
        cells.setdefault(remark.cell, []).append(remark.doubt)
    asks, remarks = list[_Line](), list[_Line]()
    for cell, doubts in cells.items():
        said = tuple(getattr(doubt, language) for doubt in doubts)
        is_asked = any(doubt.asks for doubt in doubts)
        line = _Line(cell=cell, value=seen.value(cell), said=said, asks=is_asked)
        (asks if is_asked else remarks).append(line)
    faults: dict[str, list[str]] = {}
    for cell, fault in seen.faults:
        text = fault.said(language)
        faults.setdefault(cell, []).append(text[:1].upper() + text[1:])
    asks += [
        _Line(cell=cell, value=seen.value(cell), said=tuple(said), asks=True) for cell, said in faults.items()
    ]
    # By its cell, a field has the same name whatever else is asked.
    named = [replace(line, name=f"a{sha256(line.cell.encode()).hexdigest()[:12]}") for line in asks]
    changes = [row for row in seen.verdicts if row["verdict"] == "CHANGED"]
    new = [
        {**one, "said": " · ".join(filter(None, map(seen.value, one["cells"])))}
        for one in seen.verdicts
        if one["verdict"] == "NEW"
    ]
    return {
        "asks": named,
        "changes": changes,
        "new": new,
        "remarks": remarks,
        "left-out": seen.read.left_out,
    }


def _from(desk: Desk) -> int:
    text = desk.query.get("from", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0


async def show_list(desk: Desk) -> Response:
    """How it is read, and what it would make."""
    return await _draw(desk, await kept_rows.find(desk), None)


async def _draw(desk: Desk, kept: KeptRows, told: Told | None, status: int = 200) -> Response:
    if kept.made is not None:
        return await desk.draw("steering/rows_made.html", kept=kept, made=kept.made, parts=_PARTS)
    try:
        seen = await kept_rows.look(desk, kept)
    except Refusal as refusal:
        return await desk.draw("steering/rows_unread.html", kept=kept, told=_told(desk, refusal))
    views = _views(desk, seen)
    usual = next((name for name, _ in _VIEWS if views[name]), "new")
    view = desk.query.get("show", usual) if desk.query.get("show") in views else usual
    begin = _from(desk)
    acts = seen.questioned.get("acts", [])
    return await desk.draw(
        "steering/rows_list.html",
        status=status,
        kept=kept,
        told=told or (Told(seen.refused.said(desk.language.value)) if seen.refused else None),
        view=view,
        tabs=[(name, desk.say(said), len(views[name])) for name, said in _VIEWS],
        rows=views[view][begin : begin + _SHOWN],
        begin=begin,
        following=begin + _SHOWN if len(views[view]) > begin + _SHOWN else None,
        counts=seen.counts,
        parts=_PARTS,
        fields=_FIELDS,
        known=[(name, desk.say(said)) for name, said in KNOWN],
        digest=seen.digest,
        is_ready=seen.is_ready,
        asking=len(views["asks"]),
        questioned=seen.questioned,
        names=await names_of(desk, (one["person_id"] for one in acts)),
    )


# Answering


async def send_answers(desk: Desk) -> Response:
    """Correct cells, choose what becomes of what is known, write it, or put it away."""
    kept = await kept_rows.find(desk)
    act = desk.sent_text("act")
    if act == "drop":
        await kept_rows.drop(desk)
        return desk.see(_BACK, done="list-dropped", sent=desk.path)
    if kept.made is not None:
        raise HTTPException(404)
    if act == "write":
        return await _write(desk, kept)
    answered = _answered(desk, kept)
    try:
        await kept_rows.look(desk, answered)
    except Refusal as refusal:
        return await _draw(desk, kept, _told(desk, refusal), refusal.status)
    await kept_rows.change(desk, lambda now: _answered(desk, now))
    return desk.see(desk.here(), done="list-answered", sent=desk.path)


def _answered(desk: Desk, kept: KeptRows) -> KeptRows:
    answers = dict(kept.answers)
    for name in desk.sent_text("fields").split(" ")[:_PLACES]:
        cell, text = desk.sent_text(f"{name}-cell"), text_of(desk.sent_text(name))
        if cell and text != text_of(desk.sent_text(f"{name}-was")):
            answers[cell] = text
    if other := line_of(desk.sent_text("cell")):
        sheet = desk.sent_text("sheet")
        answers[other if "!" in other else f"{sheet}!{other.upper()}"] = text_of(desk.sent_text("value"))
    answers.pop(desk.sent_text("take_back"), None)
    chosen = desk.sent_text("known")
    return replace(kept, answers=answers, known=chosen if chosen in dict(KNOWN) else kept.known)


async def _write(desk: Desk, kept: KeptRows) -> Response:
    seen = await kept_rows.look(desk, kept)
    if seen.digest != desk.sent_text("digest") or not seen.is_ready:
        said = N_("Something is different from what you were shown: look through it again, then confirm.")
        return await _draw(desk, kept, Told(desk.say(said)), 409)
    try:
        answer = await desk.command(Call("POST", ORGANISATION, _IMPORTS, body=seen.body))
    except Refused as refused:
        return await _draw(desk, kept, Told(refused.said(desk.language.value)), refused.status)
    made: Facts = {name: answer.facts[name] for name in ("created", "questioned")}
    changed = answer.facts["preview"]["counts"]
    made["changed"] = {part: of["CHANGED"] for part, of in changed.items()} if kept.known == "CHANGE" else {}
    await kept_rows.change(desk, lambda now: replace(now, made=made, file="", answers={}))
    return desk.see(desk.path, done="rows-written")


async def show_marked(desk: Desk) -> Response:
    """The same workbook, with what is doubted and at fault marked in its cells."""
    kept = await kept_rows.find(desk)
    if kept.made is not None:
        raise HTTPException(404)
    content = await kept_rows.marked(desk, kept)
    headers = {"Content-Disposition": 'attachment; filename="danh-sach-can-xem.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)
