"""Attachments over HTTP: raw bytes in, their hash out, and nothing but what the name says."""

from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.intake.app import SERVICE
from services.intake.store.attachments import name_of
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.intake_cases import PDF, Case, content
from tests.s3.running import BlobPlace

CLOCK = MovableClock()
LIMIT = 64 * 1024
EXE = b"MZ\x90\x00\x03"


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener, blobs: BlobPlace) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=CLOCK, **blobs.settings, max_attachment_bytes=LIMIT) as intake:
        yield intake


@pytest.fixture
async def case(service: TestService) -> Case:
    CLOCK.offset = timedelta()
    begun = Case(service, CLOCK)
    await begun.draft()
    return begun


async def attach(case: Case, data: Any = PDF, filename: str = "mô tả.pdf", **options: Any) -> httpx.Response:
    person = options.pop("person", case.author)
    return await case.send(
        "POST",
        f"/dossiers/{case.id}/attachments",
        person,
        params={"filename": filename},
        content=data,
        **options,
    )


async def test_a_file_comes_back_byte_for_byte_under_its_hash(case: Case, blobs: BlobPlace) -> None:
    response = await attach(case)
    assert response.status_code == 201, response.text
    added = response.json()
    digest = sha256(PDF).hexdigest()
    assert (added["sha256"], added["size_bytes"], added["media_type"], added["filename"]) == (
        digest,
        len(PDF),
        "application/pdf",
        "mô tả.pdf",
    )
    assert name_of(digest) in blobs.names()
    download = await case.send("GET", f"/dossiers/{case.id}/attachments/{added['id']}", case.co_author)
    assert (download.status_code, download.content, download.headers["content-type"]) == (
        200,
        PDF,
        "application/pdf",
    )
    assert download.headers["x-content-type-options"] == "nosniff"
    assert download.headers["content-disposition"].startswith("attachment")


async def test_the_list_shows_what_is_attached(case: Case) -> None:
    added = [(await attach(case, PDF + bytes([number]))).json()["id"] for number in range(3)]
    listed = (await case.send("GET", f"/dossiers/{case.id}/attachments", case.author)).json()["items"]
    assert [item["id"] for item in listed] == added


async def test_the_same_content_is_kept_once(case: Case, blobs: BlobPlace) -> None:
    unique = PDF + b"kept once"
    await attach(case, unique, "a.pdf")
    before = len(blobs.names())
    assert (await attach(case, unique, "b.pdf")).status_code == 201
    assert len(blobs.names()) == before


async def test_a_repeated_upload_gets_the_first_answer_and_another_body_is_refused(case: Case) -> None:
    first, again = [await attach(case, key="the-key-of-the-upload") for _ in range(2)]
    assert (again.status_code, again.json()) == (201, first.json())
    other = await attach(case, PDF + b"2", key="the-key-of-the-upload")
    assert (other.status_code, other.json()["code"]) == (422, "IdempotencyKeyReused")


@pytest.mark.parametrize(
    ("data", "filename"),
    [(EXE, "bao-cao.pdf"), (EXE, "bao-cao.exe"), (PDF, "anh.png"), (PDF, "bao-cao.pdf.exe")],
)
async def test_a_file_that_is_not_what_its_name_says_is_refused_and_not_kept(
    case: Case, blobs: BlobPlace, data: bytes, filename: str
) -> None:
    before = len(blobs.names())
    response = await attach(case, data, filename)
    assert (response.status_code, response.json()["code"]) == (415, "AttachmentTypeRefused")
    assert len(blobs.names()) == before


async def test_an_empty_file_is_refused(case: Case) -> None:
    response = await attach(case, b"")
    assert (response.status_code, response.json()["code"]) == (422, "AttachmentEmpty")


async def test_a_file_of_the_limit_is_taken_and_one_byte_more_is_not(case: Case) -> None:
    assert (await attach(case, PDF.ljust(LIMIT, b"x"))).status_code == 201
    response = await attach(case, PDF.ljust(LIMIT + 1, b"x"))
    assert (response.status_code, response.json()["code"]) == (413, "AttachmentTooLarge")


async def test_a_declared_two_gigabytes_are_refused_before_they_are_read(case: Case) -> None:
    async def never() -> AsyncIterator[bytes]:
        yield PDF
        raise AssertionError("the body was read past its first piece")

    assert (await attach(case, never(), headers={"Content-Length": str(2 * 1024**3)})).status_code == 413


async def test_a_body_of_unknown_length_is_given_up_at_the_limit(case: Case) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield PDF
        for _ in range(1_000):
            yield b"x" * 4_096
        raise AssertionError("a body without an end was read to its end")

    assert (await attach(case, endless())).status_code == 413


@pytest.mark.parametrize("filename", ["../etc/passwd.pdf", "a\\b.pdf", "a\nb.pdf", "", "x" * 201 + ".pdf"])
async def test_a_name_that_is_a_path_or_hides_something_is_refused(case: Case, filename: str) -> None:
    response = await attach(case, PDF, filename)
    assert (response.status_code, response.json()["code"]) == (422, "RequestInvalid")


async def test_a_null_byte_in_the_name_is_refused(case: Case) -> None:
    response = await attach(case, PDF, "a\x00.pdf")
    assert (response.status_code, response.json()["code"]) == (400, "TextUnsafe")


async def test_only_the_maker_attaches_and_removes_and_others_do_not_see_the_draft(case: Case) -> None:
    added = (await attach(case)).json()["id"]
    path = f"/dossiers/{case.id}/attachments/{added}"
    assert (await attach(case, person=case.co_author)).json()["code"] == "NotTheFiler"
    assert (await case.send("DELETE", path, case.co_author)).json()["code"] == "NotTheFiler"
    for person in (case.officer, case.stranger):
        assert (await attach(case, person=person)).status_code == 404
        assert (await case.send("GET", path, person)).status_code == 404
        assert (await case.send("GET", f"/dossiers/{case.id}/attachments", person)).status_code == 404


async def test_what_a_stranger_sends_is_not_kept(case: Case, blobs: BlobPlace) -> None:
    sent = PDF + uuid4().bytes
    assert (await attach(case, sent, person=case.stranger)).status_code == 404
    assert name_of(sha256(sent).hexdigest()) not in blobs.names()


async def test_what_comes_after_filing_is_not_kept(case: Case, blobs: BlobPlace) -> None:
    await case.act("filing", case.author)
    sent = PDF + uuid4().bytes
    assert (await attach(case, sent)).json()["code"] == "WrongState"
    assert name_of(sha256(sent).hexdigest()) not in blobs.names()


async def test_the_fifty_first_file_is_one_too_many_until_one_is_removed(case: Case) -> None:
    for _ in range(50):
        last = await attach(case)
        assert last.status_code == 201
    response = await attach(case)
    assert (response.status_code, response.json()["code"]) == (409, "TooManyAttachments")
    listed = (await case.send("GET", f"/dossiers/{case.id}/attachments", case.author)).json()["items"]
    assert len(listed) == 50
    await case.send("DELETE", f"/dossiers/{case.id}/attachments/{last.json()['id']}", case.author)
    assert (await attach(case)).status_code == 201


async def test_a_file_is_removed_from_a_draft_and_then_gone(case: Case) -> None:
    path = f"/dossiers/{case.id}/attachments/{(await attach(case)).json()['id']}"
    assert (await case.send("DELETE", path, case.author)).status_code == 200
    for method in ("GET", "DELETE"):
        response = await case.send(method, path, case.author)
        assert (response.status_code, response.json()["code"]) == (404, "NotFound")
    assert (await case.kinds())[-2:] == ["AttachmentAdded", "AttachmentRemoved"]


async def test_a_file_of_another_dossier_is_not_found_here(case: Case) -> None:
    other = Case(case.service, CLOCK, author=case.author)
    await other.draft()
    added = (await attach(other)).json()["id"]
    assert (
        await case.send("GET", f"/dossiers/{case.id}/attachments/{added}", case.author)
    ).status_code == 404


async def test_what_was_filed_stays_in_the_file(case: Case) -> None:
    path = f"/dossiers/{case.id}/attachments/{(await attach(case)).json()['id']}"
    assert (await case.act("filing", case.author)).status_code == 200
    assert (await attach(case)).json()["code"] == "WrongState"
    assert (await case.send("DELETE", path, case.author)).json()["code"] == "WrongState"
    assert (await case.send("GET", path, case.officer)).status_code == 200


async def test_a_supplement_may_bring_new_files(case: Case) -> None:
    await case.rewrite(content(case.author))
    await case.act("filing", case.author)
    await case.act("supplement-notice", case.officer, {"defects": ["Thiếu ảnh"]})
    assert (await attach(case, b"\x89PNG\r\n\x1a\n", "anh.png")).status_code == 201
