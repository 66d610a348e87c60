"""Files on their way: rows here, their pieces in the store of the attachments, each under the byte that it
begins with."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, pairwise
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.objects.port import Found, NotKept, Objects
from kit.rows import read
from language.refusals import NotFound
from services.intake.domain.upload import Upload

_PIECES: Final = "pieces"
_FROM_BEFORE: Final = "uploads"
"""Where release 0.1.0 kept a file on its way in one piece; nobody goes on with it."""
_READ_AT_ONCE: Final = 8
_COLUMNS = "id, dossier_id, begun_by, filename, size_bytes, received_bytes, attachment_id, begun_at"


class Parked:
    """The pieces of files that are not whole yet. What the row counts was durable before it was counted. What
    lies from there on was written by somebody who died on the way; the next piece takes its place."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    async def write(self, upload_id: UUID, at_byte: int, piece: bytes) -> None:
        """The piece from this byte on, durable at the end."""
        await self._objects.put(f"{_PIECES}/{upload_id}/{at_byte:020d}", piece)

    async def read(self, upload: Upload) -> bytes:
        """All of it; `NotFound` where a part is gone."""
        found = [one async for batch in self._objects.list_below(f"{_PIECES}/{upload.id}") for one in batch]
        pieces = _fitting(found, upload.size_bytes)
        at_once = asyncio.Semaphore(_READ_AT_ONCE)

        async def one(piece: Found, length: int) -> bytes:
            async with at_once:
                return await self._objects.read(piece.name, 0, length)

        try:
            return b"".join(await asyncio.gather(*(one(*piece) for piece in pieces)))
        except NotKept:
            raise NotFound from None

    async def drop(self, upload_ids: Sequence[UUID]) -> None:
        """These are needed no more."""
        for upload_id in upload_ids:
            async for batch in self._objects.list_below(f"{_PIECES}/{upload_id}"):
                await self._objects.drop([one.name for one in batch])

    async def old(self, before: float) -> AsyncIterator[list[UUID]]:
        """Those to which nothing came since this instant (seconds), in batches."""
        youngest: dict[UUID, float] = {}
        async for batch in self._objects.list_below(_PIECES):
            # What somebody else put there is not ours to look at.
            ours = [one for one in batch if _upload_of(one) is not None]
            for upload_id, pieces in groupby(ours, _upload_of):
                if upload_id is None:
                    continue
                seen = max(piece.written_at for piece in pieces)
                youngest[upload_id] = max(seen, youngest.get(upload_id, 0.0))
            # The names come in order: only of the last one more may come.
            if not youngest:
                continue
            last = next(reversed(youngest))
            yield [one for one, written_at in youngest.items() if one != last and written_at < before]
            youngest = {last: youngest[last]}
        yield [one for one, written_at in youngest.items() if written_at < before]

    async def drop_from_before(self, before: float) -> None:
        """What nobody goes on with since the release that kept it otherwise."""
        async for batch in self._objects.list_below(_FROM_BEFORE):
            await self._objects.drop([one.name for one in batch if one.written_at < before])


def _upload_of(found: Found) -> UUID | None:
    try:
        return UUID(found.name.split("/")[1])
    except (ValueError, IndexError):
        return None


def _fitting(found: Sequence[Found], size_bytes: int) -> list[tuple[Found, int]]:
    """The pieces in their order and how much of each counts: it ends where the next one begins. `NotFound`
    where one ends earlier."""
    starts = [int(one.name.rpartition("/")[2]) for one in found]
    if not found or starts[0]:
        raise NotFound
    lengths = [after - start for start, after in pairwise([*starts, size_bytes])]
    if any(length > one.size_bytes for one, length in zip(found, lengths, strict=True)):
        raise NotFound
    return list(zip(found, lengths, strict=True))


INSERT = f"insert into uploads ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8)"


async def insert_upload(tx: Tx, upload: Upload) -> None:
    """Begin it."""
    await tx.conn.execute(
        INSERT,
        upload.id,
        upload.dossier_id,
        upload.begun_by,
        upload.filename,
        upload.size_bytes,
        upload.received_bytes,
        upload.attachment_id,
        upload.begun_at,
    )


GET = f"select {_COLUMNS} from uploads where id = $1 and dossier_id = $2 and begun_by = $3"
LOCK = f"{GET} for update"
LOCK_FREE = f"{LOCK} skip locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """An upload into this dossier, of this person: somebody else's is not there."""

    upload_id: UUID
    dossier_id: UUID
    person_id: UUID


async def get_upload(tx: Tx, which: Which) -> Upload:
    """How far it is; `NotFound` without it."""
    return await _one(tx, GET, which)


async def lock_upload(tx: Tx, which: Which) -> Upload:
    """The same, locked. Whoever locks the dossier too does it after this."""
    return await _one(tx, LOCK, which)


async def lock_if_free(tx: Tx, which: Which) -> Upload | None:
    """The same; None where another one has it, or there is none."""
    row = await tx.conn.fetchrow(LOCK_FREE, which.upload_id, which.dossier_id, which.person_id)
    return read(Upload, row) if row else None


async def _one(tx: Tx, statement: str, which: Which) -> Upload:
    row = await tx.conn.fetchrow(statement, which.upload_id, which.dossier_id, which.person_id)
    if row is None:
        raise NotFound
    return read(Upload, row)


COUNT = "select count(*) from uploads where begun_by = $1 and attachment_id is null"


async def count_unfinished(tx: Tx, person_id: UUID) -> int:
    """How many files of the person are on their way."""
    return int(await tx.conn.fetchval(COUNT, person_id))


RECEIVED = "update uploads set received_bytes = $2, touched_at = now() where id = $1"


async def save_received(tx: Tx, upload: Upload) -> None:
    """So many bytes are durable."""
    await tx.conn.execute(RECEIVED, upload.id, upload.received_bytes)


FINISHED = "update uploads set attachment_id = $2, touched_at = now() where id = $1"


async def save_finished(tx: Tx, upload: Upload) -> None:
    """It became this attachment."""
    await tx.conn.execute(FINISHED, upload.id, upload.attachment_id)


DELETE = "delete from uploads where id = $1"


async def delete_upload(tx: Tx, upload_id: UUID) -> None:
    """It was given up."""
    await tx.conn.execute(DELETE, upload_id)


DELETE_OLD = """
delete from uploads where id = any(array(
  select id from uploads where touched_at < now() - $1::interval limit 500 for update skip locked
)) returning id
"""


async def delete_old(tx: Tx, kept: timedelta) -> list[UUID]:
    """Those that nobody has touched for so long."""
    return [row["id"] for row in await tx.conn.fetch(DELETE_OLD, kept)]


UNFINISHED = "select id from uploads where id = any($1) and attachment_id is null"


async def unfinished(tx: Tx, upload_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these that are still on their way."""
    return {row["id"] for row in await tx.conn.fetch(UNFINISHED, list(upload_ids))}
