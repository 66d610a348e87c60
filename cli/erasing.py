"""`sangkien erase-personal`: a person's values leave the histories of all services; what was recorded stays
proved."""

import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from rich.console import Console

from casework.history.erasing import BearingEvent, bearing_events, erase_person
from casework.history.keys import HistoryKeys
from casework.history.looking import adding_to, looking_at
from cli.verifying import admin_url, history_setting
from embedded.errors import CommandFailed, WrongSetting
from kit.environment import file_name
from language.events.actor import Actor
from language.names import SERVICES, TaskQueue

MOST_LETTERS = 500
_console = Console(soft_wrap=True, highlight=False)


class NobodyCalledSo(CommandFailed):
    """Nobody has this id, or the account that erases is nobody's."""

    exit_code = 25


class ReasonMissing(CommandFailed):
    """An erasure is recorded with its reason."""

    exit_code = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Whose values go, on whose word and why."""

    person_id: UUID
    account: str
    reason: str


def erase_personal(person: str, reason: str, account: str, *, dry_run: bool) -> None:
    """Erase and tell, service by service; with `dry_run` only tell."""
    erasure = Erasure(person_id=_person_id(person), account=account, reason=_reason(reason))
    database = admin_url()
    if not dry_run:
        _bring_keys()
    try:
        asyncio.run(_look(database, erasure) if dry_run else _erase(database, erasure))
    except (OSError, asyncpg.PostgresError) as error:
        raise CommandFailed(
            f"Không làm xong, hãy chạy lại (not finished, run it again; what was told is done): {error}"
        ) from None


def _person_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NobodyCalledSo("Hãy ghi id của người đó (give the id of the person).") from None


def _reason(text: str) -> str:
    reason = text.strip()
    if not 0 < len(reason) <= MOST_LETTERS:
        raise ReasonMissing(
            f"Hãy ghi lý do, không quá {MOST_LETTERS} chữ (a reason of at most so many letters is needed)."
        )
    return reason


def _bring_keys() -> None:
    """What is recorded is vouched for by this process too: as with a service, from its environment."""
    keys = history_setting("HISTORY_KEYS")
    try:
        HistoryKeys.parse(keys or "")
    except ValueError as error:
        raise WrongSetting(f"Cần HISTORY_KEYS để ghi việc xóa (to record the erasure): {error}") from None
    os.environ.pop(file_name("HISTORY_KEYS"), None)
    os.environ["HISTORY_KEYS"] = keys or ""


async def _look(database: str, erasure: Erasure) -> None:
    await _actor(database, erasure)
    for service in SERVICES:
        async with looking_at(database, service.value) as tx:
            _tell("sẽ xóa (would erase)", service, await bearing_events(tx, erasure.person_id))


async def _erase(database: str, erasure: Erasure) -> None:
    """Each service by itself: whoever is interrupted runs it again, and nothing is erased or recorded
    twice."""
    actor = await _actor(database, erasure)
    for service in SERVICES:
        async with adding_to(database, service.value) as tx:
            found = await erase_person(tx, erasure.person_id, grounds=erasure.reason, actor=actor)
        _tell("đã xóa (erased)", service, found)


FIND_PERSON = "select exists (select from people where id = $1)"
FIND_ACCOUNT = "select person_id from accounts where username = $1"


async def _actor(database: str, erasure: Erasure) -> Actor:
    """Whose word it is; both people must be known."""
    async with looking_at(database, TaskQueue.ORGANISATION.value) as tx:
        person_is_known = await tx.conn.fetchval(FIND_PERSON, erasure.person_id)
        actor_id: UUID | None = await tx.conn.fetchval(FIND_ACCOUNT, erasure.account)
    if not person_is_known:
        raise NobodyCalledSo(f"Không có ai mang id {erasure.person_id} (nobody has this id).")
    if actor_id is None:
        raise NobodyCalledSo(
            f"Không có tài khoản {erasure.account[:60]!r}: hãy dùng --as (no such account to erase as)."
        )
    return Actor(person_id=actor_id)


def _tell(did: str, service: TaskQueue, found: Sequence[BearingEvent]) -> None:
    values = sum(event.values for event in found)
    _console.print(f"{service.value}: {did} {values} giá trị (values), {len(found)} sự kiện (events)")
    for kind, count in sorted(Counter(event.kind for event in found).items()):
        held = sum(event.values for event in found if event.kind == kind)
        _console.print(f"  {kind}: {held} giá trị (values), {count} sự kiện (events)")
