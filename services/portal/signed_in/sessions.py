"""Sessions: a cookie with a secret, a row with its digest and, sealed, the tokens."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from kit.db import Database
from kit.ids import new_id
from kit.wire import KeyRing, SecretUnreadable
from services.portal.settings import PortalSettings
from services.portal.signed_in.issuer import IssuerClient, SignedIn, Tokens
from services.portal.signed_in.kept import kept_as
from services.portal.store import sessions as store
from services.portal.store.sessions import SessionRow

_PROGRAM_LENGTH: Final = 200
_SEEN_EVERY: Final = timedelta(minutes=2)
_KEPT_FOR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The session of a request, with the tokens to ask with."""

    row: SessionRow
    secret: str
    tokens: Tokens

    @property
    def person_id(self) -> UUID:
        """Who is signed in."""
        return self.row.person_id


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


class SessionBook:
    """All sessions."""

    def __init__(self, settings: PortalSettings, database: Database, issuer: IssuerClient) -> None:
        ring = settings.ring
        if ring is None:
            raise ValueError("SESSION_KEYS is empty")
        self._ring: KeyRing = ring
        self._database = database
        self._issuer = issuer
        self._life = timedelta(hours=settings.session_hours)
        self._idle = timedelta(hours=settings.session_idle_hours)
        self._renewing = asyncio.Semaphore(settings.database_pool_size // 2)

    def _now(self) -> datetime:
        return self._database.clock.real_now()

    async def open(self, signed_in: SignedIn, person_id: UUID, program: str) -> Session:
        """A new session; its secret is made here and never before, so that nobody can bring one along."""
        secret, now = secrets.token_urlsafe(32), self._now()
        session_id = new_id()
        row = SessionRow(
            id=session_id,
            secret_hash=_digest(secret),
            person_id=person_id,
            program=program[:_PROGRAM_LENGTH],
            sealed=self._ring.seal(session_id, signed_in.tokens.model_dump_json()),
            opened_at=now,
            seen_at=now,
            ends_at=now + self._life,
        )
        async with self._database.transaction() as tx:
            await store.insert_session(tx, row)
        return Session(row=row, secret=secret, tokens=signed_in.tokens)

    async def owner(self, secret: str) -> UUID | None:
        """Whose session this is or was."""
        async with self._database.reading() as tx:
            row = await store.find_session(tx, _digest(secret))
        return row.person_id if row else None

    async def find(self, secret: str) -> Session | None:
        """The session of this cookie with tokens that hold; None when it has ended."""
        async with self._database.reading() as tx:
            row = await store.find_session(tx, _digest(secret))
        now = self._now()
        if row is None or row.ends_at <= now or row.seen_at + self._idle <= now:
            return None
        tokens = self._opened(row)
        if tokens and not tokens.is_fresh(now):
            tokens = await self._renewed(row.id)
        if tokens is None:
            return None
        if now - row.seen_at > _SEEN_EVERY:
            async with self._database.transaction() as tx:
                await store.set_seen(tx, row.id, now)
        return Session(row=row, secret=secret, tokens=tokens)

    def _opened(self, row: SessionRow) -> Tokens | None:
        try:
            return kept_as(Tokens, self._ring.unseal(row.id, row.sealed))
        except SecretUnreadable:
            return None

    async def _renewed(self, session_id: UUID) -> Tokens | None:
        # Two tabs at once: a refresh token is good for one of them, so the other waits for what it brings. An
        # issuer that is slow holds up who waits for it, and leaves connections to the others.
        async with self._renewing, self._database.transaction() as tx:
            row = await store.lock_session(tx, session_id)
            if row is None:
                return None
            tokens = self._opened(row)
            if tokens is None or tokens.is_fresh(self._now()):
                return tokens
            fresh = await self._issuer.renew(tokens)
            if fresh is not None:
                await store.set_tokens(tx, row.id, self._ring.seal(row.id, fresh.model_dump_json()))
            return fresh

    async def list_of(self, person_id: UUID) -> list[SessionRow]:
        """Where the person is signed in, the last used first."""
        async with self._database.reading() as tx:
            now = self._now()
            return await store.list_sessions(tx, person_id, now, now - self._idle)

    async def end(self, session_id: UUID, person_id: UUID) -> bool:
        """End one of the person's sessions; False when there is none."""
        async with self._database.transaction() as tx:
            row = await store.end_session(tx, session_id, person_id)
        if row is None:
            return False
        if tokens := self._opened(row):
            await self._issuer.forget(tokens)
        return True

    async def keep_form(self, text: str, lasts: timedelta = _KEPT_FOR) -> UUID:
        """What was typed, for an hour, or as long as is said."""
        form_id = new_id()
        async with self._database.transaction() as tx:
            now = self._now()
            await store.keep_form(tx, form_id, self._ring.seal(form_id, text), now + lasts)
        return form_id

    async def kept_form(self, form_id: UUID) -> str | None:
        """What was typed; None after its hour."""
        async with self._database.reading() as tx:
            sealed = await store.kept_form(tx, form_id, self._now())
        try:
            return self._ring.unseal(form_id, sealed) if sealed else None
        except SecretUnreadable:
            return None

    async def amend_form(self, form_id: UUID, change: Callable[[str], str], lasts: timedelta) -> None:
        """It says from now on what the change makes of it. Of two changes at once the later sees the earlier,
        so that neither is lost."""
        async with self._database.transaction() as tx:
            sealed, until = await store.lock_form(tx, form_id, self._now()), self._now() + lasts
            if sealed is not None:
                text = change(self._ring.unseal(form_id, sealed))
                await store.change_form(tx, form_id, self._ring.seal(form_id, text), until)

    async def drop_form(self, form_id: UUID) -> None:
        """It was sent."""
        async with self._database.transaction() as tx:
            await store.drop_form(tx, form_id)

    def seal_cookie(self, text: str) -> str:
        """What a browser keeps for us and cannot read: `id.sealed`."""
        cookie_id = new_id()
        return f"{cookie_id}.{self._ring.seal(cookie_id, text)}"

    def open_cookie(self, cookie: str) -> str | None:
        """What was sealed; None for anything else."""
        name, _, sealed = cookie.partition(".")
        try:
            return self._ring.unseal(UUID(name), sealed)
        except (SecretUnreadable, ValueError):
            return None
