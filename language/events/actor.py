"""Who acted, and by what: the first thing a history says."""

from dataclasses import dataclass
from uuid import UUID

from language.posts.through import Through


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, through which post, for whom and by what right. All None: the clock acted."""

    person_id: UUID | None = None
    post_id: UUID | None = None
    on_behalf_of: UUID | None = None
    through: Through | None = None


CLOCK_ACTED = Actor()
