"""`sangkien erase-personal`: a person is made nameless when the term is over, in the rows and the histories
of all services; recognitions and money stay within their terms, and what was recorded stays proved."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg
from rich.console import Console

from casework.history.erasing import bearing_events, erase_person
from casework.history.keys import HistoryKeys
from casework.history.looking import adding_to, looking_at
from casework.personal.erasing import erase_rows, rows_to_erase
from casework.personal.ties import TieKind
from casework.personal.whose import Standing, Whose, standing
from cli.erasing_told import tell, tell_due
from cli.person_ties import HELD_BY, bonds, records, records_with_a_name, years_kept
from cli.persons import NobodyCalledSo, person_id_of
from cli.verifying import admin_url, history_setting
from embedded.errors import CommandFailed, WrongSetting, WrongUsage
from kit.clock import Clock
from kit.environment import file_name
from language.deadline.arithmetic import local_day
from language.events.actor import Actor
from language.names import SERVICES, TaskQueue

MOST_LETTERS = 500
_console = Console(soft_wrap=True, highlight=False)


class ReasonMissing(CommandFailed):
    """An erasure is recorded with its reason."""

    exit_code = 26


class PostStillHeld(CommandFailed):
    """Who holds a post is not made nameless."""

    exit_code = 48


class CaseStillOpen(CommandFailed):
    """Nobody is made nameless who has a dossier, a draft or a complaint that is not over."""

    exit_code = 49


class AwardStillUnpaid(CommandFailed):
    """Nobody is made nameless who is still to be paid."""

    exit_code = 50


class TermNotOver(CommandFailed):
    """The person's data is kept until the day that is named."""

    exit_code = 51


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """On whose word, and why."""

    actor: Actor
    reason: str


def erase_personal(person: str, reason: str, account: str, *, due: bool, dry_run: bool) -> None:
    """Erase and tell, service by service; with `dry_run` only tell. With `due` everybody whose term is over,
    who are only named where no reason is given."""
    if due == bool(person):
        raise WrongUsage("Hãy ghi id của một người, hoặc --due (give the id of one person, or --due).")
    only_tell = dry_run or (due and not reason.strip())
    person_id = None if due else person_id_of(person)
    why = reason if due and only_tell else _reason(reason)
    database = admin_url()
    if not only_tell:
        _bring_keys()
    try:
        asyncio.run(_carry_out(database, person_id, account, why, only_tell=only_tell))
    except (OSError, asyncpg.PostgresError) as error:
        raise CommandFailed(
            f"Không làm xong, hãy chạy lại (not finished, run it again; what was told is done): {error}"
        ) from None


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


async def _carry_out(
    database: str, person_id: UUID | None, account: str, reason: str, *, only_tell: bool
) -> None:
    word = Word(actor=await _actor(database, account), reason=reason)
    if person_id is None:
        await _of_all_due(database, word, only_tell=only_tell)
    else:
        await _of_one(database, person_id, word, only_tell=only_tell)


async def _of_one(database: str, person_id: UUID, word: Word, *, only_tell: bool) -> None:
    found = await records(database, person_id)
    if not found:
        raise NobodyCalledSo(f"Không có ai mang id {person_id} (nobody has this id).")
    ((kept_id, ids),) = found.items()
    years, today = years_kept(), _today()
    held = await bonds(database, ids)
    stands = standing((one for record in ids for one in held.get(record, ())), years, today)
    _refuse(stands, today)
    await _make_nameless(database, _whose(kept_id, ids, stands, today), stands, word, only_tell=only_tell)


async def _of_all_due(database: str, word: Word, *, only_tell: bool) -> None:
    """Each person by itself, so that one who is done stays done. Nobody erases who gives the word for it."""
    people, years, today = await records_with_a_name(database), years_kept(), _today()
    held = await bonds(database, (record for ids in people.values() for record in ids))
    due = 0
    for kept_id, ids in people.items():
        stands = standing((one for record in ids for one in held.get(record, ())), years, today)
        whose = _whose(kept_id, ids, stands, today)
        if word.actor.person_id in ids or not stands.is_due(today):
            continue
        if not await _has_something(database, whose):
            continue
        due += 1
        tell_due(kept_id, stands, keeps_name=whose.keeps_name)
        if not only_tell:
            await _make_nameless(database, whose, stands, word, only_tell=False)
    _console.print(f"{due} người đã hết thời hạn (people whose term is over)")


def _today() -> date:
    return local_day(Clock().now())


def _whose(kept_id: UUID, ids: Sequence[UUID], stands: Standing, today: date) -> Whose:
    return Whose(
        person_id=kept_id,
        record_ids=ids,
        dossiers=stands.dossiers,
        keeps_name=stands.keeps_name(today),
        kept_dossiers=stands.kept_dossiers,
    )


def _refuse(stands: Standing, today: date) -> None:
    """What is not over, the nearest to be ended first."""
    if TieKind.POST in stands.open:
        raise PostStillHeld("Người này còn giữ một vị trí: hãy kết thúc trước (a post is still held).")
    if TieKind.MONEY in stands.open:
        raise AwardStillUnpaid("Người này còn tiền thưởng chưa chi (an award is still unpaid).")
    if stands.open:
        raise CaseStillOpen(
            "Người này còn hồ sơ, bản nháp hoặc khiếu nại chưa kết thúc "
            "(a dossier, a draft or a complaint is not over)."
        )
    if not stands.is_due(today):
        raise TermNotOver(
            f"Chưa hết thời hạn lưu giữ: được xóa từ ngày {stands.free_on:%d/%m/%Y} "
            "(the term is not over; it may be done from this day on)."
        )


async def _has_something(database: str, whose: Whose) -> bool:
    for service in SERVICES:
        async with looking_at(database, service.value) as tx:
            if await rows_to_erase(tx, HELD_BY[service], whose) or await bearing_events(tx, whose):
                return True
    return False


async def _make_nameless(
    database: str, whose: Whose, stands: Standing, word: Word, *, only_tell: bool
) -> None:
    """Each service by itself: whoever is interrupted runs it again, and nothing is erased or recorded
    twice. The register of people is the last: a name that is gone there is gone everywhere."""
    for service in reversed(SERVICES):
        data = HELD_BY[service]
        if only_tell:
            async with looking_at(database, service.value) as tx:
                events = await bearing_events(tx, whose)
                rows = await rows_to_erase(tx, data, whose)
        else:
            async with adding_to(database, service.value) as tx:
                events = await erase_person(tx, whose, grounds=word.reason, actor=word.actor)
                rows = await erase_rows(tx, data, whose, grounds=word.reason, actor=word.actor)
        tell(service, events, rows, data if only_tell else None)
    if whose.keeps_name:
        _console.print(
            f"○ Tên, mã số, ngày sinh được giữ đến trước ngày {stands.name_free_on:%d/%m/%Y} vì công nhận "
            "hoặc tiền thưởng (a recognition or money holds the name until then)."
        )


FIND_ACCOUNT = "select person_id from accounts where username = $1"


async def _actor(database: str, account: str) -> Actor:
    """Whose word it is."""
    async with looking_at(database, TaskQueue.ORGANISATION.value) as tx:
        actor_id: UUID | None = await tx.conn.fetchval(FIND_ACCOUNT, account)
    if actor_id is None:
        raise NobodyCalledSo(
            f"Không có tài khoản {account[:60]!r}: hãy dùng --as (no such account to erase as)."
        )
    return Actor(person_id=actor_id)
