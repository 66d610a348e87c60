"""The part that sends mails: by one process at a time, each mail claimed before the server has it, so that
none goes out twice."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import format_datetime, parseaddr
from uuid import UUID

import structlog

from kit.db import Database, Tx
from kit.leading import Lease, lead, leading, still_leads
from language.telling import MailState
from services.postroom.delivery.mail_server import Fate, MailServer, MailServerAway, MailSession, Sent
from services.postroom.domain.letters import LetterLink, compose
from services.postroom.domain.mails import ClaimedMail
from services.postroom.domain.telling import NoticeSettings, brings_link
from services.postroom.operations.password_links import bring
from services.postroom.store import mails, notices
from services.postroom.store.mails import DueMail
from services.postroom.store.password_links import OpenLink, link_in_mail

log = structlog.get_logger()

MOST_ATTEMPTS = 12
_BATCH = 200
_AT_ONCE = 4
"""So many connections to the mail server."""
_IDLE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_LONGEST_ROUND_SECONDS = 900.0
"""A batch to a server that is slow with every mail; what takes longer hangs."""


class _Subject(UnstructuredHeader, BaseHeader):
    """Written so that no space gets lost where a long one is folded, as the standard library loses some."""

    def fold(self, *, policy: Policy) -> str:
        """As it stands in the mail."""
        written = Header(str(self), "utf-8", header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {written}{policy.linesep}"


def _headers() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("subject", _Subject)
    return registry


_WRITTEN = default.clone(header_factory=_headers())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who writes: the From address, and where the pages are found."""

    mail_from: str
    address: str


async def _settings_for(tx: Tx, mail: ClaimedMail, link: OpenLink | None) -> NoticeSettings:
    """How its reader wants to be told, and where the mail goes: with a link to where the office knows the
    person to be reached, for the other address is changed by whoever is signed in for a moment."""
    settings = (await notices.settings_of(tx, [mail.person_id]))[mail.person_id]
    elsewhere = link.mail_address if link else mail.former_address
    return replace(settings, mail_address=elsewhere or settings.mail_address)


def _brings_link(mail: ClaimedMail) -> bool:
    return any(brings_link(item.kind, item.detail) for item in mail.items)


class Mailing:
    """Runs until cancelled. It outlives outages of database and mail server: a mail that cannot be sent
    simply waits."""

    def __init__(self, database: Database, server: MailServer, sender: Sender) -> None:
        self._database = database
        self._server = server
        self._sender = sender
        for state in (MailState.SENT, MailState.UNSURE, MailState.FAILED):
            database.meters.sent.labels("mail", state.value)  # told as 0: what begins at 1 has not grown

    async def run(self) -> None:
        """Lead, then send what is due."""
        await lead(self._database, "mailing", self.work)

    async def work(self, lease: Lease) -> None:
        """What was being sent when the last leader ended is in doubt; then one round after another."""
        async with leading(self._database, lease) as tx:
            doubtful = await mails.doubt_unfinished(tx)
        if doubtful:
            log.warning("mailing.unsure", mails=doubtful)
        away = 0
        while True:
            await lease.renew()
            async with self._database.reading() as tx:
                due = await mails.due_mails(tx, _BATCH)
            try:
                if due:
                    await lease.during(self._send_all(lease, due), _LONGEST_ROUND_SECONDS)
            except MailServerAway as error:
                away += 1
                log.warning("mailing.server_away", reason=str(error), times=away)
                await lease.pause(min(_LONGEST_PAUSE_SECONDS, _IDLE_SECONDS * 2 ** min(away, 8)))
                continue
            away = 0
            if len(due) < _BATCH:
                await asyncio.sleep(_IDLE_SECONDS)

    async def _send_all(self, lease: Lease, due: Sequence[DueMail]) -> None:
        """Over several connections at once; what goes to one reader goes in its order."""
        lanes: dict[UUID, list[UUID]] = {}
        for mail in due:
            lanes.setdefault(mail.person_id, []).append(mail.id)
        waiting = deque(lanes.values())
        sending = (self._send_lanes(lease, waiting) for _ in range(min(_AT_ONCE, len(waiting))))
        for ended in await asyncio.gather(*sending, return_exceptions=True):
            if isinstance(ended, BaseException):
                raise ended

    async def _send_lanes(self, lease: Lease, waiting: deque[list[UUID]]) -> None:
        """Over one connection, for as long as it is of use and anything waits."""
        async with self._server.session() as session:
            while waiting:
                for mail_id in waiting.popleft():
                    if not await self._whole(self._send(session, lease, mail_id)):
                        return

    async def _whole(self, sending: Coroutine[None, None, bool]) -> bool:
        """Asked to stop, the mail that is under way is finished first: else every stop would leave one in
        doubt."""
        task = asyncio.ensure_future(sending)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await task
            raise

    async def _send(self, session: MailSession, lease: Lease, mail_id: UUID) -> bool:
        """Claim, send, finish. False when the connection is of no more use."""
        async with self._database.transaction() as tx:
            # One that was stopped and goes on after others have taken over claims nothing: they have put its
            # mails in doubt.
            await still_leads(tx, lease)
            mail = await mails.claim_mail(tx, mail_id, lease.term)
            link = await link_in_mail(tx, mail_id) if mail and mail.items else None
            settings = await _settings_for(tx, mail, link) if mail else None
            brought = None
            if link and settings:
                brought = await bring(tx, link, self._sender.address, settings.language)
        if mail is None or settings is None:
            return True
        if not mail.items or (link is None and _brings_link(mail)):
            async with self._database.transaction() as tx:
                await mails.drop_needless(tx, mail)
            return True
        if settings.mail_address is None:
            sent = Sent(fate=Fate.REFUSED, words="the person has no address any more")
        else:
            sent = await session.send(self.message(mail, settings, brought), settings.mail_address)
        async with self._database.transaction() as tx:
            state = await self._finish(tx, mail, sent)
        self._database.meters.sent.labels("mail", state.value).inc()
        return sent.fate in {Fate.TAKEN, Fate.REFUSED}

    async def _finish(self, tx: Tx, mail: ClaimedMail, sent: Sent) -> MailState:
        """Write down what became of it."""
        match sent.fate:
            case Fate.TAKEN:
                state = MailState.SENT
                await mails.mark_sent(tx, mail.id, sent.words)
            case Fate.UNSURE:
                state = MailState.UNSURE
                await mails.give_up(tx, mail, state, sent.words)
            case Fate.LATER if mail.attempts < MOST_ATTEMPTS:
                state = MailState.WAITING
                await mails.try_again(tx, mail, sent.words)
            case Fate.LATER | Fate.REFUSED:
                state = MailState.FAILED
                await mails.give_up(tx, mail, state, sent.words)
        if sent.fate is not Fate.TAKEN:
            log.warning("mailing.not_taken", mail_id=str(mail.id), fate=sent.fate, attempts=mail.attempts)
        return state

    def message(
        self, mail: ClaimedMail, settings: NoticeSettings, link: LetterLink | None = None
    ) -> EmailMessage:
        """The mail itself. Its Message-ID is made from its id, so that it is the same whenever it is sent
        again."""
        letter = compose(mail.items, settings.language, self._sender.address, link)
        message = EmailMessage(policy=_WRITTEN)
        message["From"] = self._sender.mail_from
        message["To"] = settings.mail_address
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(mail.send_at)
        message["Message-ID"] = f"<{mail.id}@{parseaddr(self._sender.mail_from)[1].rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = settings.language
        message.set_content(letter.text)
        return message
