"""Giving mails to an SMTP server, and telling a plain no from not knowing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_LINES
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPResponseException

_TIMEOUT_SECONDS = 15.0
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_PERMANENT = 500


class Fate(StrEnum):
    """What became of a mail: TAKEN by the server; LATER, it said no for now or was away; REFUSED for good;
    UNSURE, it had the mail and its answer did not come."""

    TAKEN = "TAKEN"
    LATER = "LATER"
    REFUSED = "REFUSED"
    UNSURE = "UNSURE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The fate and the server's words."""

    fate: Fate
    words: str


class MailServerAway(Exception):
    """No connection: nothing was sent."""


class MailSession:
    """An open connection over which one mail after another goes."""

    def __init__(self, client: SMTP, sender: str) -> None:
        self._client = client
        self._sender = sender

    async def send(self, message: EmailMessage, recipient: str) -> Sent:
        """Give the server this mail. Until the text itself is sent nothing can be lost or doubled, so every
        failure before it is a no."""
        try:
            await self._client.mail(self._sender)
            await self._client.rcpt(recipient)
        except SMTPResponseException as refused:
            await self._forget()
            return Sent(
                fate=Fate.REFUSED if refused.code >= _PERMANENT else Fate.LATER,
                words=f"{refused.code} {refused.message}"[:300],
            )
        except (SMTPException, OSError) as lost:
            return Sent(fate=Fate.LATER, words=type(lost).__name__)
        return await self._send_text(message.as_bytes(policy=SMTP_LINES))

    async def _send_text(self, text: bytes) -> Sent:
        try:
            answer = await self._client.data(text)
        except SMTPDataError as refused:
            return Sent(
                fate=Fate.REFUSED if refused.code >= _PERMANENT else Fate.LATER,
                words=f"{refused.code} {refused.message}"[:300],
            )
        except (SMTPException, OSError) as lost:
            return Sent(fate=Fate.UNSURE, words=type(lost).__name__)
        return Sent(fate=Fate.TAKEN, words=f"{answer.code} {answer.message}"[:300])

    async def _forget(self) -> None:
        """The server drops the half-begun mail; when it does not answer, the next mail finds out."""
        with suppress(SMTPException, OSError):
            await self._client.rset()


class MailServer:
    """`smtp://`, `smtp+starttls://` or `smtps://`, with `user:password@` if the server wants it."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError(
                "SMTP_URL: smtp://, smtp+starttls:// or smtps://, then [user:password@]host[:port]"
            )
        self._sender = parseaddr(sender)[1]
        self._host, self._port = parts.hostname, parts.port or _PORTS[parts.scheme]
        self._tls, self._starttls = parts.scheme == "smtps", parts.scheme == "smtp+starttls"
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    @asynccontextmanager
    async def session(self) -> AsyncIterator[MailSession]:
        """A connection for some mails; `MailServerAway` when there is none."""
        client = SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._tls,
            start_tls=self._starttls,
            timeout=_TIMEOUT_SECONDS,
        )
        try:
            await client.connect()
        except (SMTPException, OSError) as error:
            raise MailServerAway(type(error).__name__) from error
        try:
            yield MailSession(client, self._sender)
        finally:
            with suppress(SMTPException, OSError):
                await client.quit()
            client.close()
