"""Answers of the issuer."""

from uuid import UUID

from kit.http.models import Out
from kit.http.problems import Problem


class TokenOut(Out):
    """RFC 6749 section 5.1."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name
    expires_in: int
    id_token: str | None = None
    refresh_token: str | None = None


class DeviceOut(Out):
    """RFC 8628 section 3.2: what a program shows to the person, and how often it may ask for its tokens."""

    device_code: str
    user_code: str
    verification_uri: str
    expires_in: int
    interval: int


class GrantProblem(Problem):
    """A refusal of the token endpoint, with the names that OAuth has for it."""

    error: str
    error_description: str


class UserInfoOut(Out):
    """The claims about the person behind the token."""

    sub: UUID
    name: str | None
