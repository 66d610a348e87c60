"""What an administrator comes for first: the alarm list with what can be done about each line, and acts that
came into question."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeAlias

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from language.cases import AlarmKind
from services.portal.asking.services import Away, Call, Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import INTAKE, ORGANISATION, PAYOUT, POSTROOM, REVIEW, RULEBOOK
from services.portal.opening import page
from services.portal.pages.administration_forms import Act, Field, act_page, barred_by, why_not
from services.portal.pages.administration_journeys import STOP, stop_address, stop_refused
from services.portal.pages.shared import Told, as_table, asked, listed_or_told, names_of, wants_table
from services.portal.showing.languages import N_

PARTS: Final = (ORGANISATION, RULEBOOK, INTAKE, REVIEW, PAYOUT, POSTROOM)
_EACH: Final = 20
_AT_ONCE: Final = 6
"""Dry runs; connections are for all readers."""
_WHOLE: Final = 200
_ADDRESS: Final = re.compile(r" \((?:GET|POST) /v1[^)]*\)")
"""What the remedy says for programs; a page has a button there."""
_REASON: Final = Field(name="reason", label=N_("Why"), hint=N_("It stays in the history."))


_Kind: TypeAlias = tuple[str, str, str | None, str]


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/administration", show_alarms),
        act_page("/administration/alarms/{part}/{kind}/{alarm_id:uuid}/{act}", _act),
        act_page("/administration/questions/{part}/{question_id:uuid}", _question),
    ]


async def show_alarms(desk: Desk) -> Response:
    """What cannot go on by itself, oldest first, of all parts or of one."""
    wanted = asked(desk, "kind", "unit_id", "sort")
    part = desk.query.get("part", "")
    if part in PARTS and wants_table(desk):
        return await as_table(desk, part, "/v1/alarms", wanted)
    parts = [part] if part in PARTS else PARTS
    answers = await asyncio.gather(*(_alarms(desk, one, wanted) for one in parts))
    found = dict(zip(parts, answers, strict=True))
    rows = [row for listed, _ in answers if listed for row in listed["items"]]
    rows.sort(key=lambda row: (row["since"], row["id"]), reverse=wanted.get("sort") == "-since")
    rows, cut = rows[:_EACH], {row["part"] for row in rows[_EACH:]}
    may, stops, names = await asyncio.gather(
        _tried(desk, rows), _may_stop(desk, rows), names_of(desk, (row["person_id"] for row in rows))
    )
    ways = [[*_ways(row, may), *(_stops(row) if stops else ())] for row in rows]
    return await desk.draw(
        "administration/alarms.html",
        rows=list(zip(rows, ways, strict=True)),
        lists={name: listed for name, (listed, _) in found.items()},
        told=next((told for _, told in found.values() if told), None),
        further=sorted(
            name for name, (listed, _) in found.items() if name in cut or (listed and listed["next"])
        ),
        part=part if part in PARTS else "",
        parts=PARTS,
        kinds=[kind.value for kind in AlarmKind],
        names=names,
        remedy=lambda row: _ADDRESS.sub("", row["what_to_do_" + desk.language.value]),
    )


async def _alarms(desk: Desk, part: str, wanted: Mapping[str, str]) -> tuple[Facts | None, Told | None]:
    """The part's alarms; None while it does not answer."""
    try:
        listed, told = await listed_or_told(desk, part, "/v1/alarms", wanted, limit=_EACH)
    except Away:
        return None, None
    for row in listed["items"]:
        row["part"] = part
    return listed, told


def _command(part: str, act: str, alarm: Facts, reason: str) -> Call | None:
    """The command that helps about an alarm of this kind."""
    if act == "retry" and alarm["kind"] == AlarmKind.MESSAGE_DOES_NOT_ARRIVE:
        return Call("POST", part, f"/v1/run-alarms/{alarm['id']}/retry")
    if act == "dismissal" and alarm["kind"] == AlarmKind.MESSAGE_DOES_NOT_ARRIVE:
        return Call("POST", part, f"/v1/run-alarms/{alarm['id']}/dismissal", body={"reason": reason})
    if act == "restart" and alarm["kind"] == AlarmKind.RUN_ENDED:
        return Call("POST", part, f"/v1/runs/{alarm['about_id']}/restart", body={"reason": reason})
    return None


async def _tried(desk: Desk, rows: Sequence[Facts]) -> frozenset[_Kind]:
    """What the reader may do, by a dry run: once for all lines of a kind and a unit, for there may be many.
    The form of an act tries it with its own line again."""
    first = {_kind(row, act): (row, act) for row in reversed(rows) for act in _TITLES}
    calls = {kind: _command(row["part"], act, row, "x") for kind, (row, act) in first.items()}
    known = {kind: call for kind, call in calls.items() if call}
    barred = await asyncio.gather(*(why_not(desk, call) for call in known.values()))
    return frozenset(kind for kind, why in zip(known, barred, strict=True) if not why)


async def _may_stop(desk: Desk, rows: Sequence[Facts]) -> bool:
    """The reader may stop journeys: tried once, with the first dossier, for it is the same for all."""
    about = next((row["subject_id"] for row in rows if _stops(row)), None)
    if about is None:
        return False
    refusal = await stop_refused(desk, about)
    return refusal is None or refusal.status != HTTPStatus.FORBIDDEN


def _stops(alarm: Facts) -> Sequence[tuple[str, str]]:
    """Where the journey is stopped that the line is about; nowhere if it has ended."""
    if alarm["part"] not in _OF_DOSSIERS or alarm["kind"] == AlarmKind.RUN_ENDED:
        return ()
    return ((stop_address(alarm["subject_id"]), STOP),)


def _kind(alarm: Facts, act: str) -> _Kind:
    return alarm["part"], alarm["kind"], alarm["unit_id"], act


def _ways(alarm: Facts, may: frozenset[_Kind]) -> list[tuple[str, str]]:
    """Where one goes from a line: what its reader may do about it, and where it is mended."""
    part, kind = alarm["part"], alarm["kind"]
    found: list[tuple[str, str]] = []
    for act, title in _TITLES.items():
        if _kind(alarm, act) in may:
            found.append((f"/administration/alarms/{part}/{kind}/{alarm['id']}/{act}", title))
    if kind == AlarmKind.ACT_IN_QUESTION:
        found.append(
            (f"/administration/questions/{part}/{alarm['about_id']}", N_("Decide whether it stands"))
        )
    if kind == AlarmKind.WEBHOOK_OFF:
        found.append(("/administration/system#webhooks", N_("To the programs that are told")))
    if kind in _OF_PEOPLE:
        found.append((f"/administration/units/{alarm['unit_id']}", N_("Posts of the unit")))
        if alarm["person_id"]:
            found.append((f"/administration/people/{alarm['person_id']}", N_("The person and the account")))
    if part in _OF_DOSSIERS:
        found.append((f"/dossiers/{alarm['subject_id']}", N_("The dossier")))
    return found


_TITLES: Final = {
    "retry": N_("Send it again"),
    "dismissal": N_("Dismiss it"),
    "restart": N_("Start it anew"),
}
_MEANINGS: Final = {
    "retry": N_("What does not arrive is sent again. If it still does not, it stands here again."),
    "dismissal": N_("It need not arrive any more; what comes after it goes out."),
    "restart": N_("It begins anew from what the services know. Where it runs all the same, nothing happens."),
}
_OF_DOSSIERS: Final = frozenset({INTAKE, REVIEW})
_OF_PEOPLE: Final = frozenset({"NOBODY_THERE", "COUNCIL_TOO_SMALL", "NOBODY_ACTS"})


async def _find(desk: Desk) -> Facts:
    """The alarm that the address names; 404 when it stands no more."""
    part, kind, alarm_id = desk.part("part"), desk.part("kind"), desk.part("alarm_id")
    if part not in PARTS or kind not in set(AlarmKind):
        raise HTTPException(404)
    after: str | None = None
    while True:
        listed = await desk.ask(part, "/v1/alarms", kind=kind, limit=_WHOLE, after=after)
        for alarm in listed["items"]:
            if alarm["id"] == alarm_id:
                return {**alarm, "part": part}
        after = listed["next"]
        if after is None:
            raise HTTPException(404)


async def _act(desk: Desk) -> Act:
    alarm, wish = await _find(desk), desk.part("act")
    tried = _command(alarm["part"], wish, alarm, "x")
    if tried is None:
        raise HTTPException(404)

    def call(body: dict[str, Any]) -> Call:
        return _command(alarm["part"], wish, alarm, body.get("reason", "")) or tried

    said = alarm[desk.language.value]
    return Act(
        title=_TITLES[wish],
        meaning=_MEANINGS[wish],
        done="alarm-" + wish,
        call=call,
        fields=() if wish == "retry" else (_REASON,),
        is_grave=wish == "dismissal",
        about=desk.say(N_("Alarms")),
        subject=f"{said} · {alarm['subject_code']}",
        back="/administration",
        barred=await why_not(desk, tried),
    )


async def _question(desk: Desk) -> Act:
    part = desk.part("part")
    if part not in PARTS:
        raise HTTPException(404)
    path = f"/v1/questioned-acts/{desk.part('question_id')}"
    try:
        asked_about = await desk.ask(part, path, actions=True)
    except Refused as refusal:
        raise HTTPException(404) from refusal
    names = await names_of(desk, (asked_about["actor_id"],))
    language = desk.language.value
    who = names.get(asked_about["actor_id"] or "", desk.say(N_("the clock")))
    return Act(
        title=N_("Decide whether it stands"),
        meaning=N_("Nothing is undone by this. What is to be done again is undone where it was done."),
        done="question-decided",
        call=lambda body: Call("POST", part, f"{path}/decision", body=body),
        fields=(
            Field(
                name="outcome",
                label=N_("What becomes of it"),
                kind="choice",
                options=[
                    ("STANDS", desk.say(N_("It stands as it was done"))),
                    ("DO_AGAIN", desk.say(N_("It is to be done again"))),
                ],
            ),
            Field(name="reason", label=N_("Why"), kind="prose", most=2000),
        ),
        about=desk.say(N_("Alarms")),
        subject=f"{asked_about['act_' + language]} · {asked_about['subject_code']} · {who} · "
        f"{asked_about['doubt_' + language]}",
        back="/administration",
        barred=barred_by(desk, asked_about, "decision"),
    )
