"""Any list as CSV and as a workbook: whole, with the same filters, and harmless."""

import csv
import io
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest
from python_calamine import CalamineWorkbook

from kit.http.exports import CSV, XLSX
from language.posts.kinds import PostKind
from services.organisation.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.provinces import bare_province

PEOPLE = """
insert into people (id, code, full_name, folded_name)
select gen_random_uuid(), 'gv-' || lpad(n::text, 4, '0'), 'Người ' || n, 'nguoi ' || n
from generate_series(1, 450) n
"""
FORMULA = '=HYPERLINK("https://evil.example")'


class Office:
    """Somebody who may list people and units."""

    def __init__(self, service: TestService, root: UUID) -> None:
        self.service, self.root = service, root

    async def get(self, path: str, media: str = "application/json", *, root: bool = True) -> httpx.Response:
        """The answer in this form."""
        posts = [held(PostKind.ADMIN, self.root)] if root else []
        headers = {**self.service.headers(uuid4(), *posts), "Accept": media}
        return await self.service.http.get(f"/v1/{path}", headers=headers)


@pytest.fixture(scope="module")
async def office(open_service: ServiceOpener) -> AsyncIterator[Office]:
    async with open_service(SERVICE) as service:
        root = (await bare_province(service)).root
        await service.database.pool.execute(PEOPLE)
        await service.database.pool.execute(
            "update people set full_name = $1 where code = 'gv-0001'", FORMULA
        )
        yield Office(service, root)


def _rows(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_a_list_of_many_pages_is_one_file(office: Office) -> None:
    answer = await office.get("people?q=nguoi", CSV)
    head, *rows = _rows(answer)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-type"].startswith(CSV)
    assert answer.headers["content-disposition"] == 'attachment; filename="people.csv"'
    assert "Họ và tên" in head
    codes = [row[head.index("Mã số")] for row in rows]
    assert codes == [f"gv-{n:04d}" for n in range(1, 451)]


async def test_the_filters_are_those_of_the_list(office: Office) -> None:
    shown = (await office.get("people?q=nguoi%2045")).json()
    assert (shown["count"], shown["more"]) == (len(shown["items"]), False)
    assert len(_rows(await office.get("people?q=nguoi%2045", CSV))) == 1 + shown["count"]


async def test_no_cell_is_a_formula(office: Office) -> None:
    head, first, *_ = _rows(await office.get("people?q=nguoi", CSV))
    assert first[head.index("Họ và tên")] == f"'{FORMULA}"
    book = CalamineWorkbook.from_filelike(io.BytesIO((await office.get("people?q=nguoi", XLSX)).content))
    [sheet] = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert sheet[1][sheet[0].index("Họ và tên")] == FORMULA
    assert len(sheet) == 451


async def test_an_empty_list_has_its_header(office: Office) -> None:
    [head] = _rows(await office.get("people?q=khongcoainhuthe", CSV))
    assert "Mã số" in head


async def test_a_day_is_a_date_in_a_workbook(office: Office) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO((await office.get("units", XLSX)).content))
    head, root, *_ = book.get_sheet_by_index(0).to_python()
    assert root[head.index("Có hiệu lực từ")].isoformat()[:10] == "2012-04-25"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("path", "root", "refused"),
    [
        ("me", True, (406, "NoTableOfThis")),
        ("people?limit=5", True, (400, "ParameterUnknown")),
        ("people?misspelt=5", True, (400, "ParameterUnknown")),
        ("people", False, (403, "Forbidden")),
    ],
)
async def test_what_is_refused_as_a_list_is_refused_as_a_table(
    office: Office, path: str, root: bool, refused: tuple[int, str]
) -> None:
    answer = await office.get(path, CSV, root=root)
    assert (answer.status_code, answer.json()["code"]) == refused


async def test_a_table_needs_a_token(office: Office) -> None:
    answer = await office.service.http.get("/v1/people", headers={"Accept": CSV})
    assert answer.status_code == 401
