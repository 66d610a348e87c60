"""Requests that were rejected, as intake publishes them: what can be complained about before any council."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework.joined import authors_now, stand_for
from kit.db import Tx
from kit.rows import read
from language.authors import who_can_be_told
from language.events.intake import RequestRejected
from language.ids import DossierId, PersonId, UnitId
from language.messages.journey import AuthorShare, CheckState
from language.refusals import NotFound
from language.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledRequest:
    """A request, where its check stands since `acted_at`, and who filed it or acts for its authors."""

    id: DossierId
    code: str
    unit_id: UnitId
    check_state: CheckState
    check_revision: int
    plan_hash: str
    authors: tuple[AuthorShare, ...]
    filers: Sequence[UUID]
    acted_at: datetime


GET = f"""
select id, code, unit_id, check_state, check_revision, plan_hash, authors, filers, acted_at
from {View.DOSSIERS} where id = $1
"""


async def find_request(tx: Tx, dossier_id: UUID) -> FiledRequest | None:
    """The request, if it was filed."""
    row = await tx.conn.fetchrow(GET, dossier_id)
    return read(FiledRequest, row) if row else None


async def get_request(tx: Tx, dossier_id: UUID) -> FiledRequest:
    """The same; `NotFound` without one."""
    found = await find_request(tx, dossier_id)
    if found is None:
        raise NotFound
    return found


async def authors_of(tx: Tx, request: FiledRequest) -> list[PersonId]:
    """Under the records that stand for them now."""
    return [author.person_id for author in await authors_now(tx, request.authors)]


async def authors_told(tx: Tx, request: FiledRequest) -> tuple[UUID, ...]:
    """Those of them who can be told."""
    return who_can_be_told(await authors_now(tx, request.authors))


REJECTED_BY = f"""
select actor_id, on_behalf_of from {View.INTAKE_ACTS}
where subject_id = $1 and kind = $3 and occurred_at >= $2 order by occurred_at desc limit 1
"""


async def rejected_by(tx: Tx, request: FiledRequest) -> list[PersonId]:
    """Who has rejected it, and in whose place; nobody where its time ran out."""
    row = await tx.conn.fetchrow(REJECTED_BY, request.id, request.acted_at, RequestRejected.__name__)
    people = [person for person in (row["actor_id"], row["on_behalf_of"]) if person] if row else []
    return [PersonId(person) for person in (await stand_for(tx, people)).values()]


AUTHORS = f"select id, authors from {View.DOSSIERS} where id = any($1)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Authors:
    id: UUID
    authors: tuple[AuthorShare, ...]


async def authors_of_all(tx: Tx, dossier_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The authors of each of these."""
    found = [read(_Authors, row) for row in await tx.conn.fetch(AUTHORS, list(dossier_ids))]
    now = await stand_for(tx, {author.person_id for one in found for author in one.authors})
    return {one.id: [now[author.person_id] for author in one.authors] for one in found}


PATH = f"select u.path from {View.DOSSIERS} d join {View.UNITS} u on u.id = d.unit_id where d.id = $1"


async def path_of(tx: Tx, dossier_id: UUID) -> Sequence[UUID]:
    """From the root to the unit where it was filed."""
    path: Sequence[UUID] | None = await tx.conn.fetchval(PATH, dossier_id)
    return path or ()
