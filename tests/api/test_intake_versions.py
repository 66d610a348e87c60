"""What was handed in stays readable, with its files, also for who is no longer in the dossier."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from language.posts.kinds import PostKind
from services.intake.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import PDF, Case, content

CLOCK = MovableClock()


@pytest.fixture(scope="module")
async def service(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestService]:
    blobs: Path = tmp_path_factory.mktemp("blobs")
    async with open_service(SERVICE, clock=CLOCK, blob_dir=blobs) as intake:
        yield intake


@pytest.fixture
def case(service: TestService) -> Case:
    CLOCK.offset = timedelta()
    return Case(service, CLOCK)


async def supplemented(case: Case) -> str:
    """Filed by two with a file, objected to, and handed in again by one without it; the file's id."""
    await case.draft()
    added = await case.send(
        "POST", f"/dossiers/{case.id}/attachments?filename=a.pdf", case.author, content=PDF
    )
    file_id = str(added.json()["id"])
    assert (await case.act("filing", case.author)).status_code == 200
    await case.act("supplement-notice", case.officer, {"defects": ["Đổi tệp"]})
    await case.send("DELETE", f"/dossiers/{case.id}/attachments/{file_id}", case.author)
    await case.rewrite(content(case.author, title="Tên mới"))
    assert (await case.act("supplement", case.author)).status_code == 200
    return file_id


async def get(case: Case, path: str, person: UUID, **options: Any) -> Any:
    """A part of what was handed in."""
    return await case.send("GET", f"/dossiers/{case.id}/versions{path}", person, **options)


async def test_a_draft_has_no_versions(case: Case) -> None:
    await case.draft()
    assert (await get(case, "", case.author)).json() == {"items": [], "next": None, "count": 0, "more": False}
    assert (await get(case, "/1", case.author)).status_code == 404


async def test_every_version_stays_with_its_files_and_says_what_changed(case: Case) -> None:
    file_id = await supplemented(case)
    auditor = [held(PostKind.AUDITOR, case.province)]
    for person, options in (
        (case.author, {}),
        (case.officer, {}),
        (case.chair, {"posts": [held(PostKind.COUNCIL_CHAIR, *case.path)]}),
        (uuid4(), {"posts": auditor}),
    ):
        lines = (await get(case, "", person, **options)).json()["items"]
        assert [(one["number"], one["title"]) for one in lines] == [
            (1, "Dạy phép chia bằng trò chơi"),
            (2, "Tên mới"),
        ]
        first = (await get(case, "/1", person, **options)).json()
        assert [one["id"] for one in first["attachments"]] == [file_id]
        assert len(first["content"]["authors"]) == 2
        assert first["changes"] == []
        file = await get(case, f"/1/attachments/{file_id}", person, **options)
        assert (file.status_code, file.content) == (200, PDF)
    second = (await get(case, "/2", case.officer)).json()
    assert second["attachments"] == []
    changed = {one["field"]: (one["old"], one["new"]) for one in second["changes"]}
    assert changed["title"] == ("Dạy phép chia bằng trò chơi", "Tên mới")
    assert str(case.co_author) in changed["authors"][0]
    assert str(case.co_author) not in changed["authors"][1]
    assert (await get(case, f"/2/attachments/{file_id}", case.officer)).status_code == 404


async def test_who_was_dropped_is_told_and_reads_the_version_that_names_the_person(case: Case) -> None:
    file_id = await supplemented(case)
    assert (await case.read(case.co_author)).status_code == 404
    assert [one["number"] for one in (await get(case, "", case.co_author)).json()["items"]] == [1]
    assert (await get(case, "/1", case.co_author)).status_code == 200
    assert (await get(case, f"/1/attachments/{file_id}", case.co_author)).status_code == 200
    assert (await get(case, "/2", case.co_author)).status_code == 404
    dropped = "select count(*) from notices where person_id = $1 and kind = 'AUTHOR_DROPPED'"
    assert await case.service.database.pool.fetchval(dropped, case.co_author) == 1


async def test_to_others_there_are_none(case: Case) -> None:
    await case.file()
    for path in ("", "/1", f"/1/attachments/{uuid4()}"):
        assert (await get(case, path, case.stranger)).status_code == 404
    assert (await get(case, "/3", case.author)).status_code == 404


async def test_what_was_handed_in_never_changes(case: Case) -> None:
    await case.file()
    for statement in ("update filed_versions set number = 7", "delete from filed_versions"):
        with pytest.raises(asyncpg.PostgresError):
            await case.service.database.pool.execute(statement)


async def test_the_history_has_the_old_and_the_new_of_every_field(case: Case) -> None:
    await supplemented(case)
    history = (await case.send("GET", f"/dossiers/{case.id}/history", case.officer)).json()
    [event] = [one for one in history["items"] if one["kind"] == "ContentChanged"]
    changes = {one["field"]: one["content"] for one in event["detail"]["changes"]}
    assert changes["title"] == {"old": "Dạy phép chia bằng trò chơi", "new": "Tên mới"}
