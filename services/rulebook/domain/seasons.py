"""Seasons and their rounds."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """A year of recognition."""

    id: UUID
    code: str
    name: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A part of a season in which dossiers may be filed, for one field or for all."""

    id: UUID
    season_id: UUID
    code: str
    application_field: str | None
    opens_on: date
    closes_on: date
