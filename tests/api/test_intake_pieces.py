"""A file that comes in pieces over a line that breaks: whatever is lost, repeated or sent out of turn, it is
the bytes that were meant, or nothing."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.app import SERVICE
from services.intake.operations.collecting import OrphanCollector
from services.intake.store.attachments import Blobs
from services.intake.store.uploads import Parked
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.intake_cases import PDF, Case, content
from tests.s3.running import BlobPlace

LIMIT = 64 * 1024
CONTENT = PDF + bytes(range(256)) * 4


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener, blobs: BlobPlace) -> AsyncIterator[TestService]:
    limits = {"max_video_bytes": 2 * LIMIT, "max_dossier_bytes": 3 * LIMIT, "max_person_bytes": 4 * LIMIT}
    async with open_service(SERVICE, **blobs.settings, max_attachment_bytes=LIMIT, **limits) as intake:
        yield intake


@pytest.fixture(scope="module")
async def beside(service: TestService, blobs: BlobPlace) -> TestService:
    """A second one on the same database and folder."""
    return await service.shared.open(SERVICE, **blobs.settings, max_attachment_bytes=LIMIT)


@pytest.fixture
async def case(service: TestService) -> Case:
    begun = Case(service, MovableClock())
    await begun.draft()
    return begun


@dataclass
class Sending:
    """Somebody sends a file."""

    case: Case
    content: bytes = CONTENT
    filename: str = "mô tả.pdf"
    upload: str = ""

    @property
    def path(self) -> str:
        return f"/dossiers/{self.case.id}/uploads"

    async def begin(self, **options: Any) -> httpx.Response:
        announced = {"filename": self.filename, "size_bytes": len(self.content)}
        person = options.pop("person", self.case.author)
        answer = await self.case.send("POST", self.path, person, json=announced, **options)
        if answer.status_code == 201:
            self.upload = answer.json()["id"]
        return answer

    async def piece(self, start: int, end: int | None = None, **options: Any) -> httpx.Response:
        person = options.pop("person", self.case.author)
        params = {"at_byte": start, **options.pop("params", {})}
        sent = options.pop("content", self.content[start:end])
        return await self.case.send(
            "POST", f"{self.path}/{self.upload}/piece", person, params=params, content=sent, **options
        )

    async def complete(self, **options: Any) -> httpx.Response:
        person = options.pop("person", self.case.author)
        return await self.case.send("POST", f"{self.path}/{self.upload}/completion", person, **options)

    async def read(self, **options: Any) -> httpx.Response:
        person = options.pop("person", self.case.author)
        return await self.case.send("GET", f"{self.path}/{self.upload}", person, **options)

    async def drop(self, **options: Any) -> httpx.Response:
        person = options.pop("person", self.case.author)
        return await self.case.send("DELETE", f"{self.path}/{self.upload}", person, **options)

    async def received(self) -> int:
        return int((await self.read()).json()["received_bytes"])


@pytest.fixture
async def sending(case: Case) -> Sending:
    begun = Sending(case)
    answer = await begun.begin()
    assert answer.status_code == 201, answer.text
    return begun


def said(response: httpx.Response) -> tuple[int, Any]:
    return response.status_code, response.json().get("code")


def first_piece(upload: str) -> str:
    """Where its first bytes lie."""
    return f"pieces/{upload}/{0:020d}"


async def attached(case: Case) -> list[bytes]:
    listed = (await case.send("GET", f"/dossiers/{case.id}/attachments", case.author)).json()["items"]
    paths = [f"/dossiers/{case.id}/attachments/{one['id']}" for one in listed]
    return [(await case.send("GET", path, case.author)).content for path in paths]


async def test_pieces_become_the_attachment_that_the_whole_file_would_be(sending: Sending) -> None:
    for start in range(0, len(CONTENT), 300):
        answer = await sending.piece(start, start + 300)
        assert answer.status_code == 200, answer.text
    assert await sending.received() == len(CONTENT)
    done = await sending.complete()
    assert done.status_code == 200, done.text
    whole = await sending.case.send(
        "POST",
        f"/dossiers/{sending.case.id}/attachments",
        sending.case.author,
        params={"filename": sending.filename},
        content=CONTENT,
    )
    own = {"id", "added_at"}
    assert done.json().items() - {(name, done.json()[name]) for name in own} == (
        whole.json().items() - {(name, whole.json()[name]) for name in own}
    )
    assert await attached(sending.case) == [CONTENT, CONTENT]
    first, second = (await sending.case.events())[-2:]
    assert first["kind"] == second["kind"] == "AttachmentAdded"
    assert (await sending.read()).json()["attachment_id"] == done.json()["id"]


MOVES = st.lists(
    st.tuples(
        st.sampled_from(("next", "lost", "again", "gap", "twice", "killed", "ask", "early")),
        st.integers(1, 500),
        st.integers(0, len(CONTENT)),
    ),
    max_size=12,
)


@given(moves=MOVES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_the_line_does_it_is_the_bytes_that_were_meant(case: Case, moves: Any) -> None:
    """`lost`: the answer does not come, so the sender asks. `again`: what was received comes once more.
    `gap`: too far on. `twice`: two at once. `killed`: in the middle of the writing. `early`: completed too
    soon."""
    sending = Sending(case)
    assert (await sending.begin()).status_code == 201
    at = 0
    for move, length, anywhere in moves:
        at = await _moved(sending, move, (at, length, anywhere))
        assert await sending.received() == at, move
    while at < len(CONTENT):
        at = (await sending.piece(at, at + 400)).json()["received_bytes"]
    done = await sending.complete()
    assert done.status_code == 200, done.text
    assert done.json()["sha256"] == sha256(CONTENT).hexdigest()
    path = f"/dossiers/{case.id}/attachments/{done.json()['id']}"
    assert (await case.send("GET", path, case.author)).content == CONTENT
    await case.send("DELETE", path, case.author)


async def _moved(sending: Sending, move: str, where: tuple[int, int, int]) -> int:
    """How many bytes have been received then."""
    at, length, anywhere = where
    after = min(at + length, len(CONTENT))
    if move in {"next", "lost"}:
        answer = await sending.piece(at, after)
        assert answer.status_code == 200
        return after
    if move == "again":
        answer = await sending.piece(min(anywhere, at), at)
        assert (answer.status_code, answer.json()["received_bytes"]) == (200, at)
    elif move == "gap" and at < anywhere < len(CONTENT):
        answer = await sending.piece(anywhere, anywhere + length)
        assert said(answer) == (409, "PieceOutOfPlace")
        assert answer.json()["facts"]["from_byte"] == str(at)
    elif move == "twice":
        answers = await asyncio.gather(sending.piece(at, after), sending.piece(at, after))
        assert {one.status_code for one in answers} <= {200, 409}
        assert 200 in {one.status_code for one in answers}
        return after
    elif move == "killed" and at < len(CONTENT):
        await _killed(sending, at, after)
    elif move == "early" and at < len(CONTENT):
        answer = await sending.complete()
        assert said(answer) == (409, "UploadIncomplete")
        assert answer.json()["facts"]["from_byte"] == str(at)
    return at


@given(turns=st.lists(st.integers(1, 500), min_size=2, max_size=12))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_two_services_take_one_upload_as_one(case: Case, beside: TestService, turns: list[int]) -> None:
    """A telephone that changes its line sends by both at once; each reaches another process."""
    here = Sending(case)
    assert (await here.begin()).status_code == 201
    there = replace(here, case=replace(case, service=beside))
    at = 0
    for length in turns:
        after = min(at + length, len(CONTENT))
        ahead = min(after + 200, len(CONTENT))
        answers = await asyncio.gather(
            here.piece(at, after), there.piece(at, ahead), there.piece(at, after), here.piece(after, ahead)
        )
        assert {one.status_code for one in answers} <= {200, 409}, [one.text for one in answers]
        # One that comes too soon may hold the row meanwhile: then nobody's piece is taken, and each is told.
        received = await here.received()
        assert received in {at, after, ahead}
        taken = {one.json()["received_bytes"] for one in answers if one.status_code == 200}
        assert max(taken, default=at) == received
        at = received
    assert (await there.piece(at)).status_code == 200
    answers = await asyncio.gather(here.complete(), there.complete(), here.complete(), there.complete())
    assert {said(one) for one in answers} == {(200, None)}
    [only] = {one.json()["id"] for one in answers}
    path = f"/dossiers/{case.id}/attachments/{only}"
    assert (await case.send("GET", path, case.author)).content == CONTENT
    await case.send("DELETE", path, case.author)


async def _killed(sending: Sending, at: int, after: int) -> None:
    """The bytes are written, perhaps half of them, and nobody lives to count them."""
    whole = Parked.write

    async def half(self: Parked, upload_id: Any, at_byte: int, piece: bytes) -> None:
        await whole(self, upload_id, at_byte, b"?" * (len(piece) // 2))
        raise asyncio.CancelledError

    with patch.object(Parked, "write", half), pytest.raises(asyncio.CancelledError):
        await sending.piece(at, after)


async def test_a_request_cut_off_in_the_middle_leaves_what_was_received(sending: Sending) -> None:
    await sending.piece(0, 100)

    async def breaks() -> AsyncIterator[bytes]:
        yield CONTENT[100:150]
        raise ConnectionResetError

    assert (await sending.piece(100, content=breaks())).status_code >= 500
    assert await sending.received() == 100


async def test_the_same_key_gets_the_same_answer_and_writes_nothing_twice(sending: Sending) -> None:
    key = uuid4().hex
    first, again = [await sending.piece(0, 100, key=key) for _ in range(2)]
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json()
    assert said(await sending.piece(100, 200, key=key)) == (422, "IdempotencyKeyReused")


async def test_completing_twice_makes_one_attachment(sending: Sending) -> None:
    await sending.piece(0)
    answers = await asyncio.gather(*(sending.complete() for _ in range(3)))
    answers.append(await sending.complete())
    assert {(one.status_code, one.json()["id"]) for one in answers} == {(200, answers[0].json()["id"])}
    assert await attached(sending.case) == [CONTENT]
    # What is finished takes no piece, and has them all.
    assert (await sending.piece(0, 100)).json()["received_bytes"] == len(CONTENT)


async def test_what_could_never_be_taken_is_refused_before_a_byte_is_sent(case: Case) -> None:
    for filename, size, refusal in (
        ("a.pdf", LIMIT + 1, (413, "AttachmentTooLarge")),
        ("a.mp4", 2 * LIMIT + 1, (413, "AttachmentTooLarge")),
        ("a.exe", 1, (415, "AttachmentTypeRefused")),
        ("a.pdf", 0, (422, "AttachmentEmpty")),
        ("../a.pdf", 1, (422, "RequestInvalid")),
    ):
        announced = {"filename": filename, "size_bytes": size}
        answer = await case.send("POST", f"/dossiers/{case.id}/uploads", case.author, json=announced)
        assert said(answer) == refusal, filename


async def test_a_piece_is_no_larger_than_a_piece_and_ends_within_the_file(sending: Sending) -> None:
    assert said(await sending.piece(0, content=CONTENT + b"x")) == (422, "PieceBeyondEnd")
    assert said(await sending.piece(0, content=b"x" * 1_048_577)) == (413, "BodyTooLarge")
    assert said(await sending.piece(0, content=b"x" * 1_050_000)) == (413, "BodyTooLarge")
    assert await sending.received() == 0


async def test_what_is_begun_has_room_and_takes_it_from_its_person(case: Case) -> None:
    begun = [Sending(case, b"x" * LIMIT) for _ in range(4)]
    for one in begun:
        assert (await one.begin()).status_code == 201
    over = Sending(case, PDF)
    assert said(await over.begin()) == (409, "PersonFull")
    whole = {"params": {"filename": "a.pdf"}, "content": PDF}
    path = f"/dossiers/{case.id}/attachments"
    assert said(await case.send("POST", path, case.author, **whole)) == (409, "PersonFull")
    assert (await begun[0].drop()).status_code == 200
    assert (await over.begin()).status_code == 201
    # Its own room is not counted twice when it is finished.
    last = begun[1]
    last.content = PDF.ljust(LIMIT, b"x")
    await last.piece(0)
    assert (await last.complete()).status_code == 200


async def test_a_person_has_fifty_on_the_way_and_no_more(case: Case) -> None:
    for _ in range(50):
        assert (await Sending(case, PDF).begin()).status_code == 201
    assert said(await Sending(case, PDF).begin()) == (409, "TooManyUploads")


async def test_what_is_refused_at_the_end_leaves_no_attachment(case: Case, blobs: BlobPlace) -> None:
    before = blobs.names()
    wrong = Sending(case, b"MZ\x90\x00" + bytes(100))
    await wrong.begin()
    await wrong.piece(0)
    assert said(await wrong.complete()) == (415, "AttachmentTypeRefused")
    assert blobs.names() - before == {first_piece(wrong.upload)}
    assert (await wrong.drop()).json()["id"] == wrong.upload
    assert blobs.names() == before
    assert (await wrong.read()).status_code == 404


async def test_somebody_elses_is_not_there_and_the_right_is_asked_at_every_step(sending: Sending) -> None:
    case = sending.case
    await sending.piece(0, 100)
    for person, begun in ((case.co_author, (403, "NotTheFiler")), (case.stranger, (404, "NotFound"))):
        assert said(await Sending(case).begin(person=person)) == begun
        for act in (sending.read, sending.complete, sending.drop):
            assert said(await act(person=person)) == (404, "NotFound")
        assert said(await sending.piece(100, 200, person=person)) == (404, "NotFound")
    other = Case(case.service, case.clock, author=case.author)
    await other.draft()
    assert said(await Sending(other, upload=sending.upload).piece(100, 200)) == (404, "NotFound")
    await case.agree(case.author)
    await case.act("filing", case.author)
    for answer in (await Sending(case).begin(), await sending.piece(100, 200), await sending.complete()):
        assert said(answer) == (409, "WrongState")
    assert await sending.received() == 100


async def test_a_supplement_may_bring_a_file_in_pieces(case: Case) -> None:
    await case.rewrite(content(case.author))
    await case.act("filing", case.author)
    await case.act("supplement-notice", case.officer, {"defects": ["Thiếu ảnh"]})
    sending = Sending(case)
    await sending.begin()
    await sending.piece(0)
    assert (await sending.complete()).status_code == 200


async def test_trying_writes_nothing(case: Case, blobs: BlobPlace) -> None:
    before, sending = blobs.names(), Sending(case)
    tried: Any = {"params": {"dry_run": "true"}}
    assert (await sending.begin(**tried)).status_code == 200
    assert (await sending.begin()).status_code == 201
    assert (await sending.piece(0, **tried)).json()["received_bytes"] == len(CONTENT)
    assert await sending.received() == 0
    assert blobs.names() == before
    await sending.piece(0)
    assert (await sending.complete(**tried)).status_code == 200
    assert await attached(case) == []
    assert (await sending.drop(**tried)).status_code == 200
    assert (await sending.complete()).status_code == 200


async def test_bytes_that_were_lost_are_not_made_up(sending: Sending, blobs: BlobPlace) -> None:
    await sending.piece(0, 500)
    await sending.piece(500)
    first = blobs.root / first_piece(sending.upload)
    os.truncate(first, 400)
    assert said(await sending.complete()) == (404, "NotFound")
    first.unlink()
    assert said(await sending.complete()) == (404, "NotFound")
    await Parked(blobs.objects).drop([UUID(sending.upload)])
    assert said(await sending.complete()) == (404, "NotFound")


async def test_what_nobody_goes_on_with_is_gone_after_a_day_and_nothing_else(
    case: Case, blobs: BlobPlace
) -> None:
    old, young, finished = (Sending(case) for _ in range(3))
    for one in (old, young, finished):
        await one.begin()
        await one.piece(0, 100)
    await finished.piece(100)
    await finished.complete()
    parked, pool = Parked(blobs.objects), case.service.database.pool
    left, coming, from_before = uuid4(), uuid4(), f"uploads/{uuid4()}"
    for upload in (left, coming):
        await parked.write(upload, 0, b"left by a crash")
        await parked.write(upload, 15, b"left by a crash")
    await blobs.objects.put(from_before, b"by release 0.1.0")
    blobs.age(f"pieces/{old.upload}", f"pieces/{left}", f"pieces/{young.upload}", from_before)
    blobs.age(first_piece(str(coming)))
    await pool.execute(
        "update uploads set touched_at = now() - interval '25 hours' where id = any($1)",
        [old.upload, finished.upload],
    )
    collector = OrphanCollector(case.service.database, Blobs(blobs.objects), parked)
    await collector.drop_unfinished()
    assert (await old.read()).status_code == 404
    assert await young.received() == 100
    there = blobs.names()
    assert not {first_piece(old.upload), first_piece(str(left)), from_before} & there
    assert {first_piece(young.upload), first_piece(str(coming))} <= there
    assert await attached(case) == [CONTENT]


async def test_what_another_process_wrote_and_died_before_counting_does_not_count(
    sending: Sending, blobs: BlobPlace
) -> None:
    await sending.piece(0, 500)
    await Parked(blobs.objects).write(UUID(sending.upload), 500, b"?" * 700)
    # The rest comes again, and is what was meant.
    assert await sending.received() == 500
    await sending.piece(500)
    done = await sending.complete()
    kept = await Blobs(blobs.objects).read(done.json()["sha256"], 0, len(CONTENT))
    assert kept == CONTENT
