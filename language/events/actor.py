"""Who acted: the first thing a history says."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, through which post and for whom. All None: the clock acted."""

    person_id: UUID | None = None
    post_id: UUID | None = None
    on_behalf_of: UUID | None = None


CLOCK_ACTED = Actor()
