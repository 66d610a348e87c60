"""`python -m processes.bootstrap`: what a bare province needs before anybody can sign in. Repeat-safe.

Makes the root unit, an administrator with an account, the calendar, and publishes the shipped policy packs;
prints one line of JSON with the account and, the first time, its password."""

import asyncio
import json
import secrets
import sys
from datetime import date
from pathlib import Path

import holidays

from kit.clock import Clock
from kit.db import Database, Tx
from kit.ids import new_id
from kit.service import open_database
from language.posts.kinds import PostKind
from language.text import fold
from packs.freezing import PolicyPack, read_pack
from services.directory.app import SERVICE
from services.directory.operations.identity import hash_password
from services.directory.operations.packs import save_pack
from services.directory.settings import DirectorySettings
from services.directory.store import accounts, packs, people, rules, units
from services.directory.store.people import Person, Post
from services.directory.store.rules import CalendarVersion
from services.directory.store.units import Unit

ROOT_CODE = "TINH"
ADMIN = "admin"
POLICIES = Path(__file__).resolve().parents[1] / "policies"
_YEARS = range(2012, 2036)
_FIRST_DAY = date(2012, 4, 25)  # decree 13/2012 came into force


def shipped_packs(folder: Path = POLICIES) -> list[PolicyPack]:
    """The packs in the project's folder."""
    return [read_pack(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.yaml"))]


async def _root(tx: Tx) -> Unit:
    unit_id = new_id()
    root = Unit(
        id=unit_id,
        parent_id=None,
        path=[unit_id],
        code=ROOT_CODE,
        name="Tỉnh (mẫu)",
        level="PROVINCE",
        valid_from=_FIRST_DAY,
        valid_to=None,
        version=1,
    )
    await units.insert_unit(tx, root)
    known = await units.units_by_code(tx, [ROOT_CODE])
    return await units.get_unit(tx, known[ROOT_CODE][0])


async def _admin(tx: Tx, root: Unit) -> str | None:
    if await accounts.find_account(tx, ADMIN):
        return None
    person = Person(id=new_id(), code=ADMIN, full_name="Quản trị hệ thống", date_of_birth=None, version=1)
    await people.insert_person(tx, person, fold(person.full_name))
    post = Post(id=new_id(), unit_id=root.id, kind=PostKind.ADMIN, title="Quản trị hệ thống")
    await people.insert_post(tx, post)
    await people.insert_holding(tx, new_id(), post.id, person.id, (_FIRST_DAY, None))
    password = secrets.token_urlsafe(12)
    await accounts.save_account(tx, ADMIN, person.id, await hash_password(password))
    return password


async def _calendar(tx: Tx) -> None:
    if await rules.current_calendar(tx):
        return
    known = holidays.country_holidays("VN", years=_YEARS)
    make_up = sorted(getattr(known, "weekend_workdays", set()))
    reason = "Ngày nghỉ lễ theo gói `holidays`; văn phòng sửa khi có quyết định hoán đổi."
    calendar = CalendarVersion(
        version=1, holidays=sorted(known), make_up_days=make_up, reason=reason, made_by=None, made_at=tx.now
    )
    await rules.insert_calendar(tx, calendar)


async def bootstrap(database: Database) -> dict[str, str | None]:
    """Write what is missing; the admin's name and, if made now, password."""
    async with database.transaction() as tx:
        root = await _root(tx)
        password = await _admin(tx, root)
        await _calendar(tx)
        published = {(pack.name, pack.version) for pack in await packs.list_packs(tx)}
        for pack in shipped_packs():
            if (pack.name, pack.version) not in published:
                await save_pack(tx, pack)
    return {"account": ADMIN, "password": password, "root_code": ROOT_CODE}


async def main() -> None:
    """Run against the directory's own database."""
    settings = DirectorySettings.model_validate({})
    clock = Clock(settings.time_scale)
    database = await open_database(SERVICE, settings, clock)
    sys.stdout.write(json.dumps(await bootstrap(database)) + "\n")
    await database.close()


if __name__ == "__main__":
    asyncio.run(main())
