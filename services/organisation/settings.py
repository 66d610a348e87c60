"""Settings of the organisation."""

from datetime import timedelta
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator

from kit.settings import ServiceSettings
from kit.wire import KeyRing
from language.posts.kinds import PostKind
from language.unfit import Unfit


class OrganisationSettings(ServiceSettings):
    """`cli_client_secret` turns on token exchange for the command line of an embedded instance; empty, it is
    off. `one_time_code_keys` seal what one-time codes are made of, and without one there are none; whoever
    holds a post of the kinds `one_time_codes_for` signs in with them only. After `sign_in_hours` nobody's
    tokens are renewed any more: name and password are asked for again. Links to choose a password by are good
    for `invitation_hours` and `recovery_hours`; with none of the latter nobody asks for one. For
    `links_kept_days` after that whoever opens one is told that it is over, and whose it was."""

    cli_client_secret: SecretStr = SecretStr("")
    token_minutes: int = Field(default=60, ge=1)
    sign_in_hours: float = Field(default=12.0, gt=0)
    invitation_hours: float = Field(default=72.0, gt=0)
    recovery_hours: float = Field(default=4.0, ge=0)
    device_minutes: float = Field(default=10.0, ge=0, le=60)
    links_kept_days: int = Field(default=90, ge=1)
    portal_redirect_uris: str = ""
    one_time_code_keys: SecretStr = SecretStr("")
    one_time_codes_for: str = ""

    @field_validator("one_time_codes_for")
    @classmethod
    def _known_posts(cls, value: str) -> str:
        for kind in value.split():
            PostKind(kind)
        return value

    @model_validator(mode="after")
    def _demanded_codes_can_be_had(self) -> Self:
        if self.code_posts and self.code_ring is None:
            raise Unfit(
                "ONE_TIME_CODES_FOR needs ONE_TIME_CODE_KEYS",
                "đã đặt ONE_TIME_CODES_FOR thì phải đặt cả ONE_TIME_CODE_KEYS",
            )
        return self

    @model_validator(mode="after")
    def _sign_ins_outlast_tokens(self) -> Self:
        if self.token_minutes > self.sign_in_hours * 60:
            raise Unfit(
                f"TOKEN_MINUTES ({self.token_minutes}) is longer than SIGN_IN_HOURS ({self.sign_in_hours:g}):"
                " a token would be taken after its sign-in is over",
                f"TOKEN_MINUTES ({self.token_minutes}) dài hơn SIGN_IN_HOURS ({self.sign_in_hours:g}): mã "
                "truy cập sẽ còn dùng được khi phiên đăng nhập đã hết",
            )
        return self

    @property
    def invitation_life(self) -> timedelta:
        """How long the link of an invitation is good."""
        return timedelta(hours=self.invitation_hours)

    @property
    def recovery_life(self) -> timedelta:
        """How long a link is good that was asked for at the sign-in page; nothing where there are none."""
        return timedelta(hours=self.recovery_hours)

    @property
    def device_life(self) -> timedelta:
        """How long the code of a sign-in on another machine is good; nothing where there are none."""
        return timedelta(minutes=self.device_minutes)

    @property
    def code_ring(self) -> KeyRing | None:
        """What seals the secrets of one-time codes."""
        return KeyRing.parse(self.one_time_code_keys.get_secret_value(), "ONE_TIME_CODE_KEYS")

    @property
    def code_posts(self) -> frozenset[PostKind]:
        """The kinds of post whose holders sign in with one-time codes only."""
        return frozenset(PostKind(kind) for kind in self.one_time_codes_for.split())
