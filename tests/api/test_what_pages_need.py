"""What pages ask that no list says: colleagues by name, one task, the last day of filing, refusals with their
facts and with each fault in both languages."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from language.posts.kinds import PostKind
from services.intake.app import SERVICE as INTAKE
from services.organisation.app import SERVICE as ORGANISATION
from tests.conftest import MovableClock, ServiceOpener, held
from tests.intake_cases import Case, content
from tests.provinces import Organised, bare_province


@pytest.fixture
async def case(open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[Case]:
    clock = MovableClock()
    async with open_service(INTAKE, clock=clock, blob_dir=tmp_path) as intake:
        yield Case(intake, clock)


async def test_colleagues_are_found_without_marks_the_own_unit_first_and_nobody_without_a_post(
    open_service: ServiceOpener,
) -> None:
    async with open_service(ORGANISATION) as service:
        province = Organised(service, (await bare_province(service)).root)
        near, far = await province.unit("A"), await province.unit("B")
        name = f"Đặng Thị Hoà {uuid4().hex[:8]}"
        people = {}
        for unit in (far, near):
            people[unit] = await province.appoint(unit, PostKind.STAFF)
        for person in (*people.values(), nobody := uuid4()):
            await service.database.pool.execute(
                "insert into people (id, code, full_name, folded_name) values ($1, $1::uuid::text, $2, $3) "
                "on conflict (id) do update set full_name = $2, folded_name = $3",
                person,
                name,
                f"dang thi hoa {name[-8:]}",
            )
        me = await province.appoint(near, PostKind.STAFF)
        asked = {"q": f"hoa {name[-8:]}"}
        answer = await service.http.get("/v1/colleagues", params=asked, headers=service.headers(me))
        assert answer.status_code == 200, answer.text
        found = answer.json()["items"]
        assert [UUID(one["id"]) for one in found] == [people[near], people[far]]
        assert str(nobody) not in answer.text
        # Beside the own unit a part of the name is enough; farther away it has to be the whole.
        distant = await province.unit("D", parent=await province.unit("C", "COMMUNE"))
        stranger = await province.appoint(distant, PostKind.STAFF)
        for text, is_found in ((f"hoa {name[-8:]}", False), (name, True)):
            far_off = await service.http.get(
                "/v1/colleagues", params={"q": text}, headers=service.headers(stranger)
            )
            assert (str(people[near]) in far_off.text) is is_found
        assert set(found[0]) == {"id", "full_name", "post_title", "unit_id", "unit_name"}
        short = await service.http.get("/v1/colleagues", params={"q": "h"}, headers=service.headers(me))
        assert short.status_code == 422
        [fault] = short.json()["errors"]
        assert (fault["path"], fault["message"]) == ("query.q", "phải có ít nhất 2 ký tự")


async def test_one_task_is_read_by_who_has_it_the_office_and_the_watchers(case: Case) -> None:
    await case.file()
    listed = await case.send("GET", "/tasks", case.officer)
    [task] = listed.json()["items"]
    path = f"/tasks/{task['id']}"
    colleague = held(PostKind.INTAKE_OFFICER, *case.path)
    for person, posts in (
        (case.officer, None),
        (uuid4(), [colleague]),
        (uuid4(), [held(PostKind.AUDITOR, case.province)]),
    ):
        options = {} if posts is None else {"posts": posts}
        answer = await case.send("GET", path, person, **options)
        assert answer.status_code == 200, answer.text
        assert answer.json() == task
    for person in (case.author, case.stranger):
        assert (await case.send("GET", path, person)).status_code == 404
    elsewhere = held(PostKind.INTAKE_OFFICER, case.province, uuid4())
    assert (await case.send("GET", path, uuid4(), posts=[elsewhere])).status_code == 404
    assert (await case.send("GET", f"/tasks/{uuid4()}", case.officer)).status_code == 404


async def test_a_draft_says_until_when_it_may_be_filed(case: Case) -> None:
    await case.draft(content(case.author, first_applied_on=None))
    draft = (await case.read()).json()
    assert (draft["file_by"], draft["unit_name"] is not None) == (None, True)
    changed = content(case.author, first_applied_on="2026-09-05")
    version = {"If-Match": (await case.read()).headers["etag"]}
    put = await case.send("PUT", f"/dossiers/{case.id}/content", case.author, json=changed, headers=version)
    assert put.status_code == 200, put.text
    # A year later is a Sunday: the term ends with the next working day.
    assert (await case.read()).json()["file_by"] == "2027-09-06"


async def test_what_was_filed_has_no_last_day_of_filing(case: Case) -> None:
    await case.file()
    assert (await case.read()).json()["file_by"] is None


async def test_what_one_may_not_do_now_comes_with_the_facts_of_the_refusal(case: Case) -> None:
    await case.draft(content(case.author, title="", first_applied_on=None))
    answer = await case.send("GET", f"/dossiers/{case.id}", case.author, params={"actions": "true"})
    actions = {one["command"]: one for one in answer.json()["actions"]}
    assert actions["filing"]["allowed"] is False
    assert actions["filing"]["facts"]["missing"] == "title, first_applied_on"
    # Which share is confirmed is sent with the command: nobody can tell before.
    assert actions["share-confirmation"]["allowed"] is None
