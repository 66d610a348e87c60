"""Policy packs that are published and never change again."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPack:
    """A pack in the list; `in_force` marks the one that holds for what is filed today. Nobody drafted or
    published those that came with the system."""

    name: str
    version: int
    effective_from: date
    effective_to: date | None
    drafted_by: UUID | None
    published_by: UUID | None
    published_at: datetime
    in_force: bool = False
