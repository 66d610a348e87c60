"""Lists of dossiers, decisions and awards read what they show and little more, however rare what one looks
for is among many."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from language.text import containing
from services.intake.app import SERVICE as INTAKE
from services.intake.domain.dossier import DossierState
from services.intake.store import dossiers
from services.intake.store.dossiers import DossierFilter
from services.payout.app import SERVICE as PAYOUT
from services.payout.store import awards
from services.review.app import SERVICE as REVIEW
from services.review.store import stages
from tests.conftest import ServiceOpener, TestService, vacuum
from tests.plan_cases import rows_read

ROOT, SEASON, EARLIER, RARE = (UUID(int=number) for number in range(1, 5))
PAGE = 51
END = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=0))
BEGINNING = (datetime(1, 1, 2, tzinfo=UTC), UUID(int=0))
ALLOWED = 6 * PAGE

# The newest are open, as in life.
DOSSIERS = """
with plan as (insert into plans (hash, version, body, frozen_at) values ('x', 1, '{}', now()) returning hash)
insert into dossiers (id, code, state, season_id, unit_id, unit_path, created_by, created_at, content,
  title, folded_title, filed_at, plan_hash, rule_version)
select gen_random_uuid(), 'SK-2026-' || n, case when n % 4000 = 0 then 'SUPPLEMENT_REQUESTED'
  when n <= 6000 then 'FILED' when n % 3 = 0 then 'REFUSED' else 'RECOGNISED' end,
  case when n <= 15000 then $2::uuid else $3::uuid end, u.id, array[$1, u.id], gen_random_uuid(),
  now() - interval '1 minute' * n, '{}', 'Biện pháp ' || n, 'bien phap so ' || md5(n::text), now(), plan.hash,
  'sample@1'
from plan, generate_series(1, 20000) n
cross join lateral (select case when n % 1000 = 0 then $4 else md5((n % 200)::text)::uuid end as id) u
"""
STAGES = """
insert into stages (id, dossier_id, dossier_code, level, unit_id, unit_path, plan, plan_hash, rule_version,
  last_level, opened_at, due_at, state, outcome, decision_number, decision_event_id, decided_at, reasons,
  ground)
select gen_random_uuid(), gen_random_uuid(), 'SK', case when n % 4000 = 0 then 'PROVINCE' else 'UNIT' end,
  u.id, array[$1, u.id], '{}', 'x', 'sample@1', false, now(), now(), 'DECIDED',
  case when n % 2000 = 0 then 'REFUSED' else 'RECOGNISED' end, n || '/QĐ', gen_random_uuid(),
  now() - interval '1 minute' * n, 'x', 'NOT_NOVEL'
from generate_series(1, 20000) n
cross join lateral (select case when n % 1000 = 0 then $2 else md5((n % 200)::text)::uuid end as id) u
"""
AWARDS = """
insert into awards (id, dossier_id, dossier_code, level, unit_id, unit_path, decision_number, amount_dong,
  rule_version, basis, verifier_post, approver_post, state, assessed_at, moved_at, due_at)
select gen_random_uuid(), gen_random_uuid(), 'SK', 'UNIT', u.id, array[$1, u.id], 'x', 500000,
  'sample@1', '{}', 'ACCOUNTANT', 'CHIEF_ACCOUNTANT', case when n % 4000 = 0 then 'REVERSED' else 'PAID' end,
  now() - interval '1 minute' * n, now(), now()
from generate_series(1, 20000) n
cross join lateral (select case when n % 1000 = 0 then $2 else md5((n % 200)::text)::uuid end as id) u
"""


@pytest.fixture(scope="module")
async def intake(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestService]:
    async with open_service(INTAKE, blob_dir=tmp_path_factory.mktemp("blobs")) as service:
        await service.database.pool.execute(DOSSIERS, ROOT, SEASON, EARLIER, RARE)
        await vacuum(service.admin_url, "intake.dossiers")
        yield service


@pytest.fixture(scope="module")
async def review(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(REVIEW) as service:
        await service.database.pool.execute(STAGES, ROOT, RARE)
        await vacuum(service.admin_url, "review.stages")
        yield service


@pytest.fixture(scope="module")
async def payout(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(PAYOUT) as service:
        await service.database.pool.execute(AWARDS, ROOT, RARE)
        await vacuum(service.admin_url, "payout.awards")
        yield service


LOOKED_FOR: dict[str, tuple[str | None, UUID | None, str | None]] = {
    "all": (None, None, None),
    "state": ("RECOGNISED", None, None),
    "rare state": ("SUPPLEMENT_REQUESTED", None, None),
    "no such state": ("WITHDRAWN", None, None),
    "season": (None, SEASON, None),
    "earlier season": (None, EARLIER, None),
    "no such season": (None, uuid4(), None),
    "rare state of a season": ("SUPPLEMENT_REQUESTED", EARLIER, None),
    "text of all": (None, None, "bien phap"),
    "text of nobody": (None, None, "khong co ten nay"),
    "code": (None, None, "sk-2026-19999"),
    "text of all, rare state": ("SUPPLEMENT_REQUESTED", None, "bien phap"),
}


@pytest.mark.parametrize("looked_for", LOOKED_FOR)
@pytest.mark.parametrize("units", [None, [RARE]], ids=["province", "school"])
async def test_dossiers(intake: TestService, looked_for: str, units: list[UUID] | None) -> None:
    state, season, text = LOOKED_FOR[looked_for]
    like = containing(text) if text else None
    wanted = DossierFilter(state=DossierState(state) if state else None, season_id=season, text=text)
    statement = dossiers.list_statement(units, wanted)
    assert await rows_read(intake, statement, units, state, season, like, *END, PAGE) <= ALLOWED


@pytest.mark.parametrize("outcome", [None, "RECOGNISED", "REFUSED", "WITHDRAWN"])
@pytest.mark.parametrize("level", [None, "UNIT", "PROVINCE", "DISTRICT"])
@pytest.mark.parametrize("unit", [None, RARE], ids=["province", "school"])
async def test_decisions(
    review: TestService, unit: UUID | None, level: str | None, outcome: str | None
) -> None:
    arguments = ([ROOT], unit, level, outcome, *END, PAGE)
    assert await rows_read(review, stages.DECISIONS, *arguments) <= ALLOWED


@pytest.mark.parametrize("state", [None, "PAID", "REVERSED", "SENT"])
@pytest.mark.parametrize("unit", [None, RARE], ids=["province", "school"])
async def test_awards(payout: TestService, unit: UUID | None, state: str | None) -> None:
    arguments = ([ROOT], None, None, unit, state, *BEGINNING, PAGE)
    assert await rows_read(payout, awards.LIST, *arguments) <= ALLOWED
