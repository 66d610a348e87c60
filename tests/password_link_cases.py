"""An organisation whose mails go out: what is asked for there is caught, with the link that it brings."""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from cli.mail import caught
from embedded.mail_catcher import catching
from language.posts.kinds import PostKind
from services.postroom.app import SERVICE as POSTROOM
from services.postroom.delivery.collecting import Collecting
from services.postroom.delivery.mail_server import MailServer
from services.postroom.delivery.mailing import Mailing
from tests.conftest import ServiceOpener, TestService, free_port, held
from tests.notice_cases import SENDER, Part, eventually, text_of
from tests.sign_in_cases import Desk, Holder, opened_desk

_LINK = re.compile(r"https://sk\.test/oauth2/password\?ui_locales=vi#(\S+)")


def anywhere() -> str:
    """An address from which nobody has tried anything."""
    return f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::1"


@dataclass
class LinkDesk:
    """The desk, the postroom beside it, and the folder into which mails fall."""

    desk: Desk
    postroom: TestService
    folder: Path

    async def invited(self, body: dict[str, Any] | None = None) -> Holder:
        """Somebody of the school with an address of the office, whom the school's administrator invites."""
        person = await self.desk.province.appoint(self.desk.school, PostKind.STAFF)
        holder = Holder(self.desk, person, f"u{uuid4().hex[:12]}")
        await self.reached_at(person)
        answer = await self.invite(holder, **(body or {}))
        assert answer.status_code == 200, answer.text
        return holder

    async def holder(self, kind: PostKind = PostKind.STAFF, unit: UUID | None = None) -> Holder:
        """Somebody with an account and an address of the office, entered by the school's administrator."""
        holder = await self.desk.holder(kind, unit)
        await self.reached_at(holder.id)
        return holder

    async def invite(self, holder: Holder, dry_run: bool = False, **body: Any) -> httpx.Response:
        """As the school's administrator."""
        path = f"/people/{holder.id}/account{'?dry_run=true' if dry_run else ''}"
        return await self.desk.as_school("PUT", path, {"username": holder.username, "invite": True, **body})

    async def reached_at(self, person: UUID, address: str | None = "", *, above: bool = False) -> None:
        """The office enters an address, the person's usual one if no other is said: at the school, or
        `above` at the province."""
        address = f"{person.hex}@sk.test" if address == "" else address
        service, province = self.desk.service, self.desk.province
        held_above = held(PostKind.ADMIN, province.root, post_id=province.admin)
        headers = service.headers(province.admin, held_above) if above else service.headers(self.desk.admin)
        known = await service.http.get(f"/v1/people/{person}", headers=headers)
        body = {"full_name": "Lò Văn Bình", "date_of_birth": None, "mail_address": address}
        headers = {**headers, "Idempotency-Key": uuid4().hex, "If-Match": known.headers["etag"]}
        changed = await service.http.patch(f"/v1/people/{person}", json=body, headers=headers)
        assert changed.status_code == 200, changed.text

    async def forgot(self, username: str, address: str = "", **headers: str) -> httpx.Response:
        """The name typed at the sign-in page, from an address."""
        return await self._send("/oauth2/forgotten", {"username": username}, address, **headers)

    async def choose(
        self, code: str, new: str, again: str | None = None, address: str = ""
    ) -> httpx.Response:
        """A password chosen by the code of a mail."""
        typed = {"code": code, "new_password": new, "new_password_again": new if again is None else again}
        return await self._send("/oauth2/password", typed, address)

    async def _send(self, path: str, typed: dict[str, str], address: str, **headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.desk.service.app, client=(address or anywhere(), 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as http:
            return await http.post(path, data=typed, headers=headers)

    def mails(self, address: str) -> list[EmailMessage]:
        """Mails with a link that were caught for this address."""
        found = [mail for mail in caught(self.folder) if mail["To"] == address]
        return [mail for mail in found if _LINK.search(text_of(mail))]

    async def brought(self, holder: Holder, count: int = 1) -> str:
        """The code of the newest mail, once there are so many with a link."""
        address = f"{holder.id.hex}@sk.test"

        async def has_come() -> bool:
            return len(self.mails(address)) >= count

        await eventually(has_come)
        found = _LINK.search(text_of(self.mails(address)[-1]))
        assert found
        return found.group(1)

    async def links_of(self, person: UUID) -> int:
        """How many links were ever made for the person."""
        pool = self.desk.service.database.pool
        return int(await pool.fetchval("select count(*) from account_links where person_id = $1", person))

    async def all_rows(self) -> str:
        """Everything that is kept, of both services, as text."""
        kept = ""
        for service in (self.desk.service, self.postroom):
            tables = await service.database.pool.fetch(
                "select tablename from pg_tables where schemaname = current_schema()"
            )
            for row in tables:
                name = row["tablename"]
                kept += str(await service.database.pool.fetch(f'select t::text as row from "{name}" t'))
            bodies = "select convert_from(body, 'UTF8') as body from idempotency_keys"
            kept += str(await service.database.pool.fetch(bodies))
        return kept


def told(page: httpx.Response) -> str:
    """The sentence of a page that refused."""
    return html.unescape(page.text.split('role="alert">')[1].split("<")[0])


@asynccontextmanager
async def opened_link_desk(
    open_service: ServiceOpener, folder: Path, **settings: Any
) -> AsyncIterator[LinkDesk]:
    """Organisation and postroom, with what brings notices in and what sends mails."""
    port = free_port()
    async with opened_desk(open_service, **settings) as desk, AsyncExitStack() as stack:
        postroom = await desk.service.shared.open(POSTROOM, smtp_url=f"smtp://127.0.0.1:{port}")
        await stack.enter_async_context(catching(folder, port))
        server = MailServer(f"smtp://127.0.0.1:{port}", SENDER.mail_from)
        await stack.enter_async_context(_running(Collecting(postroom.database, mails_go_out=True)))
        await stack.enter_async_context(_running(Mailing(postroom.database, server, SENDER)))
        yield LinkDesk(desk, postroom, folder)


@asynccontextmanager
async def _running(part: Part) -> AsyncIterator[None]:
    task = asyncio.create_task(part.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
