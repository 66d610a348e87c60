"""What happens where people are told: their settings, mails sent again, webhooks."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from language.events.base import Change, Fact, Owner, Personal, Readers
from language.messages.notices import NoticeKind
from language.telling import Language, MailState, Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeChange:
    """How a person is told of a kind; null is what is usual."""

    notice_kind: NoticeKind
    mode: Change[Mode | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettingsChanged(Fact):
    """How a person wants to be told; null stayed as it was."""

    OWNER: ClassVar[Owner] = Owner.POSTROOM
    READERS: ClassVar[Readers] = Readers.SECURITY

    mail_address: Personal[Change[str | None] | None]
    language: Change[Language] | None
    modes: tuple[ModeChange, ...]
    digest_hour: Change[int] | None
    quiet_from: Change[int | None] | None
    quiet_to: Change[int | None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailResent(Fact):
    """A mail to the person goes out again, that was given up or of which nobody knew."""

    OWNER: ClassVar[Owner] = Owner.POSTROOM
    READERS: ClassVar[Readers] = Readers.SECURITY

    mail_id: UUID
    mail_state: Change[MailState]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookMade(Fact):
    """A program is told of these kinds. Of its address only the host is here: the rest may be a secret."""

    OWNER: ClassVar[Owner] = Owner.POSTROOM
    READERS: ClassVar[Readers] = Readers.SECURITY

    host: str
    notice_kinds: tuple[NoticeKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecretChanged(Fact):
    """Messages to it are signed with another secret; until then, real time, also with the one before."""

    OWNER: ClassVar[Owner] = Owner.POSTROOM
    READERS: ClassVar[Readers] = Readers.SECURITY

    old_secret_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTurnedOff(Fact):
    """Nothing is sent there any more: somebody wished it, or so many deliveries failed in a row, the last one
    with this outcome."""

    OWNER: ClassVar[Owner] = Owner.POSTROOM
    READERS: ClassVar[Readers] = Readers.SECURITY

    failures: int | None
    last_outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTurnedOn(Fact):
    """It is told again; it was off since then."""

    OWNER: ClassVar[Owner] = Owner.POSTROOM
    READERS: ClassVar[Readers] = Readers.SECURITY

    off_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReplayed(Fact):
    """A delivery was sent again, or so many notices of a span."""

    OWNER: ClassVar[Owner] = Owner.POSTROOM
    READERS: ClassVar[Readers] = Readers.SECURITY

    delivery_id: UUID | None
    starts_at: datetime | None
    ends_at: datetime | None
    deliveries: int
