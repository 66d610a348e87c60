"""A dossier says where it stands: to its authors as to everybody who reads it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from language.messages.journey import StageOutcome
from services.intake.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener
from tests.intake_cases import Case


@pytest.fixture
async def case(open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[Case]:
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock, blob_dir=tmp_path) as intake:
        yield Case(intake, clock)


async def _standing(case: Case) -> dict[str, Any]:
    answer = (await case.read(case.co_author)).json()["standing"]
    assert isinstance(answer, dict)
    return answer


async def test_an_author_reads_where_the_dossier_is_until_when_and_what_follows(case: Case) -> None:
    await case.awaiting_supplement()
    asked = await _standing(case)
    assert asked["vi"] == "Chờ tác giả bổ sung hồ sơ."
    assert asked["defects"] == [{"content_field": None, "what": "Thiếu minh chứng"}]
    assert asked["until"] == (await case.read(case.author)).json()["supplement_due_at"]
    await case.agree(case.author)
    given = await case.act("supplement", case.author)
    assert given.status_code == 200, given.text
    assert (await case.act("acceptance", case.officer)).status_code == 200
    assert (await _standing(case))["vi"] == "Đơn đã được chấp nhận."
    await case.stage("UNIT")
    examined = await _standing(case)
    assert (examined["vi"], examined["level"]) == ("Hội đồng sáng kiến cấp cơ sở đang xét.", "UNIT")
    assert examined["until"] is not None
    assert "chậm nhất" in examined["next_vi"]


async def test_a_level_that_has_decided_is_told_before_the_dossier_is_closed(case: Case) -> None:
    await case.accepted()
    await case.stage("UNIT", StageOutcome.REFUSED)
    found = await _standing(case)
    assert [(level["level"], level["outcome"]) for level in found["decided"]] == [("UNIT", "REFUSED")]
    assert found["next_vi"] == "Kết thúc hồ sơ."
    await case.close()
    assert (await _standing(case))["vi"] == "Đã kết thúc: không được công nhận."


async def test_what_a_supplement_is_asked_for_stands_beside_its_field(case: Case) -> None:
    await case.file()
    defect = {"content_field": "description", "what": "Chưa nêu các bước thực hiện"}
    unknown = {"defects": [{**defect, "content_field": "colour"}]}
    assert (await case.act("supplement-notice", case.officer, unknown)).status_code == 422
    asked = await case.act("supplement-notice", case.officer, {"defects": [defect, "Thiếu minh chứng"]})
    assert asked.status_code == 200, asked.text
    assert (await _standing(case))["defects"][0] == defect
    reason = await case.service.database.pool.fetchval(
        "select reason from notices where kind = 'SUPPLEMENT_REQUESTED' and person_id = $1", case.co_author
    )
    assert reason == "mô tả: Chưa nêu các bước thực hiện\nThiếu minh chứng"
