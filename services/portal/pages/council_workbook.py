"""Many sheets as one workbook: out, filled in without the line, and back with a dry run that shows every
change before anything is saved."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from language.refusals import Refusal
from language.telling import Language
from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import REVIEW
from services.portal.opening import page
from services.portal.pages.council_shared import XLSX, Told, is_id, told_of
from services.portal.showing.languages import N_
from services.portal.showing.values import Values
from sheets.marks import (
    REMARK,
    SCORE,
    VOTE,
    WHOLE,
    FieldMerged,
    MarkFault,
    MarkLine,
    MarkSheet,
    MarksRead,
    MergedAs,
    merge,
    read_marks,
    write_marks,
)

_MOST_BYTES: Final = 8 * 1024 * 1024
_MOST_SHEETS: Final = 200
_INCOMPLETE: Final = frozenset({"SheetIncomplete", "RemarkRequired", "RemarkRequiredForMark"})
"""Refusals of handing in that leave a draft which can be saved."""
_FAULTS: Final[Mapping[MarkFault, str]] = {
    MarkFault.NO_NUMBER: N_("This is no number. What is stored stays."),
    MarkFault.NO_VOTE: N_("Write one of the three words of the heading. What is stored stays."),
    MarkFault.FORMULA: N_("This formula gives no value. What is stored stays."),
    MarkFault.NOT_YOURS: N_("No sheet of this code was in the workbook. The row is left out."),
    MarkFault.TWICE: N_("This code stands in two rows. The second is left out."),
}


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/marking/workbook", show_workbook, send_workbook),
        page("/marking/workbook/file", send_file),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A sheet in the report: what changes, and what the service says of that in a dry run."""

    sheet: Facts
    changes: Sequence[tuple[str, FieldMerged]]
    item: dict[str, Any]
    problem: str | None
    note: str | None

    @property
    def does_something(self) -> bool:
        """It is handed in, or something in it is taken from the workbook, or asked."""
        return self.item["submit"] or any(one.merged is not MergedAs.KEPT for _, one in self.changes)


async def show_workbook(desk: Desk) -> Response:
    """Where the workbook is had and sent."""
    owed = (await desk.ask(REVIEW, "/v1/score-sheets", limit=_MOST_SHEETS))["items"]
    return await desk.draw("council/workbook.html", owed=owed, told=None)


async def send_file(desk: Desk) -> Response:
    """The workbook of all sheets that are owed."""
    owed = (await desk.ask(REVIEW, "/v1/score-sheets", limit=_MOST_SHEETS))["items"]
    content = await asyncio.to_thread(write_marks, [_sheet(row) for row in owed])
    headers = {"Content-Disposition": 'attachment; filename="phieu-cham.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)


def _sheet(own: Facts) -> MarkSheet:
    fields = {
        **{f"{SCORE}{name}": str(mark) for name, mark in own["scores"].items()},
        VOTE: own["vote"] or "",
        WHOLE: own["remark"] or "",
        **{f"{REMARK}{name}": said for name, said in own["remarks"].items()},
    }
    lines = [
        MarkLine(id=line["id"], title=line["title_vi"], most=Decimal(line["max_score"]))
        for line in own["lines"]
    ]
    return MarkSheet(
        id=own["id"],
        code=own["dossier_code"],
        title=own["title"] or "",
        author=own["first_author"] or "",
        due=Values(Language.VI).day(own["due_at"]),
        level=own["level"],
        lines=lines,
        fields={name: _normal(name, text) for name, text in fields.items()},
    )


def _normal(name: str, text: str) -> str:
    if not name.startswith(SCORE) or not text:
        return text
    number = Decimal(text)
    return f"{number.to_integral_value() if number == number.to_integral_value() else number.normalize():f}"


async def send_workbook(desk: Desk) -> Response:
    """Read a workbook and report, or save what was reported."""
    form = await desk.read_form()
    if desk.sent_text("act") == "do":
        return await _save(desk)
    submit, given = desk.sent_text("submit") == "true", form.get("workbook")
    owed = (await desk.ask(REVIEW, "/v1/score-sheets", limit=_MOST_SHEETS))["items"]
    if not isinstance(given, UploadFile) or not given.filename:
        return await _not_read(desk, owed, desk.say(N_("Choose the workbook that you filled in.")))
    content = await given.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        return await _not_read(desk, owed, desk.say(N_("The file is larger than 8 MB.")))
    try:
        read = await asyncio.to_thread(read_marks, content)
    except Refusal as refusal:
        said = refusal.detail_vi if desk.language.value == "vi" else refusal.detail_en
        return await _not_read(desk, owed, said)
    return await _report(desk, owed, read, submit=submit)


async def _not_read(desk: Desk, owed: Sequence[Facts], said: str) -> Response:
    told = Told(said, {"workbook": said})
    return await desk.draw("council/workbook.html", status=422, owed=owed, told=told)


async def _report(desk: Desk, owed: Sequence[Facts], read: MarksRead, *, submit: bool) -> Response:
    """Every change by field, and what a dry run says of each sheet."""
    by_id = {row["id"]: row for row in owed}
    rows, gone = [], []
    for one in read.rows:
        if one.id not in by_id:
            gone.append(one.code)
            continue
        facts = by_id[one.id]
        changes = merge(one, _sheet(facts))
        if submit or any(change.merged is not MergedAs.KEPT for change in changes):
            item = _item(facts, [one for one in changes if one.merged is MergedAs.TAKEN], submit=submit)
            named = [(_title(desk, facts, change.name), change) for change in changes]
            rows.append(_Row(sheet=facts, changes=named, item=item, problem=None, note=None))
    tried = [row for row in await _tried(desk, rows) if row.does_something]
    faults = [(one, desk.say(_FAULTS[one.fault])) for one in read.faults]
    plan = json.dumps([row.item for row in tried if not row.problem])
    return await desk.draw(
        "council/workbook_report.html", rows=tried, faults=faults, gone=gone, plan=plan, submit=submit
    )


def _item(facts: Facts, changes: Sequence[FieldMerged], *, submit: bool) -> dict[str, Any]:
    """The whole sheet as it is to be, at the version that was read."""
    fields = {**_sheet(facts).fields, **{change.name: change.given for change in changes}}
    return {
        "id": facts["id"],
        "version": facts["version"],
        "scores": {
            name.removeprefix(SCORE): text for name, text in fields.items() if name.startswith(SCORE) and text
        },
        "vote": fields.get(VOTE) or None,
        "remark": fields.get(WHOLE) or None,
        "remarks": {
            name.removeprefix(REMARK): text
            for name, text in fields.items()
            if name.startswith(REMARK) and text
        },
        "submit": submit,
    }


def _title(desk: Desk, facts: Facts, name: str) -> str:
    if name == VOTE:
        return desk.say(N_("Vote"))
    if name == WHOLE:
        return desk.say(N_("Remark on the whole"))
    key = "title_vi" if desk.language.value == "vi" else "title_en"
    criterion = name.removeprefix(SCORE).removeprefix(REMARK)
    title = next(str(line[key]) for line in facts["lines"] if line["id"] == criterion)
    return title if name.startswith(SCORE) else f"{desk.say(N_('Remark'))}: {title}"


async def _tried(desk: Desk, rows: Sequence[_Row]) -> list[_Row]:
    """What the service says. A sheet that cannot be handed in yet is saved as a draft."""
    if not rows:
        return []
    first = await _ask(desk, [row.item for row in rows])
    lacking = {
        one["id"]: one["problem"] for one in first if one["problem"] and one["problem"]["code"] in _INCOMPLETE
    }
    drafts = [{**row.item, "submit": False} for row in rows if row.item["id"] in lacking]
    again = {one["id"]: one for one in (await _ask(desk, drafts) if drafts else [])}
    said = "detail" if desk.language.value == "vi" else "detail_en"
    found = []
    for row, one in zip(rows, first, strict=True):
        result = again.get(row.item["id"], one)
        problem = result["problem"][said] if result["problem"] else None
        note = lacking[row.item["id"]][said] if row.item["id"] in lacking and not problem else None
        item = {**row.item, "submit": row.item["submit"] and row.item["id"] not in lacking}
        found.append(_Row(sheet=row.sheet, changes=row.changes, item=item, problem=problem, note=note))
    return found


async def _ask(desk: Desk, items: Sequence[dict[str, Any]]) -> Sequence[Facts]:
    call = Call("POST", REVIEW, "/v1/batch/score-sheets", body={"items": items})
    found: Sequence[Facts] = (await desk.command(call, dry_run=True)).facts["items"]
    return found


async def _save(desk: Desk) -> Response:
    """What was reported, with what was chosen where both had changed a field."""
    items = _planned(desk)
    if not items:
        return desk.see("/marking/workbook")
    call = Call("POST", REVIEW, "/v1/batch/score-sheets", body={"items": items})
    try:
        answer = await desk.command(call)
    except Refused as refusal:
        owed = (await desk.ask(REVIEW, "/v1/score-sheets", limit=_MOST_SHEETS))["items"]
        told = told_of(desk, refusal, {"items": "workbook"})
        return await desk.draw("council/workbook.html", status=422, owed=owed, told=told)
    if not answer.facts["refused"]:
        return desk.see("/marking", done="sheets-read")
    codes = {one["id"]: one.get("code", "") for one in _plan(desk)}
    problems = [(codes.get(one["id"], ""), one["problem"]) for one in answer.facts["items"] if one["problem"]]
    return await desk.draw(
        "council/workbook_done.html", status=409, done=answer.facts["done"], problems=problems
    )


def _plan(desk: Desk) -> list[dict[str, Any]]:
    """What the report had planned: it comes back from the browser, so it is looked at."""
    try:
        read = json.loads(desk.sent_text("plan"))
    except ValueError:
        return []
    rows = read if isinstance(read, list) else []
    return [one for one in rows[:_MOST_SHEETS] if isinstance(one, dict) and is_id(str(one.get("id")))]


def _planned(desk: Desk) -> list[dict[str, Any]]:
    items = []
    for one in _plan(desk):
        item = dict(one)
        for name in ("scores", "remarks"):
            item[name] = dict(item[name]) if isinstance(item.get(name), dict) else {}
        for field in (*(f"{SCORE}{name}" for name in _ids(desk, one["id"])), VOTE, WHOLE):
            _choose(desk, item, field)
        for name in _ids(desk, one["id"]):
            _choose(desk, item, f"{REMARK}{name}")
        items.append(item)
    return items


def _ids(desk: Desk, sheet_id: str) -> list[str]:
    """The criteria of which something was asked."""
    return [one for one in desk.sent_text(f"criteria:{sheet_id}").split(" ") if one]


def _choose(desk: Desk, item: dict[str, Any], field: str) -> None:
    """Where both had changed the field and the workbook's was chosen, it is that."""
    if desk.sent_text(f"take:{item['id']}:{field}") != "given":
        return
    given = desk.sent_text(f"given:{item['id']}:{field}").replace("\r\n", "\n") or None
    if field in {VOTE, WHOLE}:
        item[field] = given
        return
    prefix, kind = (SCORE, "scores") if field.startswith(SCORE) else (REMARK, "remarks")
    name = field.removeprefix(prefix)
    if given is None:
        item[kind].pop(name, None)
    else:
        item[kind][name] = given
