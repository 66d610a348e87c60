"""Signing in with name and password, and with a one-time code where the account has them: each try is counted
before it is looked at, and what is refused takes as long and says the same whoever is named."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from casework.history.record import record
from kit.db import Database, Tx
from language.events.accounts import OneTimeCodeFailed
from language.events.actor import Actor
from language.events.organisation import OwnPasswordChanged, SignedIn, SignInFailed
from services.organisation.sign_in.domain import limits
from services.organisation.sign_in.domain.account import Account
from services.organisation.sign_in.domain.passwords import normalise
from services.organisation.sign_in.domain.refusals import (
    AccountClosed,
    OneTimeCodeMissing,
    OneTimeCodeWrong,
    PasswordMustChange,
    PasswordUnchanged,
    SignInRefused,
)
from services.organisation.sign_in.operations import one_time_codes, waiting
from services.organisation.sign_in.operations.one_time_codes import CodeRules, NewSecret, RecoveryCodes
from services.organisation.sign_in.operations.passwords import hash_password, is_right, require_hard
from services.organisation.sign_in.operations.telling import Done, tell_anyway
from services.organisation.sign_in.store import accounts
from services.organisation.sign_in.store import one_time_codes as kept_codes

REFUSED_AFTER = 0.3
"""Seconds that a refusal takes at least: what is written of a known account is not to be seen by a watch."""
Outcome: TypeAlias = UUID | NewSecret | RecoveryCodes
"""Who has signed in; or what codes shall be made of, where a post demands them and there are none; or the
recovery codes, after the first code was right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody typed into the form, and from which address; a new password and a code where they are
    asked for."""

    username: str
    password: str = field(repr=False)
    new_password: str = field(default="", repr=False)
    one_time_code: str = field(default="", repr=False)
    address: str


class _Beside(StrEnum):
    """What the account asks for beside the password."""

    NOTHING = "NOTHING"
    A_CODE = "A_CODE"
    FIRST_CODE = "FIRST_CODE"


async def sign_in(database: Database, rules: CodeRules, typed: Typed) -> Outcome:
    """The person behind what was typed."""
    refused_at = asyncio.get_running_loop().time() + REFUSED_AFTER
    try:
        return await _sign_in(database, rules, typed)
    except SignInRefused:
        await asyncio.sleep(refused_at - asyncio.get_running_loop().time())
        raise


async def _sign_in(database: Database, rules: CodeRules, typed: Typed) -> Outcome:
    await waiting.count_try(database, typed.username, typed.address)
    async with database.reading() as tx:
        account = await accounts.find_account(tx, typed.username)
    fits = await is_right(typed.password, account.password_hash if account else None)
    if account is None:
        raise SignInRefused
    if not fits:
        async with database.transaction() as tx:
            await _record(tx, account, SignInFailed())
        raise SignInRefused
    beside = await _password_was_right(database, rules, account, typed)
    if account.disabled_at:
        raise AccountClosed
    new_hash = await _new_hash(account, typed)
    match beside:
        case _Beside.NOTHING:
            if new_hash:
                async with database.transaction() as tx:
                    await _change(tx, account, new_hash, database.clock.real_now())
            return account.person_id
        case _Beside.A_CODE:
            return await _show_code(database, rules, account, typed, new_hash)
        case _Beside.FIRST_CODE:
            return await _set_up_codes(database, rules, account, typed, new_hash)


async def _password_was_right(
    database: Database, rules: CodeRules, account: Account, typed: Typed
) -> _Beside:
    """What else is asked for. Tries begin anew only where that is nothing; a code that is typed is a try."""
    now = database.clock.real_now()
    async with database.transaction() as tx:
        if await kept_codes.are_in_use(tx, account.person_id):
            beside = _Beside.A_CODE
        elif await one_time_codes.are_demanded(tx, rules, account.person_id):
            beside = _Beside.FIRST_CODE
        else:
            beside = _Beside.NOTHING
        if beside is _Beside.NOTHING:
            await waiting.forgive(tx, typed.username, typed.address, now)
            await _record(tx, account, SignedIn())
        elif not typed.one_time_code:
            await waiting.take_back(tx, typed.username, typed.address)
    return beside


async def _new_hash(account: Account, typed: Typed) -> str | None:
    """Of the password that nobody else knows, which the holder chooses before anything else."""
    if not account.must_change:
        return None
    if not typed.new_password:
        raise PasswordMustChange
    return await choose(account, typed.password, typed.new_password)


async def _show_code(
    database: Database, rules: CodeRules, account: Account, typed: Typed, new_hash: str | None
) -> UUID:
    if not typed.one_time_code:
        raise OneTimeCodeMissing
    count = await waiting.count_code(database, typed.username, typed.address)
    now = database.clock.real_now()
    async with database.transaction() as tx:
        await _lock(tx, account)
        fits = await one_time_codes.take(tx, rules, account.person_id, typed.one_time_code, now)
        if fits:
            await _is_in(tx, account, typed, now)
            if new_hash:
                await _change(tx, account, new_hash, now)
        else:
            await _code_failed(tx, account, count)
    if not fits:
        raise OneTimeCodeWrong
    return account.person_id


async def _set_up_codes(
    database: Database, rules: CodeRules, account: Account, typed: Typed, new_hash: str | None
) -> NewSecret | RecoveryCodes:
    """A secret to begin with, and then its first code. What was begun while others knew the password is
    begun anew."""
    now = database.clock.real_now()
    async with database.transaction() as tx:
        await _lock(tx, account)
        if new_hash:
            await _change(tx, account, new_hash, now)
        begun = await kept_codes.find_codes(tx, account.person_id)
        if new_hash or not typed.one_time_code or begun is None:
            return await one_time_codes.begin(tx, rules, account, now)
    count = await waiting.count_code(database, typed.username, typed.address)
    async with database.transaction() as tx:
        await _lock(tx, account)
        made = await one_time_codes.confirm(tx, rules, account.person_id, typed.one_time_code, now)
        if made:
            await _is_in(tx, account, typed, now)
        else:
            await _code_failed(tx, account, count)
    if made is None:
        raise OneTimeCodeWrong
    return made


async def _is_in(tx: Tx, account: Account, typed: Typed, now: datetime) -> None:
    await waiting.forgive(tx, typed.username, typed.address, now)
    await _record(tx, account, SignedIn())


async def _code_failed(tx: Tx, account: Account, count: int) -> None:
    """The holder hears of it once somebody who knows the password goes on guessing."""
    own = Actor(person_id=account.person_id)
    if count == limits.OF_CODES.free:
        await tell_anyway(tx, account.person_id, OneTimeCodeFailed(), own, Done.CODES_GUESSED)
    else:
        await _record(tx, account, OneTimeCodeFailed())


async def _record(tx: Tx, account: Account, fact: SignedIn | SignInFailed | OneTimeCodeFailed) -> None:
    await record(tx, fact, about=account.person_id, actor=Actor(person_id=account.person_id))


async def _lock(tx: Tx, account: Account) -> None:
    """Nothing that was looked at has changed meanwhile."""
    if await accounts.lock_account_of(tx, account.person_id) != account:
        raise SignInRefused


async def _change(tx: Tx, account: Account, new_hash: str, now: datetime) -> None:
    await _lock(tx, account)
    await change(tx, account.person_id, new_hash, now)


async def choose(account: Account, old: str, new: str) -> str:
    """The hash of a new password that is another one, and hard to guess."""
    if normalise(old) == normalise(new):
        raise PasswordUnchanged
    require_hard(new, account.username)
    return await hash_password(new)


async def change(tx: Tx, person_id: UUID, new_hash: str, now: datetime) -> None:
    """The person's own password from now on; whoever was signed in no longer is."""
    await accounts.change_password(tx, person_id, new_hash, now)
    await record(tx, OwnPasswordChanged(), about=person_id, actor=Actor(person_id=person_id))
