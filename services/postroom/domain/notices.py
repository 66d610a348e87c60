"""Notices as they lie in a person's inbox."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from language.messages.notices import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedNotice:
    """A notice in a person's inbox."""

    id: UUID
    service: str
    event_id: UUID
    person_id: UUID
    kind: NoticeKind
    subject_id: UUID
    subject_code: str
    level: str | None
    due_at: datetime | None
    detail: str | None
    reference: str | None
    happened_at: datetime
    read_at: datetime | None
    reason: str | None = None
    amount_dong: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNotice(ReceivedNotice):
    """As its reader is shown it: of a notice about a pack, what that is called."""

    pack_vi: str | None
    pack_en: str | None
