"""Lists of dossiers, decisions and awards read what they show and little more, however rare what one looks
for is among many."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from casework.about import Found
from casework.naming import Days
from kit.db import Tx
from kit.sorting import ListPlace, Order
from language.messages.journey import StageOutcome
from language.messages.payout import AwardState
from services.intake.app import SERVICE as INTAKE
from services.intake.domain.dossier import DossierState
from services.intake.store import dossier_lists
from services.intake.store.dossier_lists import DossierFilter
from services.payout.app import SERVICE as PAYOUT
from services.payout.store import awards
from services.payout.store.awards import AwardFilter
from services.review.app import SERVICE as REVIEW
from services.review.domain.stage import StageState
from services.review.store import stage_lists, stages
from services.review.store.stage_lists import DECISION_SORTS, STAGE_SORTS, DecisionFilter, StageFilter
from tests.conftest import ServiceOpener, TestService, vacuum
from tests.plan_cases import rows_read

ROOT, SEASON, EARLIER, RARE = (UUID(int=number) for number in range(1, 5))
PAGE = 51
ALLOWED = 6 * PAGE
TX = Tx(conn=None, now=datetime(2026, 1, 1, tzinfo=UTC))  # type: ignore[arg-type]
_FILED_A_DAY = 24 * 60
FEW = Found(dossier_ids=[UUID(int=number) for number in range(90, 100)])
LONG_AGO = Days(first=date(2001, 1, 1), last=date(2001, 12, 31))

# The newest are open, as in life.
DOSSIERS = """
with plan as (insert into plans (hash, version, body, frozen_at) values ('x', 1, '{}', now()) returning hash)
insert into dossiers (id, code, state, season_id, unit_id, unit_path, created_by, created_at, content,
  title, folded_title, filed_at, plan_hash, rule_version)
select gen_random_uuid(), 'SK-2026-' || n, case when n % 4000 = 0 then 'SUPPLEMENT_REQUESTED'
  when n <= 6000 then 'FILED' when n % 3 = 0 then 'REFUSED' else 'RECOGNISED' end,
  case when n <= 15000 then $2::uuid else $3::uuid end, u.id, array[$1, u.id], gen_random_uuid(),
  now() - interval '1 minute' * n, '{}', 'Biện pháp ' || n, 'bien phap so ' || md5(n::text),
  now() - interval '1 minute' * n, plan.hash,
  'sample@1'
from plan, generate_series(1, 20000) n
cross join lateral (select case when n % 1000 = 0 then $4 else md5((n % 200)::text)::uuid end as id) u
"""
STAGES = """
insert into stages (id, dossier_id, dossier_code, level, unit_id, unit_path, plan, plan_hash, rule_version,
  last_level, opened_at, due_at, state, outcome, decision_number, decision_event_id, decided_at, reasons,
  ground)
select gen_random_uuid(), gen_random_uuid(), 'SK-' || n,
  case when n % 4000 = 0 then 'PROVINCE' else 'UNIT' end,
  u.id, array[$1, u.id], '{}', 'x', 'sample@1', false, now() - interval '1 minute' * n,
  now() - interval '1 minute' * n, 'DECIDED',
  case when n % 2000 = 0 then 'REFUSED' else 'RECOGNISED' end, n || '/QĐ', gen_random_uuid(),
  now() - interval '1 minute' * n, 'x', 'NOT_NOVEL'
from generate_series(1, 20000) n
cross join lateral (select case when n % 1000 = 0 then $2 else md5((n % 200)::text)::uuid end as id) u
"""
AWARDS = """
insert into awards (id, dossier_id, dossier_code, level, unit_id, unit_path, decision_number, amount_dong,
  rule_version, basis, verifier_post, approver_post, state, assessed_at, moved_at, due_at)
select gen_random_uuid(), gen_random_uuid(), 'SK', 'UNIT', u.id, array[$1, u.id], 'x',
  500000 + n % 7 * 100000,
  'sample@1', '{}', 'ACCOUNTANT', 'CHIEF_ACCOUNTANT', case when n % 4000 = 0 then 'REVERSED' else 'PAID' end,
  now() - interval '1 minute' * n, now(), now() - interval '1 minute' * n
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


@pytest.mark.parametrize("order", dossier_lists.SORTS.orders)
@pytest.mark.parametrize("looked_for", LOOKED_FOR)
@pytest.mark.parametrize("units", [None, [RARE]], ids=["province", "school"])
async def test_dossiers(intake: TestService, looked_for: str, units: list[UUID] | None, order: str) -> None:
    state, season, text = LOOKED_FOR[looked_for]
    wanted = DossierFilter(state=DossierState(state) if state else None, season_id=season, text=text)
    assert await _dossiers_read(intake, units, wanted, order) <= ALLOWED


NARROWED: dict[str, DossierFilter] = {
    "of an author": DossierFilter(author_id=uuid4()),
    "filed long ago": DossierFilter(filed=LONG_AGO),
    "filed lately": DossierFilter(filed=Days(first=date(2020, 1, 1))),
    "overdue": DossierFilter(overdue=True),
    "not overdue": DossierFilter(overdue=False),
    "due long ago": DossierFilter(due=LONG_AGO),
}


@pytest.mark.parametrize("order", dossier_lists.SORTS.orders)
@pytest.mark.parametrize("narrowed", NARROWED)
@pytest.mark.parametrize("units", [None, [RARE]], ids=["province", "school"])
async def test_dossiers_by_each_filter(
    intake: TestService, narrowed: str, units: list[UUID] | None, order: str
) -> None:
    assert await _dossiers_read(intake, units, NARROWED[narrowed], order) <= ALLOWED


@pytest.mark.parametrize("order", dossier_lists.SORTS.orders)
@pytest.mark.parametrize("units", [None, [ROOT]], ids=["all", "under units"])
async def test_dossiers_filed_on_a_day_in_the_middle(
    intake: TestService, units: list[UUID] | None, order: str
) -> None:
    """Whoever walks to them by what goes along with filing passes by half of all."""
    day = datetime.now(UTC).date() - timedelta(days=7)
    wanted = DossierFilter(filed=Days(first=day, last=day))
    is_gathered = order in {"made", "code", "-code"}
    allowed = 3 * _FILED_A_DAY if is_gathered else _FILED_A_DAY
    assert await _dossiers_read(intake, units, wanted, order) <= allowed


async def _dossiers_read(
    intake: TestService, units: list[UUID] | None, wanted: DossierFilter, order: str
) -> int:
    statement = dossier_lists.list_statement(units, wanted, order)
    arguments = dossier_lists.arguments(TX, units, wanted, ListPlace(order=order), PAGE)
    return await rows_read(intake, statement, *arguments)


@pytest.mark.parametrize("order", DECISION_SORTS.orders)
@pytest.mark.parametrize("outcome", [None, "RECOGNISED", "REFUSED", "WITHDRAWN"])
@pytest.mark.parametrize("level", [None, "UNIT", "PROVINCE", "DISTRICT"])
@pytest.mark.parametrize("unit", [None, RARE], ids=["province", "school"])
async def test_decisions(
    review: TestService, unit: UUID | None, level: str | None, outcome: str | None, order: str
) -> None:
    result = StageOutcome(outcome) if outcome else None
    wanted = DecisionFilter(caller_units=[ROOT], unit_id=unit, level=level, outcome=result)
    assert await _decisions_read(review, wanted, order) <= ALLOWED


@pytest.mark.parametrize(
    "narrowed",
    [
        {"season_id": SEASON},
        {"dossier_id": RARE},
        {"grade": "A"},
        {"decided": LONG_AGO},
        {"decided": Days(first=date(2020, 1, 1))},
        {"actor_id": RARE},
        {"about": FEW},
    ],
    ids=str,
)
@pytest.mark.parametrize("unit", [None, RARE], ids=["province", "school"])
@pytest.mark.parametrize("order", DECISION_SORTS.orders)
async def test_decisions_by_each_filter(
    review: TestService, unit: UUID | None, narrowed: dict[str, Any], order: str
) -> None:
    wanted = DecisionFilter(caller_units=[ROOT], unit_id=unit, **narrowed)
    assert await _decisions_read(review, wanted, order) <= ALLOWED


async def _decisions_read(review: TestService, wanted: DecisionFilter, order: str) -> int:
    arguments = stage_lists.decision_arguments(wanted, ListPlace(order=order), PAGE)
    return await rows_read(review, stage_lists.DECISIONS[order], *arguments)


@pytest.mark.parametrize(
    "narrowed",
    [
        {},
        {"level": "PROVINCE"},
        {"level": "DISTRICT"},
        {"state": StageState.OPEN},
        {"state": StageState.DECIDED},
        {"season_id": SEASON},
        {"opened": LONG_AGO},
        {"due": LONG_AGO},
        {"overdue": True},
        {"actor_id": RARE},
        {"about": FEW},
    ],
    ids=str,
)
@pytest.mark.parametrize("unit", [ROOT, RARE], ids=["province", "school"])
@pytest.mark.parametrize("order", STAGE_SORTS.orders)
async def test_stages(review: TestService, unit: UUID, narrowed: dict[str, Any], order: str) -> None:
    wanted = StageFilter(unit_ids=[unit], not_of=uuid4(), **narrowed)
    arguments = stage_lists.stage_arguments(TX, wanted, ListPlace(order=order), PAGE)
    assert await rows_read(review, stage_lists.STAGES[order], *arguments) <= ALLOWED


async def test_the_rules_of_stages_that_are_alike_are_read_once(review: TestService) -> None:
    async with review.database.connection() as conn:
        for statement in (*stage_lists.STAGES.values(), stages.SOME, stages.OPENED_BETWEEN):
            named = {column.name for column in (await conn.prepare(statement)).get_attributes()}
            assert {"plan_hash", "level", "unit_id"} <= named
            assert "plan" not in named
        ids = [row["id"] for row in await conn.fetch("select id from stages where unit_id = $1", RARE)]
        rows = await conn.fetch(stages.PLANS, ids)
    assert len(ids) > len(rows) == len({row["level"] for row in rows})


@pytest.mark.parametrize("order", awards.SORTS.orders)
@pytest.mark.parametrize("state", [None, "PAID", "REVERSED", "SENT"])
@pytest.mark.parametrize("unit", [ROOT, RARE], ids=["province", "school"])
async def test_awards(payout: TestService, unit: UUID, state: str | None, order: str) -> None:
    wanted = AwardFilter(unit_ids=[unit], state=AwardState(state) if state else None)
    assert await _awards_read(payout, wanted, order) <= ALLOWED


@pytest.mark.parametrize(
    "narrowed",
    [
        {"level": "PROVINCE"},
        {"season_id": SEASON},
        {"assessed": LONG_AGO},
        {"due": LONG_AGO},
        {"overdue": True},
        {"actor_id": RARE},
        {"about": FEW},
    ],
    ids=str,
)
@pytest.mark.parametrize("unit", [ROOT, RARE], ids=["province", "school"])
@pytest.mark.parametrize("order", awards.SORTS.orders)
async def test_awards_by_each_filter(
    payout: TestService, unit: UUID, narrowed: dict[str, Any], order: str
) -> None:
    assert await _awards_read(payout, AwardFilter(unit_ids=[unit], **narrowed), order) <= ALLOWED


async def _awards_read(payout: TestService, wanted: AwardFilter, order: str) -> int:
    arguments = awards.arguments(TX, wanted, ListPlace(order=order), PAGE)
    return await rows_read(payout, awards.LIST[order], *arguments)


async def _pages(
    service: TestService, statement: str, order: Order, arguments: Callable[[ListPlace, int], Sequence[Any]]
) -> tuple[list[Any], list[Any]]:
    """The first rows of the list at once, and page by page."""
    async with service.database.connection() as conn:
        whole = await conn.fetch(statement, *arguments(ListPlace(order=order.word), 120))
        paged: list[Any] = []
        place = ListPlace(order=order.word)
        while len(paged) < len(whole):
            paged += await conn.fetch(statement, *arguments(place, 40))
            place = ListPlace(order=order.word, key=(paged[-1][order.sort.column], paged[-1]["id"]))
    return [row["id"] for row in whole], [row["id"] for row in paged]


@pytest.mark.parametrize("order", dossier_lists.SORTS.orders.values(), ids=lambda order: order.word)
@pytest.mark.parametrize("wanted", [DossierFilter(), DossierFilter(season_id=SEASON)], ids=["all", "season"])
@pytest.mark.parametrize("units", [None, [ROOT]], ids=["all", "under units"])
async def test_pages_of_dossiers_neither_repeat_nor_miss(
    intake: TestService, units: list[UUID] | None, wanted: DossierFilter, order: Order
) -> None:
    statement = dossier_lists.list_statement(units, wanted, order.word)
    statement = f"select l.*, d.folded_title from ({statement}) l join dossiers d using (id) {_outer(order)}"
    whole, paged = await _pages(
        intake,
        statement,
        order,
        lambda place, limit: dossier_lists.arguments(TX, units, wanted, place, limit),
    )
    assert paged == whole
    plain = await intake.database.pool.fetch(
        f"select id from dossiers where $1::uuid is null or season_id = $1 {order.by()} limit 120",
        wanted.season_id,
    )
    assert whole == [row["id"] for row in plain]


def _outer(order: Order) -> str:
    way = " desc" if order.down else ""
    return f"order by d.{order.sort.column}{way}, d.id{way}"


@pytest.mark.parametrize("order", awards.SORTS.orders.values(), ids=lambda order: order.word)
async def test_pages_of_awards_neither_repeat_nor_miss(payout: TestService, order: Order) -> None:
    wanted = AwardFilter(unit_ids=[ROOT])
    whole, paged = await _pages(
        payout,
        awards.LIST[order.word],
        order,
        lambda place, limit: awards.arguments(TX, wanted, place, limit),
    )
    assert paged == whole
    plain = await payout.database.pool.fetch(f"select id from awards {order.by()} limit 120")
    assert whole == [row["id"] for row in plain]


@pytest.mark.parametrize("order", STAGE_SORTS.orders.values(), ids=lambda order: order.word)
async def test_pages_of_stages_neither_repeat_nor_miss(review: TestService, order: Order) -> None:
    wanted = StageFilter(unit_ids=[ROOT], not_of=uuid4())
    whole, paged = await _pages(
        review,
        stage_lists.STAGES[order.word],
        order,
        lambda place, limit: stage_lists.stage_arguments(TX, wanted, place, limit),
    )
    assert paged == whole
    plain = await review.database.pool.fetch(f"select id from stages {order.by()} limit 120")
    assert whole == [row["id"] for row in plain]
