"""Files on their way: rows here, their bytes so far in files named by their ids, beside the attachments."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from kit.db import Tx
from kit.rows import read
from language.refusals import NotFound
from services.intake.domain.upload import Upload
from services.intake.store.attachments import written_at

_COLUMNS = "id, dossier_id, begun_by, filename, size_bytes, received_bytes, attachment_id, begun_at"


class Parked:
    """The bytes of files that are not whole yet. What the row counts was durable before it was counted; what
    lies beyond it was written by somebody who died on the way, and is written again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "uploads"

    def path(self, upload_id: UUID) -> Path:
        """Where its bytes lie."""
        return self._folder / str(upload_id)

    async def write(self, upload_id: UUID, at_byte: int, piece: bytes) -> None:
        """The piece from this byte on, durable at the end; `NotFound` where what was counted before is
        gone."""
        await asyncio.to_thread(self._write, self.path(upload_id), at_byte, piece)

    def _write(self, path: Path, at_byte: int, piece: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        is_first = at_byte == 0
        file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o666)
        try:
            if os.fstat(file).st_size < at_byte:
                raise NotFound
            left = memoryview(piece)
            while left:
                written = os.pwrite(file, left, at_byte)
                left, at_byte = left[written:], at_byte + written
            os.fsync(file)
        finally:
            os.close(file)
        if is_first:
            for folder in (self._folder, self._folder.parent):
                _make_durable(folder)

    async def read(self, upload: Upload) -> bytes:
        """All of it; `NotFound` where it is gone."""
        return await asyncio.to_thread(self._read, upload)

    def _read(self, upload: Upload) -> bytes:
        try:
            with self.path(upload.id).open("rb") as file:
                content = file.read(upload.size_bytes)
        except FileNotFoundError:
            raise NotFound from None
        if len(content) < upload.size_bytes:
            raise NotFound
        return content

    async def drop(self, upload_ids: Sequence[UUID]) -> None:
        """These are needed no more."""
        await asyncio.to_thread(self._drop, upload_ids)

    def _drop(self, upload_ids: Sequence[UUID]) -> None:
        for upload_id in upload_ids:
            self.path(upload_id).unlink(missing_ok=True)

    def old_files(self, before: float) -> Iterator[UUID]:
        """Those to which nothing came since this instant (seconds)."""
        # A shared folder may hold files of its own, with a point before their names.
        for file in self._folder.glob("[!.]*"):
            if written_at(file) < before:
                yield UUID(file.name)


def _make_durable(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


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
  select id from uploads where touched_at < now() - interval '1 day' limit 500 for update skip locked
)) returning id
"""


async def delete_old(tx: Tx) -> list[UUID]:
    """Those that nobody has touched for a day."""
    return [row["id"] for row in await tx.conn.fetch(DELETE_OLD)]


UNFINISHED = "select id from uploads where id = any($1) and attachment_id is null"


async def unfinished(tx: Tx, upload_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these that are still on their way."""
    return {row["id"] for row in await tx.conn.fetch(UNFINISHED, list(upload_ids))}
