"""Tries are counted before what was typed is looked at, under the name of the account and the address: on the
sign-in page and where a session asks for password or code again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from math import ceil
from uuid import UUID

from kit.db import Database, Tx
from language.refusals import Refusal
from services.organisation.sign_in.domain import limits
from services.organisation.sign_in.domain.limits import Limit
from services.organisation.sign_in.domain.refusals import TooManyAttempts, TooManyDevices
from services.organisation.sign_in.store import accounts, one_time_codes, tries


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
        _require_no_wait(max(waits))
        counted = [(key, found.counted_at(now) + 1) for key, found in known.items()]
        await tries.save_tries(tx, counted, now)


async def count_code(database: Database, username: str, address: str) -> int:
    """Count a one-time code typed after the right password, beside the try itself: how many it were in a row.
    Only who knows the password comes here, so it closes the account to nobody else."""
    both, of_codes = _keys(username, address)[0], _of_codes(username)
    now = database.clock.real_now()
    async with database.transaction() as tx:
        known = await tries.lock_tries(tx, (both, of_codes), now)
        if not known[both].is_proven_at(now):
            _require_no_wait(limits.wait(limits.OF_CODES, known[of_codes], now))
        count = known[of_codes].counted_at(now) + 1
        await tries.save_tries(tx, [(of_codes, count)], now)
    return count


async def count_link_asked(database: Database, username: str, address: str) -> bool:
    """Count that a mail with a link was asked for: False while the account, if there is one, has had enough
    of them. `TooManyAttempts` where the address has asked for too many, whoever they are of."""
    of_name, of_address = _of_links(f"name\n{username}"), _of_links(f"address\n{_network(address)}")
    now = database.clock.real_now()
    async with database.transaction() as tx:
        known = await tries.lock_tries(tx, (of_name, of_address), now)
        _require_no_wait(limits.wait(limits.LINKS_OF_ADDRESS, known[of_address], now))
        is_mailed = not limits.wait(limits.LINKS_OF_NAME, known[of_name], now)
        counted = [of_address, of_name] if is_mailed else [of_address]
        await tries.save_tries(tx, [(key, known[key].counted_at(now) + 1) for key in counted], now)
    return is_mailed


async def count_link_shown(database: Database, address: str) -> None:
    """Count a link that is shown, before it is looked at."""
    key = _of_links(f"address\n{_network(address)}")
    await _count_one(database, key, limits.LINKS_OF_ADDRESS, TooManyAttempts)


async def take_back_link_shown(tx: Tx, address: str) -> None:
    """The link was good: nothing was guessed."""
    await tries.take_back(tx, (_of_links(f"address\n{_network(address)}"),))


async def count_device(database: Database, address: str) -> None:
    """Count a sign-in that a program on a machine of this address asks for; `TooManyDevices`."""
    key = _of_devices(f"address\n{_network(address)}")
    await _count_one(database, key, limits.DEVICES_OF_ADDRESS, TooManyDevices)


async def count_user_code(database: Database, address: str) -> None:
    """Count a code of such a sign-in that is typed, before it is looked at."""
    key = _of_devices(f"typed\n{_network(address)}")
    await _count_one(database, key, limits.USER_CODES_OF_ADDRESS, TooManyAttempts)


async def take_back_user_code(tx: Tx, address: str) -> None:
    """The code was good: nothing was guessed."""
    await tries.take_back(tx, (_of_devices(f"typed\n{_network(address)}"),))


async def _count_one(database: Database, key: str, limit: Limit, refusal: type[Refusal]) -> None:
    now = database.clock.real_now()
    async with database.transaction() as tx:
        known = await tries.lock_tries(tx, (key,), now)
        _require_no_wait(limits.wait(limit, known[key], now), refusal)
        await tries.save_tries(tx, [(key, known[key].counted_at(now) + 1)], now)


@asynccontextmanager
async def own_password_counted(database: Database, person_id: UUID, address: str) -> AsyncIterator[None]:
    """A session asks for the password again: counted before, with those of the sign-in page, and taken back
    where nothing was refused. Where there is no password nothing can be guessed."""
    async with database.reading() as tx:
        account = await accounts.find_account_of(tx, person_id)
    if account is None or account.password_hash is None:
        yield
        return
    await count_try(database, account.username, address)
    yield
    async with database.transaction() as tx:
        await take_back(tx, account.username, address)


@asynccontextmanager
async def own_code_counted(database: Database, person_id: UUID, address: str) -> AsyncIterator[None]:
    """A session asks for a one-time code. What was guessed before stays counted: the password was not
    shown."""
    async with database.reading() as tx:
        account = await accounts.find_account_of(tx, person_id)
        codes = await one_time_codes.find_codes(tx, person_id)
    if account is None or codes is None:
        yield
        return
    await count_try(database, account.username, address)
    await count_code(database, account.username, address)
    yield
    async with database.transaction() as tx:
        await tries.take_back(tx, (*_keys(account.username, address), _of_codes(account.username)))


async def forgive(tx: Tx, username: str, address: str, now: datetime) -> None:
    """All that was asked for was right: tries begin anew."""
    both, of_name, of_address = _keys(username, address)
    await tries.prove(tx, (both, of_name, _of_codes(username)), of_address, now)


async def take_back(tx: Tx, username: str, address: str) -> None:
    """What was typed was right, and is not all that is asked for: the try itself is none, those before
    stay. Else whoever knows the one could guess the other for ever."""
    await tries.take_back(tx, _keys(username, address))


def _require_no_wait(longest: timedelta, refusal: type[Refusal] = TooManyAttempts) -> None:
    if longest:
        raise refusal(seconds=ceil(longest / timedelta(seconds=1)))


def _keys(username: str, address: str) -> tuple[str, str, str]:
    """What a try is counted under: name and address, name, address."""
    where = _network(address)
    names = (f"both\n{username}\n{where}", f"name\n{username}", f"address\n{where}")
    both, of_name, of_address = (sha256(name.encode()).hexdigest() for name in names)
    return both, of_name, of_address


def _of_codes(username: str) -> str:
    return sha256(f"codes\n{username}".encode()).hexdigest()


def _of_links(name: str) -> str:
    return sha256(f"links\n{name}".encode()).hexdigest()


def _of_devices(name: str) -> str:
    return sha256(f"devices\n{name}".encode()).hexdigest()


def _network(address: str) -> str:
    """Whoever has one address of the sixth version has billions of them."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if known.version == 6 else str(known)
