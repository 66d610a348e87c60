"""Mails: made of notices, claimed by the process that sends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from language.telling import MailState
from services.postroom.domain.letters import LetterItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail in the list for administrators: never what it says."""

    id: UUID
    person_id: UUID
    send_at: datetime
    state: MailState
    attempts: int
    next_try_at: datetime
    sent_at: datetime | None
    outcome: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedMail:
    """A mail that this process sends now, claimed in this term of its leadership; without items nothing in it
    is open any more. `former_address`: it goes there, where its reader was mailed before."""

    id: UUID
    person_id: UUID
    attempts: int
    send_at: datetime
    claimed_in: int
    former_address: str | None = None
    items: Sequence[LetterItem]
