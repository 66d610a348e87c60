"""Settings of the postroom."""

from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from kit.settings import ServiceSettings
from kit.terms import notices_go_too_early
from kit.wire import KeyRing


class NoticeTerms(BaseSettings):
    """Days. What the postroom has forgotten would be told anew if it came again."""

    notices_kept_days: int = Field(default=730, ge=30)
    links_kept_days: int = Field(default=90, ge=1)


class PostroomSettings(NoticeTerms, ServiceSettings):
    """`public_address` is where the pages are, for the links in mails. Without `smtp_url` nobody
    is mailed: there is only the inbox of notices. `webhook_loopback` lets webhooks call this machine itself;
    `webhook_keys` seal their secrets, and without one there are none."""

    run_parts: str = "api,activities,relay,delivery"
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = "sangkien@localhost"
    public_address: str = "http://localhost:8100"
    webhook_loopback: bool = False
    webhook_keys: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _forgets_after_its_senders(self) -> Self:
        if unfit := notices_go_too_early(self.notices_kept_days, self.collected_notices_days):
            raise unfit
        return self

    @property
    def mails_go_out(self) -> bool:
        """There is a server to give mails to."""
        return bool(self.smtp_url.get_secret_value())

    @property
    def webhook_ring(self) -> KeyRing | None:
        """What seals the secrets of webhooks."""
        return KeyRing.parse(self.webhook_keys.get_secret_value(), "WEBHOOK_KEYS")
