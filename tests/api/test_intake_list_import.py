"""A list in Excel becomes drafts of its authors: shown with every doubt, written only when that is
confirmed."""

from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.ids import PersonId, PostId
from language.names import TaskQueue
from language.posts.holders import PostHolder
from language.posts.kinds import PostKind
from language.text import fold
from services.intake.app import SERVICE
from sheets.workbook import open_workbook
from sheets.writing import DOUBTS_SHEET
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.intake_cases import Case, today
from tests.workbooks import HEADER, co_author, row, workbook

NAME_IT = "update people set full_name = $2, folded_name = $3, date_of_birth = $4, code = $5 where id = $1"
RENAME = "update units set name = $2 where id = $1"
RECENT = (today() - timedelta(days=60)).strftime("%d/%m/%Y")


@dataclass
class School:
    """A school with its clerk, a teacher and another of a second school."""

    case: Case
    teacher: UUID = field(default_factory=uuid4)
    colleague: UUID = field(default_factory=uuid4)
    code: str = field(default_factory=lambda: uuid4().hex[:8])

    async def person(self, person: UUID, name: str, born: date | None, *path: UUID) -> None:
        """Somebody on the staff of a unit."""
        facts = await self.case.facts()
        post = PostHolder(post_id=PostId(uuid4()), kind=PostKind.STAFF, person_id=PersonId(person))
        await facts.appoint((post, path or self.case.path))
        code = f"gv{str(person)[-8:]}"
        await facts.database.pool.execute(NAME_IT, person, name, fold(name), born, code)

    async def send(self, rows: list[list[Any]], query: str = "?dry_run=true", **more: Any) -> httpx.Response:
        """The list, as the clerk sends it."""
        person = more.pop("person", self.case.officer)
        content = more.pop("content", None) or workbook([["DANH SÁCH"], HEADER, *rows])
        body = {"unit_id": str(self.case.school), "season_id": str(self.case.season)}
        body["file"] = b64encode(content).decode()
        return await self.case.send("POST", f"/imports/filings{query}", person, json=body | more)

    async def drafts(self) -> int:
        """How many dossiers there are in the season."""
        count = "select count(*) from dossiers where season_id = $1"
        return int(await self.case.service.database.pool.fetchval(count, self.case.season))


@pytest.fixture(scope="module")
async def service(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, blob_dir=tmp_path_factory.mktemp("blobs")) as intake:
        yield intake


@pytest.fixture
async def school(service: TestService) -> School:
    case = Case(service, MovableClock())
    await case.publish()
    school = School(case)
    organisation = await service.shared.database(TaskQueue.ORGANISATION)
    await organisation.pool.execute(RENAME, case.school, "Trường Tiểu học Quang Trung")
    await school.person(school.teacher, "Lý Thị Phượng", date(1991, 2, 20))
    await school.person(school.colleague, "Đinh Ngọc Trang", date(1978, 7, 12))
    return school


def kinds(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code in {200, 201}, answer.text
    return [
        (remark["cell"].partition("!")[2], remark["kind"])
        for dossier in answer.json()["dossiers"]
        for remark in dossier["remarks"]
    ]


PAIR = [row(1, first=RECENT, share="60%"), co_author(born="12/07/1978", share=0.4)]


async def test_a_list_is_shown_confirmed_and_becomes_a_draft_of_its_first_author(school: School) -> None:
    shown = await school.send(PAIR)
    assert kinds(shown) == [("K4", "FRACTION")]
    [dossier] = shown.json()["dossiers"]
    assert dossier["standing"] == "READY"
    assert [author["person_id"] for author in dossier["authors"]] == [
        str(school.teacher),
        str(school.colleague),
    ]
    assert (shown.json()["dry_run"], await school.drafts()) == (True, 0)
    made = await school.send(PAIR, "", confirmed=shown.json()["digest"])
    assert made.status_code == 201, made.text
    [dossier] = made.json()["dossiers"]
    assert (dossier["standing"], await school.drafts()) == ("MADE", 1)
    school.case.id = UUID(dossier["dossier_id"])
    draft = (await school.case.read(school.teacher)).json()
    assert (draft["state"], draft["created_by"]) == ("DRAFT", str(school.teacher))
    assert draft["content"]["declaration_of_truth"] is False
    assert [author["contribution_percent"] for author in draft["content"]["authors"]] == ["60.00", "40.00"]
    [event] = await school.case.events()
    assert (event["kind"], event["actor_id"]) == ("DraftPrepared", school.case.officer)
    told = await school.case.service.database.pool.fetch(
        "select person_id, kind from notices where subject_id = $1", school.case.id
    )
    assert {(row["person_id"], row["kind"]) for row in told} == {
        (school.teacher, "DRAFT_PREPARED"),
        (school.colleague, "SHARE_TO_CONFIRM"),
    }


async def test_the_author_completes_and_files_what_the_clerk_prepared(school: School) -> None:
    shown = await school.send(PAIR)
    made = (await school.send(PAIR, "", confirmed=shown.json()["digest"])).json()
    school.case.id = UUID(made["dossiers"][0]["dossier_id"])
    alone = await school.case.act("filing", school.case.officer)
    assert (alone.status_code, alone.json()["code"]) == (409, "FilingNotAgreed"), alone.text
    read = await school.case.read(school.teacher)
    written = read.json()["content"]
    complete = written | {
        "problem_solved": "Học sinh ngại phép chia",
        "applicability": "Khối 4",
        "conditions": "Không",
        "declaration_of_truth": True,
    }
    rewritten = await school.case.rewrite(complete, school.teacher, read.headers["etag"])
    assert rewritten.status_code == 200, rewritten.text
    await school.case.agree(school.teacher)
    filed = await school.case.act("filing", school.teacher)
    assert filed.status_code == 200, filed.text


async def test_nothing_is_written_unconfirmed_or_when_it_reads_otherwise(school: School) -> None:
    shown = await school.send(PAIR)
    for more in ({}, {"confirmed": "0" * 64}):
        refused = await school.send(PAIR, "", **more)
        assert (refused.status_code, refused.json()["code"]) == (409, "ListNotConfirmed")
    other = [row(1, first=RECENT, share="50%"), co_author(born="12/07/1978", share="50%")]
    refused = await school.send(other, "", confirmed=shown.json()["digest"])
    assert (refused.json()["code"], await school.drafts()) == ("ListNotConfirmed", 0)


async def test_doubts_are_named_by_cell_and_answered_or_left_out(school: School) -> None:
    rows = [row(1, first=RECENT, share="01a"), row(2, title="Vườn trường", first=RECENT)]
    shown = await school.send(rows)
    assert kinds(shown) == [("K3", "SHARE_UNREADABLE")]
    refused = await school.send(rows, "", confirmed=shown.json()["digest"])
    assert (refused.status_code, refused.json()["code"]) == (422, "ListHasQuestions")
    assert [fault["path"] for fault in refused.json()["errors"]] == ["Danh sách!K3"]
    assert "“01a”" in refused.json()["detail"]
    part = await school.send(rows, "", confirmed=shown.json()["digest"], leave_doubtful=True)
    assert (part.json()["counts"]["MADE"], await school.drafts()) == (1, 1)
    answers = {"Danh sách!K3": "100"}
    shown = await school.send(rows, answers=answers)
    assert [dossier["standing"] for dossier in shown.json()["dossiers"]] == ["READY", "BEGUN_BEFORE"]
    made = await school.send(rows, "", answers=answers, confirmed=shown.json()["digest"])
    assert (made.status_code, await school.drafts()) == (201, 2)


async def test_the_same_list_again_begins_nothing_twice(school: School) -> None:
    shown = await school.send(PAIR)
    await school.send(PAIR, "", confirmed=shown.json()["digest"])
    again = await school.send(PAIR)
    assert again.json()["dossiers"][0]["standing"] == "BEGUN_BEFORE"
    repeated = await school.send(PAIR, "", confirmed=again.json()["digest"])
    assert (repeated.status_code, await school.drafts()) == (201, 1)


async def test_namesakes_are_asked_about_and_chosen(school: School) -> None:
    twin = uuid4()
    await school.person(twin, "Lý Thị Phượng", date(1991, 2, 21))
    rows = [row(1, first=RECENT, born="")]
    shown = await school.send(rows)
    assert kinds(shown) == [("B3", "PERSON_UNSURE")]
    [author] = shown.json()["dossiers"][0]["authors"]
    assert {one["person_id"] for one in author["candidates"]} == {str(twin), str(school.teacher)}
    chosen = await school.send(rows, people={"Danh sách!B3": str(twin)})
    assert (kinds(chosen), chosen.json()["dossiers"][0]["authors"][0]["person_id"]) == ([], str(twin))
    wrong = await school.send(rows, people={"Danh sách!B3": str(school.colleague)})
    assert kinds(wrong) == [("B3", "PERSON_OTHER_NAME")]
    by_month = await school.send([row(1, first=RECENT, born="tháng 2/1991")])
    assert ("B3", "PERSON_UNSURE") in kinds(by_month)


@pytest.mark.parametrize("what", ["answers", "people", "units"])
async def test_an_answer_about_no_cell_is_refused_not_ignored(school: School, what: str) -> None:
    said = {"Danh sách!B99": "x" if what == "answers" else str(uuid4())}
    answer = await school.send(PAIR, **{what: said})
    assert (answer.status_code, answer.json()["code"]) == (400, "CellUnknown"), answer.text
    assert "Danh sách!B99" in answer.json()["detail"]


async def test_a_birth_date_that_is_known_otherwise_is_told(school: School) -> None:
    code = f"gv{str(school.teacher)[-8:]}"
    header = [*HEADER, "Mã cán bộ"]
    content = workbook([header, [*row(1, first=RECENT, born="21/02/1991"), code]])
    told = await school.send([], content=content)
    assert kinds(told) == [("B2", "BIRTH_DIFFERS")]
    [dossier] = told.json()["dossiers"]
    assert (dossier["standing"], dossier["authors"][0]["person_id"]) == ("READY", str(school.teacher))
    assert "20/02/1991" in dossier["remarks"][0]["detail"]


async def test_a_capital_decomposed_name_with_a_month_is_found(school: School) -> None:
    shown = await school.send([row(1, first=RECENT, name=" LÝ THỊ  PHƯỢNG", born="tháng 2/1991")])
    assert {kind for _, kind in kinds(shown)} == {"IN_CAPITALS", "MONTH_ONLY"}
    assert shown.json()["dossiers"][0]["authors"][0]["person_id"] == str(school.teacher)


async def test_people_of_other_units_and_unknown_units_are_not_told(school: School) -> None:
    stranger = uuid4()
    await school.person(stranger, "Vi Văn Lạ", date(1980, 1, 1), school.case.province, uuid4())
    shown = await school.send(
        [row(1, first=RECENT, name="Vi Văn Lạ", born="01/01/1980", school="Trường Nào Đó")]
    )
    assert kinds(shown) == [("F3", "SCHOOL_UNKNOWN"), ("B3", "PERSON_UNKNOWN")]
    assert shown.json()["dossiers"][0]["authors"][0]["candidates"] == []


async def test_a_school_is_found_by_its_short_name_and_chosen_by_answer(school: School) -> None:
    shown = await school.send([row(1, first=RECENT, school="TH Quang Trung")])
    assert kinds(shown) == [("F3", "SCHOOL_ALIKE")]
    assert shown.json()["dossiers"][0]["unit_id"] == str(school.case.school)
    chosen = await school.send(
        [row(1, first=RECENT, school="Trường cũ")], units={"Danh sách!F3": str(school.case.school)}
    )
    assert kinds(chosen) == [("F3", "SCHOOL_ALIKE")]


async def test_the_marked_workbook_comes_back(school: School) -> None:
    shown = await school.send([row(1, first=RECENT, name="Vi Văn Lạ")], marked=True)
    sheets = open_workbook(b64decode(shown.json()["marked"]))
    assert [sheet.name for sheet in sheets] == ["Danh sách", DOUBTS_SHEET]
    assert [line[0] for line in sheets[1].rows[1:]] == ["Danh sách!B3"]


async def test_rights_come_before_the_file_is_opened(school: School) -> None:
    bad = {"content": b"no workbook"}
    for person in (school.case.author, school.case.stranger, school.case.chair):
        refused = await school.send([], person=person, **bad)
        assert (refused.status_code, refused.json()["code"]) == (403, "Forbidden")
    refused = await school.send([], **bad)
    assert (refused.status_code, refused.json()["code"]) == (415, "WorkbookUnreadable")
    unknown = await school.send(PAIR, season_id=str(uuid4()))
    assert (unknown.status_code, unknown.json()["code"]) == (422, "SeasonUnknown")
