"""Where a dossier stands, in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from language.ids import StageId, UnitId
from language.messages.journey import LevelStop, Route, StageOutcome
from services.intake.domain.dossier import Dossier, DossierContent, DossierState
from services.intake.domain.standing import Around, LevelDecided, StageNow, standing_of
from tests.manner import faults

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
DUE = datetime(2026, 3, 31, 16, 59, tzinfo=UTC)
UNIT = UnitId(uuid4())
ROUTE = Route(
    plan_hash="x",
    rule_version="two-tier@1",
    levels=tuple(LevelStop(level=level, unit_id=UNIT, pays=False) for level in ("UNIT", "PROVINCE")),
)
NOTHING = Around(stage=None, decided=(), route=ROUTE, is_check_suspended=False)


def _dossier(state: DossierState) -> Dossier:
    return Dossier(
        id=uuid4(),
        code="SK-2026-00001",
        state=state,
        season_id=uuid4(),
        unit_id=UNIT,
        unit_path=[UNIT],
        created_by=uuid4(),
        taken_over_by=None,
        prepared_by=None,
        agreed_at=None,
        handed_in_by=None,
        created_at=NOON,
        content=DossierContent(),
        register_number=1,
        register_year=2026,
        filed_at=NOON,
        answer_due_on=None,
        check_id=uuid4(),
        check_due_at=DUE,
        plan_hash="x",
        rule_version="two-tier@1",
        check_officers=None,
        supplement_budget=None,
        check_rules=(),
        supplement_due_at=DUE,
        moved_at=NOON,
        check_revision=1,
        withdrawal_requested_at=None,
        closed_at=DUE,
        levels=None,
        version=1,
        epoch=0,
    )


def _stage(*, is_suspended: bool = False) -> StageNow:
    return StageNow(
        id=StageId(uuid4()),
        level="PROVINCE",
        unit_id=UNIT,
        opened_at=NOON + timedelta(days=1),
        due_at=DUE,
        is_suspended=is_suspended,
    )


def _decided(*, proposed: bool) -> LevelDecided:
    return LevelDecided(
        level="UNIT",
        outcome=StageOutcome.RECOGNISED,
        proposed=proposed,
        decision_number="12/QĐ-2026",
        decided_at=NOON + timedelta(days=2),
    )


@pytest.mark.parametrize("state", DossierState)
def test_every_state_says_where_and_what_next_as_an_official_writes(state: DossierState) -> None:
    found = standing_of(_dossier(state), NOTHING)
    for said in (found.where, found.next_step):
        assert said.vi.endswith(".")
        assert said.en.endswith(".")
        assert not faults(said.vi)


def test_of_a_draft_that_an_office_prepared_it_is_said_who_files_it() -> None:
    draft = _dossier(DossierState.DRAFT)
    prepared = replace(draft, prepared_by=uuid4(), agreed_at=None)
    agreed = replace(prepared, agreed_at=draft.created_at)
    steps = [standing_of(one, NOTHING).next_step.vi for one in (draft, prepared, agreed)]
    assert steps[0] == "Tác giả hoàn thiện và nộp hồ sơ."
    assert "đồng ý để đơn vị nộp thay" in steps[1]
    assert steps[2].startswith("Đơn vị nộp thay")


def test_what_is_awaited_is_said_with_its_instant() -> None:
    supplement = standing_of(_dossier(DossierState.SUPPLEMENT_REQUESTED), NOTHING)
    assert (supplement.until, supplement.next_step.vi) == (
        DUE,
        "Tác giả bổ sung và gửi lại, chậm nhất 23:59 ngày 31/03/2026.",
    )
    examined = standing_of(_dossier(DossierState.ACCEPTED), replace(NOTHING, stage=_stage()))
    assert examined.where.vi == "Hội đồng sáng kiến cấp tỉnh đang xét."
    assert (examined.level, examined.since, examined.until) == ("PROVINCE", NOON + timedelta(days=1), DUE)


def test_while_a_clock_stands_still_no_instant_is_named() -> None:
    check = standing_of(_dossier(DossierState.FILED), replace(NOTHING, is_check_suspended=True))
    stage = standing_of(_dossier(DossierState.ACCEPTED), replace(NOTHING, stage=_stage(is_suspended=True)))
    for found in (check, stage):
        assert (found.until, found.is_suspended) == (None, True)
        assert "thời hạn đang tạm dừng" in found.next_step.vi


@pytest.mark.parametrize(
    ("proposed", "next_step"),
    [(True, "Hội đồng sáng kiến cấp tỉnh mở xét."), (False, "Kết thúc hồ sơ.")],
)
def test_between_levels_the_last_decision_says_what_follows(proposed: bool, next_step: str) -> None:
    around = replace(NOTHING, decided=(_decided(proposed=proposed),))
    found = standing_of(_dossier(DossierState.ACCEPTED), around)
    assert found.where.vi == "Cấp cơ sở đã có quyết định: công nhận (Quyết định số 12/QĐ-2026)."
    assert (found.next_step.vi, found.since) == (next_step, NOON + timedelta(days=2))
