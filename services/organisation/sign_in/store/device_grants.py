"""Sign-ins that programs without a browser have asked for."""

from datetime import datetime
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read
from services.organisation.sign_in.domain.devices import DeviceGrant

_COLUMNS: Final = (
    "device_code_hash, user_code_hash, client_id, renewable, address, asked_at, good_until, "
    "interval_seconds, polled_at, person_id, refused_at"
)
INSERT = Insert("device_grants", _COLUMNS)


async def insert_grant(tx: Tx, new: DeviceGrant) -> None:
    """Keep it."""
    await tx.conn.execute(INSERT.statement, *INSERT.row(new))


FIND_TYPED = f"select {_COLUMNS} from device_grants where user_code_hash = $1"
LOCK_TYPED = f"{FIND_TYPED} for update"


async def find_typed(tx: Tx, user_code_hash: str, *, lock: bool = False) -> DeviceGrant | None:
    """What this code was shown for, locked until the transaction ends if asked."""
    row = await tx.conn.fetchrow(LOCK_TYPED if lock else FIND_TYPED, user_code_hash)
    return read(DeviceGrant, row) if row else None


LOCK = f"select {_COLUMNS} from device_grants where device_code_hash = $1 for update"


async def lock_grant(tx: Tx, device_code_hash: str) -> DeviceGrant | None:
    """What the program has asked for, locked until the transaction ends."""
    row = await tx.conn.fetchrow(LOCK, device_code_hash)
    return read(DeviceGrant, row) if row else None


POLLED = "update device_grants set polled_at = $2, interval_seconds = $3 where device_code_hash = $1"


async def set_polled(tx: Tx, device_code_hash: str, now: datetime, interval_seconds: int) -> None:
    """The program has asked now, and waits so long before it asks again."""
    await tx.conn.execute(POLLED, device_code_hash, now, interval_seconds)


CONFIRM = "update device_grants set person_id = $2 where device_code_hash = $1"


async def set_confirmed(tx: Tx, device_code_hash: str, person_id: UUID) -> None:
    """This person signs in on it."""
    await tx.conn.execute(CONFIRM, device_code_hash, person_id)


REFUSE = "update device_grants set refused_at = $2 where device_code_hash = $1"


async def set_refused(tx: Tx, device_code_hash: str, now: datetime) -> None:
    """Nobody signs in on it."""
    await tx.conn.execute(REFUSE, device_code_hash, now)


DELETE = "delete from device_grants where device_code_hash = $1"


async def delete_grant(tx: Tx, device_code_hash: str) -> None:
    """It is over."""
    await tx.conn.execute(DELETE, device_code_hash)
