"""Settings of the pages."""

from typing import Final, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from kit.settings import ClockSettings, LogLevel
from kit.terms import answers_go_too_early
from kit.wire import KeyRing
from language.names import SERVICES
from language.unfit import Unfit

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


MOST_BESIDE: Final = 2
"""Connections beside the pool: for health and for waking."""


class PortalPool(BaseSettings):
    """How many connections the pages may open."""

    database_pool_size: int = Field(default=6, ge=2)


class SessionTerms(BaseSettings):
    """Hours that somebody is signed in, and without using it. `answers_kept_days` is the services' and
    bounds them: a page may be sent again when its session is over."""

    session_hours: float = Field(default=12.0, gt=0)
    session_idle_hours: float = Field(default=4.0, gt=0)
    answers_kept_days: int = Field(default=7, ge=2)

    @model_validator(mode="after")
    def _pages_are_carried_out_once(self) -> Self:
        if unfit := answers_go_too_early(self.answers_kept_days, self.session_hours):
            raise unfit
        return self


class PortalSettings(PortalPool, SessionTerms, ClockSettings):
    """Names are the environment variables in upper case, with `PORTAL_` before them where several parts share
    an environment. `public_address` is what people type; `oidc_issuer_inside` is where the issuer is reached
    from here, if not at its own address. `services` are the addresses of the APIs: `intake=http://… …`."""

    database_url: SecretStr
    database_wait_seconds: float = Field(default=2.0, gt=0)
    http_host: str = "127.0.0.1"
    http_port: int
    log_level: LogLevel = "INFO"
    public_address: str
    services: str
    services_seconds: float = Field(default=20.0, gt=0)
    oidc_issuer: str
    oidc_issuer_inside: str = ""
    oidc_client_id: str = "sangkien-portal"
    oidc_client_secret: SecretStr = SecretStr("")
    session_keys: SecretStr
    trusted_proxies: str = ""
    temporal_ui: str = ""
    temporal_namespace: str = "default"
    max_form_bytes: int = Field(default=1_000_000, ge=10_000)
    max_file_bytes: int = Field(default=110_000_000, ge=10_000)

    @model_validator(mode="after")
    def _can_keep_people_signed_in(self) -> Self:
        where = urlsplit(self.public_address)
        if where.scheme != "https" and where.hostname not in _LOOPBACK:
            raise Unfit(
                "PUBLIC_ADDRESS needs https: browsers keep no session safe without it",
                "PUBLIC_ADDRESS phải dùng https: không có https thì trình duyệt không giữ phiên an toàn",
            )
        if where.path.strip("/") or where.query:
            raise Unfit(
                "PUBLIC_ADDRESS is an address without a path", "PUBLIC_ADDRESS không có đường dẫn phía sau"
            )
        if missing := set(SERVICES) - self.addresses.keys():
            names = ", ".join(sorted(missing))
            raise Unfit(f"SERVICES lacks {names}", f"SERVICES thiếu {names}")
        if self.ring is None:
            raise Unfit("SESSION_KEYS is empty", "SESSION_KEYS còn trống")
        return self

    @property
    def addresses(self) -> dict[str, str]:
        """Where each service answers."""
        pairs = (entry.partition("=") for entry in self.services.split())
        return {name: address.rstrip("/") for name, _, address in pairs}

    @property
    def base(self) -> str:
        """The public address, without a slash at its end."""
        return self.public_address.rstrip("/")

    @property
    def ring(self) -> KeyRing | None:
        """What seals tokens at rest."""
        return KeyRing.parse(self.session_keys.get_secret_value(), "SESSION_KEYS")
