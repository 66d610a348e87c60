"""Contents as they were handed in."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from language.refusals import NotFound
from services.intake.domain.attachment import Attachment
from services.intake.domain.version import FiledVersion

_COLUMNS = "dossier_id, number, filed_by, filed_at, content, author_ids, attachment_ids"
INSERT = Insert("filed_versions", _COLUMNS)


async def insert_version(tx: Tx, version: FiledVersion) -> None:
    """It never changes again."""
    row = INSERT.row(version, content=asdict(version.content))
    await tx.conn.execute(INSERT.statement, *row)


OF_DOSSIER = f"select {_COLUMNS} from filed_versions where dossier_id = $1 order by number"


async def versions_of(tx: Tx, dossier_id: UUID) -> list[FiledVersion]:
    """The filing and each supplement, in their order."""
    return read_all(FiledVersion, await tx.conn.fetch(OF_DOSSIER, dossier_id))


GET = f"select {_COLUMNS} from filed_versions where dossier_id = $1 and number = $2"


async def get_version(tx: Tx, dossier_id: UUID, number: int) -> FiledVersion:
    """One of them; `NotFound` without it."""
    row = await tx.conn.fetchrow(GET, dossier_id, number)
    if row is None:
        raise NotFound
    return read(FiledVersion, row)


FILES = """
select id, dossier_id, sha256, filename, media_type, size_bytes, added_by, added_at from attachments
where dossier_id = $1 and id = any($2) order by added_at, id
"""


async def files_of(tx: Tx, version: FiledVersion, ids: Sequence[UUID] | None = None) -> list[Attachment]:
    """The files that the version had, also those that were taken off since; or those of them with these
    ids."""
    had = [one for one in version.attachment_ids if ids is None or one in ids]
    return read_all(Attachment, await tx.conn.fetch(FILES, version.dossier_id, had))
