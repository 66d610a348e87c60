"""Attachments: rows here, content in files named by their hash."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from math import inf
from pathlib import Path
from uuid import UUID

from kit.db import Tx
from kit.rows import read, read_all
from language.refusals import NotFound
from services.intake.domain.attachment import Attachment

_HASH_LENGTH = 64
_COLUMNS = "id, dossier_id, sha256, filename, media_type, size_bytes, added_by, added_at"


class Blobs:
    """Content under its hash. Written beside and made durable first, named when its row is written: what is
    refused leaves no file, a crash leaves one that `collect` removes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def incoming(self) -> Path:
        """Where content lies until its row is written."""
        return self._folder / "incoming"

    def path(self, sha256: str) -> Path:
        """Where content of this hash lies."""
        return self._folder / sha256[:2] / sha256[2:4] / sha256

    @asynccontextmanager
    async def staged(self, sha256: str, content: bytes) -> AsyncIterator["Staged"]:
        """The content, written and durable but under no name; gone at the end unless it was kept."""
        beside = await asyncio.to_thread(self._stage, content)
        try:
            yield Staged(beside, self.path(sha256))
        finally:
            await asyncio.to_thread(beside.unlink, missing_ok=True)

    def _stage(self, content: bytes) -> Path:
        self.incoming.mkdir(parents=True, exist_ok=True)
        beside = self.incoming / secrets.token_hex(16)
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return beside

    def old_files(self, before: float) -> Iterator[Path]:
        """What was written, or kept again, before this instant (seconds); of the kept the name is the
        hash."""
        for file in self._folder.glob("*/*/*"):
            if len(file.name) == _HASH_LENGTH and written_at(file) < before:
                yield file

    def drop_old_incoming(self, before: float) -> None:
        """What a crash left before it was named."""
        for file in self.incoming.glob("*"):
            if written_at(file) < before:
                file.unlink(missing_ok=True)


def written_at(file: Path) -> float:
    """When it was written last (seconds); never, of what is gone meanwhile."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return inf


@dataclass(frozen=True, slots=True)
class Staged:
    """Content that waits for its row."""

    beside: Path
    target: Path

    async def keep(self) -> None:
        """Name it, in the transaction of its row and before the end of that: a row always has its content."""
        await asyncio.to_thread(self._keep)

    def _keep(self) -> None:
        self.target.parent.mkdir(parents=True, exist_ok=True)
        try:
            # Seen anew: whoever collects orphans leaves it alone.
            os.utime(self.target)
        except FileNotFoundError:
            self.beside.replace(self.target)
            folder = os.open(self.target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


KNOWN_HASHES = "select distinct sha256 from attachments where sha256 = any($1)"


async def known_hashes(tx: Tx, hashes: Sequence[str]) -> set[str]:
    """Those of these hashes that a row names, be its file removed from the dossier or not."""
    return {row["sha256"] for row in await tx.conn.fetch(KNOWN_HASHES, list(hashes))}


SIZES = """
select
  (select coalesce(sum(size_bytes), 0) from attachments where dossier_id = $1)::bigint as of_dossier,
  (select coalesce(sum(size_bytes), 0) from attachments where added_by = $2 and added_at > $3)::bigint
    + (select coalesce(sum(size_bytes), 0) from uploads
      where begun_by = $2 and attachment_id is null and id is distinct from $4)::bigint as of_person
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many bytes are kept of a dossier and of a person; what was removed is kept too, and for what a
    person has begun to send there is room until it is whole."""

    of_dossier: int
    of_person: int


async def sizes_of(
    tx: Tx, dossier_id: UUID, person_id: UUID, since: datetime, without: UUID | None = None
) -> Sizes:
    """Of the dossier at all times, of the person since then; `without` the upload that is being finished."""
    row = await tx.conn.fetchrow(SIZES, dossier_id, person_id, since, without)
    if row is None:
        raise AssertionError("a statement of sums gives one row")
    return read(Sizes, row)


LOCK_PERSON = "select pg_advisory_xact_lock(hashtextextended('uploads of ' || $1::text, 0))"


async def lock_uploads(tx: Tx, person_id: UUID) -> None:
    """One upload of a person at a time is counted: two into two dossiers would both find room for
    themselves."""
    await tx.conn.execute(LOCK_PERSON, str(person_id))


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
