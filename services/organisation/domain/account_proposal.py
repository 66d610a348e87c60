"""Acts on somebody's account that take two administrators."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from language.cases import AccountAct


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountProposal:
    """What one administrator wants done to whose account. Closed with `approved_by` it was done, closed
    without it was dropped; the hash of a password is kept until then."""

    id: UUID
    person_id: UUID
    act: AccountAct
    reason: str
    password_hash: str | None = field(repr=False)
    issuer: str | None
    subject: str | None
    proposed_by: UUID
    proposed_at: datetime
    closed_at: datetime | None
    approved_by: UUID | None
