"""Who may see a dossier, and lists of them."""

import re
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from casework import rights
from kit.auth import Principal
from kit.db import Tx
from kit.http.refusals import EditConflict
from language.events.actor import Actor
from language.posts.kinds import PostKind
from language.refusals import Forbidden, NotFound
from language.text import fold
from services.intake.domain.dossier import Dossier
from services.intake.domain.refusals import NotAnAuthor, NotTheFiler, SearchTooShort
from services.intake.store import dossiers
from services.intake.store.dossiers import DossierFilter, RegisterLine

READERS = frozenset(PostKind) - {PostKind.STAFF}
_SEARCHABLE = re.compile(r"[^\W_]{3}")
"""What the index of texts can find: it knows three letters at a time."""


class Scope(StrEnum):
    """Whose dossiers: the caller's own, those under the caller's units, or all below the caller's highest
    post."""

    MINE = "mine"
    UNIT = "unit"
    ALL = "all"


async def may_read(tx: Tx, caller: Principal, dossier: Dossier) -> bool:
    """Authors, whoever holds a post in or over the unit, and whoever has a task there; what was never filed
    is its makers' alone."""
    if caller.person_id in (*dossier.author_ids, dossier.created_by, dossier.filer_id):
        return True
    if not dossier.was_filed:
        return False
    return await rights.post_over(
        tx, caller, READERS, dossier.unit_path
    ) is not None or await rights.has_task_about(tx, caller, dossier.id)


async def read_dossier(tx: Tx, caller: Principal, dossier_id: UUID) -> Dossier:
    """The dossier; to others it is not there."""
    dossier = await dossiers.get_dossier(tx, dossier_id)
    if not await may_read(tx, caller, dossier):
        raise NotFound
    return dossier


async def require_readable(tx: Tx, caller: Principal, dossier_id: UUID) -> None:
    """`NotFound` for who may not see it."""
    await read_dossier(tx, caller, dossier_id)


async def lock_readable(tx: Tx, caller: Principal, dossier_id: UUID) -> Dossier:
    """The dossier locked; to others it is not there."""
    dossier = await dossiers.lock_dossier(tx, dossier_id)
    if not await may_read(tx, caller, dossier):
        raise NotFound
    return dossier


async def lock_own(tx: Tx, caller: Principal, dossier_id: UUID, version: int | None = None) -> Dossier:
    """The dossier locked for the person who made it or took it over; with a version, only if it still is at
    that version."""
    dossier = await lock_readable(tx, caller, dossier_id)
    require_own(caller, dossier)
    if version is not None and dossier.version != version:
        raise EditConflict(current=dossier.version)
    return dossier


def require_own(caller: Principal, dossier: Dossier) -> None:
    """`NotTheFiler` for everybody but the person who made it, or took it over."""
    if caller.person_id != dossier.filer_id:
        raise NotTheFiler


def author_of(caller: Principal) -> Actor:
    """An author acts as a person, through no post."""
    return Actor(person_id=caller.person_id)


def clerks_of(dossier: Dossier) -> frozenset[PostKind]:
    """Who may go on with the dossier for authors who left."""
    officers = {dossier.check_officers} if dossier.check_officers else set()
    return frozenset({PostKind.INTAKE_OFFICER, *officers})


async def on_behalf_of_authors(tx: Tx, caller: Principal, dossier: Dossier) -> Actor:
    """An author as a person; else a clerk of the unit, through the post held today. `NotAnAuthor` for
    others."""
    if caller.person_id in (*dossier.author_ids, dossier.created_by):
        return author_of(caller)
    post = await rights.post_over(tx, caller, clerks_of(dossier), dossier.unit_path)
    if post is None:
        raise NotAnAuthor
    return rights.in_post(caller, post)


async def list_dossiers(
    tx: Tx, caller: Principal, scope: Scope, matching: DossierFilter, page: tuple[tuple[datetime, UUID], int]
) -> list[Dossier]:
    """The caller's own, or those filed under the caller's posts."""
    if scope is Scope.MINE:
        return await dossiers.list_of_person(tx, caller.person_id, matching, *page)
    units = await rights.units_of(tx, caller, READERS)
    if not units:
        raise Forbidden
    # Everything lies under the root: nothing has to be looked for under it.
    is_all = await rights.root_of(tx, caller, READERS) is not None
    if is_all and matching.text and not _SEARCHABLE.search(fold(matching.text)):
        raise SearchTooShort
    return await dossiers.list_under_units(tx, None if is_all else units, matching, *page)


async def list_register(
    tx: Tx, caller: Principal, unit_id: UUID, year: int, page: tuple[int, int]
) -> list[RegisterLine]:
    """The register of a unit, for posts in it or over it."""
    await rights.require_in(tx, caller, READERS, unit_id)
    return await dossiers.list_register(tx, unit_id, year, *page)
