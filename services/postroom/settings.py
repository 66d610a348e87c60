"""Settings of the postroom."""

from pydantic import Field, SecretStr

from kit.settings import ServiceSettings
from kit.wire import KeyRing


class PostroomSettings(ServiceSettings):
    """`public_address` is where the pages are, for the links in mails. Without `smtp_url` nobody
    is mailed: there is only the inbox of notices. `webhook_loopback` lets webhooks call this machine itself;
    `webhook_keys` seal their secrets, and without one there are none. `notices_kept_days` has a least value
    because a batch of notices may come again as long as Temporal is in trouble; what is forgotten by then
    would be told anew."""

    run_parts: str = "api,activities,relay,delivery"
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = "sangkien@localhost"
    public_address: str = "http://localhost:8100"
    webhook_loopback: bool = False
    webhook_keys: SecretStr = SecretStr("")
    notices_kept_days: int = Field(default=730, ge=30)

    @property
    def mails_go_out(self) -> bool:
        """There is a server to give mails to."""
        return bool(self.smtp_url.get_secret_value())

    @property
    def webhook_ring(self) -> KeyRing | None:
        """What seals the secrets of webhooks."""
        return KeyRing.parse(self.webhook_keys.get_secret_value(), "WEBHOOK_KEYS")
