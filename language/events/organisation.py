"""What happens to units, people, posts and who holds them; and to accounts."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from language.events.base import Change, Fact, Owner, Personal, Readers
from language.posts.kinds import PostKind, PostTask


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCreated(Fact):
    """A unit was added; the highest one has none above it."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    parent_id: UUID | None
    code: str
    name: str
    level: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChanged(Fact):
    """A unit was renamed, or its last day was set; null stayed as it was."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    name: Change[str] | None
    valid_to: Change[date | None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMoved(Fact):
    """A unit lies under another one, with all below it."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    parent_id: Change[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCreated(Fact):
    """A person was added under the office's own number."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    code: str
    full_name: Personal[str]
    date_of_birth: Personal[date | None]
    mail_address: Personal[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged(Fact):
    """What is known of a person was corrected; null stayed as it was."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    full_name: Personal[Change[str] | None]
    date_of_birth: Personal[Change[date | None] | None]
    mail_address: Personal[Change[str | None] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCreated(Fact):
    """A post was added to a unit."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    unit_id: UUID
    post_kind: PostKind
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostTaken(Fact):
    """A person holds a post from a day on; `acting`: until somebody is appointed to it."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    holding_id: UUID
    post_id: UUID
    held_from: date
    held_to: date | None
    acting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLeft(Fact):
    """The last day on which a person holds a post was set."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    holding_id: UUID
    post_id: UUID
    held_to: Change[date | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveAdded(Fact):
    """A person is away on these days."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    leave_id: UUID
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveCancelled(Fact):
    """A leave of these days was taken back."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    leave_id: UUID
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegatedWork:
    """Which work goes to whom in which days; no kinds, levels or tasks are all of them."""

    delegate_id: UUID
    starts_on: date
    ends_on: date
    post_kinds: tuple[PostKind, ...]
    levels: tuple[str, ...]
    tasks: tuple[PostTask, ...]
    in_unit_id: UUID
    units_below: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDelegated(Fact):
    """A person passed work on to another for some days."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    delegation_id: UUID
    work: DelegatedWork
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationTakenBack(Fact):
    """The work that was passed on comes back."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    delegation_id: UUID
    work: DelegatedWork


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationEnded(Fact):
    """The last day of a delegation is an earlier one than was known."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    delegation_id: UUID
    work: DelegatedWork
    ends_on: Change[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListImported(Fact):
    """A list was brought in, by the person this is about; so much of it was new. Each row has its own event,
    too."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    units: int
    people: int
    posts: int
    holdings: int
    accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMade(Fact):
    """A person can sign in; without a password only through the command line of the machine itself."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    username: Personal[str]
    has_password: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged(Fact):
    """An administrator changed it; where `password_set`, another password holds, until the person has chosen
    an own one."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    has_password: Change[bool]
    password_set: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Fact):
    """The password of the person's account was right, and so was the one-time code where it has them."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFailed(Fact):
    """Somebody tried the person's account with a wrong password."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenExchanged(Fact):
    """A client of the machine itself acts as the person."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSignedIn(Fact):
    """The person has confirmed, on a page, that a program on another machine is signed in as them."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPasswordChanged(Fact):
    """The person chose another password; whoever was signed in with the account no longer is."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountClosed(Fact):
    """Nobody signs in as the person any more, with whichever account."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReopened(Fact):
    """The person can sign in again."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOutEverywhere(Fact):
    """Tokens from before are no longer taken, whichever provider issued them."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityLinked(Fact):
    """Whom another provider calls so is the person."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    identity_id: UUID
    issuer: str
    subject: Personal[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityUnlinked(Fact):
    """An account of another provider is no longer tied to the person."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    identity_id: UUID
    issuer: str
    subject: Personal[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministratorProposed(Fact):
    """Somebody shall administer the province, if another of its administrators approves."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    proposal_id: UUID
    post_id: UUID
    held_from: date
    held_to: date | None
    acting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministratorDismissalProposed(Fact):
    """Somebody shall no longer administer the province after a day, if another of its administrators
    approves."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    proposal_id: UUID
    holding_id: UUID
    post_id: UUID
    held_to: Change[date | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministratorProposalDropped(Fact):
    """The proposal was taken off; nobody got the post by it, or lost it."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.ORGANISATION

    proposal_id: UUID
    post_id: UUID
