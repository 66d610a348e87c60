"""Seasons and their rounds: when dossiers are taken, and what an act makes of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from language.cases import WindowAct
from services.rulebook.domain.refusals import (
    ClosingOutOfOrder,
    WindowIsClosed,
    WindowIsOpen,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """A year of recognition, and the instants between which it takes dossiers."""

    id: UUID
    code: str
    name: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A part of a season in which dossiers may be filed: for one field or for all, by units of one level or
    of any."""

    id: UUID
    season_id: UUID
    code: str
    level: str | None
    application_field: str | None
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFiling:
    """A unit, and all under it, may file until then though the season or its rounds are closed."""

    id: UUID
    season_id: UUID
    unit_id: UUID
    until: datetime
    document: str
    reason: str
    given_by: UUID
    given_at: datetime


def closing_after(
    act: WindowAct, window: Season | Round, closes_at: datetime | None, now: datetime
) -> datetime:
    """When a season or round closes after the act: an extension reaches further than before, a reopening
    further than now; who closes it closes it now, or before it has opened."""
    is_over = window.closes_at < now
    if is_over and act is not WindowAct.REOPENED:
        raise WindowIsClosed(code_of_window=window.code)
    if act is WindowAct.CLOSED:
        return max(now, window.opens_at)
    if act is WindowAct.REOPENED and not is_over:
        raise WindowIsOpen(code_of_window=window.code)
    if closes_at is None or closes_at <= max(now, window.closes_at if act is WindowAct.EXTENDED else now):
        raise ClosingOutOfOrder
    return closes_at


def require_within(season: Season, opens_at: datetime, closes_at: datetime) -> None:
    """A round lies within its season."""
    if opens_at < season.opens_at or closes_at > season.closes_at:
        raise ClosingOutOfOrder
