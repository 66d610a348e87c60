"""Everything that is kept about a person is given to the person: no table is forgotten, no column of it, and
nothing of anybody else is in it."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import pytest
from typer.testing import CliRunner

from casework.personal.held import PersonalData
from cli.main import app
from cli.reader import Reader
from language.names import PORTAL, SERVICES
from language.personal_data import FORM, PATH
from language.posts.kinds import PostKind
from tests.conftest import Cluster, MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import Case as IntakeCase
from tests.service_cases import SERVICES as APPS

NAME_THINGS: Final = frozenset(
    [
        "id",
        "event_id",
        "subject_id",
        "about_id",
        "dossier_id",
        "unit_id",
        "parent_id",
        "successor_id",
        "unit_path",
        "path",
        "post_id",
        "post_ids",
        "passed_to",
        "holding_id",
        "ends_id",
        "holding_ids",
        "merged_into",
        "delegation_id",
        "change_id",
        "act_id",
        "stage_id",
        "new_stage_id",
        "sheet_id",
        "complaint_id",
        "award_id",
        "list_id",
        "payment_list_id",
        "journal_id",
        "replaces",
        "season_id",
        "transition_id",
        "reverses",
        "annulment_id",
        "annulled_by",
        "opened_anew_as",
        "attachment_id",
        "attachment_ids",
        "check_id",
        "comparison_id",
        "move_id",
        "link_id",
        "mail_id",
        "notice_id",
        "webhook_id",
        "former_of",
        "unit_ids",
        "decider_post_id",
        "decision_event_id",
    ]
)
"""Columns of ids that are no person's: a new column is one of these, or somebody's."""
NO_PERSONS: Final = {
    ("leaders", "holder"): "a process",
    ("sessions", "person_id"): "the portal's: who is signed in, sealed, and gone when the session ends",
}
COLUMNS: Final = """
select table_schema as service, table_name as of, column_name as name, data_type = 'ARRAY' as several,
  udt_name in ('uuid', '_uuid') as is_id
from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
where table_type = 'BASE TABLE' and table_schema = any($1)
"""


def _said(service: str) -> PersonalData:
    found: PersonalData = import_module(f"services.{service}.store.personal_data").PERSONAL_DATA
    return found


@pytest.fixture(scope="module")
async def columns(postgres: Cluster) -> dict[tuple[str, str], list[Any]]:
    """Every table of every service, with its columns."""
    url = await postgres.fresh()
    conn = await asyncpg.connect(url)
    rows = await conn.fetch(COLUMNS, [*(service.value for service in SERVICES), PORTAL])
    await conn.close()
    await postgres.drop(url)
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        found[row["service"], row["of"]].append(row)
    return found


async def test_every_column_that_names_somebody_is_spoken_of(
    columns: dict[tuple[str, str], list[Any]],
) -> None:
    said = {
        (service.value, one.table, name.removesuffix("[]"))
        for service in SERVICES
        for one in (*_said(service.value).held, *_said(service.value).withheld)
        for name in one.persons
    }
    named = {
        (service, table, row["name"])
        for (service, table), rows in columns.items()
        for row in rows
        if row["is_id"] and row["name"] not in NAME_THINGS and (table, row["name"]) not in NO_PERSONS
    }
    assert named - said == set(), "shown to the person, or withheld with a reason"
    own_ids = {("organisation", "people", "id")}
    assert said - named == own_ids, "there is no such column, or it names a thing"


async def test_every_column_of_what_is_shown_is_shown_or_says_why_not(
    columns: dict[tuple[str, str], list[Any]],
) -> None:
    for service in SERVICES:
        for one in _said(service.value).held:
            there = {row["name"] for row in columns[service.value, one.table]}
            assert one.columns == there, (service, one.table)
            several = {f"{row['name']}[]" for row in columns[service.value, one.table] if row["several"]}
            assert {name for name in one.persons if name.endswith("[]")} <= several, (service, one.table)


@pytest.fixture
async def case(open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[IntakeCase]:
    clock = MovableClock()
    async with open_service(APPS["intake"], clock=clock, blob_dir=tmp_path / "blobs") as service:
        case = IntakeCase(service, clock)
        await case.draft()
        await case.act("filing", case.author)
        yield case


async def _ask(service: TestService, person: UUID, *caller: Any, **query: str) -> Any:
    who, *posts = caller
    return await service.http.get(
        PATH.format(person_id=person), params=query, headers=service.headers(who, *posts)
    )


async def test_a_person_reads_what_is_theirs_and_nothing_of_others(case: IntakeCase) -> None:
    answer = await _ask(case.service, case.author, case.author)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["form"], told["service"], told["record_ids"]) == (FORM, "intake", [str(case.author)])
    (dossier,) = told["held"]["dossiers"]
    assert dossier["id"] == str(case.id)
    assert [one["person_id"] for one in dossier["content"]["authors"]] == [str(case.author)]
    assert "participants" not in dossier["content"]
    assert [one["filed_by"] for one in told["held"]["filed_versions"]] == [str(case.author)]
    assert {"DraftCreated", "DossierFiled"} <= {one["kind"] for one in told["held"]["events"]}
    assert str(case.officer) not in answer.text, "who checks it is somebody else"
    officer = (await _ask(case.service, case.officer, case.officer)).json()["held"]
    assert [one["assignee_id"] for one in officer["tasks"]] == [str(case.officer)]
    assert (officer["dossiers"], officer["filed_versions"]) == ([], [])


async def test_who_may_and_what_is_refused(case: IntakeCase) -> None:
    root, service = case.path[0], case.service
    admin, below = held(PostKind.ADMIN, root), held(PostKind.ADMIN, *case.path)
    events = "select actor_id, detail from events where kind = 'PersonalDataRead' and subject_id = $1"

    async def code(person: UUID, *caller: Any, **query: str) -> tuple[int, str]:
        answer = await _ask(service, person, *caller, **query)
        return answer.status_code, answer.json().get("code", "")

    somebody = uuid4()
    for caller in ((somebody,), (somebody, below), (somebody, held(PostKind.UNIT_HEAD, root))):
        for person in (case.author, uuid4()):
            assert await code(person, *caller, reason="x") == (403, "Forbidden"), "there or not is not told"
    who = uuid4()
    assert await code(uuid4(), who, admin, reason="Đơn 12/2026") == (404, "NotFound")
    assert await code(case.author, who, admin) == (422, "RequestNotNamed")
    assert await code(case.author, who, admin, reason="  ") == (422, "RequestNotNamed")
    assert await service.database.pool.fetch(events, case.author) == []
    assert await code(case.author, who, admin, reason="Đơn 12/2026") == (200, "")
    (event,) = await service.database.pool.fetch(events, case.author)
    assert (event["actor_id"], event["detail"]) == (who, {"reason": "Đơn 12/2026"})


async def test_the_command_gathers_all_services_into_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, asked = str(uuid4()), []

    def get(self: Reader, service: str, path: str, **params: Any) -> Any:
        asked.append((service, path, params))
        return {"held": {"tasks": [{"id": "x"}]}} if path == PATH.format(person_id=person) else None

    monkeypatch.setattr(Reader, "__init__", lambda self, account="": None)
    monkeypatch.setattr(Reader, "who", "admin")
    monkeypatch.setattr(Reader, "get", get)
    file = tmp_path / "of-a-person.json"

    async def run(*arguments: str) -> tuple[int, str]:
        result = await asyncio.to_thread(CliRunner().invoke, app, ["personal-data", *arguments])
        return result.exit_code, result.output or str(result.exception)

    code, told = await run(person, "--to", str(file), "--reason", "Đơn 12/2026")
    assert code == 0, told
    written = json.loads(file.read_text(encoding="utf-8"))
    assert (written["form"], written["person_id"]) == (FORM, person)
    assert [*written["services"]] == [service.value for service in SERVICES]
    assert all(params == {"reason": "Đơn 12/2026"} for _, _, params in asked)
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_text(encoding="utf-8")
    assert (await run(person, "--to", str(file)))[0] != 0, "nothing is overwritten"
    assert (await run(str(uuid4()), "--to", str(tmp_path / "other.json")))[0] != 0
    assert (await run("Nông Thị Mẫu", "--to", str(tmp_path / "other.json")))[0] != 0
    assert (file.read_text(encoding="utf-8"), [*tmp_path.iterdir()]) == (before, [file])
