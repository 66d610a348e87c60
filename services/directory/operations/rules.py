"""Calendars and seasons, and who sets rules for the whole province."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.events.actor import Actor
from language.refusals import Forbidden, NotFound
from services.directory.domain.refusals import CodeTaken
from services.directory.operations.organisation import ADMINS, note
from services.directory.store import rules
from services.directory.store.rules import CalendarVersion, Round, Season


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A code and the days from when to when, both included."""

    code: str
    opens_on: date
    closes_on: date


def provincial_admin(tx: Tx, caller: Principal) -> Actor:
    """Rules hold for the whole province: an administrator of the root unit sets them."""
    for post in caller.posts_of(ADMINS, tx.now):
        if len(post.unit_path) == 1:
            return Actor(person_id=caller.person_id, post_id=post.post_id)
    raise Forbidden


async def read_calendar(tx: Tx) -> CalendarVersion:
    """The calendar in use."""
    calendar = await rules.current_calendar(tx)
    if calendar is None:
        raise NotFound
    return calendar


async def create_season(tx: Tx, caller: Principal, span: Span, name: str) -> Season:
    """Open a season."""
    actor = provincial_admin(tx, caller)
    season = Season(id=new_id(), code=span.code, name=name, opens_on=span.opens_on, closes_on=span.closes_on)
    if not await rules.insert_season(tx, season):
        raise CodeTaken(code=span.code)
    await note(tx, actor, season.id, "SeasonCreated", code=span.code)
    return season


async def create_round(
    tx: Tx, caller: Principal, season_id: UUID, span: Span, application_field: str | None
) -> Round:
    """Add a round to a season."""
    actor = provincial_admin(tx, caller)
    if await rules.find_season(tx, season_id) is None:
        raise NotFound
    round_ = Round(
        id=new_id(),
        season_id=season_id,
        code=span.code,
        application_field=application_field,
        opens_on=span.opens_on,
        closes_on=span.closes_on,
    )
    if not await rules.insert_round(tx, round_):
        raise CodeTaken(code=span.code)
    await note(tx, actor, round_.id, "RoundCreated", season_id=season_id, code=span.code)
    return round_
