"""A store in a folder, which all processes that use it see."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

import structlog

from kit.http.refusals import StoreAway
from kit.objects.port import BATCH, Found, NotKept

log = structlog.get_logger()

_BESIDE: Final = "incoming"
"""What a crash leaves half written lies here, as does what has no other name yet."""


class Folder:
    """Files below this folder; their names are their paths."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, name: str, content: bytes) -> None:
        """Keep it, in place of what was there."""
        await asyncio.to_thread(self._put, name, content)

    def _put(self, name: str, content: bytes) -> None:
        with _answering():
            beside, target = self._root / _BESIDE / secrets.token_hex(16), self._root / name
            for folder in {beside.parent, target.parent}:
                self._make(folder)
            try:
                with beside.open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                beside.replace(target)
            except OSError:
                beside.unlink(missing_ok=True)
                raise
            _make_durable(target.parent)

    async def keep_as(self, name: str, kept: str) -> None:
        """Move it there, unless it is there; seen anew either way."""
        await asyncio.to_thread(self._keep_as, self._root / name, self._root / kept)

    def _keep_as(self, file: Path, target: Path) -> None:
        with _answering():
            self._make(target.parent)
            try:
                os.utime(target)
            except FileNotFoundError:
                file.replace(target)
                _make_durable(target.parent)

    async def read(self, name: str, start: int, length: int) -> bytes:
        """A part of the file."""
        return await asyncio.to_thread(self._read, self._root / name, start, length)

    def _read(self, path: Path, start: int, length: int) -> bytes:
        with _answering():
            try:
                with path.open("rb") as file:
                    file.seek(start)
                    content = file.read(length)
            except FileNotFoundError:
                if not self._root.is_dir():
                    raise
                raise NotKept(path.name) from None
        if len(content) < length:
            raise NotKept(path.name)
        return content

    async def list_below(self, folder: str) -> AsyncIterator[Sequence[Found]]:
        """Every file below it."""
        files = self._files(self._root / folder)

        def some() -> Sequence[Found]:
            with _answering():
                return list(islice(files, BATCH))

        while batch := await asyncio.to_thread(some):
            yield batch

    def _files(self, folder: Path) -> Iterator[Found]:
        # A store that is not there must not look like one that is empty.
        self._make(self._root)
        for place, folders, names in os.walk(folder):
            folders.sort()
            # A shared folder may hold files of its own, with a point before their names.
            for name in sorted(one for one in names if not one.startswith(".")):
                path = Path(place) / name
                try:
                    said = path.stat()
                except FileNotFoundError:
                    continue
                yield Found(
                    name=path.relative_to(self._root).as_posix(),
                    size_bytes=said.st_size,
                    written_at=said.st_mtime,
                )

    async def drop(self, names: Sequence[str]) -> None:
        """Remove the files."""
        await asyncio.to_thread(self._drop, names)

    def _drop(self, names: Sequence[str]) -> None:
        with _answering():
            for name in names:
                (self._root / name).unlink(missing_ok=True)

    def _make(self, folder: Path) -> None:
        """The folder, and its name in the one above durable, up to the root."""
        if folder.is_dir():
            return
        if folder != self._root:
            self._make(folder.parent)
        folder.mkdir(parents=folder == self._root, exist_ok=True)
        _make_durable(folder.parent)


@contextmanager
def _answering() -> Iterator[None]:
    """A disk that is full, read-only or gone is a store that is away."""
    try:
        yield
    except OSError as away:
        log.warning("store.away", reason=os.strerror(away.errno) if away.errno else type(away).__name__)
        raise StoreAway from away


def _make_durable(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
