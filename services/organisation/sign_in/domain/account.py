"""Accounts that sign in, and the codes by which clients get their tokens."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A way to sign in. Without a password hash only an embedded command line can act as it. `must_change`:
    somebody else has set or seen the password, `password_set_by` if it was a person."""

    username: str
    person_id: UUID
    password_hash: str | None
    must_change: bool
    password_set_by: UUID | None
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedCode:
    """A person's consent on its way to a client: used once, within a minute, by whoever knows the
    verifier."""

    code_hash: str
    client_id: str
    redirect_uri: str
    code_challenge: str
    nonce: str | None
    person_id: UUID
    expires_at: datetime
    renewable: bool = False
