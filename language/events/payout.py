"""What happens to the money: awards and payment lists."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from language.events.base import Fact, Owner, Readers


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardAssessed(Fact):
    """A recognition brought money, which was split and given to those who sign."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    award_id: UUID
    level: str
    amount_dong: int
    decision_number: str
    verifier_id: UUID | None
    approver_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardVerified(Fact):
    """The first pair of eyes found it right."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    award_id: UUID
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardApproved(Fact):
    """The second pair of eyes approved it: the unit owes the money."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    award_id: UUID
    level: str
    decision_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardRejected(Fact):
    """A signer refused it."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    award_id: UUID
    level: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardListed(Fact):
    """It was put on a payment list."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    award_id: UUID
    level: str
    list_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardSent(Fact):
    """Its list went to the treasury."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    award_id: UUID
    level: str
    list_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardPaid(Fact):
    """The treasury's statement shows it paid."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    award_id: UUID
    level: str
    list_id: UUID
    decision_number: str
    statement_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardReversed(Fact):
    """Everything booked for it was booked the other way round."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    award_id: UUID
    level: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentListMade(Fact):
    """Approved awards of a unit were put on one paper to the treasury."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    list_id: UUID
    unit_id: UUID
    number: int
    year: int
    total_dong: int
    award_ids: tuple[UUID, ...]
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentListSent(Fact):
    """The list went to the treasury."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    list_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentListConfirmed(Fact):
    """The treasury's statement shows the list paid."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    list_id: UUID
    statement_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentListCancelled(Fact):
    """Every award on it was reversed before it was sent."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    list_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeTied(Fact):
    """The accountant said which person of the organisation an author from outside is."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    award_id: UUID
    level: str
    outside_id: UUID
    person_id: UUID
