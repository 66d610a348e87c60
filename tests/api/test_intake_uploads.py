"""What is refused leaves no file, what a crash left is collected, quotas hold, and a scanner is asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.intake.app import SERVICE
from services.intake.operations.collecting import OrphanCollector
from services.intake.store.attachments import Blobs, name_of
from services.intake.store.uploads import Parked
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.intake_cases import PDF, Case
from tests.s3.running import BlobPlace, folder_place

LIMIT = 64 * 1024
VIDEO = b"\x00\x00\x00\x18ftypmp42\x00"

SEEN = """
insert into orphans (sha256, first_seen_at, last_seen_at)
values ($1, now() - $2::text::interval, now() - $3::text::interval)
on conflict (sha256) do update set first_seen_at = excluded.first_seen_at
"""


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener, blobs: BlobPlace) -> AsyncIterator[TestService]:
    limits = {"max_video_bytes": 2 * LIMIT, "max_dossier_bytes": 3 * LIMIT, "max_person_bytes": 4 * LIMIT}
    async with open_service(SERVICE, **blobs.settings, max_attachment_bytes=LIMIT, **limits) as intake:
        yield intake


@pytest.fixture
async def case(service: TestService) -> Case:
    begun = Case(service, MovableClock())
    await begun.draft()
    return begun


async def attach(case: Case, data: bytes, filename: str = "a.pdf") -> httpx.Response:
    path = f"/dossiers/{case.id}/attachments"
    return await case.send("POST", path, case.author, params={"filename": filename}, content=data)


def code(response: httpx.Response) -> tuple[int, Any]:
    return response.status_code, response.json().get("code")


async def test_refused_uploads_leave_no_file(case: Case, blobs: BlobPlace) -> None:
    for number in range(50):
        assert (await attach(case, PDF + bytes([number]))).status_code == 201
    before = blobs.names()
    for number in range(10):
        refused = await attach(case, PDF + b"too many" + bytes([number]))
        assert code(refused) == (409, "TooManyAttachments")
    assert blobs.names() == before


async def test_a_dossier_and_a_person_have_a_quota_that_removing_does_not_empty(
    case: Case, blobs: BlobPlace
) -> None:
    async def full(mark: bytes) -> httpx.Response:
        return await attach(case, (PDF + mark).ljust(LIMIT, b"x"))

    made = [(await full(bytes([number]))).json()["id"] for number in range(3)]
    before = blobs.names()
    assert code(await full(b"4")) == (409, "DossierFull")
    await case.send("DELETE", f"/dossiers/{case.id}/attachments/{made[0]}", case.author)
    assert code(await full(b"5")) == (409, "DossierFull")
    other = Case(case.service, case.clock, author=case.author)
    await other.draft()
    case.id = other.id
    assert (await full(b"6")).status_code == 201
    assert code(await full(b"7")) == (409, "PersonFull")
    assert len(blobs.names()) == len(before) + 1


async def test_a_video_may_be_larger_than_other_files(case: Case) -> None:
    assert (await attach(case, VIDEO.ljust(2 * LIMIT, b"x"), "phim.mp4")).status_code == 201
    assert code(await attach(case, VIDEO.ljust(2 * LIMIT + 1, b"x"), "phim.mp4")) == (
        413,
        "AttachmentTooLarge",
    )
    assert code(await attach(case, PDF.ljust(LIMIT + 1, b"x"))) == (413, "AttachmentTooLarge")


async def test_orphans_that_have_waited_are_collected_and_nothing_else(case: Case, blobs: BlobPlace) -> None:
    kept, young, old = (sha256(uuid4().bytes).hexdigest() for _ in range(3))
    content = PDF + uuid4().bytes
    assert (await attach(case, content)).status_code == 201
    kept = sha256(content).hexdigest()
    store = Blobs(blobs.objects)
    for digest in (young, old):
        async with store.staged(digest, b"x") as staged:
            await staged.keep()
    left = "incoming/left-by-a-crash"
    await blobs.objects.put(left, b"x")
    blobs.age(name_of(old), name_of(kept), left, seconds=31 * 86_400)
    database = case.service.database
    collector = OrphanCollector(database, store, Parked(blobs.objects))
    assert await collector.collect() == 0
    assert {name_of(kept), name_of(young), name_of(old)} <= blobs.names()
    assert left not in blobs.names()
    await database.pool.execute(SEEN, old, "31 days", "1 hour")
    assert await collector.collect() == 1
    assert {name_of(kept), name_of(young)} <= blobs.names()
    assert name_of(old) not in blobs.names()
    assert await database.pool.fetchval("select count(*) from orphans") == 0


async def test_what_a_restored_database_does_not_name_waits(case: Case, blobs: BlobPlace) -> None:
    store, database = Blobs(blobs.objects), case.service.database
    collector = OrphanCollector(database, store, Parked(blobs.objects))
    since_backup, digest = PDF + uuid4().bytes, sha256(uuid4().bytes).hexdigest()
    added = (await attach(case, since_backup)).json()
    async with store.staged(digest, b"x") as staged:
        await staged.keep()
    blobs.age(name_of(digest), name_of(added["sha256"]), seconds=31 * 86_400)
    # An older database comes back: it has no row of the one, and of the other it says what was true once.
    row = await database.pool.fetchrow("delete from attachments where id = $1 returning *", UUID(added["id"]))
    await database.pool.execute("delete from orphans")
    await database.pool.execute(SEEN, digest, "60 days", "20 days")
    assert await collector.collect() == 0
    assert {name_of(digest), name_of(added["sha256"])} <= blobs.names()
    # And then the newer one, which names it.
    assert row is not None
    columns = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await database.pool.execute(f"insert into attachments values ({columns})", *row.values())
    await database.pool.execute("update orphans set first_seen_at = now() - interval '31 days'")
    assert await collector.collect() == 1
    assert name_of(added["sha256"]) in blobs.names()
    assert name_of(digest) not in blobs.names()


async def test_what_was_kept_anew_since_the_backup_is_young_though_the_table_says_otherwise(
    case: Case, blobs: BlobPlace
) -> None:
    store, digest = Blobs(blobs.objects), sha256(uuid4().bytes).hexdigest()
    async with store.staged(digest, b"x") as staged:
        await staged.keep()
    blobs.age(name_of(digest))
    await case.service.database.pool.execute(SEEN, digest, "60 days", "1 hour")
    collector = OrphanCollector(case.service.database, store, Parked(blobs.objects))
    assert await collector.collect() == 0
    assert name_of(digest) in blobs.names()


async def test_what_is_taken_again_is_young_again(blobs: BlobPlace) -> None:
    store, digest = Blobs(blobs.objects), sha256(uuid4().bytes).hexdigest()
    for _ in range(2):
        async with store.staged(digest, b"x") as staged:
            await staged.keep()
        assert digest not in [one async for batch in store.old(time() - 60) for one in batch]
        blobs.age(name_of(digest))
        assert digest in [one async for batch in store.old(time() - 60) for one in batch]


async def test_health_answers_while_files_are_looked_at(case: Case) -> None:
    heavy = b"%PDF-1.7\n" + b"stream\nx " * 6_000
    looking = [asyncio.create_task(attach(case, heavy)) for _ in range(4)]
    answer = await asyncio.wait_for(case.service.http.get("/livez"), 2)
    assert answer.status_code == 200
    await asyncio.gather(*looking)


@asynccontextmanager
async def clamd(socket: Path, answer: bytes) -> AsyncIterator[list[int]]:
    """A scanner that reads a stream as clamd does and always says this."""
    seen: list[int] = []

    async def scan(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        total = 0
        while length := int.from_bytes(await reader.readexactly(4), "big"):
            total += len(await reader.readexactly(length))
        seen.append(total)
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with await asyncio.start_unix_server(scan, str(socket)):
        yield seen


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (b"stream: OK\0", (201, None)),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", (415, "AttachmentInfected")),
        (b"INSTREAM size limit exceeded. ERROR\0", (503, "ScannerAway")),
        (b"", (503, "ScannerAway")),
    ],
)
async def test_every_file_is_scanned_before_it_is_taken(
    open_service: ServiceOpener, tmp_path: Path, answer: bytes, refusal: tuple[int, Any]
) -> None:
    socket, blobs = tmp_path / "c", folder_place(tmp_path / "blobs")
    async with open_service(SERVICE, **blobs.settings, clamd_socket=socket) as intake:
        case = Case(intake, MovableClock())
        await case.draft()
        async with clamd(socket, answer) as seen:
            assert code(await attach(case, PDF)) == refusal
        assert seen == [len(PDF)]
        assert len(blobs.names()) == (1 if refusal[0] == 201 else 0)
        if refusal[0] == 201:
            socket.unlink(missing_ok=True)
            assert code(await attach(case, PDF + b"2")) == (503, "ScannerAway")
