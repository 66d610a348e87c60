"""How this instance calls webhooks: which addresses, and with which key their secrets are kept."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from kit.wire import KeyRing, SecretUnreadable
from services.postroom.domain.addresses import first_allowed, is_url_allowed
from services.postroom.domain.refusals import WebhookAddressRefused, WebhookKeyMissing

_RESOLVE_SECONDS = 3.0

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(info[4][0]) for info in found]


def host_and_port(url: str) -> tuple[str, int]:
    """Whom an address is of."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling:
    """`ring` seals the secrets; without one there are no webhooks. `loopback` lets this machine be called."""

    ring: KeyRing | None
    loopback: bool
    resolve: Resolve = resolve

    def require_url(self, url: str) -> None:
        """The address may be called by its form."""
        if not is_url_allowed(url, loopback=self.loopback):
            raise WebhookAddressRefused

    async def require_outside(self, url: str) -> None:
        """The name leads nowhere that we do not call. One that leads nowhere at all now is judged when it is
        called."""
        try:
            async with asyncio.timeout(_RESOLVE_SECONDS):
                found = await self.resolve(*host_and_port(url))
        except (OSError, UnicodeError):
            return
        if found and first_allowed(found, loopback=self.loopback) is None:
            raise WebhookAddressRefused

    def seal(self, webhook_id: UUID, secret: str) -> str:
        """The secret as it is kept: with the key's name, and of use in this webhook's row only."""
        if self.ring is None:
            raise WebhookKeyMissing
        return self.ring.seal(webhook_id, secret)

    def unseal(self, webhook_id: UUID, kept: str) -> str:
        """The secret itself; `SecretUnreadable` without its key."""
        if self.ring is None:
            raise SecretUnreadable("no key")
        return self.ring.unseal(webhook_id, kept)
