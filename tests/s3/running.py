"""versitygw, which speaks S3 over a folder: built once where there is Go, started, killed, started again."""

import asyncio
import fcntl
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Any

import pytest

from kit.objects.bucket import Bucket, Place
from kit.objects.folder import Folder
from kit.objects.port import Objects

VERSION = "v1.8.0"
PACKAGE = f"github.com/versity/versitygw/cmd/versitygw@{VERSION}"
KEY_ID, SECRET = "sangkien", "only-for-tests"
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sangkien"
_KEPT_IN = _CACHE / "versitygw" / VERSION.removeprefix("v")
_SECONDS_TO_BUILD = 280


def built() -> Path:
    """The program, built when it is missing; without Go the test is skipped."""
    program = _KEPT_IN / "versitygw"
    if not program.exists():
        if shutil.which("go") is None:
            pytest.skip("a store that speaks S3 (versitygw) is built with Go, which is not here")
        _KEPT_IN.mkdir(parents=True, exist_ok=True)
        with (_KEPT_IN / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not program.exists():
                _build()
    return program


def _build() -> None:
    environment = {**os.environ, "GOBIN": str(_KEPT_IN)}
    command = ["go", "install", PACKAGE]
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=_SECONDS_TO_BUILD, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"versitygw {VERSION} was not built within {_SECONDS_TO_BUILD} s")
    if done.returncode != 0:
        pytest.skip(f"versitygw {VERSION} cannot be built: {done.stderr.strip()[-200:]}")


@dataclass
class Gateway:
    """The store, its buckets as folders below `data`."""

    program: Path
    data: Path
    port: int
    _process: asyncio.subprocess.Process | None = None

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        self.data.mkdir(exist_ok=True)
        where = ["--port", f"127.0.0.1:{self.port}", "--region", "us-east-1", "posix", str(self.data)]
        environment = {**os.environ, "ROOT_ACCESS_KEY": KEY_ID, "ROOT_SECRET_KEY": SECRET}
        with self.data.with_suffix(".log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                self.program, *where, env=environment, stdout=log, stderr=log
            )
        for _ in range(100):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
        raise TimeoutError(self.data.with_suffix(".log").read_text())

    async def kill(self) -> None:
        """End it at once, without a word."""
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@dataclass
class BlobPlace:
    """Where a service keeps attachments: what its settings say, and where the bytes are on this machine's
    disk. `gateway` of a bucket."""

    root: Path
    gateway: Gateway | None = None
    bucket: str = ""
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def objects(self) -> Objects:
        """The store."""
        if self.gateway is None:
            return Folder(self.root)
        where = {"endpoint": self.gateway.endpoint, "region": "us-east-1", "key_id": KEY_ID, "secret": SECRET}
        return Bucket(Place(bucket=self.bucket, prefix="attachments", **where))

    def names(self) -> set[str]:
        """What is kept, by the paths below its root."""
        return {path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file()}

    def age(self, *names: str, seconds: float = 2 * 86_400) -> None:
        """As if these, or all below them, had been written so long ago."""
        for name in names:
            below = [path for path in (self.root / name).rglob("*") if path.is_file()]
            for path in below or [self.root / name]:
                os.utime(path, (time() - seconds,) * 2)

    async def fail(self) -> None:
        """The store is away."""
        if self.gateway:
            await self.gateway.kill()
        else:
            self.root.rename(self.root.with_suffix(".away"))
            self.root.write_bytes(b"a file where the folder was")

    async def recover(self) -> None:
        """It is there again, with what it had."""
        if self.gateway:
            await self.gateway.start()
        else:
            self.root.unlink()
            self.root.with_suffix(".away").rename(self.root)


def folder_place(folder: Path) -> BlobPlace:
    """Attachments in this folder."""
    return BlobPlace(root=folder, settings={"blob_dir": folder})


@asynccontextmanager
async def bucket_place(folder: Path, port: int) -> AsyncIterator[BlobPlace]:
    """Attachments in a bucket of a store of its own, and no process of it afterwards."""
    gateway = Gateway(await asyncio.to_thread(built), folder / "data", port)
    bucket = gateway.data / "province"
    bucket.mkdir(parents=True)
    await gateway.start()
    settings = {
        "blob_store": "s3://province/attachments",
        "blob_store_endpoint": gateway.endpoint,
        "blob_store_key_id": KEY_ID,
        "blob_store_secret": SECRET,
    }
    try:
        yield BlobPlace(root=bucket / "attachments", gateway=gateway, bucket="province", settings=settings)
    finally:
        await gateway.kill()
