"""The dossiers as intake publishes them: what a council needs to know of one."""

from dataclasses import dataclass, replace
from uuid import UUID

from casework.joined import authors_now
from kit.db import Tx
from kit.rows import read
from language.authors import who_can_be_told
from language.ids import PersonId, SeasonId, UnitId
from language.messages.journey import AuthorShare, CheckState
from language.refusals import NotFound
from language.views import View
from services.review.domain.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledDossier:
    """A dossier that was filed, and where its formal check stands."""

    code: str
    season_id: SeasonId
    unit_id: UnitId
    check_state: CheckState
    authors: tuple[AuthorShare, ...]

    @property
    def author_ids(self) -> tuple[PersonId, ...]:
        """Who may neither mark nor decide it."""
        return tuple(author.person_id for author in self.authors)


IS_CLOSED = f"select closed_at is not null from {View.DOSSIERS} where id = $1"


async def is_closed(tx: Tx, dossier_id: UUID) -> bool:
    """Its journey has ended, as intake has written down."""
    return bool(await tx.conn.fetchval(IS_CLOSED, dossier_id))


AUTHORS = f"select authors from {View.DOSSIERS} where id = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Authors:
    authors: tuple[AuthorShare, ...]


async def authors_told(tx: Tx, stage: Stage) -> tuple[PersonId, ...]:
    """The authors of a stage who can be told of it, by how intake has named them."""
    row = await tx.conn.fetchrow(AUTHORS, stage.dossier_id)
    named = await authors_now(tx, read(_Authors, row).authors) if row else ()
    silent = {author.person_id for author in named} - set(who_can_be_told(named))
    return tuple(person for person in stage.author_ids if person not in silent)


GET = f"select code, season_id, unit_id, check_state, authors from {View.DOSSIERS} where id = $1"


async def get_dossier(tx: Tx, dossier_id: UUID) -> FiledDossier:
    """The dossier; `NotFound` when intake does not know it, as after a restore: then it is asked again."""
    row = await tx.conn.fetchrow(GET, dossier_id)
    if row is None:
        raise NotFound
    found = read(FiledDossier, row)
    return replace(found, authors=await authors_now(tx, found.authors))
