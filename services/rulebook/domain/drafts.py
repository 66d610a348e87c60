"""The life of a policy pack before it is published, and who may publish it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.rulebook.domain.refusals import DraftClosed, DraftNotChecked, SecondPersonNeeded


class DraftState(StrEnum):
    """An edit leads back from CHECKED to DRAFT; the last two are final."""

    DRAFT = "DRAFT"
    CHECKED = "CHECKED"
    PUBLISHED = "PUBLISHED"
    DROPPED = "DROPPED"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackDraft:
    """A pack that is not published yet. `pack_version` is the pack's own, `version` counts the changes of the
    draft."""

    id: UUID
    name: str
    pack_version: int
    content: dict[str, Any]
    state: DraftState
    drafted_by: UUID
    drafted_at: datetime
    edited_by: UUID
    edited_at: datetime
    published_by: UUID | None
    published_at: datetime | None
    version: int

    @property
    def is_checked(self) -> bool:
        """It passed as it stands."""
        return self.state is DraftState.CHECKED


def require_open(draft: PackDraft) -> None:
    """It may still be edited, checked or dropped."""
    if draft.state in {DraftState.PUBLISHED, DraftState.DROPPED}:
        raise DraftClosed(state=draft.state)


def require_publishable(draft: PackDraft, publisher: UUID) -> None:
    """Checked as it stands, and by four eyes: whoever drafted or last edited it does not publish it."""
    require_open(draft)
    if not draft.is_checked:
        raise DraftNotChecked
    if publisher in {draft.drafted_by, draft.edited_by}:
        raise SecondPersonNeeded
