"""Settings of the organisation."""

from pydantic import SecretStr

from kit.settings import ServiceSettings


class OrganisationSettings(ServiceSettings):
    """`cli_client_secret` turns on token exchange for the command line of an embedded instance; empty, it is
    off."""

    cli_client_secret: SecretStr = SecretStr("")
    token_minutes: int = 60
    portal_redirect_uris: str = ""
