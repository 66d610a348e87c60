"""A member's day: what is to be marked, the dossier beside the sheet, the own marks side by side."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from kit.ids import new_id
from services.portal.asking.services import Answer, Call, Facts, Refused, SentBefore
from services.portal.desk import Desk, texts_of
from services.portal.frame import INTAKE, REVIEW
from services.portal.opening import page
from services.portal.pages.council_sheet import (
    SHEET_FIELDS,
    Conflict,
    SheetForm,
    conflict_of,
    fields_at_fault,
    form_of,
    read_form_of,
    with_names,
)
from services.portal.pages.dossiers_content import field_name
from services.portal.pages.passing import passed_on
from services.portal.pages.shared import (
    Told,
    as_table,
    asked,
    every_row,
    is_id,
    listed_or_told,
    names_of,
    told_of,
    wants_table,
)
from services.portal.showing.languages import N_

_FILTERS: Final = ("level", "overdue", "code", "due_from", "due_until", "sort")
_VERSION: Final = re.compile(r'"v[0-9]{1,9}"')
_IN_CONFLICT: Final = frozenset({"EditConflict", "IfMatchMissing"})
_PROSE: Final = (
    "problem_solved",
    "description",
    "applicability",
    "conditions",
    "benefit_by_author",
    "benefit_by_others",
    "confidential_information",
)


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/marking", show_inbox),
        page("/marking/table", show_table),
        page("/marking/{stage_id:uuid}", show_sheet, send_sheet),
        page("/marking/{stage_id:uuid}/recusal", show_recusal, send_recusal),
        page("/marking/{stage_id:uuid}/retraction", show_retraction, send_retraction),
        page("/marking/{stage_id:uuid}/files/{file_id:uuid}", send_file),
    ]


async def show_inbox(desk: Desk) -> Response:
    """What its reader has to mark, the soonest due first."""
    wanted = {**asked(desk, *_FILTERS), "kind": "MARK"}
    if wants_table(desk):
        return await as_table(desk, REVIEW, "/v1/tasks", wanted)
    (listed, told), sheets = await asyncio.gather(
        listed_or_told(desk, REVIEW, "/v1/tasks", wanted), every_row(desk, REVIEW, "/v1/score-sheets")
    )
    begun = {row["stage_id"]: (len(row["scores"]), len(row["criteria"])) for row in sheets}
    is_filtered = bool(wanted.keys() - {"sort", "kind"})
    return await desk.draw(
        "council/inbox.html", listed=listed, told=told, begun=begun, is_filtered=is_filtered
    )


async def show_table(desk: Desk) -> Response:
    """The own sheets side by side: those that are in, or those still owed."""
    state = "DRAFT" if desk.query.get("state") == "DRAFT" else "SUBMITTED"
    wanted = {**asked(desk, "sort"), "state": state}
    if wants_table(desk):
        return await as_table(desk, REVIEW, "/v1/score-sheets", wanted)
    listed, told = await listed_or_told(desk, REVIEW, "/v1/score-sheets", wanted, limit=100)
    groups: dict[tuple[str, ...], list[Facts]] = {}
    for row in listed["items"]:
        groups.setdefault((row["level"], *row["criteria"]), []).append(row)
    return await desk.draw(
        "council/own_marks.html", listed=listed, told=told, groups=list(groups.values()), state=state
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marking:
    """A stage with the reader's own sheet, the dossier, and what else the reader has to mark."""

    stage: Facts
    sheet: Facts | None
    version: str | None
    dossier: Facts
    files: Sequence[Facts]
    queue: Sequence[Facts]

    @property
    def place(self) -> int | None:
        """Where this sheet stands among those that are owed."""
        ids = [row["stage_id"] for row in self.queue]
        return ids.index(self.stage["id"]) if self.stage["id"] in ids else None

    def beside(self, step: int) -> Facts | None:
        """The owed sheet before or after this one; of one that is in, the first that is owed."""
        place = self.place
        if place is None:
            return self.queue[0] if self.queue and step > 0 else None
        at = place + step
        return self.queue[at] if 0 <= at < len(self.queue) else None


async def _read(desk: Desk) -> _Marking:
    stage_id = desk.part("stage_id")
    stage, queue, me = await asyncio.gather(
        desk.ask(REVIEW, f"/v1/stages/{stage_id}", actions=True),
        every_row(desk, REVIEW, "/v1/score-sheets"),
        desk.shared("me"),
    )
    own = next((one for one in stage["sheets"] if one["person_id"] == me.person_id), None)
    path = f"/v1/dossiers/{stage['dossier_id']}"
    dossier, files, answer = await asyncio.gather(
        desk.ask_or({}, INTAKE, path),
        desk.ask_or({}, INTAKE, f"{path}/attachments"),
        _own_sheet(desk, own),
    )
    return _Marking(
        stage=stage,
        sheet=answer.facts if answer else None,
        version=answer.version if answer else None,
        dossier=dossier,
        files=files.get("items", []),
        queue=queue,
    )


async def _own_sheet(desk: Desk, own: Facts | None) -> Answer | None:
    return await desk.ask_whole(REVIEW, f"/v1/score-sheets/{own['id']}", actions=True) if own else None


async def show_sheet(desk: Desk) -> Response:
    """The dossier and the own sheet."""
    found = await _read(desk)
    if found.sheet is None:
        return desk.see(f"/stages/{desk.part('stage_id')}")
    return await _draw(desk, found, form_of(found.sheet))


async def _draw(
    desk: Desk,
    found: _Marking,
    form: SheetForm,
    *,
    told: Told | None = None,
    conflict: Conflict | None = None,
    status: int = 200,
) -> Response:
    content = found.dossier.get("content", {})
    authors = content.get("authors", [])
    prose = [(field_name(desk, name), content[name]) for name in _PROSE if content.get(name)]
    return await desk.draw(
        "council/sheet.html",
        status=status,
        found=found,
        stage=found.stage,
        sheet=found.sheet,
        version=conflict.version if conflict else found.version,
        form=form,
        told=told,
        told_by_name=told and with_names(desk, told, found.stage["rules"]["criteria"]),
        conflict=conflict,
        content=content,
        authors=authors,
        prose=prose,
        most=sum(Decimal(line["max_score"]) for line in found.stage["rules"]["criteria"]),
    )


async def send_sheet(desk: Desk) -> Response:
    """Save the own sheet, by hand or by itself; or hand it in."""
    if not is_id(desk.sent_text("sheet_id")):
        raise HTTPException(404)
    typed = texts_of(await desk.read_form())
    form, unread = read_form_of(desk, typed)
    if unread:
        told = Told(desk.say(N_("A mark is a number.")), unread)
        return await _not_taken(desk, form, told)
    try:
        return await _save(desk, form, _version(typed))
    except SentBefore:
        return await _in_conflict(desk, form, desk.say(N_("This sheet was sent before, and that was taken.")))
    except Refused as refusal:
        if refusal.code in _IN_CONFLICT:
            return await _in_conflict(desk, form, desk.why(refusal))
        if refusal.status in {403, 404}:
            raise
        return await _not_taken(desk, form, _told(desk, refusal))


async def _save(desk: Desk, form: SheetForm, version: str, key: str | None = None) -> Response:
    act = desk.sent_text("act")
    path = f"/v1/score-sheets/{desk.sent_text('sheet_id')}"
    call = Call("PUT", REVIEW, path, body=form.body(submit=act == "submit"))
    # What is saved by itself is another text each time, and the key of the page is for what is sent by hand.
    key = str(new_id()) if act == "autosave" else key
    answer = await desk.command(call, version=version, key=key)
    if act == "autosave":
        return await desk.draw("council/saved.html", version=answer.version, said=None, at=_now(desk))
    if act != "submit":
        return desk.see(desk.path, done="sheet-saved", sent=desk.path)
    owed = (await desk.ask(REVIEW, "/v1/score-sheets"))["items"]
    following = f"/marking/{owed[0]['stage_id']}" if owed else "/marking"
    done = "sheet-handed-in" if owed else "sheet-handed-in-last"
    return desk.see(following, done=done, sent=desk.path)


def _told(desk: Desk, refusal: Refused) -> Told:
    told = told_of(desk, refusal, SHEET_FIELDS)
    return Told(told.said, fields_at_fault(desk, refusal) or told.fields)


def _version(typed: Mapping[str, str]) -> str:
    version = typed.get("version", "")
    return version if _VERSION.fullmatch(version) else ""


def _now(desk: Desk) -> str:
    return desk.portal.clock.now().isoformat()


async def _not_taken(desk: Desk, form: SheetForm, told: Told) -> Response:
    if desk.wants_fragment:
        return await desk.draw("council/saved.html", version=None, said=told.said, at=None)
    return await _draw(desk, await _read(desk), form, told=told, status=422)


async def _in_conflict(desk: Desk, form: SheetForm, said: str) -> Response:
    """The sheet was changed meanwhile, in another tab or by who stands in: both are shown. Where they are the
    same, it was this page itself whose answer got lost."""
    found = await _read(desk)
    if found.sheet is None or found.sheet["state"] != "DRAFT":
        return await _not_taken(desk, form, Told(said))
    is_secret = found.stage["rules"]["voting_method"] == "SECRET_BALLOT"
    compared = replace(form, vote="") if is_secret else form
    conflict = conflict_of(compared, found.sheet, found.version)
    if not conflict.differing and found.version:
        try:
            return await _save(desk, form, found.version, key=str(new_id()))
        except Refused as again:
            return await _not_taken(desk, form, _told(desk, again))
    if desk.wants_fragment:
        said = desk.say(N_("This sheet was changed elsewhere meanwhile. Press Save to see both."))
        return await desk.draw("council/saved.html", version=None, said=said, at=None)
    return await _draw(desk, found, form, conflict=conflict, status=409)


async def show_recusal(desk: Desk) -> Response:
    """Stay out of this dossier: what that means, and why."""
    return await _draw_reason(desk, "recusal", "", None)


async def send_recusal(desk: Desk) -> Response:
    """Do it."""
    return await _with_reason(desk, "recusal", f"/v1/stages/{desk.part('stage_id')}/recusal", "recused")


async def show_retraction(desk: Desk) -> Response:
    """Take the own sheet back: why."""
    return await _draw_reason(desk, "retraction", "", None)


async def send_retraction(desk: Desk) -> Response:
    """Do it."""
    found = await _read(desk)
    if found.sheet is None:
        raise HTTPException(404)
    path = f"/v1/score-sheets/{found.sheet['id']}/retraction"
    return await _with_reason(desk, "retraction", path, "sheet-taken-back")


async def _with_reason(desk: Desk, act: str, path: str, done: str) -> Response:
    reason = desk.sent_text("reason")
    try:
        await desk.command(Call("POST", REVIEW, path, body={"reason": reason}))
    except Refused as refusal:
        fields = {"reason": "reason", "RequestInvalid": "reason"}
        return await _draw_reason(desk, act, reason, told_of(desk, refusal, fields))
    to = "/marking" if act == "recusal" else f"/marking/{desk.part('stage_id')}"
    return desk.see(to, done=done, sent=desk.path)


async def _draw_reason(desk: Desk, act: str, reason: str, told: Told | None) -> Response:
    found = await _read(desk)
    if act == "retraction" and found.sheet is None:
        raise HTTPException(404)
    resource: Mapping[str, Any] = (found.sheet or {}) if act == "retraction" else found.stage
    past: Sequence[Facts] = []
    if act == "retraction" and found.sheet:
        listed = await desk.ask(REVIEW, f"/v1/score-sheets/{found.sheet['id']}/retractions")
        past = listed["items"]
    names = await names_of(desk, (seat["person_id"] for seat in found.stage["council"]))
    return await desk.draw(
        "council/reason.html",
        status=422 if told else 200,
        stage=found.stage,
        act=act,
        resource=resource,
        reason=reason,
        told=told,
        past=past,
        names=names,
    )


async def send_file(desk: Desk) -> Response:
    """A file of the dossier, as the dossier's service gives it to who marks it."""
    stage = await desk.ask(REVIEW, f"/v1/stages/{desk.part('stage_id')}")
    path = f"/v1/dossiers/{stage['dossier_id']}/attachments/{desk.part('file_id')}"
    return await passed_on(desk, INTAKE, path)
