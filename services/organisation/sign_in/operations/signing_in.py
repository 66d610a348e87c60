"""Signing in with name and password: each try is counted before the password is looked at, and what is
refused takes as long and says the same whoever is named."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from math import ceil
from uuid import UUID

from casework.history.record import record
from kit.db import Database, Tx
from language.events.actor import Actor
from language.events.organisation import OwnPasswordChanged, SignedIn, SignInFailed
from services.organisation.sign_in.domain import limits
from services.organisation.sign_in.domain.account import Account
from services.organisation.sign_in.domain.passwords import normalise
from services.organisation.sign_in.domain.refusals import (
    AccountClosed,
    PasswordMustChange,
    PasswordUnchanged,
    SignInRefused,
    TooManyAttempts,
)
from services.organisation.sign_in.operations.passwords import hash_password, is_right, require_hard
from services.organisation.sign_in.store import accounts, tries

REFUSED_AFTER = 0.3
"""Seconds that a refusal takes at least: what is written of a known account is not to be seen by a watch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody typed into the form, and from which address; `new_password` where one is asked for."""

    username: str
    password: str = field(repr=False)
    new_password: str = field(default="", repr=False)
    address: str


async def sign_in(database: Database, typed: Typed) -> UUID:
    """The person behind name and password."""
    refused_at = asyncio.get_running_loop().time() + REFUSED_AFTER
    try:
        return await _sign_in(database, typed)
    except SignInRefused:
        await asyncio.sleep(refused_at - asyncio.get_running_loop().time())
        raise


async def _sign_in(database: Database, typed: Typed) -> UUID:
    await count_try(database, typed.username, typed.address)
    async with database.reading() as tx:
        account = await accounts.find_account(tx, typed.username)
    fits = await is_right(typed.password, account.password_hash if account else None)
    if account is None:
        raise SignInRefused
    async with database.transaction() as tx:
        if fits:
            await forgive(tx, typed.username, typed.address, database.clock.real_now())
        fact = SignedIn() if fits else SignInFailed()
        await record(tx, fact, about=account.person_id, actor=Actor(person_id=account.person_id))
    if not fits:
        raise SignInRefused
    if account.disabled_at:
        raise AccountClosed
    if account.must_change:
        await _change_first(database, account, typed)
    return account.person_id


async def _change_first(database: Database, account: Account, typed: Typed) -> None:
    """The holder chooses a password that nobody else knows, before anything else."""
    if not typed.new_password:
        raise PasswordMustChange
    new_hash = await choose(account, typed.password, typed.new_password)
    async with database.transaction() as tx:
        now = await accounts.lock_account_of(tx, account.person_id)
        if now is None or now.password_hash != account.password_hash:
            raise SignInRefused
        await change(tx, account.person_id, new_hash, database.clock.real_now())


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


async def count_try(database: Database, username: str, address: str) -> None:
    """Count one more try, so that many at once gain nothing; `TooManyAttempts`, and nothing counted, while
    one has to wait."""
    both, of_name, of_address = _keys(username, address)
    now = database.clock.real_now()
    async with database.transaction() as tx:
        known = await tries.lock_tries(tx, (both, of_name, of_address), now)
        waits = [
            limits.wait(limits.OF_BOTH, known[both], now),
            limits.wait(limits.OF_ADDRESS, known[of_address], now),
        ]
        if not known[both].is_proven_at(now):
            waits.append(limits.wait(limits.OF_NAME, known[of_name], now))
        if longest := max(waits):
            raise TooManyAttempts(seconds=ceil(longest / timedelta(seconds=1)))
        counted = [(key, found.counted_at(now) + 1) for key, found in known.items()]
        await tries.save_tries(tx, counted, now)


async def forgive(tx: Tx, username: str, address: str, now: datetime) -> None:
    """The password was right: tries begin anew."""
    both, of_name, of_address = _keys(username, address)
    await tries.prove(tx, (both, of_name), of_address, now)
    await tries.forget_tries(tx, now - limits.FORGOTTEN_AFTER, now - limits.PROVEN_FOR)


def _keys(username: str, address: str) -> tuple[str, str, str]:
    """What a try is counted under: name and address, name, address."""
    where = _network(address)
    names = (f"both\n{username}\n{where}", f"name\n{username}", f"address\n{where}")
    both, of_name, of_address = (sha256(name.encode()).hexdigest() for name in names)
    return both, of_name, of_address


def _network(address: str) -> str:
    """Whoever has one address of the sixth version has billions of them."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if known.version == 6 else str(known)
