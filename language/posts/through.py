"""What gives somebody the right to act in a post."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Through:
    """The holding of a post, a delegation, the leave of who is stood in for."""

    holding_id: UUID | None = None
    delegation_id: UUID | None = None
    leave_id: UUID | None = None
