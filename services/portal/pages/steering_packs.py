"""Drafts of rules: begun from a pack or a text, edited as text, checked, told apart from what holds in
sentences, and published by a second person."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import VERSION, Desk
from services.portal.frame import RULEBOOK
from services.portal.opening import page
from services.portal.pages.administration_forms import Act, Field, act_page, barred_by, offered
from services.portal.pages.shared import Told, names_of
from services.portal.pages.steering_pack_text import (
    LineFault,
    TextUnread,
    line_faults,
    pack_of_text,
    text_of_pack,
)
from services.portal.showing.languages import N_

_PACKS: Final = "/v1/policy-packs"
DRAFTS: Final = "/v1/policy-packs/drafts"
_BACK: Final = "/administration/packs"
DRAFTS_AT: Final = "/administration/drafts"
_CONFLICT: Final = "EditConflict"
_MOST_TEXT: Final = 300_000
_BEGIN: Final = Field(name="effective_from", label=N_("In force from"), kind="day")
_EDITION: Final = Field(name="version", label=N_("Edition"), kind="number")
_UNTIL: Final = Field(
    name="effective_to",
    label=N_("In force until"),
    kind="day",
    required=False,
    hint=N_("Empty: until another one takes its place."),
)


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        act_page(f"{_BACK}/{{name}}/{{version:int}}/draft", _begin),
        page(f"{DRAFTS_AT}/new", show_new_text, send_new_text),
        page(f"{DRAFTS_AT}/{{draft_id:uuid}}", show_draft),
        page(f"{DRAFTS_AT}/{{draft_id:uuid}}/text", show_text, send_text),
        act_page(f"{DRAFTS_AT}/{{draft_id:uuid}}/{{act}}", _act),
    ]


async def _begin(desk: Desk) -> Act:
    name, version = desk.part("name"), desk.part("version")
    content, packs, drafts = await asyncio.gather(
        desk.ask(RULEBOOK, f"{_PACKS}/{name}/{version}"),
        desk.ask(RULEBOOK, _PACKS),
        desk.ask_or({"items": None}, RULEBOOK, DRAFTS, limit=1),
    )
    newest = max((one["version"] for one in packs["items"] if one["name"] == name), default=0)
    barred = desk.say(N_("Administrators of the province draft rules.")) if drafts["items"] is None else ""
    return Act(
        title=N_("Begin a draft from this pack"),
        meaning=N_("It says the same to begin with. Nothing holds before a second person publishes it."),
        subject=f"{name} · {version}",
        done="draft-begun",
        call=lambda body: Call("POST", RULEBOOK, _PACKS, body={**content, **body}),
        landing=lambda made: f"{DRAFTS_AT}/{made['id']}",
        fields=(_EDITION, _BEGIN, _UNTIL),
        stored={"version": str(newest + 1)},
        barred=barred,
        about=desk.say(N_("Rules")),
        back=f"{_BACK}/{name}/{version}",
    )


# One draft


def _path(desk: Desk) -> str:
    return f"{DRAFTS}/{desk.part('draft_id')}"


async def one_draft(desk: Desk) -> Facts:
    """The draft of this address, with its version and what may be done."""
    answer = await desk.ask_whole(RULEBOOK, _path(desk), actions=True)
    return {**answer.facts, "etag": answer.version}


async def show_draft(desk: Desk) -> Response:
    """What was found in it, what changes by it, and what may be done."""
    draft, packs = await asyncio.gather(one_draft(desk), desk.ask(RULEBOOK, _PACKS))
    known = [f"{one['name']}@{one['version']}" for one in packs["items"]]
    usual = next((f"{one['name']}@{one['version']}" for one in packs["items"] if one["in_force"]), "")
    other = desk.query.get("other", "") if desk.query.get("other") in known else usual
    path = _path(desk)
    explained, changed, names = await asyncio.gather(
        desk.ask(RULEBOOK, f"{path}/explanation"),
        desk.ask(RULEBOOK, f"{path}/difference", other=other) if other else _none(),
        names_of(desk, (draft[one] for one in ("drafted_by", "edited_by", "published_by"))),
    )
    return await desk.draw(
        "steering/draft.html",
        draft=draft,
        rules=explained["rules"],
        changed=changed,
        other=other,
        others=packs["items"],
        names=names,
        offers=offered(draft),
    )


async def _none() -> Facts:
    return {}


_ACTS: Final = {
    "check": (
        "check",
        "check",
        N_("Check it"),
        N_("It is held against the units and the published packs."),
    ),
    "publish": (
        "publication",
        "publication",
        N_("Publish it"),
        N_("From its first day on it holds for what is filed. A published edition never changes again."),
    ),
    "drop": ("delete", "", N_("Drop the draft"), N_("Nothing comes of it; it can still be read.")),
}


async def _act(desk: Desk) -> Act:
    wish = desk.part("act")
    if wish not in _ACTS:
        raise HTTPException(404)
    command, address, title, meaning = _ACTS[wish]
    draft = await one_draft(desk)
    path = f"{_path(desk)}/{address}" if address else _path(desk)
    call = Call("POST" if address else "DELETE", RULEBOOK, path)
    at = f"{DRAFTS_AT}/{draft['id']}"
    return Act(
        title=title,
        meaning=meaning,
        subject=f"{draft['content']['title_' + desk.language.value]} · {draft['pack_version']}",
        done=f"draft-{wish}",
        call=lambda _: call,
        is_grave=wish != "check",
        version=draft["etag"],
        barred=barred_by(desk, draft, command),
        about=desk.say(N_("Draft of rules")),
        back=at,
        landing=(lambda pack: f"{_BACK}/{pack['name']}/{pack['version']}") if wish == "publish" else None,
    )


# As text


async def show_new_text(desk: Desk) -> Response:
    """A pack of one's own, to be pasted."""
    await desk.ask(RULEBOOK, DRAFTS, limit=1)  # refused to those who may draft none
    return await _draw_text(desk, "", None)


async def send_new_text(desk: Desk) -> Response:
    """Begin a draft of it."""
    return await _send_text(desk, Call("POST", RULEBOOK, _PACKS), None)


async def show_text(desk: Desk) -> Response:
    """The draft, to be edited."""
    draft = await one_draft(desk)
    return await _draw_text(desk, text_of_pack(draft["content"]), draft)


async def send_text(desk: Desk) -> Response:
    """Write it anew."""
    return await _send_text(desk, Call("PUT", RULEBOOK, _path(desk)), await one_draft(desk))


async def _send_text(desk: Desk, call: Call, draft: Facts | None) -> Response:
    await desk.read_form()
    text = desk.sent_text("text").replace("\r\n", "\n")
    try:
        content = pack_of_text(text)
    except TextUnread as error:
        said = desk.say(N_("Line %(line)s cannot be read. %(why)s"), line=error.line, why=error.said)
        return await _draw_text(desk, text, draft, _Outcome(told=Told(said, {"text": said})))
    version = desk.sent_text(VERSION) if draft else None
    is_try = desk.sent_text("act") == "try"
    try:
        call = Call(call.method, call.service, call.path, body=content)
        answer = await desk.command(call, version=version, dry_run=is_try)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        said = refusal.said(desk.language.value)
        faults = line_faults(text, refusal, desk.language.value)
        if faults:
            said = desk.say(N_("This is no pack yet: %(count)s places are to be mended."), count=len(faults))
        outcome = _Outcome(told=Told(said, {"text": said}), faults=faults, refusal=refusal)
        return await _draw_text(desk, text, draft, outcome)
    if is_try:
        return await _draw_text(desk, text, draft, _Outcome(found=answer.facts["findings"]))
    return desk.see(
        f"{DRAFTS_AT}/{answer.facts['id']}", done="draft-saved" if draft else "draft-begun", sent=desk.path
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What became of a text that was sent: why not and where, or what a try found."""

    told: Told | None = None
    faults: Sequence[LineFault] = ()
    refusal: Refused | None = None
    found: Sequence[Facts] | None = None


async def _draw_text(desk: Desk, text: str, draft: Facts | None, outcome: _Outcome | None = None) -> Response:
    outcome = outcome or _Outcome()
    refusal, told = outcome.refusal, outcome.told
    conflict = draft is not None and refusal is not None and refusal.code == _CONFLICT
    return await desk.draw(
        "steering/draft_text.html",
        status=refusal.status if refusal else 422 if told else 200,
        text=text,
        draft=draft,
        told=told,
        faults=outcome.faults,
        found=outcome.found,
        most=_MOST_TEXT,
        stored=text_of_pack(draft["content"]) if draft and conflict else "",
        barred=barred_by(desk, draft, "put") if draft else "",
    )
