"""Signing in on a machine without a browser (RFC 8628): the program shows a code, the person types it on a
page of ours and signs in there, the program asks now and then and gets its tokens once."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from kit.db import Database, Tx
from language.events.actor import Actor
from language.events.organisation import DeviceSignedIn
from services.organisation.sign_in.domain.clients import CLIENTS
from services.organisation.sign_in.domain.devices import LENGTH, LETTERS, DeviceGrant, as_typed
from services.organisation.sign_in.domain.refusals import (
    AuthorizationPending,
    ClientUnauthorized,
    DeviceCodeExpired,
    DeviceCodeUnknown,
    DeviceRefused,
    GrantInvalid,
    SlowDown,
)
from services.organisation.sign_in.operations import waiting
from services.organisation.sign_in.operations.telling import Done, tell_anyway
from services.organisation.sign_in.store import device_grants

INTERVAL_SECONDS: Final = 5
"""So long a program waits before it asks again, and so much longer each time it has not."""
"""So long a program still hears that its time is over, and not that there is no such code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What the program is told; it shows `user_code` to the person and keeps the other to itself."""

    device_code: str = field(repr=False)
    user_code: str


def _hash(code: str) -> str:
    return sha256(code.encode("utf-8", "replace")).hexdigest()


async def begin(
    database: Database, client_id: str, address: str, life: timedelta, *, renewable: bool
) -> Begun:
    """Codes for a sign-in that this program asks for. Only digests of them are kept."""
    client = CLIENTS.get(client_id)
    if client is None or not client.on_devices or not life:
        raise ClientUnauthorized
    await waiting.count_device(database, address)
    begun = Begun(
        device_code=secrets.token_urlsafe(32),
        user_code="".join(secrets.choice(LETTERS) for _ in range(LENGTH)),
    )
    now = database.clock.real_now()
    grant = DeviceGrant(
        device_code_hash=_hash(begun.device_code),
        user_code_hash=_hash(begun.user_code),
        client_id=client_id,
        renewable=renewable and client.renews,
        address=address,
        asked_at=now,
        good_until=now + life,
        interval_seconds=INTERVAL_SECONDS,
    )
    async with database.transaction() as tx:
        await device_grants.insert_grant(tx, grant)
    return begun


async def find(database: Database, user_code: str, address: str) -> DeviceGrant:
    """What somebody is asked to confirm; `DeviceCodeUnknown` where there is nothing of this code, or no more.
    Codes are counted before they are looked at, so nobody tries many."""
    await waiting.count_user_code(database, address)
    async with database.transaction() as tx:
        grant = await _open(tx, user_code, database.clock.real_now(), lock=False)
        await waiting.take_back_user_code(tx, address)
    return grant


async def confirm(tx: Tx, user_code: str, person_id: UUID, now: datetime) -> None:
    """This person, who has just signed in on the page, is signed in on the other machine too; and is told so,
    for somebody else may have sent the code."""
    grant = await _open(tx, user_code, now, lock=True)
    await device_grants.set_confirmed(tx, grant.device_code_hash, person_id)
    fact = DeviceSignedIn(client=grant.client_id)
    await tell_anyway(tx, person_id, fact, Actor(person_id=person_id), Done.DEVICE_SIGNED_IN)


async def refuse(tx: Tx, user_code: str, now: datetime) -> None:
    """Nobody is signed in by it. Whoever has the code may say so."""
    grant = await _open(tx, user_code, now, lock=True)
    await device_grants.set_refused(tx, grant.device_code_hash, now)


async def _open(tx: Tx, user_code: str, now: datetime, *, lock: bool) -> DeviceGrant:
    grant = await device_grants.find_typed(tx, _hash(as_typed(user_code)), lock=lock)
    if grant is None or not grant.is_open(now):
        raise DeviceCodeUnknown
    return grant


async def redeem(database: Database, device_code: str, client_id: str) -> tuple[DeviceGrant, UUID]:
    """What was confirmed, and by whom: once, to the program that asked for it. Until then it is
    `AuthorizationPending`, or `SlowDown` for one that asks too often; or it ends with `DeviceRefused` or
    `DeviceCodeExpired`."""
    async with database.transaction() as tx:
        grant = await device_grants.lock_grant(tx, _hash(device_code))
        if grant is None or grant.client_id != client_id:
            raise GrantInvalid(reason="device_code")
        now = database.clock.real_now()
        waits = grant.interval_seconds
        if grant.is_open(now):
            waits += INTERVAL_SECONDS if grant.is_asked_too_soon(now) else 0
            await device_grants.set_polled(tx, grant.device_code_hash, now, waits)
        elif grant.person_id or grant.refused_at:
            await device_grants.delete_grant(tx, grant.device_code_hash)
    # Said after what was written is kept.
    if grant.refused_at:
        raise DeviceRefused
    if grant.good_until <= now:
        raise DeviceCodeExpired
    if grant.person_id is None:
        raise SlowDown(seconds=waits) if waits > grant.interval_seconds else AuthorizationPending()
    return grant, grant.person_id
