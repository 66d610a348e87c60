"""Dashboards in figures, each of which is the length of a list with the same filters; acts of a person or a
post; and who looked at a dossier."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.posts.kinds import PostKind
from services.intake.app import SERVICE as INTAKE
from services.payout.app import SERVICE as PAYOUT
from services.review.app import SERVICE as REVIEW
from tests.conftest import MovableClock, ServiceOpener, held
from tests.intake_cases import Case
from tests.payout_cases import Case as MoneyCase
from tests.review_cases import Case as CouncilCase

NOBODYS = {"posts": ()}


@pytest.fixture
async def case(open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[Case]:
    clock = MovableClock()
    async with open_service(INTAKE, clock=clock, blob_dir=tmp_path) as intake:
        yield Case(intake, clock)


async def _items(case: Case, path: str, person: UUID, **options: Any) -> list[dict[str, Any]]:
    answer = await case.send("GET", path, person, **options)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def _over(case: Case, kind: PostKind = PostKind.UNIT_HEAD) -> dict[str, Any]:
    return {"posts": (held(kind, *case.path[:2]),)}


async def _count(case: Case, path: str, person: UUID, posts: dict[str, Any], **query: Any) -> int:
    answer = await case.send("GET", path, person, params=query, **posts)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["count"])


async def test_open_cases_are_counted_by_age_and_listed(case: Case) -> None:
    await case.file()
    head, over = uuid4(), _over(case)
    [now] = await _items(case, "/cases/ageing", head, **over)
    assert (now["kind"], now["up_to_a_week"], now["count"], now["overdue"]) == ("FORMAL_CHECK", 1, 1, 0)
    case.clock.offset += timedelta(days=45)
    [later] = await _items(case, "/cases/ageing", head, **over)
    assert [later[age] for age in ("up_to_a_week", "up_to_a_month", "up_to_two_months", "longer")] == [
        0,
        0,
        1,
        0,
    ]
    assert later["overdue"] == 1
    [line] = await _items(case, "/cases?state=RUNNING&overdue=true", head, **over)
    assert (line["subject_id"], line["is_overdue"]) == (str(case.id), True)
    assert line["title"]
    assert line["unit_name"]
    assert await _count(case, "/cases", head, over, overdue=False) == 0


async def test_punctuality_is_that_of_the_units_below(case: Case) -> None:
    await case.accepted()
    head, over = uuid4(), _over(case)
    [school] = await _items(case, "/cases/punctuality", head, **over)
    assert (school["unit_id"], school["itself"]) == (str(case.school), False)
    assert (school["in_time"], school["late"], school["running"]) == (1, 0, 0)
    mine = await _items(case, f"/cases/punctuality?unit_id={case.school}", head, **over)
    assert [(one["unit_id"], one["itself"]) for one in mine] == [(str(case.school), True)]
    narrowed = f"/cases/punctuality?closed_until={(case.clock.now() - timedelta(days=3)).date()}"
    assert await _items(case, narrowed, head, **over) == []
    figures = (("OVER", False, school["in_time"]), ("OVER", True, 0), ("RUNNING", None, 0))
    for state, overdue, count in figures:
        query = {"state": state, "in_unit_id": str(case.school)}
        narrowed_by = query if overdue is None else {**query, "overdue": str(overdue).lower()}
        assert await _count(case, "/cases", head, over, **narrowed_by) == count


async def test_what_was_done_behind_its_term_is_late(case: Case) -> None:
    await case.file()
    case.clock.offset += timedelta(days=60)
    assert (await case.act("acceptance", case.officer)).status_code == 200
    head, over = uuid4(), _over(case)
    [school] = await _items(case, "/cases/punctuality", head, **over)
    assert (school["in_time"], school["late"]) == (0, 1)
    assert await _count(case, "/cases", head, over, state="OVER", overdue="true") == 1


async def test_who_waits_for_whom(case: Case) -> None:
    await case.file()
    head, over = uuid4(), _over(case)
    [line] = await _items(case, "/tasks/waiting", head, **over)
    assert (line["assignee_id"], line["kind"], line["count"]) == (str(case.officer), "FORMAL_CHECK", 1)
    assert (line["overdue"], line["waiting_units"], len(line["waiting_unit_names"])) == (0, 1, 1)
    behind = {"scope": "all", "actor_id": line["assignee_id"], "kind": line["kind"]}
    assert await _count(case, "/tasks", head, over, **behind) == line["count"]


async def test_dossiers_are_counted_by_state(case: Case) -> None:
    await case.file()
    head, over = uuid4(), _over(case)
    asked = f"/dossiers/counts?season_id={case.season}"
    assert await _items(case, asked, head, **over) == [{"state": "FILED", "count": 1}]
    assert await _items(case, f"/dossiers/counts?season_id={uuid4()}", head, **over) == []
    listed = {"scope": "all", "state": "FILED", "season_id": str(case.season)}
    assert await _count(case, "/dossiers", head, over, **listed) == 1


@pytest.mark.parametrize("path", ["/cases", "/cases/ageing", "/cases/punctuality", "/dossiers/counts"])
async def test_figures_are_for_posts_over_the_unit(case: Case, path: str) -> None:
    await case.file()
    for options in (NOBODYS, {"posts": (held(PostKind.STAFF, *case.path),)}):
        answer = await case.send("GET", path, uuid4(), **options)
        assert (answer.status_code, answer.json()["code"]) == (403, "Forbidden")
    school = {"posts": (held(PostKind.UNIT_HEAD, *case.path),)}
    above = await case.send("GET", f"{path}?unit_id={case.path[1]}", uuid4(), **school)
    assert above.status_code == 403
    assert (await case.send("GET", f"{path}?unit_id={case.school}", uuid4(), **school)).status_code == 200


async def test_acts_of_a_person_or_a_post_the_newest_first(case: Case) -> None:
    await case.accepted()
    auditor, over = uuid4(), {"posts": (held(PostKind.AUDITOR, case.province),)}
    acts = await _items(case, f"/acts?actor_id={case.officer}", auditor, **over)
    assert [one["kind"] for one in acts] == ["RequestAccepted"]
    [act] = acts
    assert (act["act_vi"], act["subject_code"]) == ("Chấp nhận đơn", act["subject_code"])
    assert act["subject_code"]
    assert act["post_title"]
    authors = await _items(case, f"/acts?actor_id={case.author}", auditor, **over)
    assert [one["occurred_at"] for one in authors] == sorted(
        (one["occurred_at"] for one in authors), reverse=True
    )
    assert "DossierFiled" in {one["kind"] for one in authors}
    assert await _items(case, f"/acts?post_id={act['post_id']}", auditor, **over) == acts
    school = {"posts": (held(PostKind.AUDITOR, *case.path),)}
    assert await _items(case, f"/acts?actor_id={case.officer}", uuid4(), **school) == acts
    # Who audits a unit reads what was done through its posts, and nothing else of a person.
    assert await _items(case, f"/acts?actor_id={case.author}", uuid4(), **school) == []
    whose = await case.send("GET", "/acts", auditor, **over)
    assert (whose.status_code, whose.json()["code"]) == (422, "ActsOfNobody")
    head = await case.send("GET", f"/acts?actor_id={case.officer}", uuid4(), **_over(case))
    assert head.status_code == 403


async def test_looks_are_written_down_once_an_hour_but_not_those_of_authors(case: Case) -> None:
    await case.file()
    auditor, over = uuid4(), {"posts": (held(PostKind.AUDITOR, case.province),)}
    one = f"/dossiers/{case.id}"
    looks = f"/looks?dossier_id={case.id}"
    assert await _items(case, looks, auditor, **over) == []
    for path in (one, one, f"{one}/history", f"{one}/proof", f"{one}/versions/1"):
        assert (await case.send("GET", path, auditor, **over)).status_code == 200
    found = await _items(case, looks, auditor, **over)
    parts = {"DOSSIER", "HISTORY", "PROOF", "VERSION"}
    assert len(found) == len(parts)
    assert {look["part"] for look in found} == parts
    assert {look["person_id"] for look in found} == {str(auditor)}
    case.clock.offset += timedelta(hours=1)
    await case.send("GET", one, auditor, **over)
    again = await _items(case, f"{looks}&actor_id={auditor}", auditor, **over)
    assert len(again) == len(parts) + 1
    # Who is refused has seen nothing.
    assert (await case.send("GET", one, uuid4(), posts=())).status_code == 404
    assert len(await _items(case, looks, auditor, **over)) == len(parts) + 1
    for posts in ((), _over(case)["posts"]):
        assert (await case.send("GET", looks, uuid4(), posts=posts)).status_code == 403
    elsewhere = {"posts": (held(PostKind.AUDITOR, case.province, uuid4()),)}
    assert await _items(case, looks, uuid4(), **elsewhere) == []


async def test_stages_are_counted_by_level_and_outcome(open_service: ServiceOpener) -> None:
    async with open_service(REVIEW) as service:
        case = CouncilCase(service)
        await case.open()
        await case.mark_all()
        assert (await case.decide()).status_code == 200
        await case.another().open()
        headers = service.headers(uuid4(), held(PostKind.UNIT_HEAD, case.root))
        for asked, count in ((case.season, 2), (uuid4(), 0)):
            answer = await service.http.get(f"/v1/stages/counts?season_id={asked}", headers=headers)
            assert sum(one["count"] for one in answer.json()["items"]) == count
        answer = await service.http.get(f"/v1/stages/counts?season_id={case.season}", headers=headers)
        assert {(one["level"], one["state"], one["outcome"]) for one in answer.json()["items"]} == {
            ("UNIT", "DECIDED", "RECOGNISED"),
            ("UNIT", "OPEN", None),
        }
        nobody = await service.http.get("/v1/stages/counts", headers=service.headers(uuid4()))
        assert nobody.status_code == 403


async def test_money_is_counted_by_state(open_service: ServiceOpener) -> None:
    async with open_service(PAYOUT) as service:
        case = MoneyCase(service)
        await case.assess()
        post = held(PostKind.ACCOUNTANT, case.root)
        answer = await case.get("awards/counts", uuid4(), post, unit_id=str(case.unit))
        assert answer.json()["items"] == [
            {"level": "UNIT", "state": "ASSESSED", "count": 1, "amount_dong": case.amount_dong}
        ]
        assert (await case.get("awards/counts", uuid4())).status_code == 403
        officer = held(PostKind.INTAKE_OFFICER, *case.path)
        assert (await case.get("awards/counts", uuid4(), officer)).status_code == 403
