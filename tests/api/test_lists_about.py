"""Stages, decisions and tasks are narrowed by whose dossier it is, by what people call it and by who acts:
one by one, together, and for a single dossier too."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from language.names import TaskQueue
from language.posts.kinds import PostKind
from services.review.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.review_cases import Case

TITLE = "update dossiers set title = $2, folded_title = $3 where id = $1"
PERSON = """
insert into people (id, code, full_name, folded_name) values ($1, $2, $3, 'x')
on conflict (id) do update set full_name = excluded.full_name
"""
NOBODY = uuid4()


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as review:
        yield review


@pytest.fixture(scope="module")
async def case(service: TestService) -> Case:
    one = Case(service)
    await one.open()
    other = one.another()
    await other.open()
    await other.mark_all()
    assert (await other.decide()).status_code == 200
    intake = await service.shared.database(TaskQueue.INTAKE)
    async with intake.transaction() as tx:
        await tx.conn.execute(TITLE, one.dossier, "Dạy Đọc bằng tranh", "day doc bang tranh")
    return one


async def _ids(case: Case, path: str, key: str = "dossier_id", person: UUID | None = None) -> list[str]:
    headers = case.service.headers(person or uuid4(), held(PostKind.UNIT_HEAD, case.root, case.unit))
    answer = await case.service.http.get(f"/v1/{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    found = [item[key] for item in answer.json()["items"]]
    assert answer.json()["count"] in {None, len(found)}
    return found


@pytest.mark.parametrize(
    ("list_of", "key"),
    [("stages?", "dossier_id"), ("tasks?scope=unit&", "subject_id"), ("stages?state=OPEN&", "dossier_id")],
)
async def test_by_author_name_and_code(case: Case, list_of: str, key: str) -> None:
    code = f"SK-{case.dossier.hex[:8]}"
    for query in (
        f"author_id={case.author}",
        "q=doc%20bang",
        "q=%C4%90%E1%BB%8Cc%20b%E1%BA%B1ng",
        f"q={code.lower()}",
    ):
        assert set(await _ids(case, list_of + query, key)) == {str(case.dossier)}, query
    for query in (f"author_id={NOBODY}", "q=khong%20co", f"q=doc%20bang&author_id={NOBODY}"):
        assert await _ids(case, list_of + query, key) == [], query
    both = f"{list_of}q=doc%20bang&author_id={case.author}"
    assert set(await _ids(case, both, key)) == {str(case.dossier)}


async def test_a_row_says_whose_work_it_is_by_name(case: Case) -> None:
    organisation = await case.service.shared.database(TaskQueue.ORGANISATION)
    async with organisation.transaction() as tx:
        for person, name in ((case.chair, "Lý Thị Chủ Tịch"), (case.members[0], "Nông Văn Ủy Viên")):
            await tx.conn.execute(PERSON, person, f"nv-{person}", name)
    names = {str(case.chair): "Lý Thị Chủ Tịch", str(case.members[0]): "Nông Văn Ủy Viên"}
    headers = case.service.headers(uuid4(), held(PostKind.UNIT_HEAD, case.root, case.unit))
    asked = {"tasks?scope=unit": "assignee", "stages": "decider", "decisions": "decider"}
    for path, who in asked.items():
        rows = (await case.service.http.get(f"/v1/{path}", headers=headers)).json()["items"]
        named = {row[f"{who}_id"]: row[f"{who}_name"] for row in rows if row[f"{who}_id"] in names}
        assert named, path
        assert named.items() <= names.items(), path


async def test_by_who_acts(case: Case) -> None:
    assert len(await _ids(case, f"stages?actor_id={case.chair}")) == 2
    assert len(await _ids(case, f"decisions?actor_id={case.chair}")) == 1
    assert await _ids(case, f"decisions?actor_id={NOBODY}") == []
    assert set(await _ids(case, f"tasks?scope=unit&actor_id={case.members[0]}", "assignee_id")) == {
        str(case.members[0])
    }
    assert await _ids(case, f"tasks?scope=mine&actor_id={NOBODY}", "id", case.members[0]) == []


async def test_work_of_a_season(case: Case) -> None:
    listed = set(await _ids(case, "tasks?scope=unit", "id"))
    assert listed
    assert set(await _ids(case, f"tasks?scope=unit&season_id={case.season}", "id")) == listed
    assert await _ids(case, f"tasks?scope=unit&season_id={NOBODY}", "id") == []
    headers = case.service.headers(uuid4(), held(PostKind.AUDITOR, case.root, case.root))
    for season, count in ((case.season, len(listed)), (NOBODY, 0)):
        for scope in ("unit", "all"):
            path = f"/v1/tasks/counts?scope={scope}&unit_id={case.unit}&season_id={season}"
            counted = (await case.service.http.get(path, headers=headers)).json()["items"]
            assert sum(one["count"] for one in counted) == count, (scope, season)


async def test_decisions_by_author_and_name(case: Case) -> None:
    [decided] = await _ids(case, "decisions?")
    assert decided != str(case.dossier)
    assert await _ids(case, f"decisions?author_id={NOBODY}") == []
    assert await _ids(case, "decisions?q=doc%20bang") == []
    assert await _ids(case, f"decisions?q=sk-{UUID(decided).hex[:8]}") == [decided]


async def test_counts_of_tasks_are_narrowed_alike(case: Case) -> None:
    headers = case.service.headers(uuid4(), held(PostKind.UNIT_HEAD, case.root, case.unit))
    answer = await case.service.http.get("/v1/tasks/counts?scope=unit&q=doc%20bang", headers=headers)
    listed = await _ids(case, "tasks?scope=unit&q=doc%20bang", "id")
    assert sum(one["count"] for one in answer.json()["items"]) == len(listed) > 0


async def test_what_is_too_short_to_be_looked_for_is_refused(case: Case) -> None:
    headers = case.service.headers(uuid4(), held(PostKind.UNIT_HEAD, case.root, case.unit))
    refused = await case.service.http.get("/v1/decisions?q=do", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "SearchTooShort")


async def test_the_stages_of_a_dossier_are_narrowed_too(case: Case) -> None:
    of = f"stages?dossier_id={case.dossier}"
    for query in (
        "",
        "&state=OPEN",
        "&level=UNIT",
        f"&unit_id={case.unit}",
        "&overdue=false",
        f"&actor_id={case.chair}",
    ):
        assert await _ids(case, of + query, "id") == [str(case.stage)], query
    for query in (
        "&state=DECIDED",
        "&level=PROVINCE",
        f"&unit_id={NOBODY}",
        "&overdue=true",
        f"&author_id={NOBODY}",
    ):
        assert await _ids(case, of + query, "id") == [], query
