"""Lists, search and the register of requests: who sees which dossiers, in which order, page by page."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from language.posts.kinds import PostKind
from services.intake.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import Case, content

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


def beside(case: Case, **people: Any) -> Case:
    """Another dossier of the same school, officer and head."""
    same = {
        name: getattr(case, name)
        for name in ("province", "commune", "school", "season", "officer", "head", "chair")
    }
    return Case(case.service, CLOCK, **(same | people))


async def pages(case: Case, path: str, person: Any, limit: int, **query: str) -> list[list[str]]:
    """The ids of every page."""
    found: list[list[str]] = []
    cursor: str | None = None
    while True:
        wanted = query | {"limit": str(limit)} | ({"after": cursor} if cursor else {})
        response = await case.send("GET", path, person, params=wanted)
        assert response.status_code == 200, response.text
        found.append([item["id"] for item in response.json()["items"]])
        cursor = response.json()["next"]
        if cursor is None:
            return found


async def ids(case: Case, person: Any, **query: str) -> list[str]:
    return [found for page in await pages(case, "/dossiers", person, 50, **query) for found in page]


async def test_mine_are_those_i_made_or_am_an_author_of_in_any_state(case: Case) -> None:
    await case.draft()
    filed = beside(case, author=case.author)
    await filed.file()
    await beside(case).file()
    assert await ids(case, case.author) == [str(filed.id), str(case.id)]
    assert await ids(case, case.co_author) == [str(case.id)]


async def test_officials_see_what_was_filed_under_their_units_and_no_drafts(case: Case) -> None:
    await case.file()
    await beside(case).draft()
    await Case(case.service, CLOCK).file()
    for person in (case.officer, case.head, case.chair):
        for scope in ("unit", "all"):
            assert await ids(case, person, scope=scope) == [str(case.id)]


async def test_staff_and_strangers_have_no_unit_to_list(case: Case) -> None:
    for person in (case.author, case.stranger):
        response = await case.send("GET", "/dossiers", person, params={"scope": "unit"})
        assert (response.status_code, response.json()["code"]) == (403, "Forbidden")


async def test_pages_are_whole_and_in_order_newest_first(case: Case) -> None:
    made = [beside(case, author=case.author) for _ in range(5)]
    for each in made:
        await each.file()
    newest_first = [str(each.id) for each in reversed(made)]
    assert await pages(case, "/dossiers", case.author, 2) == [
        newest_first[:2],
        newest_first[2:4],
        newest_first[4:],
    ]
    assert await pages(case, "/dossiers", case.head, 2, scope="unit") == [
        newest_first[:2],
        newest_first[2:4],
        newest_first[4:],
    ]


async def test_drafts_of_others_do_not_end_the_list_early(case: Case) -> None:
    filed = [beside(case) for _ in range(3)]
    for each in filed:
        await each.file()
    await beside(case).draft()
    dropped = beside(case)
    await dropped.draft()
    await dropped.act("withdrawal", dropped.author, {"reason": "Làm lại"})
    found = [
        identifier
        for page in await pages(case, "/dossiers", case.head, 2, scope="unit")
        for identifier in page
    ]
    assert sorted(found) == sorted(str(each.id) for each in filed)


async def test_lists_are_narrowed_by_state_and_season(case: Case) -> None:
    await case.file()
    accepted = beside(case, season=uuid4())
    await accepted.accepted()
    assert await ids(case, case.head, scope="unit", state="ACCEPTED") == [str(accepted.id)]
    assert await ids(case, case.head, scope="unit", season_id=str(case.season)) == [str(case.id)]
    assert await ids(case, case.head, scope="unit", season_id=str(uuid4())) == []


async def test_lists_are_narrowed_by_when_the_check_is_due(case: Case) -> None:
    await case.file()
    await beside(case).accepted()
    for query, found in (({"due_from": "2001-01-01"}, [str(case.id)]), ({"due_until": "2001-01-01"}, [])):
        assert await ids(case, case.head, scope="unit", **query) == found, query
        assert await ids(case, case.author, **query) == found, query


@pytest.mark.parametrize("text", ["đặng hoà", "dang hoa", "ĐẶNG HOÀ", "Dang", "Đặng"])
async def test_search_ignores_case_and_marks(case: Case, text: str) -> None:
    await case.draft(content(case.author, title="Phương pháp Đặng Hoà"))
    await beside(case, author=case.author).draft(content(case.author, title="Trò chơi toán học"))
    assert await ids(case, case.author, q=text) == [str(case.id)]


async def test_search_finds_a_code(case: Case) -> None:
    code = (await case.file())["code"]
    assert await ids(case, case.author, q=code) == [str(case.id)]
    assert await ids(case, case.author, q=code.lower()[-9:]) == [str(case.id)]


@pytest.mark.parametrize("text", ["%", "_", "ch_i", "\\"])
async def test_wildcards_are_plain_letters_in_a_search(case: Case, text: str) -> None:
    await case.draft(content(case.author, title="Trò chơi toán học"))
    assert await ids(case, case.author, q=text) == []


@pytest.mark.parametrize("text", ["100%", "a_b", "a\\b"])
async def test_a_title_with_a_wildcard_in_it_is_found_by_it(case: Case, text: str) -> None:
    await case.draft(content(case.author, title=f"Tiết kiệm {text} giấy"))
    assert await ids(case, case.author, q=text) == [str(case.id)]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"limit": "1000000"}, 422, "RequestInvalid"),
        ({"limit": "0"}, 422, "RequestInvalid"),
        ({"after": "made-up"}, 422, "CursorInvalid"),
        ({"after": "WzEsMl0"}, 422, "CursorInvalid"),
        ({"state": "LOST"}, 422, "RequestInvalid"),
        ({"scope": "world"}, 422, "RequestInvalid"),
        ({"season_id": "x"}, 422, "RequestInvalid"),
        ({"q": "x" * 101}, 422, "RequestInvalid"),
        ({"q": "a\x00"}, 400, "TextUnsafe"),
    ],
)
async def test_queries_that_make_no_sense_are_refused(
    case: Case, query: dict[str, str], status: int, code: str
) -> None:
    response = await case.send("GET", "/dossiers", case.author, params=query)
    assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.parametrize(("text", "status"), [("ab", 422), ("a b c", 422), ("--", 422), ("abc", 200)])
async def test_a_whole_province_is_searched_by_three_letters(case: Case, text: str, status: int) -> None:
    auditor = [held(PostKind.AUDITOR, case.province)]
    asked = {"scope": "all", "q": text}
    response = await case.send("GET", "/dossiers", case.stranger, params=asked, posts=auditor)
    assert response.status_code == status
    assert status == 200 or response.json()["code"] == "SearchTooShort"
    assert (await case.send("GET", "/dossiers", case.head, params=asked)).status_code == 200


async def test_the_register_runs_by_number_page_by_page(case: Case) -> None:
    filed = [beside(case) for _ in range(3)]
    for each in filed:
        await each.file()
    year = str((await filed[0].read()).json()["receipt"]["register_year"])
    query = {"unit_id": str(case.school), "year": year}
    in_order = [str(each.id) for each in filed]
    for person in (case.officer, case.chair):
        assert await pages(case, "/register", person, 2, **query) == [in_order[:2], in_order[2:]]
    first = (await case.send("GET", "/register", case.officer, params=query)).json()["items"][0]
    author = (await filed[0].read()).json()["content"]["authors"][0]["full_name"]
    assert first["first_author"] == author
    assert (first["register_number"], first["title"], first["state"]) == (
        1,
        "Dạy phép chia bằng trò chơi",
        "FILED",
    )
    assert await pages(case, "/register", case.officer, 2, unit_id=str(case.school), year="2019") == [[]]


async def test_the_register_is_for_posts_in_or_over_the_unit(case: Case) -> None:
    filed = await case.file()
    query = {"unit_id": str(case.school), "year": str(filed["receipt"]["register_year"])}
    for person in (case.author, case.stranger):
        response = await case.send("GET", "/register", person, params=query)
        assert (response.status_code, response.json()["code"]) == (403, "Forbidden")
    neighbour = await case.send(
        "GET", "/register", uuid4(), params=query, posts=[held(PostKind.UNIT_HEAD, case.province, uuid4())]
    )
    assert neighbour.status_code == 403


async def test_my_units_tasks_are_for_watchers(case: Case) -> None:
    await case.file()
    watched = (await case.send("GET", "/tasks", case.chair, params={"scope": "unit"})).json()["items"]
    assert [task["subject_id"] for task in watched] == [str(case.id)]
    counts = (await case.send("GET", "/tasks/counts", case.officer)).json()["items"]
    assert counts == [
        {"kind": "FORMAL_CHECK", "level": None, "state": "OPEN", "count": 1, "more": False, "overdue": 0}
    ]
    assert (await case.send("GET", "/tasks", case.author, params={"scope": "unit"})).status_code == 403
    for season, count in ((case.season, 1), (uuid4(), 0)):
        of_season = {"scope": "unit", "season_id": str(season)}
        found = (await case.send("GET", "/tasks", case.chair, params=of_season)).json()["items"]
        assert len(found) == count


async def test_a_check_past_its_day_is_counted_as_overdue(case: Case) -> None:
    await case.file()
    CLOCK.offset = timedelta(days=40)
    counts = (await case.send("GET", "/tasks/counts", case.officer)).json()["items"]
    assert [(count["kind"], count["overdue"]) for count in counts] == [("FORMAL_CHECK", 1)]


async def test_a_list_says_what_it_is_about_and_can_be_narrowed(case: Case) -> None:
    await case.file()
    [line] = (await case.send("GET", "/dossiers", case.officer, params={"scope": "unit"})).json()["items"]
    assert line["title"] == content(uuid4())["title"]
    assert line["first_author"] == content(uuid4())["authors"][0]["full_name"]
    assert line["unit_name"]
    assert (line["due_at"] is not None, line["is_overdue"]) == (True, False)
    here = str(case.school)
    today, long_ago = CLOCK.now().date().isoformat(), "2001-01-01"
    for narrowed in (
        {"unit_id": here},
        {"author_id": str(case.co_author)},
        {"filed_from": long_ago},
        {"overdue": "false"},
        {"q": content(uuid4())["authors"][0]["full_name"].upper()},
    ):
        assert await ids(case, case.officer, scope="unit", **narrowed) == [str(case.id)], narrowed
    for narrowed in (
        {"author_id": str(case.stranger)},
        {"filed_until": long_ago},
        {"overdue": "true"},
        {"q": "khong ai ten nhu the"},
    ):
        assert await ids(case, case.officer, scope="unit", **narrowed) == [], (narrowed, today)
    assert await ids(case, case.author, unit_id=here) == [str(case.id)]
    assert await ids(case, case.author, unit_id=str(uuid4())) == []
    refused = await case.send(
        "GET", "/dossiers", case.officer, params={"scope": "unit", "unit_id": str(uuid4())}
    )
    assert refused.status_code == 403


async def test_an_inbox_names_the_dossier_and_finds_it_by_its_code(case: Case) -> None:
    await case.file()
    [task] = (await case.send("GET", "/tasks", case.officer)).json()["items"]
    assert (task["title"], task["first_author"]) == (
        content(uuid4())["title"],
        content(uuid4())["authors"][0]["full_name"],
    )
    code = task["subject_code"]
    for query, count in ((f"code={code}", 1), ("code=SK-1999-00001", 0), ("due_until=2001-01-01", 0)):
        page = (await case.send("GET", f"/tasks?{query}", case.officer)).json()
        assert (page["count"], len(page["items"]), page["more"]) == (count, count, False)
