"""Answers of the issuer."""

from uuid import UUID

from kit.http.models import Out


class TokenOut(Out):
    """RFC 6749 section 5.1."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name
    expires_in: int
    id_token: str | None = None
    refresh_token: str | None = None


class UserInfoOut(Out):
    """The claims about the person behind the token."""

    sub: UUID
    name: str | None
