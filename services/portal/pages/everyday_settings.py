"""How somebody is told of what: by mail at once, gathered once a day, or in the inbox only."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from language.words.said import words_of
from services.portal.asking.services import Answer, Call, Refused
from services.portal.desk import Desk, texts_of
from services.portal.frame import POSTROOM
from services.portal.opening import page
from services.portal.pages.everyday_account import own
from services.portal.pages.shared import Told, told_of

_MODE: Final = "mode-"
_FIELDS: Final = {
    "mail_address": "mail_address",
    "digest_hour": "digest_hour",
    "quiet_from": "quiet_from",
    "quiet_to": "quiet_to",
    "": "quiet_to",
}
_OFF: Final = "OFF"


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/account/notices", show_settings, send_settings)]


async def show_settings(desk: Desk) -> Response:
    """What was chosen, and what holds for the rest."""
    return await _draw(desk)


async def _draw(
    desk: Desk, typed: Mapping[str, str] | None = None, told: Told | None = None, status: int = 200
) -> Response:
    answer = await desk.ask_whole(POSTROOM, own(desk, "/notice-settings"))
    saved = _as_typed(answer)
    return await desk.draw(
        "everyday/settings.html",
        status=status,
        told=told,
        typed=typed or saved,
        kinds=_kinds(desk, answer),
        usual=answer.facts["usual"],
        hours=[(str(hour), f"{hour}:00") for hour in range(24)],
        version=answer.version,
        elsewhere=bool(typed and typed.get("version") != answer.version),
    )


def _as_typed(answer: Answer) -> dict[str, str]:
    """The settings as the form would send them."""
    names = ("mail_address", "language", "digest_hour", "quiet_from", "quiet_to")
    plain = {name: str(answer.facts[name]) for name in names if answer.facts[name] is not None}
    return plain | {f"{_MODE}{kind}": mode for kind, mode in answer.facts["modes"].items()}


def _kinds(desk: Desk, answer: Answer) -> list[tuple[str, str, list[str]]]:
    """Each kind of notice with what it is called and the ways there are, in the order of the words."""
    statutory, modes = frozenset(answer.facts["statutory"]), tuple(words_of("Mode"))
    called = {
        kind: words.vi if desk.language.value == "vi" else words.en
        for kind, words in words_of("NoticeKind").items()
    }
    found = [
        (kind, said[:1].upper() + said[1:], [mode for mode in modes if mode != _OFF or kind not in statutory])
        for kind, said in called.items()
    ]
    return sorted(found, key=lambda one: one[1])


async def send_settings(desk: Desk) -> Response:
    """Save them, if nobody else has meanwhile."""
    typed = texts_of(await desk.read_form())
    call = Call("PUT", POSTROOM, own(desk, "/notice-settings"), body=_body(typed))
    try:
        await desk.command(call, version=typed.get("version", ""))
    except Refused as refusal:
        return await _draw(desk, typed, told_of(desk, refusal, _FIELDS), refusal.status)
    return desk.see(desk.path, done="saved")


def _body(typed: Mapping[str, str]) -> dict[str, Any]:
    chosen = ((name, mode) for name, mode in typed.items() if name.startswith(_MODE) and mode)
    return {
        "mail_address": typed.get("mail_address", "").strip() or None,
        "language": typed.get("language", ""),
        "digest_hour": hour_of(typed.get("digest_hour", "")),
        "quiet_from": hour_of(typed.get("quiet_from", "")),
        "quiet_to": hour_of(typed.get("quiet_to", "")),
        "modes": {name.removeprefix(_MODE): mode for name, mode in chosen},
    }


def hour_of(text: str) -> int | str | None:
    """The hour; of anything else what was typed, for the service to refuse."""
    is_hour = text.isdecimal() and text.isascii() and len(text) <= len("23")
    return int(text) if is_hour else text or None
