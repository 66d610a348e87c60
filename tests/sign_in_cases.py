"""People who sign in with one-time codes: their telephones, and time that passes when a test says so."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pyotp
from joserfc.jwk import KeySet

from kit.auth import TokenVerifier
from kit.clock import Clock
from language.posts.kinds import PostKind
from services.organisation.app import SERVICE
from services.organisation.sign_in.operations.passwords import hash_password
from tests.api.test_organisation_signing_in import Flow, code_of
from tests.conftest import AUDIENCE, ISSUER, ServiceOpener, TestService
from tests.provinces import Organised, bare_province

GIVEN, OWN, ANOTHER = "Cầu Kỳ Cùng 1954", "Chợ Đông Kinh sáng", "Núi Tô Thị xa xa"
PROVIDER = "https://accounts.example.vn"
STEP = 30
WRONG = "000000"
HOME = "203.0.113.7"


class StandingClock(Clock):
    """Time that stands in the middle of a step until a test moves it on. It is ahead of the test's issuer, so
    that its tokens hold."""

    def __init__(self) -> None:
        super().__init__()
        seconds = int((super().real_now() + timedelta(minutes=20)).timestamp())
        self.stands_at = datetime.fromtimestamp(seconds - seconds % STEP + STEP // 2, UTC)

    def real_now(self) -> datetime:
        """The instant."""
        return self.stands_at


class BothKeys:
    """The keys of the test's issuer and of the service's own."""

    def __init__(self, *keys: KeySet) -> None:
        self._keys = KeySet([key for known in keys for key in known.keys])

    async def keys(self, *, fresh: bool) -> KeySet:
        """All of them."""
        return self._keys


@dataclass
class Desk:
    """A province with a school that has an administrator of its own, and one of the province above."""

    service: TestService
    clock: StandingClock
    province: Organised
    school: UUID
    admin: UUID

    def wait(self, steps: int = 1) -> None:
        """Time passes until codes are others."""
        self.clock.stands_at += timedelta(seconds=steps * STEP)

    async def as_school(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """As the school's administrator."""
        headers = self.service.headers(self.admin)
        return await self.service.http.request(method, f"/v1{path}", json=body, headers=headers)

    async def holder(self, kind: PostKind = PostKind.STAFF, unit: UUID | None = None) -> "Holder":
        """Somebody in a new post who has taken the account over."""
        holder = Holder(self, await self.province.appoint(unit or self.school, kind), f"u{uuid4().hex[:12]}")
        # Written at once, for whoever gives a post that decides does not set the password.
        account = "insert into accounts (username, person_id) values ($1, $2)"
        async with self.service.database.transaction() as tx:
            await tx.conn.execute(account, holder.username, holder.id)
        await set_password(self.service, holder.id, OWN)
        return holder

    async def told(self, person_id: UUID) -> list[str]:
        """What somebody was told of the own account."""
        told = (
            "select detail from notices where person_id = $1 and kind = 'ACCOUNT_CHANGED' order by position"
        )
        return [row["detail"] for row in await self.service.database.pool.fetch(told, person_id)]


async def set_password(service: TestService, person_id: UUID, password: str) -> None:
    """The person's own, that nobody else knows."""
    own = "update accounts set password_hash = $2, must_change = false where person_id = $1"
    hashed = await hash_password(password)
    async with service.database.transaction() as tx:
        await tx.conn.execute(own, person_id, hashed)


@dataclass
class Holder:
    """Somebody with an account, the application that makes codes for it, and the recovery codes."""

    desk: Desk
    id: UUID
    username: str
    secret: str = field(default="", repr=False)
    recovery: list[str] = field(default_factory=list, repr=False)

    def code(self, steps: int = 0) -> str:
        """What the telephone shows, so many steps from now."""
        return pyotp.TOTP(self.secret).at(self.desk.clock.real_now(), counter_offset=steps)

    async def sign_in(
        self, password: str = OWN, code: str = "", new: str = "", address: str = HOME
    ) -> httpx.Response:
        """The form sent from an address."""
        typed = {"username": self.username, "password": password, "one_time_code": code}
        typed |= {"new_password": new, "new_password_again": new}
        transport = httpx.ASGITransport(app=self.desk.service.app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as http:
            return await http.post("/oauth2/authorize", data={**Flow(http).asked, **typed})

    async def token(self, code: str = "", password: str = OWN) -> str:
        """A token of the real issuer."""
        flow = Flow(self.desk.service.http)
        typed = {"username": self.username, "password": password, "one_time_code": code}
        answer = await flow.http.post("/oauth2/authorize", data={**flow.asked, **typed})
        return str((await flow.redeem(code_of(answer))).json()["access_token"])

    async def ask(
        self,
        token: str,
        method: str = "GET",
        path: str = "/me/one-time-codes",
        body: Any = None,
        key: str = "",
    ) -> httpx.Response:
        """As the holder, with this token."""
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key or uuid4().hex}
        return await self.desk.service.http.request(method, f"/v1{path}", json=body, headers=headers)

    async def set_up(self) -> str:
        """Codes are in use; the token that did it. What was shown then is no code any more."""
        token = await self.token()
        begun = await self.ask(token, "POST", body={"password": OWN})
        self.secret = begun.json()["secret"]
        path, body = "/me/one-time-codes/confirmation", {"one_time_code": self.code()}
        confirmed = await self.ask(token, "POST", path, body)
        self.recovery = confirmed.json()["recovery_codes"]
        self.desk.wait()
        return token


def shown_secret(page: httpx.Response) -> str:
    """What the page has an application make codes of."""
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)
    assert found, page.text
    assert "otpauth://totp/" in html.unescape(page.text)
    return found.group(1).replace(" ", "")


def shown_recovery(page: httpx.Response) -> list[str]:
    """The recovery codes on the page."""
    return re.findall(r"<li><code>([A-Z2-9-]+)</code>", page.text)


def said(page: httpx.Response) -> str:
    """The sentence of the form."""
    return html.unescape(page.text.split('role="alert">')[1].split("<")[0])


@asynccontextmanager
async def opened_desk(open_service: ServiceOpener, **settings: Any) -> AsyncIterator[Desk]:
    """The organisation, with tokens of its own and of the test taken alike."""
    clock = StandingClock()
    async with open_service(SERVICE, clock=clock, oidc_other_issuers=PROVIDER, **settings) as service:
        own = await service.app.state.issuer_keys.keys(fresh=False)
        both = BothKeys(await service.issuer.keys(fresh=False), own)
        service.app.state.verifier = TokenVerifier(
            own=ISSUER, audience=AUDIENCE, keys={ISSUER: both}, clock=clock
        )
        province = Organised(service, (await bare_province(service)).root)
        school = await province.unit("A")
        yield Desk(service, clock, province, school, await province.appoint(school, PostKind.ADMIN))
