"""Webhooks as Standard Webhooks has them: who may be called, how a message is signed."""

import base64
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit
from uuid import UUID

from language.messages.notices import NoticeKind
from services.postroom.domain.notices import ReceivedNotice

SECRET_PREFIX = "whsec_"  # noqa: S105 - how the standard marks secrets
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

Address = IPv4Address | IPv6Address


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature`: HMAC-SHA256 of id, timestamp and body with the key that the secret holds in
    base64."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def new_secret(random: bytes) -> str:
    """How a secret is shown."""
    return SECRET_PREFIX + base64.b64encode(random).decode()


def is_url_allowed(url: str, *, loopback: bool) -> bool:
    """https to a host of any name; plain http, and this machine itself, only where `loopback` is allowed (an
    embedded instance).

    A user name in the address, or a fragment, is refused: they serve to make an address look like another.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if (
        not host
        or port == 0
        or "@" in parts.netloc
        or parts.fragment
        or not url.isascii()
        or not url.isprintable()
        or " " in url
    ):
        return False
    if host in _LOOPBACK_NAMES:
        return loopback and parts.scheme in {"http", "https"}
    return parts.scheme == "https" and _is_name_or_public(host)


def _is_name_or_public(host: str) -> bool:
    try:
        return is_address_allowed(ip_address(host), loopback=False)
    except ValueError:
        return True


def is_address_allowed(address: Address, *, loopback: bool) -> bool:
    """Against being used to reach what lies behind our own wall: only addresses of the public Internet, none
    that are private, link-local (where clouds keep their secrets), shared, multicast or reserved, nor IPv6
    forms that hide such an IPv4 address. `loopback` lets this machine itself through, for an embedded
    instance."""
    if address.is_loopback:
        return loopback
    if isinstance(address, IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if hidden is not None:
            return is_address_allowed(hidden, loopback=False)
    return address.is_global and not address.is_multicast


def first_allowed(addresses: Iterable[str], *, loopback: bool) -> str | None:
    """The address to connect to; None unless every address of the name may be called, so that a name with one
    bad one is not tried."""
    found = [ip_address(address) for address in addresses]
    if not found or not all(is_address_allowed(address, loopback=loopback) for address in found):
        return None
    return str(found[0])


class DeliveryState(StrEnum):
    """FAILED: tried too often; a replay tries again."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where a program wants to be told of these kinds. Too many `failures` in a row over a day turn it
    off."""

    id: UUID
    url: str
    kinds: Sequence[NoticeKind]
    secret: str
    made_by: UUID
    made_at: datetime
    off_since: datetime | None
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One notice to one webhook."""

    id: UUID
    webhook_id: UUID
    notice_id: UUID
    state: DeliveryState
    attempts: int
    next_try_at: datetime
    status: int | None
    outcome: str | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDelivery:
    """What to post where now."""

    delivery_id: UUID
    attempts: int
    webhook_id: UUID
    url: str
    secret: str
    notice: ReceivedNotice
