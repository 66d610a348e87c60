"""Decisions and what becomes of them: papers, corrections, cancellations, complaints and their settlement."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import Desk, allowed, texts_of
from services.portal.frame import REVIEW
from services.portal.opening import page
from services.portal.pages.shared import (
    Told,
    as_day,
    as_table,
    asked,
    grades_of,
    listed_or_told,
    names_of,
    now_of,
    seasons_of,
    told_of,
    wants_table,
)
from services.portal.showing.languages import N_

_FILTERS: Final = (
    "level",
    "outcome",
    "season_id",
    "unit_id",
    "grade",
    "decided_from",
    "decided_until",
    "sort",
)
_PAPER: Final = ("number", "issued_on", "signer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that is done about a decision: what it is called, what it means, which fields it has."""

    title: str
    meaning: str
    needs_paper: bool = False
    has_reason: bool = True
    has_reasons: bool = False
    is_grave: bool = False


ACTS: Final[Mapping[str, Act]] = {
    "paper": Act(
        title=N_("Write down the paper"),
        meaning=N_("Number, date and signer that the office gave this decision. They are entered once."),
        needs_paper=True,
        has_reason=False,
    ),
    "correction": Act(
        title=N_("Correct the decision"),
        meaning=N_(
            "A second decision mends a typing error of the first and names it. What was decided stays."
        ),
        has_reasons=True,
    ),
    "cancellation": Act(
        title=N_("Cancel the recognition"),
        meaning=N_(
            "A second decision says that the recognition no longer holds. The authors and the other levels "
            "are told, and money that it brought is stopped or claimed back."
        ),
        is_grave=True,
    ),
    "reopening": Act(
        title=N_("Examine it again"),
        meaning=N_(
            "A second decision takes the refusal back, and the dossier is examined again at this level."
        ),
        is_grave=True,
    ),
}
_FIELDS: Final[Mapping[str, str]] = {
    "reason": "reason",
    "reasons": "reasons",
    "paper.number": "number",
    "paper.issued_on": "issued_on",
    "paper.signer": "signer",
    "number": "number",
    "issued_on": "issued_on",
    "signer": "signer",
    "outcome": "outcome",
    "PaperDateImpossible": "issued_on",
    "NothingToCorrect": "reasons",
}


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/decisions", show_decisions),
        page("/decisions/{stage_id:uuid}", show_decision),
        page("/decisions/{stage_id:uuid}/{act}", show_act, send_act),
        page("/complaints/{complaint_id:uuid}", show_complaint, send_complaint),
    ]


async def show_decisions(desk: Desk) -> Response:
    """Every decision that its reader may see."""
    wanted = asked(desk, *_FILTERS)
    if wants_table(desk):
        return await as_table(desk, REVIEW, "/v1/decisions", wanted)
    (listed, told), seasons, grades = await asyncio.gather(
        listed_or_told(desk, REVIEW, "/v1/decisions", wanted), seasons_of(desk), grades_of(desk)
    )
    names = await names_of(desk, (row["decider_id"] for row in listed["items"]))
    return await desk.draw(
        "council/decisions.html",
        listed=listed,
        told=told,
        seasons=seasons,
        grades=grades,
        names=names,
        is_filtered=bool(wanted.keys() - {"sort"}),
    )


async def _read(desk: Desk) -> dict[str, Any]:
    path = f"/v1/stages/{desk.part('stage_id')}"
    stage, acts, complaints = await asyncio.gather(
        desk.ask(REVIEW, path, actions=True),
        desk.ask_or({"items": []}, REVIEW, f"{path}/acts"),
        desk.ask_or({"items": []}, REVIEW, f"{path}/complaints"),
    )
    people = [one["actor_id"] for one in acts["items"]] + [stage["decider_id"]]
    people += [one["complainant_id"] for one in complaints["items"]]
    names = await names_of(desk, people)
    paper = next((one["paper"] for one in reversed(acts["items"]) if one["paper"]), None)
    corrected = next((one["reasons"] for one in reversed(acts["items"]) if one["reasons"]), None)
    return {
        "stage": stage,
        "acts": acts["items"],
        "complaints": complaints["items"],
        "names": names,
        "paper": paper,
        "reasons": corrected or stage["reasons"],
        "now": now_of(desk),
    }


async def show_decision(desk: Desk) -> Response:
    """One decision, and what became of it; of a stage that is not decided yet, the stage."""
    found = await _read(desk)
    if found["stage"]["state"] != "DECIDED":
        return desk.see(f"/stages/{desk.part('stage_id')}")
    return await desk.draw("council/decision.html", known=ACTS, **found)


def _act_of(desk: Desk) -> Act:
    act = ACTS.get(desk.part("act"))
    if act is None:
        raise HTTPException(404)
    return act


async def show_act(desk: Desk) -> Response:
    """The form of an act."""
    return await _draw_act(desk, {}, None)


async def _draw_act(
    desk: Desk, typed: Mapping[str, str], told: Told | None, *, accepted: bool = False, status: int = 200
) -> Response:
    act, found = _act_of(desk), await _read(desk)
    return await desk.draw(
        "council/decision_act.html",
        status=status,
        act=act,
        command=desk.part("act"),
        typed=typed,
        told=told,
        accepted=accepted,
        **found,
    )


def _paper(typed: Mapping[str, str]) -> dict[str, str] | None:
    given = {name: typed.get(name, "").strip() for name in _PAPER}
    if given["issued_on"]:
        given["issued_on"] = as_day(given["issued_on"])
    return given if any(given.values()) else None


def _changed(typed: Mapping[str, str]) -> str | None:
    """The reasons as they are right; what was left as it stood corrects nothing."""
    given, stood = (" ".join(typed.get(name, "").split()) for name in ("reasons", "stood"))
    return typed["reasons"] if given and given != stood else None


async def send_act(desk: Desk) -> Response:
    """Try it, or do it."""
    act, typed = _act_of(desk), texts_of(await desk.read_form())
    paper = _paper(typed)
    body: dict[str, Any] = {}
    if act.has_reason:
        body = {"reason": typed.get("reason", ""), "paper": paper}
    if act.has_reasons:
        body["reasons"] = _changed(typed)
    if act.needs_paper:
        body = dict(paper or {name: "" for name in _PAPER})
    is_trial = typed.get("act") == "try"
    path = f"/v1/stages/{desk.part('stage_id')}/{desk.part('act')}"
    try:
        await desk.command(Call("POST", REVIEW, path, body=body), dry_run=is_trial)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        return await _draw_act(desk, typed, told_of(desk, refusal, _FIELDS), status=refusal.status)
    if is_trial:
        return await _draw_act(desk, typed, None, accepted=True)
    return desk.see(f"/decisions/{desk.part('stage_id')}", done="decision-act", sent=desk.path)


async def show_complaint(desk: Desk) -> Response:
    """A complaint about a refusal."""
    return await _draw_complaint(desk, {}, None)


async def _draw_complaint(
    desk: Desk, typed: Mapping[str, str], told: Told | None, *, accepted: bool = False, status: int = 200
) -> Response:
    complaint = await desk.ask(REVIEW, f"/v1/complaints/{desk.part('complaint_id')}", actions=True)
    stage, names = await asyncio.gather(
        desk.ask_or({}, REVIEW, f"/v1/stages/{complaint['stage_id']}"),
        names_of(desk, (complaint["complainant_id"], complaint["ended_by"])),
    )
    return await desk.draw(
        "council/complaint.html",
        status=status,
        complaint=complaint,
        stage=stage,
        names=names,
        now=now_of(desk),
        typed=typed,
        told=told,
        accepted=accepted,
        may_settle="settlement" in allowed(complaint),
    )


async def send_complaint(desk: Desk) -> Response:
    """Settle it: try it, or do it."""
    typed: Facts = dict(texts_of(await desk.read_form()))
    if typed.get("outcome") not in {"UPHELD", "DISMISSED"}:
        said = desk.say(N_("Something is not filled in correctly."))
        fields = {"outcome": desk.say(N_("Say whether the complaint is right."))}
        return await _draw_complaint(desk, typed, Told(said, fields), status=422)
    paper = _paper(typed) if typed["outcome"] == "UPHELD" else None
    body = {"outcome": typed["outcome"], "reason": typed.get("reason", ""), "paper": paper}
    path = f"/v1/complaints/{desk.part('complaint_id')}/settlement"
    is_trial = typed.get("act") == "try"
    try:
        await desk.command(Call("POST", REVIEW, path, body=body), dry_run=is_trial)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        return await _draw_complaint(desk, typed, told_of(desk, refusal, _FIELDS), status=refusal.status)
    if is_trial:
        return await _draw_complaint(desk, typed, None, accepted=True)
    return desk.see(desk.path, done="complaint-settled", sent=desk.path)
