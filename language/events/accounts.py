"""What happens to the one-time codes of an account; and what two administrators do to one."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from language.cases import AccountAct
from language.events.base import Fact, Owner, Readers


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeCodesConfirmed(Fact):
    """The person showed a first code: from now on signing in takes one."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeCodesRemoved(Fact):
    """Signing in takes no code any more. Without a proposal the person did it, with a code; else two
    administrators."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    proposal_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeCodeFailed(Fact):
    """Somebody typed the right password of the person's account and a wrong code."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodeUsed(Fact):
    """A recovery code stood for a one-time code; so many are left."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    codes_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodesRenewed(Fact):
    """The person has new recovery codes; those from before are worth nothing."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountActProposed(Fact):
    """An administrator says what shall be done to the person's account, if another one approves."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    proposal_id: UUID
    act: AccountAct
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountActApproved(Fact):
    """A second administrator approved what was proposed; it was done in the same moment."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    proposal_id: UUID
    act: AccountAct


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountActProposalDropped(Fact):
    """The proposal was taken off; nothing was done to the account."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    proposal_id: UUID
    act: AccountAct


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationSent(Fact):
    """An administrator has the person mailed a link by which to choose a password."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    link_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordLinkSent(Fact):
    """Somebody who is not signed in asked for a link by which the person chooses another password; it goes to
    the person's mail address."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    link_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordLinkUsed(Fact):
    """Whoever had the link chose the person's password; whoever was signed in with the account no longer
    is."""

    OWNER: ClassVar[Owner] = Owner.ORGANISATION
    READERS: ClassVar[Readers] = Readers.SECURITY

    link_id: UUID
