"""Every look at a dossier is written down before anything of it is shown: whose, at what, when. Authors and
whoever files for them look at their own, and are not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from casework import rights
from casework.joined import records_of
from kit.auth import Principal
from kit.db import Database, Tx
from kit.sorting import ListPlace
from language.posts.kinds import PostKind
from language.refusals import Forbidden
from services.intake.domain.dossier import Dossier
from services.intake.domain.look import LookedAt
from services.intake.store import dossiers, looks
from services.intake.store.looks import Look, LookFilter

AUDITORS: Final = frozenset({PostKind.AUDITOR, PostKind.ADMIN})


async def note_look(database: Database, caller: Principal, dossier_id: UUID, part: LookedAt) -> None:
    """Written in a transaction of its own, for what only reads has none; once an hour, so that a page that is
    loaded again writes nothing."""
    async with database.reading() as tx:
        dossier = await dossiers.get_dossier(tx, dossier_id)
        if _is_own(caller, dossier) or await looks.is_known(tx, dossier_id, caller.person_id, part):
            return
    async with database.transaction() as tx:
        await looks.keep_look(tx, dossier_id, caller.person_id, part)


async def note_history(database: Database, caller: Principal, dossier_id: UUID) -> None:
    """The same, of the history."""
    await note_look(database, caller, dossier_id, LookedAt.HISTORY)


def _is_own(caller: Principal, dossier: Dossier) -> bool:
    return caller.person_id in (*dossier.author_ids, dossier.created_by, dossier.filer_id)


async def list_looks(
    tx: Tx, caller: Principal, person_id: UUID | None, wanted: LookFilter, page: tuple[ListPlace, int]
) -> Sequence[Look]:
    """For auditors and administrators: of what was filed under their units."""
    units = await rights.units_of(tx, caller, AUDITORS)
    if not units:
        raise Forbidden
    is_all = await rights.root_of(tx, caller, AUDITORS) is not None
    people = None if person_id is None else tuple(await records_of(tx, person_id))
    asked = replace(wanted, unit_ids=None if is_all else units, person_ids=people)
    return await looks.list_looks(tx, asked, *page)
