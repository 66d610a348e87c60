"""Accounts of another OpenID provider, with a real one beside the service: who is behind its tokens is what
an administrator has written down."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from kit.clock import Clock
from language.posts.kinds import PostKind
from services.organisation.app import SERVICE
from tests.conftest import AUDIENCE, ServiceOpener, TestService, free_port
from tests.openid.running import Provider, new_key, running
from tests.payout_cases import refusal
from tests.provinces import Organised, bare_province


class LaterClock(Clock):
    """Real time, moved on by a test."""

    def __init__(self) -> None:
        super().__init__()
        self.later = timedelta()

    def real_now(self) -> datetime:
        """The instant."""
        return super().real_now() + self.later


@dataclass
class Two:
    """The service, and the provider whose accounts it takes too."""

    service: TestService
    clock: LaterClock
    provider: Provider
    province: Organised

    async def me(self, token: str) -> httpx.Response:
        """What the service says to whoever brings this token."""
        return await self.service.http.get("/v1/me", headers={"Authorization": f"Bearer {token}"})

    async def link(self, person: UUID, subject: str) -> httpx.Response:
        """An administrator ties an account of the provider to the person, who has one here too."""
        made = await self.province.send("PUT", f"/people/{person}/account", {"username": uuid4().hex})
        assert made.status_code == 200, made.text
        body = {"issuer": self.provider.issuer, "subject": subject}
        return await self.province.send("POST", f"/people/{person}/identities", body)


@pytest.fixture(scope="module")
async def two(open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Two]:
    folder: Path = tmp_path_factory.mktemp("openid")
    clock = LaterClock()
    async with (
        running(folder, free_port()) as provider,
        open_service(SERVICE, clock=clock, oidc_other_issuers=provider.issuer) as service,
    ):
        root = (await bare_province(service)).root
        yield Two(service, clock, provider, Organised(service, root))


async def test_an_account_acts_as_the_person_to_whom_it_was_linked_and_as_nobody_before(two: Two) -> None:
    person = await two.province.appoint(two.province.root, PostKind.STAFF)
    subject = f"gv.{uuid4().hex[:8]}"
    token = await two.provider.token(subject, AUDIENCE)
    assert len(token) < 1_000
    unknown = await two.me(token)
    assert refusal(unknown) == (401, "Unauthenticated")
    assert unknown.json()["facts"]["reason"] == "account unknown"
    assert (await two.link(person, subject)).status_code == 201
    me = (await two.me(token)).json()
    assert (me["person_id"], [post["kind"] for post in me["posts"]]) == (str(person), ["STAFF"])
    assert refusal(await two.me(await two.provider.token(f"{subject}x", AUDIENCE))) == (
        401,
        "Unauthenticated",
    )


async def test_a_token_for_somebody_else_is_none_for_us(two: Two) -> None:
    person = await two.province.appoint(two.province.root, PostKind.STAFF)
    subject = f"gv.{uuid4().hex[:8]}"
    assert (await two.link(person, subject)).status_code == 201
    refused = await two.me(await two.provider.token(subject, "another-system"))
    assert refusal(refused) == (401, "Unauthenticated")
    assert (await two.me(await two.provider.token(subject, AUDIENCE))).status_code == 200


async def test_keys_are_rotated_without_anybody_noticing_and_a_withdrawn_key_is_worth_nothing(
    two: Two,
) -> None:
    person = await two.province.appoint(two.province.root, PostKind.STAFF)
    subject = f"gv.{uuid4().hex[:8]}"
    assert (await two.link(person, subject)).status_code == 201
    old = await two.provider.token(subject, AUDIENCE)
    assert (await two.me(old)).status_code == 200
    key = new_key()
    await two.provider.rotate(key, *two.provider.keys)
    new = await two.provider.token(subject, AUDIENCE)
    assert [(await two.me(token)).status_code for token in (new, old)] == [200, 200]
    await two.provider.rotate(key)
    assert (await two.me(old)).status_code == 200
    two.clock.later += timedelta(minutes=11)
    assert [(await two.me(token)).status_code for token in (new, old)] == [200, 401]


async def test_tokens_hold_while_the_provider_is_away_and_another_of_its_name_is_not_it(two: Two) -> None:
    person = await two.province.appoint(two.province.root, PostKind.STAFF)
    subject = f"gv.{uuid4().hex[:8]}"
    assert (await two.link(person, subject)).status_code == 201
    token = await two.provider.token(subject, AUDIENCE)
    assert (await two.me(token)).status_code == 200
    await two.provider.stop()
    two.clock.later += timedelta(minutes=11)
    assert (await two.me(token)).status_code == 200
    await two.provider.start()
