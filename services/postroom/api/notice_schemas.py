"""Bodies and answers about notices, mails and webhooks."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from kit.http.models import In, Instant, MailAddress, NoNull, Out
from language.messages.notices import NoticeKind
from language.telling import Language, MailState, Mode
from language.unfit import Unfit
from services.postroom.domain.letters import headline, letter_item
from services.postroom.domain.notices import ListedNotice
from services.postroom.domain.telling import STATUTORY, usual_mode
from services.postroom.domain.webhooks import DeliveryState, ShownOnce
from services.postroom.store.webhooks import Period

Url = Annotated[str, StringConstraints(min_length=8, max_length=500), NoNull]
Hour = Annotated[int, Field(ge=0, le=23)]


class NoticeOut(Out):
    """One fact for its reader, in a sentence of each language. `detail` is a code that says more, `reference`
    the decision's number, `reason` what whoever acted wrote, `amount_dong` the reader's own share.
    `is_statutory`: notices of this kind cannot be turned off."""

    id: UUID
    service: str
    event_id: UUID
    kind: NoticeKind
    subject_id: UUID
    subject_code: str
    level: str | None
    due_at: datetime | None
    detail: str | None
    reference: str | None
    happened_at: datetime
    read_at: datetime | None
    reason: str | None
    amount_dong: int | None
    is_statutory: bool
    vi: str
    en: str

    @classmethod
    def of_notice(cls, notice: ListedNotice) -> Self:
        """With its sentence."""
        item = letter_item(notice)
        return cls(
            **{name: getattr(notice, name) for name in cls.model_fields if hasattr(notice, name)},
            is_statutory=notice.kind in STATUTORY,
            vi=headline(item, Language.VI),
            en=headline(item, Language.EN),
        )


class NoticeCountOut(Out):
    """An exact count."""

    kind: NoticeKind
    count: int
    unread: int


class NoticesReadIn(In):
    """Which notices were read: these, or all that happened up to an instant."""

    ids: list[UUID] | None = Field(default=None, max_length=500)
    up_to: Instant | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.ids is None) == (self.up_to is None):
            raise Unfit("give either ids or up_to", "chọn một trong hai: ids hoặc up_to")
        return self


class NoticesReadOut(Out):
    """How many were unread before."""

    read: int


class NoticeSettingsIn(In):
    """How to be told. Kinds that are not named are told in the usual way; without an address there is only
    the inbox."""

    mail_address: MailAddress | None
    language: Language = Language.VI
    modes: dict[NoticeKind, Mode] = Field(default_factory=dict)
    digest_hour: Hour = 7
    quiet_from: Hour | None = 21
    quiet_to: Hour | None = 6

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.quiet_from is None) != (self.quiet_to is None) or (
            self.quiet_from is not None and self.quiet_from == self.quiet_to
        ):
            raise Unfit(
                "quiet hours need a beginning and another end, or neither",
                "giờ yên lặng cần cả lúc đầu và lúc cuối khác nhau",
            )
        return self


class NoticeSettingsOut(Out):
    """How a person is told; `modes` holds only what the person chose, `usual` how each kind is told to who
    has chosen nothing, `statutory` the kinds that cannot be turned off."""

    person_id: UUID
    mail_address: str | None
    language: Language
    modes: dict[NoticeKind, Mode]
    digest_hour: int
    quiet_from: int | None
    quiet_to: int | None
    version: int
    usual: dict[NoticeKind, Mode] = Field(
        default_factory=lambda: {kind: usual_mode(kind) for kind in NoticeKind}
    )
    statutory: list[NoticeKind] = Field(default_factory=lambda: sorted(STATUTORY))


class MailOut(Out):
    """A mail, never what it says. UNSURE: the server may have it, so it is not sent again by itself."""

    id: UUID
    person_id: UUID
    send_at: datetime
    state: MailState
    attempts: int
    next_try_at: datetime
    sent_at: datetime | None
    outcome: str | None
    made_at: datetime


class WebhookIn(In):
    """Where a program wants to be told, and of what."""

    url: Url
    kinds: list[NoticeKind] = Field(min_length=1, max_length=50)


class WebhookOut(Out):
    """A webhook; off after too many failures in a row."""

    id: UUID
    url: str
    kinds: list[NoticeKind]
    made_by: UUID
    made_at: datetime
    off_since: datetime | None
    failures: int
    old_secret_until: datetime | None


class WebhookMadeOut(WebhookOut):
    """The only answer that shows the secret with which messages are signed; a repeat of the request, and a
    dry run, have none."""

    secret: str | None

    @classmethod
    def once(cls, made: ShownOnce) -> Self:
        """With the secret."""
        return cls(**WebhookOut.of(made.webhook).model_dump(), secret=made.secret)

    @classmethod
    def again(cls, made: ShownOnce) -> Self:
        """Without it."""
        return cls(**WebhookOut.of(made.webhook).model_dump(), secret=None)


class NewSecretIn(In):
    """For how many hours the secret before signs too."""

    overlap_hours: int = Field(default=24, ge=0, le=168)


class DeliveryOut(Out):
    """One notice to one webhook; `status` is the receiver's HTTP status."""

    id: UUID
    notice_id: UUID
    state: DeliveryState
    attempts: int
    next_try_at: datetime
    status: int | None
    outcome: str | None
    delivered_at: datetime | None


class ReplayIn(In):
    """What to send again: one delivery, or all notices that happened from an instant on and before
    another."""

    delivery_id: UUID | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None

    @model_validator(mode="after")
    def _one_or_a_period(self) -> Self:
        bounds = (self.starts_at is not None, self.ends_at is not None)
        if (self.delivery_id is None) != all(bounds) or any(bounds) != all(bounds):
            raise Unfit(
                "give either delivery_id, or starts_at and ends_at",
                "chọn delivery_id, hoặc cả starts_at và ends_at",
            )
        return self

    @property
    def period(self) -> Period:
        """The period, when no single delivery was named."""
        if self.starts_at is None or self.ends_at is None:
            raise AssertionError("the validator wants both ends")
        return Period(starts_at=self.starts_at, ends_at=self.ends_at)


class ReplayOut(Out):
    """How many are sent again, or would be."""

    count: int
    dry_run: bool
