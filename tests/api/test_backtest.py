"""A ladder tried on the stages that were, by the administrator of the province."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from language.posts.kinds import PostKind
from services.review.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, held
from tests.review_cases import Case


def _rung(name: str, action: str, offset: int, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "action": action,
        "anchor": "START",
        "offset": offset,
        "unit": "CALENDAR_DAYS",
        "basis": {"sample": True},
        **more,
    }


LADDER = [_rung("remind", "REMIND", 5), _rung("replace", "REPLACE_SILENT", 8), _rung("up", "HAND_UP", 12)]


@pytest.fixture
async def case(open_service: ServiceOpener) -> AsyncIterator[Case]:
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock) as review:
        opened = Case(review)
        await opened.open()
        await opened.mark_all(opened.members[:3])
        clock.offset = timedelta(days=20)
        yield opened


async def _try(
    case: Case,
    ladder: Any = LADDER,
    *,
    kind: PostKind = PostKind.ADMIN,
    level: str = "UNIT",
    of_root: bool = True,
) -> Any:
    path = (case.root,) if of_root else (case.root, case.unit)
    body = {"level": level, "days": 30, "ladder": ladder}
    return await case.service.http.post(
        "/v1/forecast/backtest", json=body, headers=case.service.headers(uuid4(), held(kind, *path))
    )


async def test_the_sentence_says_who_would_have_been_replaced(case: Case) -> None:
    answer = (await _try(case)).json()
    assert (answer["stages"], answer["replaced"], answer["is_part"]) == (1, 2, False)
    assert {rung["id"]: (rung["fired"], rung["people"]) for rung in answer["rungs"]} == {
        "remind": (1, 2),
        "replace": (1, 2),
        "up": (1, 1),
    }
    assert "2 thành viên đã bị thay; 2 lượt nhắc; 1 lần chuyển lên cấp trên" in answer["sentence_vi"]
    assert "2 members would have been replaced; 2 reminders; 1 decisions handed up" in answer["sentence_en"]


async def test_it_changes_nothing(case: Case) -> None:
    before = (await case.tasks(), await case.events())
    await _try(case)
    assert (await case.tasks(), await case.events()) == before


async def test_only_the_administrator_of_the_province_tries(case: Case) -> None:
    assert (await _try(case, of_root=False)).status_code == 403
    assert (await _try(case, kind=PostKind.UNIT_HEAD)).status_code == 403


async def test_a_ladder_that_makes_no_sense_is_refused_with_its_reasons(case: Case) -> None:
    answer = await _try(
        case, [_rung("late", "REMIND", 5), _rung("early", "REMIND", 2), _rung("lower", "LOWER_QUORUM", 9)]
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "LadderMakesNoSense")
    assert "early comes before late" in answer.json()["detail_en"]


async def test_another_level_has_no_stages(case: Case) -> None:
    assert (await _try(case, level="PROVINCE")).json()["stages"] == 0
