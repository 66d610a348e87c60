"""`sangkien joining`: two records of one person, proposed to be joined with everything that would move,
looked at, approved by another administrator, taken back before their day."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final
from uuid import UUID

from rich.console import Console
from rich.markup import escape

from cli.reader import Reader
from embedded.errors import CommandFailed
from language.joined import JoinedAs, SignInAfter
from language.words.said import say
from language.words.values import say_day
from services.organisation.domain.joining import JoiningState

_PATH: Final = "/v1/joinings"
_MOST_SHOWN: Final = 40
_SERVICE: Final = "organisation"
_STATES: Final[Mapping[JoiningState, str]] = {
    JoiningState.PROPOSED: "chờ quản trị viên khác duyệt (another administrator approves it)",
    JoiningState.APPROVED: "đã duyệt, gộp khi ngày bắt đầu (approved; joined as the day begins)",
    JoiningState.IN_FORCE: "đã gộp (joined)",
    JoiningState.CANCELLED: "đã rút lại (taken back)",
}
_console = Console(soft_wrap=True, highlight=False)


class JoiningNotSent(CommandFailed):
    """Nobody has this code, or there is no such joining."""

    exit_code = 39


def propose(
    kept: str, joined: str, *, document: str, reason: str, from_day: date, account: str, dry_run: bool
) -> None:
    """Propose that the record `joined` is of the same person as `kept`, or only show what would move."""
    reader = Reader(account)
    body = {
        "kept_id": _person_id(reader, kept),
        "joined_id": _person_id(reader, joined),
        "document": document,
        "reason": reason,
        "from_day": str(from_day),
    }
    _tell(_sent(reader, _PATH, body, dry_run=dry_run), dry_run=dry_run)


def show(joining: str, account: str) -> None:
    """One joining with everything that it moves; `all` lists them."""
    reader = Reader(account)
    if joining == "all":
        for one in reader.items(_SERVICE, _PATH) or []:
            day = say_day(date.fromisoformat(one["from_day"]))
            state = _STATES[JoiningState(one["state"])]
            _console.print(f"{one['id']}  {day}  {escape(one['document'])}: {state}")
        return
    found = reader.get(_SERVICE, f"{_PATH}/{_known(joining)}")
    if found is None:
        raise _unknown(joining)
    _tell(found, dry_run=False)


def approve(joining: str, account: str, *, dry_run: bool) -> None:
    """Say yes to what another administrator has proposed."""
    path = f"{_PATH}/{_known(joining)}/approval"
    _tell(_sent(Reader(account), path, {}, dry_run=dry_run, joining=joining), dry_run=dry_run)


def cancel(joining: str, reason: str, account: str, *, dry_run: bool) -> None:
    """Take it back before its day."""
    path = f"{_PATH}/{_known(joining)}/cancellation"
    _tell(_sent(Reader(account), path, {"reason": reason}, dry_run=dry_run, joining=joining), dry_run=dry_run)


def _sent(
    reader: Reader, path: str, body: dict[str, Any], *, dry_run: bool, joining: str = ""
) -> dict[str, Any]:
    params = {"dry_run": "true"} if dry_run else {}
    answer = reader.command(_SERVICE, path, body, **params)
    if answer is None:
        raise _unknown(joining)
    shown: dict[str, Any] = answer
    return shown


def _unknown(joining: str) -> JoiningNotSent:
    return JoiningNotSent(f"Không thấy phương án gộp {joining} (there is no such joining).")


def _known(joining: str) -> str:
    try:
        return str(UUID(joining))
    except ValueError:
        raise _unknown(joining) from None


def _person_id(reader: Reader, code: str) -> str:
    """By the code of the record, or by its id."""
    for person in reader.items(_SERVICE, "/v1/people", q=code) or []:
        if person["code"] == code:
            return str(person["id"])
    with suppress(ValueError):
        return str(UUID(code))
    raise JoiningNotSent(f"Không có người mã {code} (nobody has this code).")


def _tell(shown: dict[str, Any], *, dry_run: bool) -> None:
    day = say_day(date.fromisoformat(shown["from_day"]))
    codes = f"{escape(shown['joined_code'])} → {escape(shown['kept_code'])}"
    _console.print(f"{codes}, {day}, {escape(shown['document'])}: {escape(shown['reason'])}")
    for one in shown["moves"]:
        what = say(JoinedAs(one["joined_as"]))
        still = f", {one['open']} đang mở (open)" if one["open"] else ""
        _console.print(f"  {one['count']} {what.vi} ({what.en}), {one['service']}{still}")
    for one in shown["twice"][:_MOST_SHOWN]:
        what = say(JoinedAs(one["joined_as"]))
        _console.print(f"  ! cả hai (both): {what.vi} ({what.en}), {one['service']} {one['about_id']}")
    if len(shown["twice"]) > _MOST_SHOWN:
        _console.print(f"  … {len(shown['twice']) - _MOST_SHOWN}")
    if shown["sign_in"]:
        after = say(SignInAfter(shown["sign_in"]))
        _console.print(f"  đăng nhập {after.vi} (signs in {after.en})")
    if dry_run:
        _console.print("Chưa ghi gì (nothing was written).")
    else:
        _console.print(f"{shown['id']}: {_STATES[JoiningState(shown['state'])]}.")
