"""A store in a bucket of any store that speaks S3."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import S3Store

from kit.http.refusals import StoreAway
from kit.objects.port import BATCH, Found, NotKept

if TYPE_CHECKING:
    from obstore.store import S3Config

log = structlog.get_logger()

_REACHED_WITHIN: Final = timedelta(seconds=3)
_ANSWERED_WITHIN: Final = timedelta(seconds=30)
_TRIED_FOR: Final = timedelta(seconds=6)
"""A row may be locked meanwhile: longer than this nobody waits for a store that is away."""
_TRIES: Final = 2
_NOT_THERE: Final = "<Code>NoSuchKey</Code>"
"""Any other 404 is of a bucket that is gone, or of somebody who is no store: nothing is lost there."""
_TOO_SHORT: Final = "416 Range Not Satisfiable"
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a bucket is: `endpoint` empty for the cloud that invented the protocol, and no key where the
    machine itself is known there."""

    bucket: str
    prefix: str
    endpoint: str
    region: str
    key_id: str
    secret: str


class Bucket:
    """Objects below the prefix of a place."""

    def __init__(self, place: Place) -> None:
        options: S3Config = {
            "region": place.region,
            # Under the name of the host a bucket is not found where there is no name for each.
            "virtual_hosted_style_request": not place.endpoint,
        }
        if place.endpoint:
            options["endpoint"] = place.endpoint
        if place.key_id:
            options |= {"access_key_id": place.key_id, "secret_access_key": place.secret}
        self._store = S3Store(
            place.bucket,
            prefix=place.prefix or None,
            config=options,
            client_options={
                "allow_http": place.endpoint.startswith("http://"),
                "connect_timeout": _REACHED_WITHIN,
                "timeout": _ANSWERED_WITHIN,
            },
            retry_config={"max_retries": _TRIES, "retry_timeout": _TRIED_FOR},
        )

    async def put(self, name: str, content: bytes) -> None:
        """One request: it is there whole, or not."""
        await self._asked(obstore.put, self._store, name, content, use_multipart=False)

    async def keep_as(self, name: str, kept: str) -> None:
        """The store copies it, over what is there."""
        try:
            await self._asked(obstore.copy, self._store, name, kept)
        except NotKept as lost:
            raise StoreAway from lost

    async def read(self, name: str, start: int, length: int) -> bytes:
        """A part of the object."""
        content = await self._asked(obstore.get_range, self._store, name, start=start, length=length)
        if len(content) < length:
            raise NotKept(name)
        return bytes(content)

    async def list_below(self, folder: str) -> AsyncIterator[Sequence[Found]]:
        """Every object below it."""
        batches = obstore.list(self._store, folder or None, chunk_size=BATCH)
        while batch := await self._asked(next, batches, None):
            yield [
                Found(name=one["path"], size_bytes=one["size"], written_at=one["last_modified"].timestamp())
                for one in batch
            ]

    async def drop(self, names: Sequence[str]) -> None:
        """Many in one request, where the store can."""
        await self._asked(obstore.delete, self._store, list(names))

    async def _asked(self, call: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """In a thread: the library's own futures may still hold on to this interpreter when it ends, and
        abort it."""
        try:
            return await asyncio.to_thread(call, *arguments, **options)
        except (BaseError, OSError) as error:
            if any(said in str(error) for said in (_NOT_THERE, _TOO_SHORT)):
                raise NotKept from error
            log.warning("store.away", reason=type(error).__name__)
            raise StoreAway from error
