"""Lists of initiatives become drafts of their first authors: read, matched, shown, and written only when
what was shown is confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from pydantic_core import to_json

from casework import rights
from casework.history.record import record
from casework.notices import Matter, notify_of
from kit.auth import Principal
from kit.db import Tx
from language.events.actor import Actor
from language.events.intake import DraftPrepared
from language.refusals import FaultyPart
from services.intake.domain.filing_time import season_closed
from services.intake.domain.matching import KnownUnit
from services.intake.domain.refusals import ListHasQuestions, ListNotConfirmed, SeasonUnknown
from services.intake.operations.authors import tell_of_authors
from services.intake.operations.drafting import Place, begin_draft
from services.intake.operations.list_matching import Answers, Matched, match_list
from services.intake.operations.reading import PREPARERS
from services.intake.store.rules_in_force import rules_in_force
from sheets.initiatives import InitiativeList


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody wants of a list. `confirmed` is the digest of the preview that was looked at."""

    unit_id: UUID
    season_id: UUID
    answers: Answers
    confirmed: str | None
    leave_doubtful: bool
    content_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A list as it was read and matched, and the dossiers that were made, by the cell of their title."""

    found: InitiativeList
    matched: Sequence[Matched]
    digest: str
    made: Mapping[str, UUID]


async def require_importer(tx: Tx, caller: Principal, unit_id: UUID) -> Actor:
    """Asked before anything of the list is looked at."""
    return await rights.require_in(tx, caller, PREPARERS, unit_id)


async def preview_list(tx: Tx, caller: Principal, order: Order, found: InitiativeList) -> Listed:
    """What the list would make; nothing is written."""
    await require_importer(tx, caller, order.unit_id)
    await _require_season(tx, order)
    matched = await match_list(tx, found, order.unit_id, order.season_id, order.answers)
    return Listed(found=found, matched=matched, digest=_digest(order, matched), made={})


async def import_list(tx: Tx, caller: Principal, order: Order, found: InitiativeList) -> Listed:
    """The drafts, if what was confirmed is what is read now."""
    actor = await require_importer(tx, caller, order.unit_id)
    listed = await preview_list(tx, caller, order, found)
    if order.confirmed != listed.digest:
        raise ListNotConfirmed
    asked = [
        FaultyPart(path=remark.cell, code=remark.doubt.kind, vi=remark.doubt.vi, en=remark.doubt.en)
        for one in listed.matched
        if not one.was_begun
        for remark in one.remarks
        if remark.doubt.asks
    ]
    if asked and not order.leave_doubtful:
        raise ListHasQuestions(asked)
    made = {
        one.row.cell: await _prepare(tx, actor, order, one, one.unit)
        for one in listed.matched
        if one.is_ready and one.unit is not None
    }
    return Listed(found=found, matched=listed.matched, digest=listed.digest, made=made)


async def _require_season(tx: Tx, order: Order) -> None:
    rules = await rules_in_force(tx, order.unit_id, order.season_id, tx.now)
    if rules is None or rules.opens_at is None or rules.closes_at is None:
        raise SeasonUnknown
    # Before it opens drafts are prepared; whether its rounds take them is asked when they are filed.
    if tx.now >= rules.closes_at and not rules.may_file_late:
        raise season_closed(rules.opens_at, rules.closes_at)


def _digest(order: Order, matched: Sequence[Matched]) -> str:
    """Of everything that would be written."""
    said = [(one.row.cell, one.unit and one.unit.id, one.content, one.is_ready) for one in matched]
    return sha256(to_json([order.content_sha256, order.unit_id, order.season_id, said])).hexdigest()


async def _prepare(tx: Tx, actor: Actor, order: Order, one: Matched, unit: KnownUnit) -> UUID:
    maker = one.content.authors[0].person_id
    place = Place(unit_id=unit.id, unit_path=unit.path, season_id=order.season_id)
    dossier = await begin_draft(tx, maker, place, one.content, prepared_by=actor.person_id)
    fact = DraftPrepared(
        unit_id=unit.id,
        season_id=order.season_id,
        author_id=maker,
        list_sha256=order.content_sha256,
        list_row=one.list_row,
    )
    event_id = await record(tx, fact, about=dossier.id, actor=actor)
    await notify_of(
        tx, event_id, fact, Matter(subject_id=dossier.id, subject_code=str(one.list_row)), [maker]
    )
    await tell_of_authors(tx, event_id, dossier, (), dossier.content.authors)
    return dossier.id
