"""Filing in steps: each step is saved by itself, what is still open is asked of filing itself, and nobody's
text is overwritten silently."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Answer, Call, Facts, Refused
from services.portal.desk import FORM_KEY, VERSION, Desk, allowed
from services.portal.frame import INTAKE
from services.portal.opening import page
from services.portal.pages import dossiers_content as content
from services.portal.pages.dossiers_authors import offered_authors, open_shares, with_added
from services.portal.pages.dossiers_content import BY_NAME, STEPS, Step
from services.portal.pages.dossiers_files import put_files, show_files, take_off
from services.portal.pages.shared import Told, today_of
from services.portal.showing.languages import N_

_HANDING_IN: Final[Mapping[str, str]] = {"DRAFT": "filing", "SUPPLEMENT_REQUESTED": "supplement"}
"""The command that ends the writing, by the state in which there is something to write."""
_DONE: Final[Mapping[str, str]] = {"filing": "filed", "supplement": "supplemented"}
CHANGED: Final = N_("Somebody changed this meanwhile, perhaps you in another window. Both texts are below.")
SEEN_BEFORE: Final = N_("The dossier was changed since you opened this page. Read it again, then send it.")


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/dossiers/{dossier_id:uuid}/edit/{step}", show_step, send_step)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A dossier that is being written, at one of its steps."""

    dossier: Facts
    version: str
    step: Step

    @property
    def path(self) -> str:
        """The dossier, at its service."""
        return f"/v1/dossiers/{self.dossier['id']}"

    @property
    def handing_in(self) -> str:
        """The command that ends the writing."""
        return _HANDING_IN.get(self.dossier["state"], "")

    @property
    def last_action(self) -> Facts | None:
        """That command, and whether it may be given now."""
        actions = self.dossier["actions"]
        return next((one for one in actions if one["command"] == self.handing_in), None)

    @property
    def following(self) -> str:
        """The step after this one."""
        return STEPS[min(STEPS.index(self.step) + 1, len(STEPS) - 1)].name


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page shows besides the dossier: what was refused, what was typed, and whose text differs."""

    told: Told | None = None
    typed: Facts | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    theirs: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


async def open_writing(desk: Desk) -> Writing:
    """The dossier as it stands, with what its reader may do."""
    step = BY_NAME.get(desk.part("step"))
    if step is None:
        raise HTTPException(404)
    found = await read_whole(desk, desk.part("dossier_id"))
    return Writing(dossier=found.facts, version=found.version or "", step=step)


async def read_whole(desk: Desk, dossier_id: str) -> Answer:
    """The dossier with its version and with what its reader may do."""
    return await desk.ask_whole(INTAKE, f"/v1/dossiers/{dossier_id}", actions=True)


async def show_step(desk: Desk) -> Response:
    """A step of the form."""
    writing = await open_writing(desk)
    if "content" not in allowed(writing.dossier):
        return desk.see(f"/dossiers/{writing.dossier['id']}")
    return await draw(desk, writing, Shown())


async def draw(desk: Desk, writing: Writing, shown: Shown) -> Response:
    """The step with what is still open, here and on the other steps."""
    step, dossier = writing.step, writing.dossier
    written = shown.typed or dossier["content"]
    points = await _open_points(desk, writing)
    facts = {
        "dossier": dossier,
        "version": writing.version,
        "step": step,
        "steps": _steps(points),
        "points": points,
        "step_of": lambda name: content.STEP_OF_FIELD.get(name.split(".")[0], "review"),
        "values": {**content.values_of({**dossier["content"], **_texts(written)}), **shown.texts},
        "written": written,
        "asked": _asked(dossier),
        "label": lambda name: content.field_name(desk, name),
        "told": shown.told,
        "theirs": shown.theirs,
        "handing_in": writing.handing_in,
        "barred_from": _barred(writing),
        **await _of_step(desk, writing, written),
        **shown.more,
    }
    return await desk.draw(f"dossiers/edit_{step.name}.html", status=shown.status, **facts)


def _texts(written: Facts) -> Facts:
    """What was typed, as far as it has the form that a service would answer with."""
    readable = {name: value for name, value in written.items() if name not in {"authors", "participants"}}
    if not isinstance(readable.get("monetary_benefit_dong"), int | None):
        readable["monetary_benefit_dong"] = None
    return readable


async def _open_points(desk: Desk, writing: Writing) -> dict[str, str]:
    points = content.open_points(desk, writing.last_action)
    is_incomplete = bool(points) and (writing.last_action or {}).get("code") == "DossierIncomplete"
    return points | (await open_shares(desk, writing.dossier) if is_incomplete else {})


def _steps(points: Mapping[str, str]) -> list[tuple[Step, int]]:
    """Each with the number of what is still open there."""
    return [(one, sum(_is_at(name, one) for name in points)) for one in STEPS]


def _asked(dossier: Facts) -> dict[str, list[str]]:
    """What a supplement is asked for, by field; under `` what belongs to none."""
    asked: dict[str, list[str]] = {}
    for defect in (dossier["standing"] or {}).get("defects", []):
        asked.setdefault(defect["content_field"] or "", []).append(defect["what"])
    return asked


def _barred(writing: Writing) -> Facts | None:
    action = writing.last_action
    return action if action and action["allowed"] is False else None


async def _of_step(desk: Desk, writing: Writing, written: Facts) -> dict[str, Any]:
    match writing.step.name:
        case "idea":
            return {}
        case "trial":
            return {"today": today_of(desk)}
        case "authors":
            return await offered_authors(desk, writing.dossier, written)
        case "files":
            return await show_files(desk, writing.path)
        case "review":
            shares, files = await asyncio.gather(
                desk.ask(INTAKE, f"{writing.path}/shares"), desk.ask(INTAKE, f"{writing.path}/attachments")
            )
            return {"shares": shares["items"], "files": files["items"]}
        case _:
            return {}


async def send_step(desk: Desk) -> Response:
    """Save the step; then stay, go on, or hand the dossier in."""
    writing = await open_writing(desk)
    if writing.step.name == "files":
        return await _send_files(desk, writing)
    form = await desk.read_form()
    typed = content.read_step(writing.step, writing.dossier["content"], form)
    texts = {name: str(form[name]) for name in typed.faults if name in form}
    if typed.faults:
        told = Told(
            said=desk.say(N_("Some of this cannot be saved as it is.")),
            fields={
                name: f"{content.field_name(desk, name)}: {desk.say(said)}"
                for name, said in typed.faults.items()
            },
        )
        return await _refused(desk, writing, Shown(told=told, typed=typed.content, texts=texts, status=422))
    if writing.step.name == "authors" and desk.sent_text("do") == "add":
        unclear = await with_added(desk, typed.content)
        if unclear is not None:
            return await _refused(desk, writing, Shown(told=unclear, typed=typed.content, status=422))
    return await _saved(desk, writing, typed.content)


async def _send_files(desk: Desk, writing: Writing) -> Response:
    """Where no script runs, which would send them in pieces."""
    if removed := desk.sent_text("remove"):
        await take_off(desk, writing.path, removed)
        return desk.see(desk.path, done="file-removed")
    count, refused = await put_files(desk, writing.path)
    if refused:
        told = Told(said="; ".join(f"{name}: {said}" for name, said in refused.items()), fields={})
        return await draw(desk, writing, Shown(told=told, status=422))
    if desk.sent_text("do") == "next":
        return desk.see(f"/dossiers/{writing.dossier['id']}/edit/review")
    return desk.see(desk.path, done="files-added" if count else "no-file")


async def _saved(desk: Desk, writing: Writing, new: Facts) -> Response:
    do, sent_version = desk.sent_text("do"), desk.sent_text(VERSION)
    if do == writing.handing_in and sent_version != writing.version:
        told = Told(said=desk.say(SEEN_BEFORE), fields={})
        return await _refused(desk, writing, Shown(told=told, status=412))
    if not content.is_same(writing.dossier["content"], new):
        call = Call("PUT", INTAKE, f"{writing.path}/content", body=new)
        try:
            await desk.command(call, key=key_of(desk, new), version=sent_version)
        except Refused as refusal:
            if refusal.code == "EditConflict":
                return await _conflict(desk, writing, new)
            return await _refused(desk, writing, _shown(desk, refusal, new))
    return await _after(desk, writing, do)


def key_of(desk: Desk, new: object) -> str:
    """A form sent twice does it once; what was changed since is another thing."""
    digest = sha256(orjson.dumps(new)).hexdigest()
    return str(uuid5(NAMESPACE_URL, f"{desk.sent_text(FORM_KEY)}:{desk.sent_text(VERSION)}:{digest}"))


def _shown(desk: Desk, refusal: Refused, new: Facts) -> Shown:
    return Shown(told=content.told_of_content(desk, refusal), typed=new, status=refusal.status)


async def _refused(desk: Desk, writing: Writing, shown: Shown) -> Response:
    if desk.wants_fragment:
        said = shown.told.said if shown.told else ""
        fields = list((shown.told.fields if shown.told else {}).values())
        return await desk.draw("dossiers/not_saved.html", said=said, fields=fields)
    return await draw(desk, writing, shown)


async def _conflict(desk: Desk, writing: Writing, new: Facts) -> Response:
    """Both texts, and a form that would now save the reader's own; what is saved already by this very page
    is no conflict."""
    old = writing.dossier["content"]
    mine, kept = content.values_of({**old, **_texts(new)}), content.values_of(old)
    theirs = {name: kept[name] for name in writing.step.fields if name in kept and mine[name] != kept[name]}
    for name in ("authors", "participants"):
        said = content.people_in_lines(old[name])
        if name in writing.step.fields and said != content.people_in_lines(new[name]):
            theirs[name] = said
    told = Told(said=desk.say(CHANGED), fields={})
    return await _refused(desk, writing, Shown(told=told, typed=new, theirs=theirs, status=412))


async def _after(desk: Desk, writing: Writing, do: str) -> Response:
    dossier_id = writing.dossier["id"]
    if desk.wants_fragment:
        now = await open_writing(desk)
        points = await _open_points(desk, now)
        at_step = [said for name, said in points.items() if _is_at(name, writing.step)]
        return await desk.draw(
            "dossiers/saved.html",
            at=desk.portal.clock.now(),
            version=now.version,
            points=at_step,
            dossier=now.dossier,
            step=writing.step,
            steps=_steps(points),
            today=today_of(desk),
        )
    if do and do == writing.handing_in:
        return await _hand_in(desk, do)
    here = f"/dossiers/{dossier_id}/edit"
    if do == "find":
        answer = desk.see(f"{here}/authors", q=desk.sent_text("q"))
        answer.headers["location"] += "#add"
        return answer
    step = writing.following if do == "next" else writing.step.name
    return desk.see(f"{here}/{step}", done="saved", sent=f"{dossier_id}-{writing.step.name}")


def _is_at(name: str, step: Step) -> bool:
    return content.STEP_OF_FIELD.get(name.split(".", maxsplit=1)[0]) == step.name


async def _hand_in(desk: Desk, command: str) -> Response:
    writing = await open_writing(desk)
    try:
        await desk.command(Call("POST", INTAKE, f"{writing.path}/{command}"))
    except Refused as refusal:
        here = {
            name: said
            for name, said in content.told_of_content(desk, refusal).fields.items()
            if _is_at(name, writing.step)
        }
        told = Told(said=desk.why(refusal), fields=here)
        return await draw(desk, writing, Shown(told=told, status=refusal.status))
    return desk.see(f"/dossiers/{writing.dossier['id']}", done=_DONE[command])
