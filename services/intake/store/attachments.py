"""Attachments: rows here, content in files named by their hash."""

import asyncio
import os
import secrets
from pathlib import Path
from uuid import UUID

from kit.db import Tx
from kit.rows import read, read_all
from language.refusals import NotFound
from services.intake.domain.attachment import Attachment

_COLUMNS = "id, dossier_id, sha256, filename, media_type, size_bytes, added_by, added_at"


class Blobs:
    """Content under its hash. Written beside, made durable, then renamed: a crash leaves either all of it or
    nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Where content of this hash lies."""
        return self._folder / sha256[:2] / sha256[2:4] / sha256

    async def put(self, sha256: str, content: bytes) -> None:
        """Keep the content; a second time changes nothing."""
        await asyncio.to_thread(self._put, sha256, content)

    def _put(self, sha256: str, content: bytes) -> None:
        target = self.path(sha256)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(f".{secrets.token_hex(4)}")
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


INSERT = f"insert into attachments ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8)"


async def insert_attachment(tx: Tx, attachment: Attachment) -> None:
    """Add the file to its dossier."""
    await tx.conn.execute(
        INSERT,
        attachment.id,
        attachment.dossier_id,
        attachment.sha256,
        attachment.filename,
        attachment.media_type,
        attachment.size_bytes,
        attachment.added_by,
        attachment.added_at,
    )


LIST = (
    f"select {_COLUMNS} from attachments where dossier_id = $1 and removed_at is null order by added_at, id"
)


async def list_attachments(tx: Tx, dossier_id: UUID) -> list[Attachment]:
    """The dossier's files."""
    return read_all(Attachment, await tx.conn.fetch(LIST, dossier_id))


COUNT = "select count(*) from attachments where dossier_id = $1 and removed_at is null"


async def count_attachments(tx: Tx, dossier_id: UUID) -> int:
    """How many files the dossier has."""
    return int(await tx.conn.fetchval(COUNT, dossier_id))


GET = f"select {_COLUMNS} from attachments where id = $1 and dossier_id = $2 and removed_at is null"


async def get_attachment(tx: Tx, dossier_id: UUID, attachment_id: UUID) -> Attachment:
    """One file; `NotFound` without it."""
    row = await tx.conn.fetchrow(GET, attachment_id, dossier_id)
    if row is None:
        raise NotFound
    return read(Attachment, row)


REMOVE = (
    "update attachments set removed_at = $3 where id = $1 and dossier_id = $2 and removed_at is null "
    "returning true"
)


async def remove_attachment(tx: Tx, dossier_id: UUID, attachment_id: UUID) -> None:
    """Take the file off the dossier; the row and the content stay for the history."""
    if not await tx.conn.fetchval(REMOVE, attachment_id, dossier_id, tx.now):
        raise NotFound
