"""`python -m processes.bootstrap`: what a bare province needs before anybody can sign in. Repeat-safe.

Makes the root unit, two administrators with accounts, for some things take both, and the calendar; publishes
with `--samples` the shipped policy packs, which are no province's.

The administrators' first passwords are those of the environment, where it says them: what a job prints stays
in a log. Else they are made up and printed, the first time, in the line of JSON that tells the accounts.
Either way each chooses another at the first sign-in."""

import asyncio
import json
import secrets
import sys
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

import holidays
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from casework.history.record import record, record_all
from kit.clock import Clock
from kit.db import Database, Tx
from kit.ids import new_id
from kit.service import Service, open_database
from kit.settings import settings_of
from language.posts.kinds import PostKind
from language.text import fold
from packs.freezing import PolicyPack, read_pack
from packs.swapped_days import read_swapped_days
from processes.migrate import folders_of
from processes.starting import refusals_told
from services.organisation.app import SERVICE as ORGANISATION
from services.organisation.domain.person import Person
from services.organisation.domain.post import Post
from services.organisation.domain.unit import Unit
from services.organisation.operations.people import appoint
from services.organisation.operations.recording import (
    account_saved,
    person_created,
    post_created,
    unit_created,
)
from services.organisation.sign_in.operations.passwords import hash_password, require_hard
from services.organisation.sign_in.store import accounts
from services.organisation.store import people, units
from services.rulebook.app import SERVICE as RULEBOOK
from services.rulebook.domain.calendars import CalendarVersion
from services.rulebook.operations.calendars import record_calendar
from services.rulebook.operations.packs import save_pack
from services.rulebook.store import calendars, packs

ROOT_CODE = "TINH"
ADMIN, SECOND_ADMIN = "admin", "quantri2"
_ADMINS = {ADMIN: "Quản trị hệ thống", SECOND_ADMIN: "Quản trị viên thứ hai"}
POLICIES = Path(__file__).resolve().parents[1] / "policies"
_SAMPLES = "--samples"
_YEARS = range(2012, 2036)
_FIRST_DAY = date(2012, 4, 25)  # decree 13/2012 came into force


@cache
def shipped_packs() -> tuple[PolicyPack, ...]:
    """The packs in the project's folder."""
    return tuple(read_pack(file.read_text(encoding="utf-8")) for file in sorted(POLICIES.glob("*.yaml")))


def known_days() -> tuple[list[date], list[date]]:
    """Days off and weekend days worked that a new installation begins with: public holidays by their rules,
    and the days that were swapped by decision."""
    swaps = read_swapped_days(POLICIES / "calendar" / "swapped-days.yaml")
    by_rule = holidays.country_holidays("VN", years=_YEARS)
    worked = {swap.worked for swap in swaps}
    return sorted({*by_rule, *(swap.day_off for swap in swaps)} - worked), sorted(worked)


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
    if await units.insert_unit(tx, root):
        await record(tx, unit_created(root), about=root.id)
    known = await units.units_by_code(tx, [ROOT_CODE])
    return await units.get_unit(tx, known[ROOT_CODE][0])


class FirstPasswords(BaseSettings):
    """What the two administrators sign in with for the first time; empty: made up here and printed."""

    first_password: SecretStr = SecretStr("")
    second_first_password: SecretStr = SecretStr("")

    def given(self) -> dict[str, str]:
        """By account, where the environment says one; `PasswordTooEasy` for what others would guess."""
        said = {ADMIN: self.first_password, SECOND_ADMIN: self.second_first_password}
        passwords = {name: secret.get_secret_value() for name, secret in said.items()}
        for name, password in passwords.items():
            if password:
                require_hard(password, name)
        return {name: password for name, password in passwords.items() if password}


async def _admin(tx: Tx, root: Unit, name: str, given: str | None) -> str | None:
    if await accounts.find_account(tx, name):
        return None
    title = _ADMINS[name]
    person = Person(id=new_id(), code=name, full_name=title, date_of_birth=None, version=1)
    await people.insert_person(tx, person, fold(person.full_name))
    post = Post(id=new_id(), unit_id=root.id, kind=PostKind.ADMIN, title=title)
    await people.insert_post(tx, post)
    _, held = await appoint(tx, post.id, person.id, (_FIRST_DAY, None))
    password = given or secrets.token_urlsafe(12)
    await accounts.save_account(tx, name, person.id, await hash_password(password))
    account = account_saved(None, name, password_set=True)
    made = [(person.id, person_created(person)), (post.id, post_created(post)), (person.id, account)]
    await record_all(tx, [*made, *held])
    return None if given else password


async def _calendar(tx: Tx) -> None:
    if await calendars.current_calendar(tx):
        return
    days_off, worked = known_days()
    reason = (
        "Có sẵn khi cài đặt: ngày lễ, tết theo luật, ngày hoán đổi theo các quyết định đã ban hành. Có quyết "
        "định mới thì quản trị viên sửa."
    )
    calendar = CalendarVersion(
        version=1, holidays=days_off, make_up_days=worked, reason=reason, made_by=None, made_at=tx.now
    )
    await calendars.insert_calendar(tx, calendar)
    await record_calendar(tx, None, calendar)


async def bootstrap_organisation(
    database: Database, given: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str | None]:
    """The root unit and its two administrators, with first passwords that were given or are made up; those
    that were made up now."""
    async with database.transaction() as tx:
        root = await _root(tx)
        return {name: await _admin(tx, root, name, given.get(name)) for name in _ADMINS}


async def bootstrap_rulebook(database: Database, *, samples: bool) -> None:
    """The calendar, and with `samples` the shipped packs, published."""
    async with database.transaction() as tx:
        await _calendar(tx)
        published = {(pack.name, pack.version) for pack in await packs.list_packs(tx)}
        for pack in shipped_packs() if samples else ():
            if (pack.name, pack.version) not in published:
                await save_pack(tx, pack)


async def _opened(service: Service) -> Database:
    settings = settings_of(service.settings, service.name)
    return await open_database(service.name, settings, Clock(settings.time_scale), folders_of(service.name))


async def main() -> None:
    """Run against both services' tables, as their own roles."""
    given = settings_of(FirstPasswords, ORGANISATION.name).given()
    organisation, rulebook = await _opened(ORGANISATION), await _opened(RULEBOOK)
    # The accounts come last: once they are there, so are the rules.
    await bootstrap_rulebook(rulebook, samples=_SAMPLES in sys.argv[1:])
    passwords = await bootstrap_organisation(organisation, given)
    made = {"accounts": passwords, "root_code": ROOT_CODE}
    sys.stdout.write(json.dumps(made) + "\n")
    await organisation.close()
    await rulebook.close()


if __name__ == "__main__":
    with refusals_told():
        asyncio.run(main())
