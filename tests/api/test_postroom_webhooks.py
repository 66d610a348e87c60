"""Webhooks against a real HTTP server: signed, tried again, turned off, replayed, never behind our own
wall."""

import asyncio
import base64
import hmac
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI, Request, Response

from kit.db import Row
from kit.service import serve_http
from kit.wire import KeyRing, SecretUnreadable
from language.messages.notices import NoticeKind
from language.posts.kinds import PostKind
from services.postroom.app import SERVICE
from services.postroom.delivery.webhook_sending import WebhookSending
from services.postroom.operations.calling import Calling, Resolve, resolve
from tests.conftest import MovableClock, ServiceOpener, free_port, held
from tests.notice_cases import Readers, eventually


@dataclass
class Receiver:
    """A program that is told; `answers` with these statuses one after the other, then with 204."""

    port: int = field(default_factory=free_port)
    answers: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/in?a=1"

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen while the block runs."""
        app = FastAPI()

        @app.post("/in")
        async def hear(request: Request) -> Response:
            self.heard.append((dict(request.headers), await request.body()))
            status = self.answers.pop(0) if self.answers else 204
            return Response(
                status_code=status,
                headers={"Location": f"http://127.0.0.1:{self.port}/elsewhere"} if status == 302 else {},
            )

        serving = asyncio.create_task(serve_http(app, "127.0.0.1", self.port))
        try:
            yield
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving


@pytest.fixture(scope="module")
async def readers(open_service: ServiceOpener) -> AsyncIterator[Readers]:
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock, webhook_loopback=True) as service:
        yield await Readers(service, clock, mails_go_out=False).prepare()


def _sending(readers: Readers, resolver: Resolve = resolve) -> WebhookSending:
    calling = Calling(
        ring=KeyRing.parse(os.environ["WEBHOOK_KEYS"], "WEBHOOK_KEYS"), loopback=True, resolve=resolver
    )
    return WebhookSending(readers.service.database, readers.clock, calling)


@pytest.fixture
def sending(readers: Readers) -> WebhookSending:
    return _sending(readers)


async def _make(readers: Readers, url: str, *kinds: str) -> Any:
    answer = await readers.service.http.post(
        "/v1/webhooks", json={"url": url, "kinds": kinds or ["REMINDED"]}, headers=readers.admin()
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def _ask(readers: Readers, path: str, **body: Any) -> Any:
    answer = await readers.service.http.post(
        f"/v1/webhooks/{path}", json=body or None, headers=readers.admin()
    )
    return answer.json()


async def _deliveries(readers: Readers, webhook: Any) -> list[Row]:
    return await readers.service.database.pool.fetch(
        "select * from webhook_deliveries where webhook_id = $1 order by id", UUID(webhook["id"])
    )


async def _until(readers: Readers, webhook: Any, *states: str) -> None:
    async def there() -> bool:
        return [row["state"] for row in await _deliveries(readers, webhook)] == list(states)

    await eventually(there)


def _is_signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As a receiver checks it, by the standard's words."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return (
        headers["webhook-signature"]
        == "v1," + base64.b64encode(hmac.new(key, content, sha256).digest()).decode()
    )


async def test_a_receiver_hears_signed_ids_and_codes_of_the_kinds_it_wants(
    readers: Readers, sending: WebhookSending
) -> None:
    receiver = Receiver()
    made = await _make(readers, receiver.url, "STAGE_DECIDED")
    person = await readers.person()
    wanted = readers.notice(person, NoticeKind.STAGE_DECIDED, detail="REFUSED", reference="9/QĐ-2026")
    async with receiver.listening(), readers.running(sending):
        await readers.accept(readers.notice(person), wanted)
        await _until(readers, made, "DELIVERED")
    [(headers, body)] = receiver.heard
    assert _is_signed(made["secret"], headers, body)
    assert abs(int(headers["webhook-timestamp"]) - readers.clock.real_now().timestamp()) < 60
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    told = json.loads(body)
    assert (told["type"], told["data"]["notice_id"], told["data"]["detail"]) == (
        "notice.stage_decided",
        str(wanted.id),
        "REFUSED",
    )
    assert set(told["data"]) == {
        "notice_id",
        "event_id",
        "service",
        "person_id",
        "subject_id",
        "subject_code",
        "level",
        "due_at",
        "detail",
        "reference",
    }
    listed = await readers.service.http.get("/v1/webhooks", headers=readers.admin())
    assert "whsec_" not in listed.text
    await _ask(readers, f"{made['id']}/turning-off")


@pytest.mark.parametrize("first", [500, 302, 404])
async def test_what_a_receiver_does_not_take_is_sent_again_under_the_same_id(
    readers: Readers, sending: WebhookSending, first: int
) -> None:
    receiver = Receiver(answers=[first])
    made = await _make(readers, receiver.url)
    async with receiver.listening(), readers.running(sending):
        await readers.accept(readers.notice(await readers.person()))
        await eventually(lambda: _heard(receiver, 1))
        await eventually(lambda: _failed_once(readers, made))
        assert (await _deliveries(readers, made))[0]["status"] == first
        await readers.service.database.pool.execute(
            "update webhook_deliveries set next_try_at = now() where state = 'WAITING'"
        )
        await _until(readers, made, "DELIVERED")
    assert len(receiver.heard) == 2, "redirects are not followed"
    assert len({headers["webhook-id"] for headers, _ in receiver.heard}) == 1
    assert (await _deliveries(readers, made))[0]["attempts"] == 2
    await _ask(readers, f"{made['id']}/turning-off")


async def _heard(receiver: Receiver, count: int) -> bool:
    return len(receiver.heard) >= count


async def _failed_once(readers: Readers, webhook: Any) -> bool:
    return (await _deliveries(readers, webhook))[0]["attempts"] == 1


async def test_a_receiver_that_never_answers_holds_up_no_other(
    readers: Readers, sending: WebhookSending
) -> None:
    async def never(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)
        writer.close()

    dead_port, person = free_port(), await readers.person()
    dead = await _make(readers, f"http://127.0.0.1:{dead_port}/in")
    receiver = Receiver()
    async with await asyncio.start_server(never, "127.0.0.1", dead_port), receiver.listening():
        await readers.accept(*(readers.notice(person) for _ in range(40)))
        alive = await _make(readers, receiver.url)
        await readers.accept(readers.notice(person))
        async with readers.running(sending):
            await asyncio.wait_for(_until(readers, alive, "DELIVERED"), 5)
    await _ask(readers, f"{dead['id']}/turning-off")
    await _ask(readers, f"{alive['id']}/turning-off")


async def test_too_many_failures_in_a_row_turn_a_webhook_off_and_a_replay_brings_what_it_missed(
    readers: Readers, sending: WebhookSending
) -> None:
    receiver = Receiver()
    made = await _make(readers, receiver.url)
    person, began = await readers.person(), readers.clock.now()
    await readers.accept(*(readers.notice(person) for _ in range(20)))

    async def is_off() -> bool:
        return bool(
            await readers.service.database.pool.fetchval(
                "select off_since is not null from webhooks where id = $1", UUID(made["id"])
            )
        )

    async def all_failed() -> bool:
        return all(row["attempts"] == 1 for row in await _deliveries(readers, made))

    async with readers.running(sending):
        await eventually(all_failed)
        assert not await is_off(), "a receiver may restart in its busiest hour"
        await readers.service.database.pool.execute(
            "update webhooks set failing_since = now() - interval '25 hours'"
        )
        await readers.service.database.pool.execute(
            "update webhook_deliveries set next_try_at = now() where state = 'WAITING'"
        )
        await eventually(is_off)
    events = await readers.service.database.pool.fetch(
        "select kind, actor_id from events where subject_id = $1 order by seq", UUID(made["id"])
    )
    assert [(row["kind"], row["actor_id"] is None) for row in events] == [
        ("WebhookMade", False),
        ("WebhookTurnedOff", True),
    ]
    await readers.accept(readers.notice(person))
    assert len(await _deliveries(readers, made)) == 20, "nothing is planned while it is off"
    span = {
        "starts_at": began.isoformat(),
        "ends_at": (readers.clock.now() + timedelta(seconds=1)).isoformat(),
    }
    assert (await _ask(readers, f"{made['id']}/replay", **span))["code"] == "WebhookIsOff"
    assert (await _ask(readers, f"{made['id']}/turning-on"))["failures"] == 0
    assert await _ask(readers, f"{made['id']}/replay?dry_run=true", **span) == {"count": 21, "dry_run": True}
    assert len(await _deliveries(readers, made)) == 20
    assert await _ask(readers, f"{made['id']}/replay", **span) == {"count": 21, "dry_run": False}
    async with receiver.listening(), readers.running(sending):
        await _until(readers, made, *["DELIVERED"] * 21)
        one = (await _deliveries(readers, made))[0]
        assert await _ask(readers, f"{made['id']}/replay", delivery_id=str(one["id"])) == {
            "count": 1,
            "dry_run": False,
        }
        await eventually(lambda: _heard(receiver, 22))
        await _until(readers, made, *["DELIVERED"] * 21)
    assert (await _ask(readers, f"{made['id']}/replay", delivery_id=str(uuid4())))["code"] == "NotFound"
    page = await readers.service.http.get(
        f"/v1/webhooks/{made['id']}/deliveries", params={"limit": 5}, headers=readers.admin()
    )
    assert len(page.json()["items"]) == 5
    rest = await readers.service.http.get(
        f"/v1/webhooks/{made['id']}/deliveries",
        params={"after": page.json()["next"], "state": "DELIVERED"},
        headers=readers.admin(),
    )
    assert len(rest.json()["items"]) == 16
    await _ask(readers, f"{made['id']}/turning-off")


async def test_a_name_that_leads_behind_our_wall_is_not_called(readers: Readers) -> None:
    asked: list[tuple[str, int]] = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return ["8.8.8.8", "169.254.169.254"]

    made = await _make(readers, "https://hooks.example.vn/in")
    sending = _sending(readers, rebinding)
    async with readers.running(sending):
        await readers.accept(readers.notice(await readers.person()))
        await eventually(lambda: _failed_once(readers, made))
    assert (await _deliveries(readers, made))[0]["outcome"] == "address not allowed"
    assert asked == [("hooks.example.vn", 443)]
    await _ask(readers, f"{made['id']}/turning-off")


async def test_what_is_connected_to_is_the_address_that_was_checked(readers: Readers) -> None:
    receiver = Receiver()

    async def elsewhere(host: str, port: int) -> Sequence[str]:
        assert (host, port) == ("localhost", receiver.port)
        return ["127.0.0.1"]

    made = await _make(readers, f"http://localhost:{receiver.port}/in")
    async with (
        receiver.listening(),
        readers.running(_sending(readers, elsewhere)),
    ):
        await readers.accept(readers.notice(await readers.person()))
        await _until(readers, made, "DELIVERED")
    assert receiver.heard[0][0]["host"] == f"localhost:{receiver.port}"
    await _ask(readers, f"{made['id']}/turning-off")


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.vn/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest",
        "ftp://a.vn/x",
        "https://a@b.vn/",
        "https://0x0a.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
    ],
)
async def test_an_address_that_is_not_allowed_is_refused(readers: Readers, url: str) -> None:
    answer = await readers.service.http.post(
        "/v1/webhooks", json={"url": url, "kinds": ["REMINDED"]}, headers=readers.admin()
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "WebhookAddressRefused")


async def test_this_machine_is_no_address_outside_an_embedded_instance(open_service: ServiceOpener) -> None:
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock) as service:
        bare = await Readers(service, clock, mails_go_out=False).prepare()
        hidden = ("https://2130706433/", "https://0x7f.1/")
        for url in ("http://127.0.0.1:9/", *hidden):
            body = {"url": url, "kinds": ["REMINDED"]}
            answer = await service.http.post("/v1/webhooks", json=body, headers=bare.admin())
            assert answer.json().get("code") == "WebhookAddressRefused", url


async def test_webhooks_are_for_administrators_of_the_province(readers: Readers) -> None:
    for post in (held(PostKind.ADMIN, readers.root, uuid4()), held(PostKind.UNIT_HEAD, readers.root)):
        headers = readers.service.headers(uuid4(), post)
        body = {"url": "https://hooks.example.vn/", "kinds": ["REMINDED"]}
        assert (
            await readers.service.http.post("/v1/webhooks", json=body, headers=headers)
        ).status_code == 403
        assert (await readers.service.http.get("/v1/webhooks", headers=headers)).status_code == 403


async def test_a_secret_is_shown_once_and_kept_nowhere_in_the_open(readers: Readers) -> None:
    body = {"url": "https://hooks.example.vn/in", "kinds": ["REMINDED"]}
    headers = readers.admin()
    first = await readers.service.http.post("/v1/webhooks", json=body, headers=headers)
    again = await readers.service.http.post("/v1/webhooks", json=body, headers=headers)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (again.json()["id"], again.json()["secret"]) == (first.json()["id"], None)
    secret = first.json()["secret"]
    pool = readers.service.database.pool
    kept = await pool.fetchval("select string_agg(w::text, '') from webhooks w")
    answers = await pool.fetchval("select string_agg(convert_from(body, 'utf8'), '') from idempotency_keys")
    assert secret.removeprefix("whsec_") not in kept + answers
    await _ask(readers, f"{first.json()['id']}/turning-off")


async def test_a_changed_secret_signs_beside_the_one_before_for_some_hours(
    readers: Readers, sending: WebhookSending
) -> None:
    receiver = Receiver()
    made = await _make(readers, receiver.url)
    path = f"{made['id']}/secret"
    assert (await _ask(readers, f"{path}?dry_run=true", overlap_hours=1))["secret"] is None
    changed = await _ask(readers, path, overlap_hours=1)
    assert changed["old_secret_until"]
    person = await readers.person()
    async with receiver.listening(), readers.running(sending):
        await readers.accept(readers.notice(person))
        await _until(readers, made, "DELIVERED")
        ended = await _ask(readers, path, overlap_hours=0)
        assert ended["old_secret_until"] is None
        await readers.accept(readers.notice(person))
        await _until(readers, made, "DELIVERED", "DELIVERED")
    assert [_signers(heard, made, changed, ended) for heard in receiver.heard] == [[1, 0], [2]]
    await _ask(readers, f"{made['id']}/turning-off")


def _signers(heard: tuple[dict[str, str], bytes], *secrets: Any) -> list[int]:
    """By which of these secrets it is signed, in the order of the header."""
    headers, body = heard
    return [
        number
        for one in headers["webhook-signature"].split()
        for number, made in enumerate(secrets)
        if _is_signed(made["secret"], headers | {"webhook-signature": one}, body)
    ]


async def test_a_secret_of_another_row_or_key_is_of_no_use(readers: Readers) -> None:
    ring = KeyRing.parse(f"a:{'A' * 43}=", "WEBHOOK_KEYS")
    calling = Calling(ring=ring, loopback=False)
    mine, other = uuid4(), uuid4()
    sealed = calling.seal(mine, "whsec_AAAA")
    assert calling.unseal(mine, sealed) == "whsec_AAAA"
    for where, whose in ((other, calling), (mine, Calling(ring=None, loopback=False))):
        with pytest.raises(SecretUnreadable):
            whose.unseal(where, sealed)


async def test_without_a_key_there_are_no_webhooks(open_service: ServiceOpener) -> None:
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock, webhook_keys="") as service:
        bare = await Readers(service, clock, mails_go_out=False).prepare()
        body = {"url": "https://hooks.example.vn/in", "kinds": ["REMINDED"]}
        answer = await service.http.post("/v1/webhooks", json=body, headers=bare.admin())
        assert (answer.status_code, answer.json()["code"]) == (409, "WebhookKeyMissing")
