"""Stands in for the mail catcher: SMTP on 1025, and on 8025 how many mails came."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session


class Counting:
    """Keeps nothing but the number."""

    mails = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        """One more."""
        self.mails += 1
        return "250 kept"

    async def tell(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Whatever is asked."""
        await reader.readuntil(b"\r\n\r\n")
        said = str(self.mails).encode()
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(said), said))
        await writer.drain()
        writer.close()


async def main() -> None:
    """Until the container ends."""
    counting, loop = Counting(), asyncio.get_running_loop()
    await loop.create_server(lambda: SMTP(counting, loop=loop, enable_SMTPUTF8=True), "0.0.0.0", 1025)
    await (await asyncio.start_server(counting.tell, "0.0.0.0", 8025)).serve_forever()


asyncio.run(main())
