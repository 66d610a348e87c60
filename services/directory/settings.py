"""Settings of the directory."""

from pydantic import Field, SecretStr

from kit.settings import ServiceSettings


class DirectorySettings(ServiceSettings):
    """`cli_client_secret` turns on token exchange for the command line of an embedded instance; empty, it is
    off.

    Without `smtp_url` nobody is mailed: there is only the inbox of notices. `webhook_loopback` lets webhooks
    call this machine itself. `notices_kept_days` has a least value because a batch of notices may come again
    as long as Temporal is in trouble; what is forgotten by then would be told anew."""

    cli_client_secret: SecretStr = SecretStr("")
    token_minutes: int = 60
    portal_redirect_uris: str = ""
    run_parts: str = "api,activities,relay,delivery"
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = "sangkien@localhost"
    public_url: str = ""
    webhook_loopback: bool = False
    notices_kept_days: int = Field(default=730, ge=30)

    @property
    def mails_go_out(self) -> bool:
        """There is a server to give mails to."""
        return bool(self.smtp_url.get_secret_value())

    @property
    def address(self) -> str:
        """Where people find the directory."""
        return self.public_url or self.oidc_issuer
