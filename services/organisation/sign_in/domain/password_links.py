"""Links that mails bring, by which the holder of an account chooses a password."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from services.organisation.sign_in.domain.refusals import LinkOld, LinkReplaced, LinkUsed


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordLink:
    """A link, without its secret. `event_id`: what the person is told in the mail that brings it."""

    id: UUID
    person_id: UUID
    event_id: UUID
    is_invitation: bool
    address_digest: str
    sent_at: datetime
    good_until: datetime
    used_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLink:
    """What somebody has from a mail: which link it is, and the digest of its secret."""

    link_id: UUID
    digest: str


def digest_of(text: str) -> str:
    """As secrets and addresses are compared."""
    return sha256(text.encode()).hexdigest()


def shown_link(code: str) -> ShownLink | None:
    """What the code of a mail says, which people may have copied with blanks and line ends; None where it is
    none."""
    name, _, secret = "".join(code.split()).partition(".")
    if not secret:
        return None
    try:
        return ShownLink(link_id=UUID(name), digest=digest_of(secret))
    except ValueError:
        return None


def require_good(link: PasswordLink, address: str | None, now: datetime) -> None:
    """It was never used, nothing stands in its place, its time is not over, and the person is still mailed
    where it went; else what became of it."""
    if link.used_at is not None:
        raise LinkUsed
    if link.ended_at is not None or address is None or digest_of(address) != link.address_digest:
        raise LinkReplaced
    if link.good_until <= now:
        raise LinkOld
