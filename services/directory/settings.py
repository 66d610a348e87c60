"""Settings of the directory."""

from pydantic import SecretStr

from services.kit.settings import ServiceSettings


class DirectorySettings(ServiceSettings):
    """`cli_client_secret` turns on token exchange for the command line of an embedded instance; empty, it is off."""

    cli_client_secret: SecretStr = SecretStr("")
    token_minutes: int = 60
    portal_redirect_uris: str = ""
