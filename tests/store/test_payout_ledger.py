"""What the database itself refuses, whoever writes: unbalanced journals, changed entries, a second award of a
recognition."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from kit.auth import Principal
from kit.db import Tx, prepare
from services.payout.app import SERVICE
from services.payout.domain.booking import LedgerAccount, Line
from services.payout.operations import signing
from services.payout.store import awards, ledger
from tests.conftest import Cluster, ServiceOpener, TestService
from tests.payout_cases import Case


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as payout:
        yield payout


@pytest.fixture
async def case(service: TestService) -> Case:
    return await Case(service).approved()


async def _book(case: Case, *lines: Line) -> None:
    async with case.service.database.transaction() as tx:
        await ledger.book(tx, uuid4(), await awards.get_award(tx, case.award), lines)


def _debit(amount: int) -> Line:
    return Line(account=LedgerAccount.AWARD_EXPENSE, person_id=None, debit_dong=amount)


def _credit(amount: int) -> Line:
    return Line(account=LedgerAccount.TREASURY, person_id=None, credit_dong=amount)


async def test_a_journal_that_is_one_dong_off_is_refused_at_commit(case: Case) -> None:
    with pytest.raises(asyncpg.PostgresError, match="does not balance"):
        await _book(case, _debit(100), _credit(99))
    assert await case.balances() == {"AWARD_EXPENSE": case.amount_dong, "AUTHORS_PAYABLE": -case.amount_dong}


async def test_a_journal_of_one_side_is_refused(case: Case) -> None:
    with pytest.raises(asyncpg.PostgresError, match="does not balance"):
        await _book(case, _debit(100))


@pytest.mark.parametrize(
    "line",
    [
        _debit(0),
        _debit(-5),
        Line(account=LedgerAccount.TREASURY, person_id=None, debit_dong=5, credit_dong=5),
    ],
)
async def test_an_entry_is_a_debit_or_a_credit_above_zero(case: Case, line: Line) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await _book(case, line)


async def test_entries_are_never_changed_or_deleted(case: Case) -> None:
    update = "update ledger_entries set debit_dong = debit_dong + 1 where debit_dong > 0"
    for statement in (update, "delete from ledger_entries", "truncate ledger_entries"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await case.service.database.pool.execute(statement)
    owner = await asyncpg.connect(case.service.admin_url)
    for statement in (update, "delete from ledger_entries", "truncate ledger_entries"):
        with pytest.raises(asyncpg.RaiseError):
            await owner.execute(statement.replace("ledger_entries", "payout.ledger_entries", 1))
    await owner.close()


async def test_a_recognition_has_one_award_and_a_repeat_finds_it(service: TestService) -> None:
    case = Case(service)
    first, second = await case.assess(), await case.assess()
    assert (first.award_id, first.state, first.revision) == (second.award_id, second.state, second.revision)
    assert len(await case.tasks()) == 2
    assert [event["kind"] for event in await case.events()] == ["AwardAssessed"]


async def test_a_connection_killed_between_booking_and_commit_leaves_nothing(
    service: TestService, postgres: Cluster
) -> None:
    case = Case(service)
    await case.assess()
    await case.verify()
    conn = await asyncpg.connect(postgres.url(service.admin_url, "payout"))
    await _approve_and_die(conn, service, case)
    assert await case.state() == "VERIFIED"
    assert await case.balances() == {}
    assert await case.signals() == []
    assert (await case.approve()).status_code == 200
    assert await case.balances() == {"AWARD_EXPENSE": case.amount_dong, "AUTHORS_PAYABLE": -case.amount_dong}


async def _approve_and_die(
    conn: "asyncpg.Connection[asyncpg.Record]", service: TestService, case: Case
) -> None:
    await prepare(conn)
    caller = Principal(person_id=case.approver)
    await conn.execute("begin")
    await signing.approve(Tx(conn=conn, now=service.database.clock.now()), caller, case.award, None)
    booked = await conn.fetchval("select count(*) from ledger_entries where award_id = $1", case.award)
    assert booked == 1 + len(case.authors)
    pid: int = conn.get_server_pid()
    await service.database.pool.execute("select pg_terminate_backend($1)", pid)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)):
        await conn.execute("commit")


@pytest.mark.parametrize("reach", ["approved", "listed", "paid"])
async def test_a_reversal_brings_every_account_of_every_person_back_to_zero(
    service: TestService, reach: str
) -> None:
    case = Case(service)
    await getattr(case, reach)()
    assert (await case.reverse()).status_code == 200
    assert await case.balances() == {}
    query = (
        "select person_id, sum(debit_dong - credit_dong) as left_dong from ledger_entries where award_id "
        "= $1 group by person_id"
    )
    rows = await service.database.pool.fetch(query, case.award)
    assert {row["left_dong"] for row in rows} == {0}


async def test_the_whole_ledger_balances_journal_by_journal(service: TestService) -> None:
    for case in (Case(service), Case(service)):
        await case.paid()
        await case.reverse()
    rows = await service.database.pool.fetch(
        "select journal_id, sum(debit_dong) d, sum(credit_dong) c from ledger_entries group by journal_id"
    )
    assert len(rows) >= 6
    assert all(row["d"] == row["c"] for row in rows)
