"""Where attachments are kept: read in parts, away for a while, losing something, collected and taken again in
one moment. With a folder and with a bucket."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import httpx
import pytest

from kit.http.refusals import StoreAway
from kit.objects.bucket import Bucket, Place
from services.intake.app import SERVICE
from services.intake.operations.collecting import OrphanCollector
from services.intake.store import attachments
from services.intake.store.attachments import Blobs, name_of
from services.intake.store.uploads import Parked
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.intake_cases import PDF, Case
from tests.s3.running import BlobPlace

LONG_SINCE = "insert into orphans (sha256, first_seen_at) values ($1, now() - interval '60 days')"

AWAY = (503, "StoreAway")
LARGE = 5 * 1_048_576 + 7


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener, blobs: BlobPlace) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, **blobs.settings) as intake:
        yield intake


@pytest.fixture
async def case(service: TestService) -> Case:
    begun = Case(service, MovableClock())
    await begun.draft()
    return begun


async def attach(case: Case, data: bytes, **options: Any) -> httpx.Response:
    path = f"/dossiers/{case.id}/attachments"
    params = {"filename": "mô tả.pdf", **options.pop("params", {})}
    return await case.send("POST", path, case.author, params=params, content=data, **options)


async def listed(case: Case) -> list[str]:
    answer = await case.send("GET", f"/dossiers/{case.id}/attachments", case.author)
    return [one["sha256"] for one in answer.json()["items"]]


async def download(case: Case, attachment: str, **headers: str) -> httpx.Response:
    path = f"/dossiers/{case.id}/attachments/{attachment}"
    return await case.send("GET", path, case.author, headers=headers)


def said(answer: httpx.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json().get("code")


async def test_a_file_of_many_reads_comes_whole_or_in_the_part_that_is_asked_for(case: Case) -> None:
    content = (PDF + uuid4().bytes * 400_000)[:LARGE]
    added = (await attach(case, content)).json()
    whole = await download(case, added["id"])
    assert (whole.status_code, whole.content == content) == (200, True)
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-disposition"] == "attachment; filename*=utf-8''m%C3%B4%20t%E1%BA%A3.pdf"
    for asked, start, end in (
        ("bytes=0-0", 0, 1),
        ("bytes=1048570-1048590", 1_048_570, 1_048_591),
        ("bytes=100-", 100, LARGE),
        ("bytes=-5", LARGE - 5, LARGE),
        (f"bytes=-{LARGE * 2}", 0, LARGE),
        (f"bytes=10-{LARGE * 2}", 10, LARGE),
    ):
        part = await download(case, added["id"], Range=asked)
        assert (part.status_code, part.content == content[start:end]) == (206, True), asked
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{LARGE}"
        assert int(part.headers["content-length"]) == end - start
    for unheard in ("bytes=-", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b", "bytes=٠-٥".encode()):
        answer = await download(case, added["id"], Range=unheard)  # type: ignore[arg-type]
        assert (answer.status_code, len(answer.content)) == (200, LARGE), unheard
    for beyond in (f"bytes={LARGE}-", "bytes=5-4", "bytes=-0"):
        assert said(await download(case, added["id"], Range=beyond)) == (416, "RangeUnfit"), beyond
    same, other = f'"{added["sha256"]}"', '"x"'
    answers = [
        await download(case, added["id"], Range="bytes=0-3", **{"If-Range": one}) for one in (same, other)
    ]
    assert [one.status_code for one in answers] == [206, 200]


async def test_while_the_store_is_away_nothing_is_taken_and_nothing_is_lost(
    case: Case, blobs: BlobPlace
) -> None:
    kept = (await attach(case, PDF + b"before")).json()
    begun = await case.send(
        "POST",
        f"/dossiers/{case.id}/uploads",
        case.author,
        json={"filename": "a.pdf", "size_bytes": len(PDF)},
    )
    upload = f"/dossiers/{case.id}/uploads/{begun.json()['id']}"
    half, rest = PDF[:10], PDF[10:]
    assert (
        await case.send("POST", f"{upload}/piece?at_byte=0", case.author, content=half)
    ).status_code == 200
    await blobs.fail()
    try:
        assert said(await attach(case, PDF + b"during", key="the-key-of-this-upload")) == AWAY
        assert said(await case.send("POST", f"{upload}/piece?at_byte=10", case.author, content=rest)) == AWAY
        assert (await case.send("GET", upload, case.author)).json()["received_bytes"] == 10
        assert said(await download(case, kept["id"])) == AWAY
        assert await listed(case) == [kept["sha256"]]
        assert (await case.read()).status_code == 200
    finally:
        await blobs.recover()
    again = await attach(case, PDF + b"during", key="the-key-of-this-upload")
    assert again.status_code == 201
    assert (
        await case.send("POST", f"{upload}/piece?at_byte=10", case.author, content=rest)
    ).status_code == 200
    assert (await case.send("POST", f"{upload}/completion", case.author)).status_code == 200
    assert (await download(case, again.json()["id"])).content == PDF + b"during"
    assert (await download(case, kept["id"])).content == PDF + b"before"


async def test_a_store_that_goes_away_before_the_name_is_given_leaves_no_row(
    case: Case, blobs: BlobPlace
) -> None:
    locked = attachments.lock_for_keeping

    async def goes_away(tx: Any) -> None:
        await locked(tx)
        await blobs.fail()

    with patch.object(attachments, "lock_for_keeping", goes_away):
        answer = await attach(case, PDF + b"at the end", key="the-key-of-this-file")
    await blobs.recover()
    assert said(answer) == AWAY
    assert await listed(case) == []
    assert (await attach(case, PDF + b"at the end", key="the-key-of-this-file")).status_code == 201
    assert await listed(case) == [sha256(PDF + b"at the end").hexdigest()]


async def test_what_is_kept_is_answered_so_although_the_store_went_away_right_after(
    case: Case, blobs: BlobPlace
) -> None:
    kept = attachments.Staged.keep

    async def goes_away(self: attachments.Staged) -> None:
        await kept(self)
        await blobs.fail()

    with patch.object(attachments.Staged, "keep", goes_away):
        answer = await attach(case, PDF + b"just in time")
    await blobs.recover()
    assert answer.status_code == 201
    assert (await download(case, answer.json()["id"])).content == PDF + b"just in time"


async def test_content_that_is_gone_is_said_to_be_and_comes_back_with_the_restore(
    case: Case, blobs: BlobPlace
) -> None:
    content = PDF + uuid4().bytes
    added = (await attach(case, content)).json()
    file = blobs.root / name_of(added["sha256"])
    file.rename(file.with_suffix(".away"))
    assert said(await download(case, added["id"])) == (404, "AttachmentLost")
    file.with_suffix(".away").rename(file)
    assert (await download(case, added["id"])).content == content


async def test_of_a_bucket_that_is_gone_nothing_is_lost(case: Case, blobs: BlobPlace) -> None:
    content = PDF + uuid4().bytes
    added = (await attach(case, content)).json()
    bucket = blobs.root if blobs.gateway is None else blobs.root.parent
    bucket.rename(bucket.with_suffix(".away"))
    try:
        assert said(await download(case, added["id"])) == AWAY
    finally:
        bucket.with_suffix(".away").rename(bucket)
    assert (await download(case, added["id"])).content == content


async def _is_no_store(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\nConnection: close\r\n\r\nNot found")
    await writer.drain()
    writer.close()


async def test_whoever_answers_404_without_being_a_store_has_lost_nothing() -> None:
    async with await asyncio.start_server(_is_no_store, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        place = Place(
            bucket="x",
            prefix="",
            endpoint=f"http://{host}:{port}",
            region="us-east-1",
            key_id="x",
            secret="x",
        )
        with pytest.raises(StoreAway):
            await Bucket(place).read("x", 0, 1)
        with pytest.raises(StoreAway):
            await Bucket(place).keep_as("x", "y")


async def test_an_orphan_that_is_taken_again_while_it_is_collected_is_not_lost(
    case: Case, blobs: BlobPlace
) -> None:
    content = PDF + uuid4().bytes
    digest = sha256(content).hexdigest()
    store, database = Blobs(blobs.objects), case.service.database
    async with store.staged(digest, content) as staged:
        await staged.keep()
    collector = OrphanCollector(database, store, Parked(blobs.objects))
    kept, named, may_go_on = attachments.Staged.keep, asyncio.Event(), asyncio.Event()

    async def slowly(self: attachments.Staged) -> None:
        await kept(self)
        named.set()
        await may_go_on.wait()

    async def seen_before(_: Blobs, __: float) -> AsyncIterator[dict[str, float]]:
        yield {digest: 0.0}

    await database.pool.execute(LONG_SINCE, digest)
    with patch.object(attachments.Staged, "keep", slowly), patch.object(Blobs, "old", seen_before):
        taking = asyncio.create_task(attach(case, content))
        await named.wait()
        collecting = asyncio.create_task(collector.collect())
        await asyncio.sleep(0.3)
        assert not collecting.done()
        may_go_on.set()
        assert (await taking).status_code == 201
        assert await collecting == 0
    assert await listed(case) == [digest]
    assert await store.read(digest, 0, len(content)) == content


async def test_trying_leaves_nothing_in_the_store(case: Case, blobs: BlobPlace) -> None:
    before = blobs.names()
    assert (await attach(case, PDF + uuid4().bytes, params={"dry_run": "true"})).status_code == 200
    assert blobs.names() == before


async def test_the_store_says_itself_what_is_there_in_the_order_of_names(blobs: BlobPlace) -> None:
    objects = blobs.objects
    wanted = [f"order/{number % 7}/{UUID(int=number)}" for number in range(1_203)]
    await asyncio.gather(*(objects.put(name, b"x") for name in wanted))
    found = [one async for batch in objects.list_below("order") for one in batch]
    assert [one.name for one in found] == sorted(wanted)
    assert {one.size_bytes for one in found} == {1}
    await objects.drop([one.name for one in found])
    assert [batch async for batch in objects.list_below("order")] == []
