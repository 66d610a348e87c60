"""The plain forms of an administrator: each act says what it means, which fields it has and what it is in the
API; it is tried first, taken or refused, and what two have to do is proposed to the second."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from hashlib import sha256
from typing import Any, Final, TypeAlias

from starlette.responses import Response
from starlette.routing import Route

from kit.ids import new_id
from language.deadline.arithmetic import LOCAL_ZONE, end_of_local_day
from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import VERSION, Desk, texts_of
from services.portal.frame import ORGANISATION
from services.portal.opening import page
from services.portal.pages.shared import Told, is_id, names_of, told_of
from services.portal.showing.languages import N_
from services.portal.showing.typed import NotReadable, day_of, id_of, line_of, text_of

_TAKES_TWO: Final = frozenset({"NeedsSecondAdministrator", "AccountTakesTwo"})
_CONFLICT: Final = "EditConflict"
_FOUND: Final = 20
_SHORTEST: Final = 2
_DIGITS: Final = 9
Body = dict[str, Any]
Then: TypeAlias = Callable[[Desk, Facts], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field. `kind`: line, prose, number, day, days (of `year`, one a line), begin and end (of a day, as
    instants), password, tick, choice, many, person or unit."""

    name: str
    label: str
    kind: str = "line"
    required: bool = True
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()
    most: int = 200
    year: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is done, and how it is said. `call` makes the command of what was typed, `second` the proposal
    where it takes two. `about` leads back, `subject` is what it is done to, `stored` what stands there now,
    of an edit with its `version`. `shows` is the template that says what a try found; with `shown_first`
    only what was shown is done. `landing`: where one goes when the answer is there."""

    title: str
    meaning: str
    done: str
    call: Callable[[Body], Call]
    fields: Sequence[Field] = ()
    second: Callable[[Body], Call] | None = None
    is_grave: bool = False
    can_try: bool = True
    about: str = ""
    subject: str = ""
    back: str = "/administration"
    stored: Mapping[str, object] = field(default_factory=dict)
    version: str | None = None
    barred: str = ""
    shows: str = ""
    shown_first: bool = False
    landing: Callable[[Facts], str] | None = None


def act_page(path: str, make: Callable[[Desk], Awaitable[Act]], then: Then | None = None) -> Route:
    """The form of an act at this address, and what becomes of it. `then` answers what was done with a page of
    its own, where something is shown once."""

    async def show(desk: Desk) -> Response:
        return await _show(desk, await make(desk))

    async def send(desk: Desk) -> Response:
        return await _send(desk, await make(desk), then)

    return page(path, show, send)


async def _show(desk: Desk, act: Act) -> Response:
    """The form, empty or with what stands there."""
    stored = {name: value for name, value in act.stored.items() if value is not None}
    given = {one.name: desk.query[one.name] for one in act.fields if desk.query.get(one.name)}
    return await _draw(desk, act, {**stored, **given}, None)


async def _send(desk: Desk, act: Act, then: Then | None) -> Response:
    """Look for somebody, try it, do it, or propose it to the second administrator."""
    form = await desk.read_form()
    typed: Body = dict(texts_of(form))
    for one in act.fields:
        if one.kind == "many":
            typed[one.name] = [value for value in form.getlist(one.name) if isinstance(value, str)]
    wish = str(typed.get("act", ""))
    if act.barred:
        return await _draw(desk, act, typed, Told(act.barred))
    if wish == "look":
        return await _draw(desk, act, typed, None)
    body, wrong = _read(desk, act, typed)
    if wrong:
        told = Told(desk.say(N_("Something is not filled in correctly.")), wrong)
        return await _draw(desk, act, typed, told)
    return await _carried(desk, act, typed, body, then)


async def _carried(desk: Desk, act: Act, typed: Body, body: Body, then: Then | None) -> Response:
    wish, seen = typed.get("act", ""), _digest(body, desk.sent_text(VERSION))
    if act.shown_first and wish == "do" and typed.get("seen") != seen:
        wish = "try"
    call = act.second(body) if wish == "propose" and act.second else act.call(body)
    is_edit = act.version is not None and wish != "propose"
    version = desk.sent_text(VERSION) if is_edit else None
    try:
        answer = await desk.command(call, version=version, dry_run=wish == "try")
    except Refused as refusal:
        if refusal.status == 404:
            raise
        return await _refused(desk, act, typed, refusal)
    if wish == "try":
        return await _draw(desk, act, {**typed, "seen": seen}, None, tried=answer.facts)
    if then and wish == "do":
        return await then(desk, answer.facts)
    back = act.landing(answer.facts) if act.landing and wish == "do" else act.back
    return desk.see(back, done="proposed" if wish == "propose" else act.done, sent=desk.path)


def _digest(body: Body, version: str) -> str:
    """What was shown, to be done only as it was."""
    return sha256(json.dumps([body, version], sort_keys=True).encode()).hexdigest()[:16]


async def _refused(desk: Desk, act: Act, typed: Body, refusal: Refused) -> Response:
    fields = {one.name: one.name for one in act.fields}
    told = told_of(desk, refusal, {**fields, **_CODES})
    told = replace(told, fields={name: said for name, said in told.fields.items() if name in fields})
    return await _draw(desk, act, typed, told, refused=refusal)


_CODES: Final[Mapping[str, str]] = {
    "PasswordTooEasy": "password",
    "InvitedWithPassword": "password",
    "NowhereToInvite": "invite",
    "AddressByAppointer": "invite",
    "InvitedToClosed": "invite",
    "CodeTaken": "code",
    "HoldingOverlaps": "held_from",
    "HoldingEndsEarlier": "held_to",
    "DelegationEndsEarlier": "ends_on",
    "LevelOutOfOrder": "level",
    "MoveIntoItself": "parent_id",
    "OwnAppointment": "person_id",
    "DelegatedToOneself": "delegate_id",
    "DelegateNotTrusted": "delegate_id",
    "DelegateCannotSignIn": "delegate_id",
    "BreaksTooLong": "last_day",
    "ClosingOutOfOrder": "closes_at",
    "UnitLevelUnknown": "level",
}
"""At which field a refusal is said."""


async def _draw(
    desk: Desk,
    act: Act,
    typed: Body,
    told: Told | None,
    *,
    tried: Facts | None = None,
    refused: Refused | None = None,
) -> Response:
    found = await _found(desk, act, typed)
    acts = tried.get("questioned", {}).get("acts", []) if tried else []
    names = await names_of(desk, (one["person_id"] for one in acts))
    code = refused.code if refused else ""
    return await desk.draw(
        "administration/act.html",
        status=refused.status if refused else 422 if told else 200,
        act=act,
        typed=typed,
        told=told,
        tried=tried,
        takes_two=code in _TAKES_TWO and act.second is not None,
        is_conflict=code == _CONFLICT,
        found=found,
        names=names,
    )


def _read(desk: Desk, act: Act, typed: Body) -> tuple[Body, dict[str, str]]:
    """What is sent on, and what is wrong with which field."""
    body: Body = {}
    wrong: dict[str, str] = {}
    for one in act.fields:
        try:
            body[one.name] = _value(one, typed.get(one.name))
        except NotReadable as error:
            wrong[one.name] = _unread(desk, one, str(error))
            continue
        if one.required and body[one.name] in (None, ""):
            wrong[one.name] = desk.say(N_("This is still missing."))
    return body, wrong


def _unread(desk: Desk, one: Field, said: str) -> str:
    if one.kind == "number":
        return desk.say(N_("Write a whole number."))
    if one.kind == "days":
        return desk.say(N_("“%(text)s” is no day of %(year)s."), text=said, year=one.year)
    return desk.say(N_("This is no day. Write it like 05/09/2025."))


def _days_of(one: Field, text: str) -> list[str]:
    """Each day once; what stands between them are lines, commas or semicolons."""
    found: set[str] = set()
    for piece in filter(None, map(str.strip, re.split(r"[\n,;]", text))):
        try:
            day = day_of(piece)
        except NotReadable as error:
            raise NotReadable(piece) from error
        if day is None or str(day.year) != one.year:
            raise NotReadable(piece)
        found.add(day.isoformat())
    return sorted(found)


def _number(text: str) -> int | None:
    text = text.strip()
    if text and not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise NotReadable
    return int(text) if text else None


def _edge(text: str, *, ends: bool) -> str | None:
    """The instant at which the day begins or ends here."""
    day = day_of(text)
    if day is None:
        return None
    return (end_of_local_day(day) if ends else datetime.combine(day, time(), LOCAL_ZONE)).isoformat()


def _day(text: str) -> str | None:
    day = day_of(text)
    return day.isoformat() if day else None


_READERS: Final[Mapping[str, Callable[[Field, str], object]]] = {
    "tick": lambda _, text: text == "true",
    "days": _days_of,
    "number": lambda _, text: _number(text),
    "begin": lambda _, text: _edge(text, ends=False),
    "end": lambda _, text: _edge(text, ends=True),
    "day": lambda _, text: _day(text),
    "password": lambda _, text: text or None,
    "person": lambda _, text: id_of(text) or None,
    "unit": lambda _, text: id_of(text) or None,
    "prose": lambda _, text: text_of(text) or None,
}


def _value(one: Field, given: Any) -> object:
    if one.kind == "many":
        return [value for value in given or [] if value in dict(one.options)]
    text = given if isinstance(given, str) else ""
    reader = _READERS.get(one.kind)
    return reader(one, text) if reader else line_of(text) or None


async def _found(desk: Desk, act: Act, typed: Body) -> dict[str, list[tuple[str, str]]]:
    """The people or units among which a field chooses: what was looked for, and what was chosen."""
    wanted = [one for one in act.fields if one.kind in {"person", "unit"}]
    lists = await asyncio.gather(*(_choices(desk, one, typed) for one in wanted))
    return {one.name: found for one, found in zip(wanted, lists, strict=True)}


async def _choices(desk: Desk, one: Field, typed: Body) -> list[tuple[str, str]]:
    text, chosen = str(typed.get(f"{one.name}_q", "")).strip(), str(typed.get(one.name, ""))
    path, name = ("/v1/people", "full_name") if one.kind == "person" else ("/v1/units", "name")
    looked: Facts = {"items": []}
    if len(text) >= _SHORTEST:
        looked = await desk.ask_or(looked, ORGANISATION, path, q=text[:100], limit=_FOUND, sort="name")
    rows = {row["id"]: row for row in looked["items"] if not row.get("joined_into")}
    if is_id(chosen) and chosen not in rows:
        known = await desk.ask_or({}, ORGANISATION, f"{path}/{chosen}")
        rows |= {chosen: known} if known else {}
    return [(row["id"], f"{row[name]} ({row['code']})") for row in rows.values()]


async def why_not(desk: Desk, call: Call, version: str | None = None) -> str:
    """Why this may not be done now, by a dry run; nothing if it may, or if that depends on what is sent."""
    refusal = await refused_now(desk, call, version)
    return desk.why(refusal) if refusal and refusal.status != 422 else ""


async def refused_now(desk: Desk, call: Call, version: str | None = None) -> Refused | None:
    """How this would be refused now, by a dry run; None if it would be taken."""
    try:
        await desk.command(call, key=str(new_id()), version=version, dry_run=True)
    except Refused as refusal:
        return refusal
    return None


def barred_by(desk: Desk, resource: Facts, command: str) -> str:
    """Why the reader may not give this command of the resource; nothing where it may be tried, or where two
    do it."""
    action = next((one for one in resource.get("actions", []) if one["command"] == command), None)
    if action is None:
        return desk.say(N_("This cannot be done now."))
    if action["allowed"] is not False or action["code"] in _TAKES_TWO:
        return ""
    return str(action["detail"] if desk.language.value == "vi" else action["detail_en"])


def offered(resource: Facts) -> frozenset[str]:
    """The commands that the reader may give, try, or propose to a second administrator."""
    return frozenset(
        one["command"]
        for one in resource.get("actions", [])
        if one["allowed"] is not False or one["code"] in _TAKES_TWO
    )
