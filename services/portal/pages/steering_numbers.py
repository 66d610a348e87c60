"""A draft of rules by its days and common numbers: each beside the sentence that it stands in."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import groupby
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import VERSION, Desk, texts_of
from services.portal.frame import RULEBOOK
from services.portal.opening import page
from services.portal.pages.administration_forms import barred_by
from services.portal.pages.shared import Told
from services.portal.pages.steering_pack_text import Content, Number, numbers_of, with_number
from services.portal.pages.steering_packs import DRAFTS, DRAFTS_AT, one_draft
from services.portal.showing.languages import N_
from services.portal.showing.typed import NotReadable, day_of

_DAYS: Final = ("effective_from", "effective_to")
_CONFLICT: Final = "EditConflict"


def routes() -> Sequence[Route]:
    """The address."""
    return [page(f"{DRAFTS_AT}/{{draft_id:uuid}}/numbers", show_numbers, send_numbers)]


async def _numbers(desk: Desk, draft: Facts) -> list[Number]:
    explained = await desk.ask(RULEBOOK, f"{DRAFTS}/{draft['id']}/explanation")
    return numbers_of(draft["content"], explained["rules"], desk.language.value)


async def show_numbers(desk: Desk) -> Response:
    """As they are now."""
    draft = await one_draft(desk)
    return await _draw(desk, draft, await _numbers(desk, draft), {}, None)


async def _draw(
    desk: Desk,
    draft: Facts,
    numbers: Sequence[Number],
    typed: Mapping[str, str],
    told: Told | None,
    status: int = 200,
) -> Response:
    scopes = groupby(numbers, lambda one: one.about.partition(":")[0])
    return await desk.draw(
        "steering/draft_numbers.html",
        status=status,
        draft=draft,
        groups=[(scope, list(of)) for scope, of in scopes],
        typed=typed,
        told=told,
        barred=barred_by(desk, draft, "put"),
    )


def _changed(
    desk: Desk, content: Content, numbers: Sequence[Number], typed: Mapping[str, str]
) -> tuple[Content, dict[str, str]]:
    """The pack with what was typed, and what is wrong with which field."""
    changed, wrong = deepcopy(content), dict[str, str]()
    for name in _DAYS:
        try:
            day = day_of(typed.get(name, ""))
        except NotReadable:
            wrong[name] = desk.say(N_("This is no day. Write it like 05/09/2025."))
            continue
        if day is None and name == _DAYS[0]:
            wrong[name] = desk.say(N_("This is still missing."))
        changed[name] = day.isoformat() if day else None
    for number in numbers:
        try:
            with_number(changed, number, typed.get(number.name, number.value))
        except NotReadable:
            wrong[number.name] = desk.say(N_("Write a number."))
    return changed, wrong


async def send_numbers(desk: Desk) -> Response:
    """Write the draft anew with these."""
    draft = await one_draft(desk)
    typed = texts_of(await desk.read_form())
    numbers = await _numbers(desk, draft)
    content, wrong = _changed(desk, draft["content"], numbers, typed)
    if wrong:
        told = Told(desk.say(N_("Something is not filled in correctly.")), wrong)
        return await _draw(desk, draft, numbers, typed, told, 422)
    try:
        await desk.command(
            Call("PUT", RULEBOOK, f"{DRAFTS}/{draft['id']}", body=content), version=desk.sent_text(VERSION)
        )
    except Refused as refusal:
        if refusal.status == 404:
            raise
        told = _told(desk, refusal, numbers)
        return await _draw(desk, draft, numbers, typed, told, refusal.status)
    return desk.see(f"{DRAFTS_AT}/{draft['id']}", done="draft-saved", sent=desk.path)


def _told(desk: Desk, refusal: Refused, numbers: Sequence[Number]) -> Told:
    """The refusal at the number that it speaks of; what it says of others is said as a whole."""
    at = {".".join(map(str, number.place)): number.name for number in numbers}
    at |= {name: name for name in _DAYS}
    language = desk.language.value
    fields, others = dict[str, str](), list[str]()
    for fault in refusal.faults:
        path = fault.path.removeprefix("body.")
        if path in at:
            fields[at[path]] = fault.said(language)
        else:
            others.append(fault.said(language))
    if refusal.code == _CONFLICT:
        return Told(desk.say(N_("Somebody else has edited the draft meanwhile: look at what it says now.")))
    said = "; ".join(others[:3]) or (
        desk.say(N_("Something is not filled in correctly.")) if fields else refusal.said(language)
    )
    return Told(said, fields)
