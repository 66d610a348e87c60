"""The part that calls webhooks: at least once each, signed as Standard Webhooks has it, never behind our own
wall."""

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import structlog

from kit.clock import Clock
from kit.db import Database, to_json
from kit.leading import Lease, lead
from kit.wire import SecretUnreadable
from services.postroom.domain.addresses import first_allowed, is_url_allowed
from services.postroom.domain.webhooks import DeliveryState, DueDelivery, sign_with_all
from services.postroom.operations import webhooks as operations
from services.postroom.operations.calling import Calling, host_and_port
from services.postroom.store import webhooks

log = structlog.get_logger()

_BATCH = 5
"""So many of one webhook side by side."""
_IDLE_SECONDS = 0.5
_TIMEOUT_SECONDS = 10.0
_MOST_RUNNING_SECONDS = 20.0


def body_of(delivery: DueDelivery) -> bytes:
    """What a receiver gets: ids and codes, no personal data beyond them."""
    notice = delivery.notice
    data = {
        "notice_id": notice.id,
        "event_id": notice.event_id,
        "service": notice.service,
        "person_id": notice.person_id,
        "subject_id": notice.subject_id,
        "subject_code": notice.subject_code,
        "level": notice.level,
        "due_at": notice.due_at,
        "detail": notice.detail,
        "reference": notice.reference,
    }
    return to_json({"type": f"notice.{notice.kind.lower()}", "timestamp": notice.happened_at, "data": data})


async def _until_one_ends(lanes: dict[UUID, asyncio.Task[None]]) -> None:
    """Wait for the first of them, or for what may have come meanwhile; what went wrong in one is raised."""
    if not lanes:
        await asyncio.sleep(_IDLE_SECONDS)
        return
    await asyncio.wait(lanes.values(), timeout=_IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    for webhook_id in [webhook_id for webhook_id, lane in lanes.items() if lane.done()]:
        lanes.pop(webhook_id).result()


class WebhookSending:
    """Runs until cancelled; outlives outages of the database and of every receiver."""

    def __init__(self, database: Database, clock: Clock, calling: Calling) -> None:
        self._database = database
        self._clock = clock
        self._calling = calling
        for state in DeliveryState:
            database.meters.sent.labels("webhook", state.value)  # told as 0: what begins at 1 has not grown

    async def run(self) -> None:
        """Lead, then call who is to be called."""
        await lead(self._database, "webhook_sending", self.work)

    async def work(self, lease: Lease) -> None:
        """Each webhook is a lane of its own: one that does not answer holds up nobody else."""
        lanes: dict[UUID, asyncio.Task[None]] = {}
        # No connection is used twice: it is known by its address, and was made for one name of that address.
        async with httpx.AsyncClient(
            timeout=_TIMEOUT_SECONDS,
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        ) as http:
            try:
                while True:
                    await lease.renew()
                    await self._begin(http, lanes)
                    await _until_one_ends(lanes)
            finally:
                for lane in lanes.values():
                    lane.cancel()
                await asyncio.gather(*lanes.values(), return_exceptions=True)

    async def _begin(self, http: httpx.AsyncClient, lanes: dict[UUID, asyncio.Task[None]]) -> None:
        """Let the lanes go that have something to send and are not under way."""
        async with self._database.reading() as tx:
            due = await webhooks.due_deliveries(tx, lanes, _BATCH)
        waiting: dict[UUID, list[DueDelivery]] = {}
        for delivery in due:
            waiting.setdefault(delivery.webhook_id, []).append(delivery)
        for webhook_id, deliveries in waiting.items():
            lanes[webhook_id] = asyncio.create_task(self._deliver_all(http, deliveries))

    async def _deliver_all(self, http: httpx.AsyncClient, deliveries: Sequence[DueDelivery]) -> None:
        """A webhook's turn: side by side, for their order means nothing."""
        await asyncio.gather(*(self._deliver(http, delivery) for delivery in deliveries))

    async def _deliver(self, http: httpx.AsyncClient, delivery: DueDelivery) -> None:
        try:
            async with asyncio.timeout(_MOST_RUNNING_SECONDS):
                status, outcome = await self._post(http, delivery)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, SecretUnreadable) as error:
            status, outcome = None, type(error).__name__
        async with self._database.transaction() as tx:
            state = await operations.settle(tx, delivery, status, outcome)
        self._database.meters.sent.labels("webhook", state.value).inc()

    async def _post(self, http: httpx.AsyncClient, delivery: DueDelivery) -> tuple[int | None, str]:
        """The name is resolved once and the address that was checked is the one connected to: a name that
        answers differently a moment later leads nowhere else. The certificate is checked against the name.
        Redirects are not followed."""
        calling = self._calling
        if not is_url_allowed(delivery.url, loopback=calling.loopback):
            return None, "address not allowed"
        host, port = host_and_port(delivery.url)
        address = first_allowed(await calling.resolve(host, port), loopback=calling.loopback)
        if address is None:
            return None, "address not allowed"
        secrets = [calling.unseal(delivery.webhook_id, kept) for kept in delivery.sealed_secrets]
        target = httpx.URL(delivery.url).copy_with(host=address)
        body, now = body_of(delivery), int(self._clock.real_now().timestamp())
        message_id = f"msg_{delivery.notice.id.hex}"
        headers = {
            "Host": urlsplit(delivery.url).netloc,
            "Content-Type": "application/json",
            "User-Agent": "sangkien-webhooks",
            "webhook-id": message_id,
            "webhook-timestamp": str(now),
            "webhook-signature": sign_with_all(secrets, message_id, now, body),
        }
        request = http.build_request(
            "POST", target, content=body, headers=headers, extensions={"sni_hostname": host}
        )
        answer = await http.send(request, stream=True)
        # The answer's body is of no interest, however long it is.
        await answer.aclose()
        return answer.status_code, str(answer.status_code)
