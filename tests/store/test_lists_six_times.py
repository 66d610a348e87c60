"""Every list of every service, asked as often as lets a server settle on one plan for all: none walks its
table. Tasks and alarms are in `test_inbox_plans`, dossiers, stages, decisions and awards in
`test_list_plans`; the others are here."""

from collections.abc import AsyncIterator, Mapping
from datetime import date
from importlib import import_module
from pkgutil import walk_packages
from typing import Any
from uuid import UUID, uuid4

import pytest

import casework
import services
from casework.late import questions
from casework.naming import Days
from kit.sorting import ListPlace, Sorts
from language.names import TaskQueue
from language.text import containing
from services.intake.app import SERVICE as INTAKE
from services.intake.domain.dossier import DossierState
from services.intake.store import dossier_lists, dossiers, looks
from services.intake.store.dossier_lists import DossierFilter
from services.organisation.app import SERVICE as ORGANISATION
from services.organisation.store import joinings, people, successions, units
from services.payout.app import SERVICE as PAYOUT
from services.payout.domain.payment_list import ListState
from services.payout.store import ledger
from services.payout.store.ledger import ListFilter
from services.postroom.app import SERVICE as POSTROOM
from services.postroom.store import mails, notices, webhooks
from services.review.app import SERVICE as REVIEW
from services.review.store import own_sheets
from services.rulebook.app import SERVICE as RULEBOOK
from services.rulebook.store import breaks, packs, transitions
from tests.conftest import ServiceOpener, TestService, vacuum
from tests.plan_cases import rows_read
from tests.store.test_list_plans import LONG_AGO, TX

ROOT, RARE, PERSON = UUID(int=1), UUID(int=4), UUID(int=7)
PAGE = 51
ALLOWED = 12 * PAGE
UNITS = 3_000
"""There are few: those of a level, or in the order of their names, are read all and sorted."""
DAY = date(2026, 3, 2)
EVERYWHERE = {
    "services.intake.store.dossier_lists.LIST_OF_PERSON",
    *("casework.inbox.LIST", "casework.inbox.LIST_OF_ALL", "casework.inbox.LIST_OF_ALL_GATHERED"),
    "casework.alarms.LIST",
    *(
        "services.intake.store.dossier_lists.LIST_UNDER_UNITS",
        "services.intake.store.dossier_lists.LIST_ALIKE",
    ),
    "services.intake.store.dossier_lists.LIST_GATHERED",
    *("services.review.store.stage_lists.DECISIONS", "services.review.store.stage_lists.STAGES"),
    "services.payout.store.awards.LIST",
    *("casework.clocks.listed.LIST", "casework.clocks.listed.LIST_DONE"),
    *("casework.history.acts.OF_PEOPLE", "casework.history.acts.OF_PERSON", "casework.history.acts.OF_POST"),
}
"""The lists that the other modules ask."""
HERE = {
    "services.organisation.store.people.SEARCH",
    "services.organisation.store.units.LIST",
    "services.organisation.store.joinings.LIST",
    "services.organisation.store.successions.LIST",
    "services.rulebook.store.packs.LIST_DRAFTS",
    "services.rulebook.store.transitions.LIST",
    *("services.rulebook.store.breaks.LIST", "services.intake.store.looks.LIST"),
    "services.review.store.own_sheets.OWN",
    "casework.late.questions.LIST",
    "services.payout.store.ledger.LISTS",
    "services.postroom.store.notices.LIST",
    "services.postroom.store.mails.LIST",
}


def _lists() -> set[str]:
    """Everything that has a statement for each of its orders."""
    found: set[str] = set()
    for package in (casework, services):
        for one in walk_packages(package.__path__, f"{package.__name__}."):
            known = vars(import_module(one.name))
            orders = [value.orders.keys() for value in known.values() if isinstance(value, Sorts)]
            found |= {
                f"{one.name}.{name}"
                for name, value in known.items()
                if isinstance(value, Mapping) and any(value.keys() == keys for keys in orders)
            }
    return found


def test_every_list_is_asked() -> None:
    assert _lists() == EVERYWHERE | HERE


ORGANISED = f"""
insert into units (id, path, code, name, level, valid_from) values
  ('{ROOT}', array['{ROOT}'::uuid], 'root', 'Tỉnh', 'PROVINCE', '2012-04-25');
insert into units (id, parent_id, path, code, name, level, valid_from)
  select id, '{ROOT}', array['{ROOT}'::uuid, id], 'u' || n, 'Trường ' || md5(n::text), 'SCHOOL', '2012-04-25'
  from (select case n when 7 then '{RARE}'::uuid else gen_random_uuid() end as id, n
    from generate_series(1, {UNITS}) n) made;
insert into people (id, code, full_name, folded_name)
  select gen_random_uuid(), 'gv' || n, 'Nguyễn Văn ' || n, 'nguyen van ' || n
  from generate_series(1, 20000) n;
insert into posts (id, unit_id, kind, title) select gen_random_uuid(), id, 'STAFF', 'Giáo viên ' || n
  from units, generate_series(1, 5) n;
insert into holdings (id, post_id, person_id, held_from)
  select gen_random_uuid(), post.id, person.id, '2020-01-01'
  from (select id, row_number() over () as n from posts) post
  join (select id, row_number() over () as n from people) person using (n);
insert into joinings (id, kept_id, joined_id, document, reason, from_day, state, proposed_by, proposed_at)
  select gen_random_uuid(), a.id, b.id, 'x', 'x', '2020-01-01', 'CANCELLED', gen_random_uuid(),
    now() - interval '1 minute' * a.n
  from (select id, row_number() over (order by id) as n from people) a
  join (select id, row_number() over (order by id desc) as n from people) b using (n) where a.id <> b.id;
insert into successions (id, document, from_day, steps, unit_ids, state, drafted_by, drafted_at)
  select gen_random_uuid(), 'x', '2020-01-01', '[]', '{{}}', 'CANCELLED', gen_random_uuid(),
    now() - interval '1 minute' * n from generate_series(1, 5000) n;
"""
RULED = """
insert into policy_drafts (id, name, pack_version, content, state, drafted_by, drafted_at, edited_by,
  edited_at)
  select gen_random_uuid(), 'x', n, '{}', 'DROPPED', gen_random_uuid(), now() - interval '1 minute' * n,
    gen_random_uuid(), now() from generate_series(1, 5000) n;
insert into transitions (id, from_pack, to_pack, to_version, level_moves, state, made_by, made_at, settled_by)
  select gen_random_uuid(), 'x', 'y', n, '{}', 'CANCELLED', gen_random_uuid(),
    now() - interval '1 minute' * n, gen_random_uuid() from generate_series(1, 5000) n;
"""
OWED = f"""
with made as (
  select gen_random_uuid() as stage, n,
    ('00000000-0000-0000-0000-' || lpad(to_hex(n % 400), 12, '0'))::uuid as person
  from generate_series(1, 20000) n
), seated as (
  insert into stages (id, dossier_id, dossier_code, level, unit_id, unit_path, plan, plan_hash, rule_version,
    last_level, opened_at, due_at, state)
  select stage, gen_random_uuid(), 'SK', 'UNIT', '{ROOT}', array['{ROOT}'::uuid], '{{}}', 'x', 'x', false,
    now(), now(), 'OPEN' from made returning id
), sat as (
  insert into seats (stage_id, seat_no, role, person_id, post_id)
  select stage, 1, 'MEMBER', person, gen_random_uuid() from made join seated on seated.id = stage
  returning stage_id, person_id
), owed as (
  insert into score_sheets (id, stage_id, person_id)
  select gen_random_uuid(), stage_id, person_id from sat returning stage_id, person_id
)
insert into tasks (id, kind, subject_id, subject_code, about_id, unit_id, unit_path, assignee_id, state,
  opened_at, due_at)
select gen_random_uuid(), 'MARK', gen_random_uuid(), 'SK-' || md5(stage_id::text), stage_id, '{ROOT}',
  array['{ROOT}'::uuid], person_id, 'OPEN', now(), now() from owed
"""
QUESTIONED = """
insert into questioned_acts (id, change_id, doubt, first_day, act_id, act, acted_at, subject_id, subject_code,
  unit_id, raised_at, state, decided_by, decided_at)
select gen_random_uuid(), case when n % 4000 = 0 then $2 else gen_random_uuid() end, 'HOLDING_ENDED',
  '2020-01-01', gen_random_uuid(), 'x', now(), gen_random_uuid(), 'SK', u.id,
  now() - interval '1 minute' * n, case when n % 100 = 0 then 'OPEN' else 'STANDS' end,
  case when n % 100 > 0 then gen_random_uuid() end, case when n % 100 > 0 then now() end
from generate_series(1, 20000) n
join (select id, row_number() over (order by id) as place from unnest($1::uuid[]) id) u
  on u.place = n % cardinality($1::uuid[]) + 1
"""
LISTED = """
insert into payment_lists (id, number, year, unit_id, unit_path, state, total_dong, made_by, made_at, due_at)
select gen_random_uuid(), n, 2026 - n % 3, u.id, array[$1, u.id],
  case when n % 4000 = 0 then 'CANCELLED' else 'CONFIRMED' end, n % 977 * 1000, gen_random_uuid(),
  now() - interval '1 minute' * n, now() - interval '1 minute' * n
from generate_series(1, 20000) n
cross join lateral (select case when n % 1000 = 0 then $2 else md5((n % 200)::text)::uuid end as id) u
"""
TOLD = f"""
insert into received_notices (id, service, event_id, person_id, kind, subject_id, subject_code, reference,
  happened_at)
  select gen_random_uuid(), 'review', gen_random_uuid(),
    ('00000000-0000-0000-0000-' || lpad(to_hex(n % 400), 12, '0'))::uuid,
    case when n % 1000 = 7 then 'RULES_CHANGED' else 'REMINDED' end, gen_random_uuid(), 'x', 'x@1',
    now() - n * interval '1 minute' from generate_series(1, 40000) n;
insert into mails (id, person_id, send_at, is_gathered, state, made_at)
  select gen_random_uuid(), gen_random_uuid(), now(), false,
    case when n % 4000 = 0 then 'UNSURE' else 'SENT' end, now() - n * interval '1 minute'
  from generate_series(1, 40000) n;
insert into webhooks (id, url, kinds, sealed_secret, made_by, made_at)
  values ('{PERSON}', 'https://a.vn', '{{REMINDED}}', 'x', gen_random_uuid(), now());
insert into webhook_deliveries (id, webhook_id, notice_id, state)
  select gen_random_uuid(), '{PERSON}', id, 'DELIVERED' from received_notices;
"""
FILED = f"""
with plan as (
  insert into plans (hash, version, body, frozen_at) values ('x', 1, '{{}}', now()) returning hash
), made as (
  insert into dossiers (id, code, state, season_id, unit_id, unit_path, created_by, created_at, content,
    filed_at, plan_hash, rule_version, register_number, register_year)
  select gen_random_uuid(), 'SK-' || n, 'FILED', '{ROOT}', u.id, array['{ROOT}'::uuid, u.id],
    gen_random_uuid(), now() - interval '1 minute' * n, '{{}}', now(), plan.hash, 'x@1', n, 2026
  from plan, generate_series(1, 20000) n
  cross join lateral (select case when n % 100 = 0 then '{RARE}'::uuid else gen_random_uuid() end as id) u
  returning id, register_number as n
)
insert into dossier_authors (dossier_id, position, person_id, percent)
select id, 1, ('00000000-0000-0000-0000-' || lpad(to_hex(n % 400), 12, '0'))::uuid, 100 from made
"""


LOOKED = f"""
insert into looks (id, dossier_id, person_id, part, hour, looked_at)
  select gen_random_uuid(), case when n % 50 = 0 then '{RARE}'::uuid else gen_random_uuid() end,
    case when n % 70 = 0 then '{PERSON}'::uuid else gen_random_uuid() end, 'DOSSIER',
    now() - interval '1 hour' * n, now() - interval '1 hour' * n
  from generate_series(1, 3000) n
"""


@pytest.fixture(scope="module")
async def organisation(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(ORGANISATION) as service:
        await service.database.pool.execute(ORGANISED)
        tables = ("units", "people", "posts", "holdings", "joinings", "successions")
        await vacuum(service.admin_url, *(f"organisation.{table}" for table in tables))
        yield service


@pytest.fixture(scope="module")
async def rulebook(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(RULEBOOK) as service:
        await service.database.pool.execute(RULED)
        await vacuum(service.admin_url, "rulebook.policy_drafts", "rulebook.transitions")
        yield service


@pytest.fixture(scope="module")
async def review(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(REVIEW) as service:
        directory = await service.shared.database(TaskQueue.ORGANISATION)
        await directory.pool.execute(ORGANISED.split("insert into people", maxsplit=1)[0])
        schools = [
            row["id"] for row in await directory.pool.fetch("select id from units order by id limit 200")
        ]
        await service.database.pool.execute(OWED)
        await service.database.pool.execute(QUESTIONED, schools, PERSON)
        tables = ("questioned_acts", "tasks", "score_sheets")
        await vacuum(service.admin_url, "organisation.units", *(f"review.{table}" for table in tables))
        yield service


@pytest.fixture(scope="module")
async def payout(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(PAYOUT) as service:
        await service.database.pool.execute(LISTED, ROOT, RARE)
        await vacuum(service.admin_url, "payout.payment_lists")
        yield service


@pytest.fixture(scope="module")
async def postroom(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(POSTROOM) as service:
        await service.database.pool.execute(TOLD)
        tables = ("received_notices", "mails", "webhook_deliveries")
        await vacuum(service.admin_url, *(f"postroom.{table}" for table in tables))
        yield service


@pytest.fixture(scope="module")
async def intake(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestService]:
    async with open_service(INTAKE, blob_dir=tmp_path_factory.mktemp("blobs")) as service:
        await service.database.pool.execute(FILED)
        await service.database.pool.execute(LOOKED)
        await vacuum(service.admin_url, "intake.dossiers", "intake.dossier_authors", "intake.looks")
        yield service


@pytest.mark.parametrize("order", people.SORTS.orders)
@pytest.mark.parametrize("text", [None, "van 19999", "nguyen", "khong co"])
@pytest.mark.parametrize("is_province", [True, False])
async def test_people(organisation: TestService, is_province: bool, text: str | None, order: str) -> None:
    asked = (containing(text) if text else None, None, None, PAGE, is_province, [RARE], DAY)
    assert await rows_read(organisation, people.SEARCH[order], *asked) <= ALLOWED


@pytest.mark.parametrize("order", units.SORTS.orders)
@pytest.mark.parametrize("level", [None, "SCHOOL", "PROVINCE"])
async def test_units(organisation: TestService, level: str | None, order: str) -> None:
    for under, allowed in ((None, UNITS + PAGE), (RARE, PAGE)):
        asked = (under, level, None, None, PAGE, None, None)
        assert await rows_read(organisation, units.LIST[order], *asked) <= allowed


async def test_acts_of_the_organisation(organisation: TestService) -> None:
    for statements in (joinings.LIST, successions.LIST):
        for statement in statements.values():
            assert await rows_read(organisation, statement, None, None, PAGE) <= PAGE


async def test_drafts_and_changes_of_rules(rulebook: TestService) -> None:
    for statement in packs.LIST_DRAFTS.values():
        assert await rows_read(rulebook, statement, None, None, None, PAGE) <= PAGE
    for statement in transitions.LIST.values():
        assert await rows_read(rulebook, statement, None, None, PAGE) <= PAGE


async def test_breaks(rulebook: TestService) -> None:
    """Few hold at a time: one a unit and year."""
    for statement in breaks.LIST.values():
        assert await rows_read(rulebook, statement, None, None, None, PAGE) <= PAGE


@pytest.mark.parametrize("order", looks.SORTS.orders)
async def test_looks(intake: TestService, order: str) -> None:
    for of in ((RARE, None), (None, [PERSON]), (None, None)):
        asked = (*of, None, None, None, None, None, PAGE)
        assert await rows_read(intake, looks.LIST[order], *asked) <= 3 * PAGE


@pytest.mark.parametrize("order", own_sheets.SORTS.orders)
async def test_sheets_that_somebody_owes(review: TestService, order: str) -> None:
    assert (
        await rows_read(review, own_sheets.OWN[order], PERSON, None, None, PAGE, "OPEN", "DRAFT") <= ALLOWED
    )


@pytest.mark.parametrize("order", questions.SORTS.orders)
@pytest.mark.parametrize(
    "narrowed",
    [
        (None, None, None),
        ("OPEN", None, None),
        (None, RARE, None),
        ("OPEN", RARE, None),
        (None, None, PERSON),
    ],
    ids=["all", "open", "of a unit", "open in a unit", "by a paper"],
)
@pytest.mark.parametrize("unit", [ROOT, RARE], ids=["province", "school"])
async def test_acts_in_question(
    review: TestService, unit: UUID, narrowed: tuple[str | None, UUID | None, UUID | None], order: str
) -> None:
    asked = ([unit], *narrowed, None, None, PAGE)
    assert await rows_read(review, questions.LIST[order], *asked) <= 2 * ALLOWED


NARROWED: dict[str, dict[str, Any]] = {
    "all": {},
    "a state": {"state": ListState.CONFIRMED},
    "a rare state": {"state": ListState.CANCELLED},
    "no such state": {"state": ListState.SENT},
    "a year": {"year": 2025},
    "no such year": {"year": 2001},
    "made long ago": {"made": LONG_AGO},
    "due long ago": {"due": LONG_AGO},
    "due lately": {"due": Days(first=date(2020, 1, 1))},
    "overdue": {"overdue": True},
}


@pytest.mark.parametrize("order", ledger.LIST_SORTS.orders)
@pytest.mark.parametrize("narrowed", NARROWED)
@pytest.mark.parametrize("unit", [ROOT, RARE], ids=["province", "school"])
async def test_payment_lists(payout: TestService, unit: UUID, narrowed: str, order: str) -> None:
    wanted = ListFilter(unit_ids=[unit], **NARROWED[narrowed])
    asked = ledger.list_arguments(TX, wanted, ListPlace(order=order), PAGE)
    assert await rows_read(payout, ledger.LISTS[order], *asked) <= ALLOWED


@pytest.mark.parametrize("order", notices.SORTS.orders)
@pytest.mark.parametrize("unread", [None, True, False])
@pytest.mark.parametrize("kind", [None, "REMINDED", "RULES_CHANGED", "STAGE_DECIDED"])
async def test_notices(postroom: TestService, kind: str | None, unread: bool | None, order: str) -> None:
    asked = (PERSON, unread, kind, None, None, PAGE)
    assert await rows_read(postroom, notices.LIST[order], *asked) <= ALLOWED


@pytest.mark.parametrize("order", mails.SORTS.orders)
@pytest.mark.parametrize("state", [None, "SENT", "UNSURE", "FAILED"])
async def test_mails(postroom: TestService, state: str | None, order: str) -> None:
    assert await rows_read(postroom, mails.LIST[order], state, None, None, PAGE) <= 2 * PAGE


@pytest.mark.parametrize("order", dossier_lists.LIST_OF_PERSON)
@pytest.mark.parametrize("state", [None, "FILED", "WITHDRAWN"])
async def test_dossiers_of_a_person(intake: TestService, state: str | None, order: str) -> None:
    wanted = DossierFilter(state=DossierState(state) if state else None)
    asked = dossier_lists.arguments(TX, PERSON, wanted, ListPlace(order=order), PAGE)
    statement = dossier_lists.LIST_OF_PERSON[order]
    assert await rows_read(intake, statement, *asked, None, [RARE]) <= ALLOWED


async def test_books(postroom: TestService, payout: TestService, intake: TestService) -> None:
    """What is read in its own order."""
    last = UUID(int=(1 << 128) - 1)
    assert await rows_read(postroom, webhooks.DELIVERIES, PERSON, None, last, PAGE) <= PAGE
    assert await rows_read(postroom, webhooks.DELIVERIES, uuid4(), "FAILED", last, PAGE) == 0
    assert await rows_read(payout, ledger.ENTRIES, RARE, 0, PAGE, None, None, None, None) <= PAGE
    assert await rows_read(intake, dossiers.REGISTER, RARE, 2026, 0, PAGE) <= PAGE
