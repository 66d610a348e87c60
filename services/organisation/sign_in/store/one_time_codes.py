"""One-time codes and recovery codes of accounts."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from kit.db import Tx
from kit.rows import read
from services.organisation.sign_in.domain.one_time_codes import CodesOf

_COLUMNS = "person_id, sealed_secret, begun_at, confirmed_at, last_step"
FIND = f"select {_COLUMNS} from one_time_codes where person_id = $1"


async def find_codes(tx: Tx, person_id: UUID) -> CodesOf | None:
    """What the person has, also where the first code is still to be shown."""
    row = await tx.conn.fetchrow(FIND, person_id)
    return read(CodesOf, row) if row else None


IN_USE = "select exists (select 1 from one_time_codes where person_id = $1 and confirmed_at is not null)"


async def are_in_use(tx: Tx, person_id: UUID) -> bool:
    """The person signs in with codes."""
    return bool(await tx.conn.fetchval(IN_USE, person_id))


BEGIN = """
insert into one_time_codes (person_id, sealed_secret, begun_at) values ($1, $2, $3)
on conflict (person_id) do update
set sealed_secret = excluded.sealed_secret, begun_at = excluded.begun_at, last_step = 0
where one_time_codes.confirmed_at is null
"""


async def begin(tx: Tx, person_id: UUID, sealed_secret: str, now: datetime) -> None:
    """A secret that is not confirmed yet; one begun before is forgotten, one in use stays."""
    await tx.conn.execute(BEGIN, person_id, sealed_secret, now)


TAKE_STEP = """
update one_time_codes set last_step = $2, confirmed_at = coalesce(confirmed_at, $3)
where person_id = $1 and last_step < $2 returning true
"""


async def take_step(tx: Tx, person_id: UUID, step: int, now: datetime) -> bool:
    """The code of this step was shown, which confirms the secret; False where it was taken before."""
    return bool(await tx.conn.fetchval(TAKE_STEP, person_id, step, now))


FORGET_RECOVERY = "delete from recovery_codes where person_id = $1"
INSERT_RECOVERY = "insert into recovery_codes (person_id, code_hash) select $1, unnest($2::text[])"


async def replace_recovery(tx: Tx, person_id: UUID, hashes: Collection[str]) -> None:
    """These and no others."""
    await tx.conn.execute(FORGET_RECOVERY, person_id)
    await tx.conn.execute(INSERT_RECOVERY, person_id, list(hashes))


USE_RECOVERY = """
delete from recovery_codes r using one_time_codes c
where r.person_id = $1 and r.code_hash = $2 and c.person_id = r.person_id and c.confirmed_at is not null
returning true
"""


async def use_recovery(tx: Tx, person_id: UUID, code_hash: str) -> bool:
    """It was there and is gone."""
    return bool(await tx.conn.fetchval(USE_RECOVERY, person_id, code_hash))


COUNT_RECOVERY = "select count(*) from recovery_codes where person_id = $1"


async def count_recovery(tx: Tx, person_id: UUID) -> int:
    """How many are left."""
    return int(await tx.conn.fetchval(COUNT_RECOVERY, person_id))


REMOVE = "delete from one_time_codes where person_id = $1"


async def remove(tx: Tx, person_id: UUID) -> None:
    """The person signs in without codes; recovery codes go with them."""
    await tx.conn.execute(REMOVE, person_id)
