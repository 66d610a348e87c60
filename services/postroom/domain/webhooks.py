"""Webhooks as Standard Webhooks has them: how a message is signed, what is told to whom."""

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from language.messages.notices import NoticeKind
from services.postroom.domain.notices import ReceivedNotice

SECRET_PREFIX = "whsec_"  # noqa: S105 - how the standard marks secrets


def sign_with_all(secrets: Sequence[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` by each secret that holds now, the newest first: a receiver takes any."""
    return " ".join(sign(secret, message_id, timestamp, body) for secret in secrets)


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 of id, timestamp and body with the key that the secret holds in base64."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def new_secret(random: bytes) -> str:
    """How a secret is shown."""
    return SECRET_PREFIX + base64.b64encode(random).decode()


class DeliveryState(StrEnum):
    """FAILED: tried too often; a replay tries again."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where a program wants to be told of these kinds. Too many `failures` in a row over a day turn it off.

    `sealed_secret` signs, as it is kept; the one before signs too until `old_secret_until`, real time."""

    id: UUID
    url: str
    kinds: Sequence[NoticeKind]
    sealed_secret: str
    made_by: UUID
    made_at: datetime
    off_since: datetime | None = None
    failures: int = 0
    old_secret_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOnce:
    """A webhook with its new secret, for the one answer that shows it."""

    webhook: Webhook
    secret: str


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
    sealed_secrets: Sequence[str]
    notice: ReceivedNotice
