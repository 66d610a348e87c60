"""Many sheets as one workbook: out, filled in without the line, and back with a dry run that shows every
change before anything is saved."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from kit.ids import new_id
from language.refusals import Refusal
from language.telling import Language
from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import FORM_KEY, Desk
from services.portal.frame import REVIEW
from services.portal.opening import page
from services.portal.pages.passing import XLSX
from services.portal.pages.shared import MOST, Told, every_row, told_of
from services.portal.showing.languages import N_
from services.portal.showing.typed import id_of
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
    RowRead,
    merge,
    read_marks,
    write_marks,
)

_MOST_BYTES: Final = 8 * 1024 * 1024
_LASTS: Final = timedelta(hours=24)
_CELLS_SHOWN: Final = 5
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


class _Unfit(Exception):
    """Something in these sheets has not the form that the service takes."""

    def __init__(self, refusal: Refused, items: Sequence[dict[str, Any]]) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.items = items


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A sheet in the report: what changes, and what the service says of that in a dry run."""

    sheet: Facts
    read: RowRead
    changes: Sequence[tuple[str, FieldMerged]]
    item: dict[str, Any]
    problem: str | None
    note: str | None

    @property
    def does_something(self) -> bool:
        """It is handed in, or something in it is taken from the workbook, or asked."""
        return self.item["submit"] or any(one.merged is not MergedAs.KEPT for _, one in self.changes)


async def _owed(desk: Desk) -> list[Facts]:
    """Every sheet that the reader has to hand in."""
    return await every_row(desk, REVIEW, "/v1/score-sheets")


async def show_workbook(desk: Desk) -> Response:
    """Where the workbook is had and sent."""
    owed = await _owed(desk)
    return await desk.draw("council/workbook.html", owed=owed, told=None)


async def send_file(desk: Desk) -> Response:
    """The workbook of all sheets that are owed."""
    owed = await _owed(desk)
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
    owed = await _owed(desk)
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
            rows.append(_Row(sheet=facts, read=one, changes=named, item=item, problem=None, note=None))
    try:
        tried = [row for row in await _tried(desk, rows) if row.does_something]
    except _Unfit as unfit:
        return await _not_read(desk, owed, _at_cells(desk, unfit, rows))
    faults = [(one, desk.say(_FAULTS[one.fault])) for one in read.faults]
    plan = await _keep(desk, [row for row in tried if not row.problem])
    return await desk.draw(
        "council/workbook_report.html", rows=tried, faults=faults, gone=gone, plan=plan, submit=submit
    )


def _at_cells(desk: Desk, unfit: _Unfit, rows: Sequence[_Row]) -> str:
    """What cannot be taken, by the cells that it stands in."""
    read, said = {row.item["id"]: row.read for row in rows}, []
    for fault in unfit.refusal.faults:
        _, _, place = fault.path.partition("items.")
        number, _, name = place.partition(".")
        if number.isdecimal() and int(number) < len(unfit.items):
            kind, _, criterion = name.partition(".")
            field = {"scores": f"{SCORE}{criterion}", "remarks": f"{REMARK}{criterion}"}.get(kind)
            field = field or {"vote": VOTE, "remark": WHOLE}.get(kind, "")
            row = read[unfit.items[int(number)]["id"]]
            said.append(f"{row.cells.get(field, row.code)}: {fault.said(desk.language.value)}")
    return "; ".join(said[:_CELLS_SHOWN]) or unfit.refusal.said(desk.language.value)


async def _keep(desk: Desk, rows: Sequence[_Row]) -> UUID:
    """What is done when the report is confirmed, and what is asked in it: it stays here, for who sent it."""
    plan = {
        "person": str(desk.session.person_id),
        "workbook": [row.item for row in rows],
        "codes": {row.item["id"]: row.sheet["dossier_code"] for row in rows},
        "asked": {
            row.item["id"]: {one.name: one.given for _, one in row.changes if one.merged is MergedAs.CONFLICT}
            for row in rows
        },
    }
    return await desk.portal.sessions.keep_form(json.dumps(plan), _LASTS)


async def _kept(desk: Desk) -> Facts | None:
    """What was reported; None where it is kept no more, or was somebody else's."""
    plan_id = id_of(desk.sent_text("plan"))
    said = await desk.portal.sessions.kept_form(UUID(plan_id)) if plan_id else None
    plan: Facts | None = json.loads(said) if said else None
    return plan if plan and "workbook" in plan and plan["person"] == str(desk.session.person_id) else None


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
        found.append(
            _Row(sheet=row.sheet, read=row.read, changes=row.changes, item=item, problem=problem, note=note)
        )
    return found


async def _ask(desk: Desk, items: Sequence[dict[str, Any]]) -> Sequence[Facts]:
    found: list[Facts] = []
    for part in _parts(items):
        try:
            answer = await desk.command(_batch(part), key=str(new_id()), dry_run=True)
        except Refused as refusal:
            raise _Unfit(refusal, part) from refusal
        found += answer.facts["items"]
    return found


def _parts(items: Sequence[dict[str, Any]]) -> list[Sequence[dict[str, Any]]]:
    return [items[at : at + MOST] for at in range(0, len(items), MOST)]


def _batch(items: Sequence[dict[str, Any]]) -> Call:
    return Call("POST", REVIEW, "/v1/batch/score-sheets", body={"items": items})


async def _save(desk: Desk) -> Response:
    """What was reported, with what was chosen where both had changed a field."""
    plan = await _kept(desk)
    if plan is None:
        return desk.see("/marking/workbook", done="kept-too-long")
    for item in plan["workbook"]:
        for field, given in plan["asked"][item["id"]].items():
            if desk.sent_text(f"take:{item['id']}:{field}") == "given":
                _take(item, field, given)
    results: list[Facts] = []
    try:
        for number, part in enumerate(_parts(plan["workbook"])):
            key = uuid5(NAMESPACE_URL, f"{desk.sent_text(FORM_KEY)}:{number}")
            results += (await desk.command(_batch(part), key=str(key))).facts["items"]
    except Refused as refusal:
        told = told_of(desk, refusal, {"items": "workbook"})
        return await desk.draw("council/workbook.html", status=422, owed=await _owed(desk), told=told)
    problems = [(plan["codes"][one["id"]], one["problem"]) for one in results if one["problem"]]
    if not problems:
        return desk.see("/marking", done="sheets-read")
    done = len(results) - len(problems)
    return await desk.draw("council/workbook_done.html", status=409, done=done, problems=problems)


def _take(item: dict[str, Any], field: str, given: str) -> None:
    """The workbook's text in place of what is stored."""
    if field in {VOTE, WHOLE}:
        item[field] = given or None
        return
    prefix, kind = (SCORE, "scores") if field.startswith(SCORE) else (REMARK, "remarks")
    if given:
        item[kind][field.removeprefix(prefix)] = given
    else:
        item[kind].pop(field.removeprefix(prefix), None)
