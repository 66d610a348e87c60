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
    """The list pays nothing: it was cancelled with a reason, or (null) its last award left it."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY
    VERSION: ClassVar[int] = 2

    list_id: UUID
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentListShortened(Fact):
    """An award left the list: it was reversed or taken off, or the treasury did not pay it."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    list_id: UUID
    award_id: UUID
    amount_dong: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardTakenOff(Fact):
    """It left its payment list and waits for another; `was_sent`: the treasury has not paid it."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    award_id: UUID
    level: str
    list_id: UUID
    was_sent: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardTakenUp(Fact):
    """A rejection or reversal was found mistaken: another award of the same recognition stands in its place,
    and is signed anew."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    award_id: UUID
    replaces: UUID
    level: str
    amount_dong: int
    reason: str
    verifier_id: UUID | None
    approver_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeTied(Fact):
    """An accountant said who is paid for an author whom the organisation does not know."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    award_id: UUID
    level: str
    author_id: UUID
    person_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAwaited(Fact):
    """Approved awards of a unit wait for a payment list; `award_id` is the newest of them."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    unit_id: UUID
    award_id: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAwaitedNoMore(Fact):
    """A list was made, or no approved award of the unit waits for one any more."""

    OWNER: ClassVar[Owner] = Owner.PAYOUT
    READERS: ClassVar[Readers] = Readers.MONEY

    unit_id: UUID
    was_made: bool
