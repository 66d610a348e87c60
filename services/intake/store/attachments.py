"""Attachments: rows here, content under its hash in a store of objects."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kit.db import Tx
from kit.http.refusals import StoreAway
from kit.objects.port import Found, Objects
from kit.rows import read, read_all
from language.refusals import NotFound
from services.intake.domain.attachment import Attachment

_HASH_LENGTH: Final = 64
_INCOMING: Final = "incoming"
_COLUMNS = "id, dossier_id, sha256, filename, media_type, size_bytes, added_by, added_at"


def name_of(sha256: str) -> str:
    """Under which name content of this hash lies."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _hash_in(name: str) -> str:
    """The hash of what lies under this name; empty for what is no content."""
    last = name.rpartition("/")[2]
    return last if len(last) == _HASH_LENGTH and name_of(last) == name else ""


class Blobs:
    """Content under its hash. Written beside and made durable first, named when its row is written: what is
    refused leaves nothing, a crash leaves something that is collected."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    @asynccontextmanager
    async def staged(self, sha256: str, content: bytes) -> AsyncIterator["Staged"]:
        """The content, durable but under no name that counts; gone at the end unless it was kept."""
        beside = f"{_INCOMING}/{secrets.token_hex(16)}"
        await self._objects.put(beside, content)
        try:
            yield Staged(self._objects, beside, name_of(sha256))
        finally:
            # It is collected later. What was kept is kept, so nobody is told otherwise.
            with suppress(StoreAway):
                await self._objects.drop([beside])

    async def read(self, sha256: str, start: int, length: int) -> bytes:
        """A part of the content; `NotKept` where it is not there."""
        return await self._objects.read(name_of(sha256), start, length)

    async def below(self, prefix: str) -> dict[str, Found]:
        """What lies under hashes that begin with these two digits."""
        batches = [batch async for batch in self._objects.list_below(prefix)]
        return {hash_: one for batch in batches for one in batch if (hash_ := _hash_in(one.name))}

    async def old(self, before: float) -> AsyncIterator[dict[str, float]]:
        """The hashes of what was written, or kept again, before this instant (seconds), and when, in
        batches."""
        async for batch in self._objects.list_below(""):
            old = [one for one in batch if one.written_at < before]
            yield {hash_: one.written_at for one in old if (hash_ := _hash_in(one.name))}

    async def drop(self, hashes: Sequence[str]) -> None:
        """Nobody keeps these."""
        await self._objects.drop([name_of(sha256) for sha256 in hashes])

    async def drop_old_incoming(self, before: float) -> None:
        """What a crash left before it was named."""
        async for batch in self._objects.list_below(_INCOMING):
            await self._objects.drop([one.name for one in batch if one.written_at < before])


@dataclass(frozen=True, slots=True)
class Staged:
    """Content that waits for its row."""

    objects: Objects
    beside: str
    name: str

    async def keep(self) -> None:
        """Name it, in the transaction of its row and before the end of that: a row always has its content."""
        await self.objects.keep_as(self.beside, self.name)


# An orphan may be taken again at the very moment in which it is collected. So whoever keeps content holds
# this until the row is committed, and whoever collects asks for the rows once nobody holds it.
KEEPING = "select pg_advisory_xact_lock_shared(hashtextextended('intake blobs', 0))"
COLLECTING = "select pg_advisory_xact_lock(hashtextextended('intake blobs', 0))"


async def lock_for_keeping(tx: Tx) -> None:
    """Nothing is collected until the end of this transaction."""
    await tx.conn.execute(KEEPING)


async def lock_for_collecting(tx: Tx) -> None:
    """Nothing is kept until the end of this transaction."""
    await tx.conn.execute(COLLECTING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What rows say of content: its hash and size, and the dossiers that have it, or had it before it was
    taken off."""

    sha256: str
    size_bytes: int
    dossier_ids: tuple[UUID, ...]


CONTENTS = """
select sha256, max(size_bytes) as size_bytes, array_agg(distinct dossier_id) as dossier_ids from attachments
where sha256 >= $1 and sha256 < $2 group by sha256 order by sha256
"""


async def list_contents(tx: Tx, prefix: str) -> list[Content]:
    """All content whose hash begins with these two digits."""
    # "g" is what follows the last digit.
    behind = f"{int(prefix, 16) + 1:02x}" if prefix != "ff" else "g"
    return read_all(Content, await tx.conn.fetch(CONTENTS, prefix, behind))


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
