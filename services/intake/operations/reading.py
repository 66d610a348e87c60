"""Who may see a dossier, and lists of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from casework import rights
from casework.about import require_searchable
from casework.roster import HeldPost
from kit.auth import Principal
from kit.db import Tx
from kit.http.refusals import EditConflict
from kit.sorting import ListPlace
from language.events.actor import Actor
from language.posts.kinds import PostKind
from language.refusals import Forbidden, NotFound
from services.intake.domain.dossier import Dossier
from services.intake.domain.refusals import NotAnAuthor, NotTheFiler
from services.intake.store import dossier_lists, dossiers
from services.intake.store.dossier_lists import DossierFilter
from services.intake.store.dossiers import RegisterLine

READERS = frozenset(PostKind) - {PostKind.STAFF}
PREPARERS = frozenset(
    {
        PostKind.ADMIN,
        PostKind.UNIT_HEAD,
        PostKind.DEPUTY_HEAD,
        PostKind.INTAKE_OFFICER,
        PostKind.COUNCIL_SECRETARY,
    }
)
"""Who prepares drafts for the authors of a unit and of those below it, and files what they agreed to."""
"""What the index of texts can find: it knows three letters at a time."""


class Scope(StrEnum):
    """Whose dossiers: the caller's own, those under the caller's units, or all below the caller's highest
    post."""

    MINE = "mine"
    UNIT = "unit"
    ALL = "all"


async def may_read(tx: Tx, caller: Principal, dossier: Dossier) -> bool:
    """Authors, whoever holds a post in or over the unit, and whoever has a task there; what was never filed
    is its makers' alone, and what was prepared for its author the office's too."""
    if caller.person_id in (*dossier.author_ids, dossier.created_by, dossier.filer_id):
        return True
    if not dossier.was_filed:
        return dossier.is_prepared and await _preparing(tx, caller, dossier) is not None
    return await rights.post_over(
        tx, caller, READERS, dossier.unit_path
    ) is not None or await rights.has_task_about(tx, caller, dossier.id)


async def _preparing(tx: Tx, caller: Principal, dossier: Dossier) -> HeldPost | None:
    return await rights.post_over(tx, caller, PREPARERS, dossier.unit_path)


async def read_dossier(tx: Tx, caller: Principal, dossier_id: UUID) -> Dossier:
    """The dossier; to others it is not there."""
    dossier = await dossiers.get_dossier(tx, dossier_id)
    if not await may_read(tx, caller, dossier):
        raise NotFound
    return dossier


async def interested_in(tx: Tx, dossier_id: UUID) -> Sequence[UUID]:
    """Whose matter the dossier is: the authors, and whoever hands in or handed in for them."""
    return await dossiers.interested_in_dossier(tx, dossier_id)


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
    _require_version(dossier, version)
    return dossier


async def lock_written(tx: Tx, caller: Principal, dossier_id: UUID, version: int | None = None) -> Dossier:
    """The same, also for clerks of the unit while they prepare it for its author."""
    dossier = await lock_readable(tx, caller, dossier_id)
    await require_writer(tx, caller, dossier)
    _require_version(dossier, version)
    return dossier


def _require_version(dossier: Dossier, version: int | None) -> None:
    if version is not None and dossier.version != version:
        raise EditConflict(current=dossier.version)


async def require_writer(tx: Tx, caller: Principal, dossier: Dossier) -> None:
    """`NotTheFiler` for everybody but the filer, and clerks of the unit while they prepare it."""
    if dossier.is_prepared and await _preparing(tx, caller, dossier) is not None:
        return
    require_own(caller, dossier)


def require_own(caller: Principal, dossier: Dossier) -> None:
    """`NotTheFiler` for everybody but the person who made it, or took it over."""
    if caller.person_id != dossier.filer_id:
        raise NotTheFiler


def author_of(caller: Principal) -> Actor:
    """An author acts as a person, through no post."""
    return Actor(person_id=caller.person_id)


def clerks_of(dossier: Dossier) -> frozenset[PostKind]:
    """Who may go on with the dossier for authors who left, or who let the office prepare it."""
    if dossier.is_prepared:
        return PREPARERS
    officers = {dossier.check_officers} if dossier.check_officers else set()
    return frozenset({PostKind.INTAKE_OFFICER, *officers})


async def on_behalf_of_authors(tx: Tx, caller: Principal, dossier: Dossier) -> Actor:
    """An author as a person; else a clerk of the unit, through the post held today, on the filer's behalf
    where the clerk prepares it. `NotAnAuthor` for others."""
    if caller.person_id in (*dossier.author_ids, dossier.created_by):
        return author_of(caller)
    post = await rights.post_over(tx, caller, clerks_of(dossier), dossier.unit_path)
    if post is None:
        raise NotAnAuthor
    actor = rights.in_post(caller, post)
    if dossier.is_prepared and caller.person_id != dossier.filer_id:
        return replace(actor, on_behalf_of=dossier.filer_id)
    return actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A list that the caller may see: the caller's own, with the drafts that the caller prepares for others
    under `prepares_in`, or what was filed under these units, of None all."""

    person_id: UUID | None
    unit_ids: Sequence[UUID] | None
    wanted: DossierFilter
    prepares_in: Sequence[UUID] = ()


async def look_for(
    tx: Tx, caller: Principal, scope: Scope, unit_id: UUID | None, wanted: DossierFilter
) -> Looked:
    """The caller's own, or those filed under the caller's posts; with a unit, only in it and below it."""
    if scope is Scope.MINE:
        narrowed = replace(wanted, unit_ids=[unit_id] if unit_id else None)
        prepares_in = await rights.units_of(tx, caller, PREPARERS)
        return Looked(person_id=caller.person_id, unit_ids=None, wanted=narrowed, prepares_in=prepares_in)
    if unit_id:
        await rights.require_in(tx, caller, READERS, unit_id)
        return Looked(person_id=None, unit_ids=[unit_id], wanted=wanted)
    units = await rights.units_of(tx, caller, READERS)
    if not units:
        raise Forbidden
    # Everything lies under the root: nothing has to be looked for under it.
    is_all = await rights.root_of(tx, caller, READERS) is not None
    if is_all and wanted.text:
        require_searchable(wanted.text)
    return Looked(person_id=None, unit_ids=None if is_all else units, wanted=wanted)


async def list_dossiers(tx: Tx, looked: Looked, place: ListPlace, limit: int) -> list[Dossier]:
    """Those looked for, in the order of the place, from there on."""
    if looked.person_id:
        return await dossier_lists.list_of_person(
            tx, looked.person_id, looked.prepares_in, looked.wanted, place, limit
        )
    return await dossier_lists.list_under_units(tx, looked.unit_ids, looked.wanted, place, limit)


async def count_dossiers(tx: Tx, looked: Looked) -> int:
    """How many `list_dossiers` would list."""
    if looked.person_id:
        return await dossier_lists.count_of_person(tx, looked.person_id, looked.prepares_in, looked.wanted)
    return await dossier_lists.count_under_units(tx, looked.unit_ids, looked.wanted)


async def list_register(
    tx: Tx, caller: Principal, unit_id: UUID, year: int, page: tuple[int, int]
) -> list[RegisterLine]:
    """The register of a unit, for posts in it or over it."""
    await rights.require_in(tx, caller, READERS, unit_id)
    return await dossiers.list_register(tx, unit_id, year, *page)
