"""Acts about units from the draft to the day on which they hold, and what becomes of a dossier under way."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from language.posts.kinds import PostKind
from tests.conftest import ServiceOpener, held
from tests.intake_cases import LEVELS
from tests.organisation_cases import write_unit
from tests.succession_world import DAY, World, open_succession_world


@pytest.fixture
async def world(open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[World]:
    async with open_succession_world(open_service, tmp_path) as made:
        yield made


async def test_the_preview_has_a_verdict_for_every_open_case_unit_and_post(world: World) -> None:
    drafted = await world.send("POST", "/successions", world.admins[0], world.merger())
    verdicts = drafted.json()["verdicts"]
    assert {(one["kind"], one["fate"]) for one in verdicts} == {
        ("UNIT", "ENDS"),
        ("POST", "PASSES_ON"),
        ("DOSSIER", "PASSES_ON"),
    }
    [dossier] = [one for one in verdicts if one["kind"] == "DOSSIER"]
    assert (dossier["from_name"], dossier["to_name"]) == ("Trường Cũ", "Trường Mới")
    assert (await world.unit(world.case.school))["valid_to"] is None


async def test_open_work_goes_on_in_the_successor_and_the_register_keeps_its_unit(world: World) -> None:
    case = world.case
    await world.approved()
    await world.next_day()
    await world.follow()
    school = await world.unit(case.school)
    assert school["valid_to"] == str(world.tomorrow - 2 * DAY)
    assert school["path"] == [str(one) for one in (*case.path[:2], world.other, case.school)]
    [task] = await case.service.database.pool.fetch("select * from tasks where about_id = $1", case.id)
    assert (task["unit_id"], task["assignee_id"], task["unreachable_since"]) == (
        world.other,
        case.officer,
        None,
    )
    dossier = await case.service.database.pool.fetchrow("select * from dossiers where id = $1", case.id)
    assert (dossier["unit_id"], dossier["register_number"]) == (case.school, 1)
    assert world.other in dossier["unit_path"]
    assert "CasePassedOn" in await case.kinds()
    response = await case.act("acceptance", case.officer, posts=[])
    assert response.status_code == 200, response.text


async def test_the_head_of_the_successor_reads_what_it_inherited(world: World) -> None:
    await world.approved()
    await world.next_day()
    await world.follow()
    head = uuid4()
    posts = [held(PostKind.UNIT_HEAD, *world.case.path[:2], world.other)]
    response = await world.case.send("GET", f"/dossiers/{world.case.id}", head, posts=posts)
    assert response.status_code == 200, response.text


async def test_a_filing_into_what_has_ended_is_refused_and_says_where_to(world: World) -> None:
    case = world.case
    await case.draft()
    await world.approved()
    assert (await case.act("filing", case.author)).status_code == 200
    await case.draft()
    await world.next_day()
    refused = await case.act("filing", case.author)
    assert (refused.status_code, refused.json()["code"]) == (409, "UnitEnded")
    assert "Trường Mới" in refused.json()["detail"]
    wanted = {"unit_id": str(case.school), "season_id": str(case.season)}
    again = await case.send("POST", "/dossiers", case.author, json=wanted)
    assert (again.status_code, again.json()["code"]) == (409, "UnitEnded")
    assert "Trường Mới" in again.json()["detail"]
    stranger = await case.send("POST", "/dossiers", case.stranger, json=wanted)
    assert stranger.json()["code"] == "Forbidden"


async def test_until_an_act_that_is_due_is_in_force_nothing_begins_in_its_units(world: World) -> None:
    await world.case.draft()
    await world.approved()
    world.case.clock.offset += DAY
    refused = await world.case.act("filing", world.case.author)
    assert (refused.status_code, refused.json()["code"]) == (503, "SuccessionUnderWay")


async def test_an_act_takes_two_administrators_over_all_its_units(world: World) -> None:
    drafted = (await world.send("POST", "/successions", world.admins[0], world.merger())).json()
    own = await world.send("POST", f"/successions/{drafted['id']}/approval", world.admins[0])
    assert (own.status_code, own.json()["code"]) == (403, "OwnSuccession")
    below = held(PostKind.ADMIN, *world.case.path)
    for method, path, body in (
        ("POST", "/successions", world.merger()),
        ("POST", f"/successions/{drafted['id']}/approval", None),
        ("POST", f"/successions/{drafted['id']}/cancellation", None),
    ):
        refused = await world.send(method, path, uuid4(), body, below)
        assert refused.status_code == 403, refused.text


async def test_an_act_is_taken_back_until_its_day_and_nothing_has_come_of_it(world: World) -> None:
    act = await world.approved()
    cancelled = await world.send("POST", f"/successions/{act}/cancellation", world.admins[0])
    assert cancelled.json()["state"] == "CANCELLED"
    await world.next_day()
    assert (await world.unit(world.case.school))["valid_to"] is None
    again = await world.send("POST", f"/successions/{act}/cancellation", world.admins[0])
    assert (again.status_code, again.json()["code"]) == (409, "SuccessionClosed")


async def test_what_has_no_place_keeps_an_act_from_being_approved_and_holds_it_up(world: World) -> None:
    ends = {"kind": "ENDS", "into_id": None}
    drafted = await world.send("POST", "/successions", world.admins[0], world.merger(**ends))
    assert {one["fate"] for one in drafted.json()["verdicts"] if one["kind"] == "DOSSIER"} == {"NO_PLACE"}
    refused = await world.send("POST", f"/successions/{drafted.json()['id']}/approval", world.admins[1])
    assert (refused.status_code, refused.json()["code"]) == (409, "SuccessionUnsettled")


async def test_a_unit_does_not_end_over_what_is_open_in_it(world: World) -> None:
    school = await world.unit(world.case.school)
    body = {"name": school["name"], "valid_to": str(world.tomorrow)}
    etag = {"If-Match": f'"v{school["version"]}"'}
    refused = await world.send("PATCH", f"/units/{world.case.school}", world.admins[0], body, **etag)
    assert (refused.status_code, refused.json()["code"]) == (409, "UnitNotEmpty")
    offered = await world.send("GET", f"/units/{world.case.school}?actions=true", world.admins[0])
    allowed = {one["command"]: (one["allowed"], one["code"]) for one in offered.json()["actions"]}
    assert allowed["patch"] == (True, None)
    assert allowed["move"] == (None, "NotFound")
    commune = await world.unit(world.case.commune)
    etag = {"If-Match": f'"v{commune["version"]}"'}
    refused = await world.send("PATCH", f"/units/{world.case.commune}", world.admins[0], body, **etag)
    assert (refused.status_code, refused.json()["code"]) == (409, "UnitNotEmpty")
    other = await world.unit(world.other)
    body = {"name": other["name"], "valid_to": str(world.tomorrow)}
    etag = {"If-Match": f'"v{other["version"]}"'}
    ended = await world.send("PATCH", f"/units/{world.other}", world.admins[0], body, **etag)
    assert ended.status_code == 200, ended.text


async def test_a_head_whose_unit_merges_passes_the_work_to_the_head_of_the_successor(world: World) -> None:
    head = uuid4()
    facts = await world.case.facts()
    await facts.appoint((world.case.holder(head, PostKind.UNIT_HEAD), (*world.case.path[:2], world.other)))
    await world.approved()
    await world.next_day()
    ended = await facts.database.pool.fetch("select * from posts where passed_to is not null")
    assert [(one["kind"], one["unit_id"]) for one in ended] == [("UNIT_HEAD", world.case.school)]
    held_to = await facts.database.pool.fetchval(
        "select held_to from holdings where post_id = $1", ended[0]["id"]
    )
    assert held_to == world.tomorrow - 2 * DAY
    told = await facts.database.pool.fetch("select person_id, detail from notices order by position")
    assert {row["detail"] for row in told} == {"APPROVED", "IN_FORCE"}
    assert {world.case.head, world.case.officer, head} <= {row["person_id"] for row in told}


async def test_a_rename_keeps_the_old_name_until_its_day(world: World) -> None:
    step = {"kind": "RENAMES", "into_id": None, "name": "Trường Đổi Tên"}
    await world.approved(world.merger(**step))
    assert (await world.unit(world.case.school))["name"] == "Trường Cũ"
    await world.next_day()
    assert (await world.unit(world.case.school))["name"] == "Trường Đổi Tên"
    kept = await world.organisation.database.pool.fetch("select name, last_day from unit_names")
    assert [tuple(row) for row in kept] == [("Trường Cũ", world.tomorrow - 2 * DAY)]


async def test_the_successor_says_what_it_inherited(world: World) -> None:
    await world.approved()
    await world.next_day()
    past = (await world.send("GET", f"/units/{world.other}/past", world.admins[0])).json()
    assert [unit["name"] for unit in past["inherited"]] == ["Trường Cũ"]


async def test_three_communes_become_one_one_is_split_and_two_schools_merge_in_one_act(world: World) -> None:
    """Everything lies where the act says, with nothing below what has ended but what it had inherited."""
    province = world.case.province
    new, east, west, split = (uuid4() for _ in range(4))
    olds, schools, below = (
        [uuid4() for _ in range(3)],
        [uuid4() for _ in range(3)],
        [uuid4() for _ in range(2)],
    )
    async with world.organisation.database.transaction() as tx:
        for commune in (new, east, west, split, *olds):
            await write_unit(tx.conn, (province, commune))
            await tx.conn.execute(LEVELS, commune, "COMMUNE")
        for commune, school in [*zip(olds, schools, strict=True), *((split, one) for one in below)]:
            await write_unit(tx.conn, (province, commune, school))
            await tx.conn.execute(LEVELS, school, "SCHOOL")
    steps = [{"kind": "MERGES", "unit_id": str(old), "into_id": str(new)} for old in olds]
    given = [{"id": str(below[1]), "into_id": str(west)}]
    steps.append({"kind": "SPLITS", "unit_id": str(split), "into_id": str(east), "given": given})  # type: ignore[dict-item]
    steps.append({"kind": "MERGES", "unit_id": str(schools[0]), "into_id": str(schools[1])})
    body = {"document": "1672/NQ-UBTVQH15", "from_day": str(world.tomorrow), "steps": steps}
    admins = [(uuid4(), held(PostKind.ADMIN, province)) for _ in range(2)]
    drafted = await world.send("POST", "/successions", admins[0][0], body, admins[0][1])
    assert drafted.status_code == 201, drafted.text
    approval = f"/successions/{drafted.json()['id']}/approval"
    assert (await world.send("POST", approval, admins[1][0], None, admins[1][1])).status_code == 200
    await world.next_day()
    paths = {
        unit: [UUID(one) for one in (await world.unit(unit))["path"]]
        for unit in (*olds, split, *schools, *below)
    }
    assert all(paths[old] == [province, new, old] for old in olds)
    assert paths[split] == [province, east, split]
    assert paths[schools[1]] == [province, new, schools[1]]
    assert paths[schools[2]] == [province, new, schools[2]]
    assert paths[schools[0]] == [province, new, schools[1], schools[0]]
    assert (paths[below[0]], paths[below[1]]) == ([province, east, below[0]], [province, west, below[1]])
    past = (await world.send("GET", f"/units/{new}/past", world.admins[0])).json()
    assert {UUID(unit["id"]) for unit in past["inherited"]} == set(olds)


async def test_an_act_for_which_something_came_up_waits_and_says_so_and_blocks_nobody(world: World) -> None:
    ends = {"kind": "ENDS", "unit_id": str(world.other), "into_id": None}
    act = await world.approved(world.merger(**ends))
    facts = await world.case.facts()
    head = uuid4()
    await facts.appoint((world.case.holder(head, PostKind.UNIT_HEAD), (*world.case.path[:2], world.other)))
    await world.next_day()
    waits = (await world.send("GET", f"/successions/{act}", world.admins[0])).json()
    assert (waits["state"], waits["held_up_at"] is not None) == ("APPROVED", True)
    assert (await world.unit(world.other))["valid_to"] is None
    told = "select detail from notices where person_id = $1"
    assert [row["detail"] for row in await facts.database.pool.fetch(told, head)] == ["HELD_UP"]
    pending = "select count(*) from successions_v1 where not in_force"
    assert await facts.database.pool.fetchval(pending) == 0
    cancelled = await world.send("POST", f"/successions/{act}/cancellation", world.admins[1])
    assert cancelled.status_code == 200, cancelled.text
