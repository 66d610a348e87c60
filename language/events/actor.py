"""Who acted, and by what: the first thing a history says."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Through:
    """What gave the right to act: the holding of a post, a delegation, the leave of who is stood in for."""

    holding_id: UUID | None = None
    delegation_id: UUID | None = None
    leave_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, through which post, for whom and by what right. All None: the clock acted."""

    person_id: UUID | None = None
    post_id: UUID | None = None
    on_behalf_of: UUID | None = None
    through: Through | None = None


CLOCK_ACTED = Actor()
