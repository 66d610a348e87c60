"""Two records of one person, joined: what the services that know the person make of it."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from casework.joined import records_of
from kit.clock import Clock
from language.ids import DossierId, EventId, NoticeId, PersonId
from language.messages.notices import Notice, NoticeKind
from language.names import TaskQueue
from language.posts.kinds import PostKind
from services.intake.app import SERVICE as INTAKE
from services.intake.operations import joining as in_intake
from services.intake.operations.formal_check import CASES as CHECKS
from services.payout.app import SERVICE as PAYOUT
from services.payout.operations import joining as in_payout
from services.payout.operations.cases import CASES as MONEY
from services.postroom.app import SERVICE as POSTROOM
from services.postroom.operations import joining as in_postroom
from services.postroom.operations.telling import accept_notices
from services.review.app import SERVICE as REVIEW
from services.review.operations import joining as in_review
from services.review.operations.cases import CASES as COUNCILS
from services.rulebook.app import SERVICE as RULEBOOK
from services.rulebook.operations.joining import PERSON_COLUMNS
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.intake_cases import Case as Filed
from tests.intake_cases import content
from tests.joining_cases import follow, join
from tests.payout_cases import Case as Award
from tests.payout_cases import refusal
from tests.review_cases import Case as Stage

EVENTS = "select detail from events where kind = 'StandsUnderKept' and subject_id = $1 order by seq"


@pytest.fixture
async def filed(open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[Filed]:
    clock = MovableClock()
    async with open_service(INTAKE, clock=clock, blob_dir=tmp_path) as service:
        yield Filed(service, clock)


async def _join_in_intake(case: Filed, kept: UUID, joined: UUID) -> None:
    await join((await case.facts()).database, kept, joined)
    await follow(case.service.database, CHECKS, in_intake.FOLLOWERS, in_intake.COLUMNS)


async def test_a_dossier_that_names_both_names_one_with_both_shares(filed: Filed) -> None:
    await filed.file()
    await _join_in_intake(filed, filed.co_author, filed.author)
    read = (await filed.read(filed.co_author)).json()
    assert [
        (one["person_id"], Decimal(one["contribution_percent"])) for one in read["content"]["authors"]
    ] == [(str(filed.co_author), Decimal(100))]
    [row] = await filed.service.database.pool.fetch(EVENTS, filed.id)
    assert (row["detail"]["was_both"], row["detail"]["joined_as"]) == (True, ["AUTHOR", "FILER"])
    [version] = (await filed.send("GET", f"/dossiers/{filed.id}/versions", filed.co_author)).json()["items"]
    assert version["filed_by"] == str(filed.author)
    published = await filed.service.database.pool.fetchval(
        "select authors from dossiers_v1 where id = $1", filed.id
    )
    assert [one["person_id"] for one in published] == [str(filed.co_author)]


async def test_a_version_of_its_day_is_read_under_the_kept_record(filed: Filed) -> None:
    await filed.file()
    kept = filed.stranger
    await _join_in_intake(filed, kept, filed.co_author)
    async with filed.service.database.reading() as tx:
        assert await records_of(tx, kept) == {kept, filed.co_author}
    assert (await filed.send("GET", f"/dossiers/{filed.id}/versions", kept)).status_code == 200


async def test_a_draft_goes_on_under_the_kept_record_and_takes_the_old_id_for_it(filed: Filed) -> None:
    await filed.draft()
    kept = uuid4()
    await _join_in_intake(filed, kept, filed.author)
    etag = (await filed.read(kept)).headers["etag"]
    written = await filed.rewrite(content(filed.author, filed.co_author), kept, etag)
    assert written.status_code == 200, written.text
    assert written.json()["content"]["authors"][0]["person_id"] == str(kept)


async def test_an_officer_who_turns_out_to_be_the_author_loses_the_check(filed: Filed) -> None:
    other = uuid4()
    await filed.publish()
    await filed.staff(filed.officer, other, heads=(filed.head,))
    await filed.file()
    tasks = "select assignee_id from tasks where about_id = $1 and kind = 'FORMAL_CHECK' and state = 'OPEN'"
    pool = filed.service.database.pool
    officer = await pool.fetchval(tasks, filed.id)
    await _join_in_intake(filed, officer, filed.author)
    assert await pool.fetchval(tasks, filed.id) == ({filed.officer, other} - {officer}).pop()
    refused = await filed.act("acceptance", officer)
    assert refused.status_code in {403, 404}, refused.text


async def test_open_work_of_the_joined_record_is_the_kept_ones(filed: Filed) -> None:
    await filed.file()
    kept = uuid4()
    await _join_in_intake(filed, kept, filed.officer)
    row = await filed.service.database.pool.fetchrow(
        "select assignee_id, unreachable_since from tasks where about_id = $1", filed.id
    )
    assert tuple(row) == (kept, None)


@pytest.fixture
async def review(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(REVIEW, clock=MovableClock()) as service:
        yield service


async def _join_in_review(case: Stage, kept: UUID, joined: UUID) -> None:
    await join((await case.facts()).database, kept, joined)
    await follow(case.service.database, COUNCILS, in_review.FOLLOWERS, in_review.COLUMNS, in_review.SEATED)


async def _seats(case: Stage) -> dict[UUID, str]:
    rows = await case.service.database.pool.fetch(
        "select person_id, state from seats where stage_id = $1", case.stage
    )
    return {row["person_id"]: row["state"] for row in rows}


async def test_a_seat_with_its_marks_and_the_decision_are_the_kept_records(review: TestService) -> None:
    case, kept = Stage(review), uuid4()
    await case.open()
    assert (await case.mark(case.members[1], submit=False)).status_code == 200
    await _join_in_review(case, kept, case.members[1])
    assert kept in await _seats(case)
    assert (await case.own_sheet(kept))["scores"]
    assert (await case.mark(kept)).status_code == 200
    chair = uuid4()
    await _join_in_review(case, chair, case.chair)
    for member in (*case.members[2:], chair):
        assert (await case.mark(member)).status_code == 200
    decided = await case.decide(chair)
    assert decided.status_code == 200, decided.text


@pytest.mark.parametrize("kept_marked", [True, False])
async def test_of_two_seats_the_one_with_marks_stays_and_a_substitute_takes_the_other(
    review: TestService, kept_marked: bool
) -> None:
    case = Stage(review)
    await case.open()
    kept, joined = case.members[2], case.members[3]
    assert (await case.mark(kept if kept_marked else joined)).status_code == 200
    await _join_in_review(case, kept, joined)
    seats = await _seats(case)
    substitutes = {one.person_id for one in case.substitutes} & seats.keys()
    assert (seats[kept], seats[joined], len(substitutes)) == ("ACTIVE", "REPLACED", 1)
    sheet = await case.service.database.pool.fetchval(
        "select state from score_sheets where stage_id = $1 and person_id = $2", case.stage, kept
    )
    assert sheet == "SUBMITTED"
    pending = [task for task in await case.tasks() if task[0] == "MARK" and task[2] == "OPEN"]
    assert {person for _, person, _ in pending} == {*case.members[:2], case.members[4], *substitutes}


async def test_marks_that_both_have_given_stay(review: TestService) -> None:
    case = Stage(review)
    await case.open()
    kept, joined = case.members[2], case.members[3]
    for member in (kept, joined):
        assert (await case.mark(member)).status_code == 200
    await _join_in_review(case, kept, joined)
    seats = await _seats(case)
    assert (seats[kept], seats[joined]) == ("ACTIVE", "ACTIVE")


async def test_a_member_who_turns_out_to_be_an_author_is_out_of_the_council(review: TestService) -> None:
    case = Stage(review)
    await case.open()
    member = case.members[2]
    assert (await case.mark(member)).status_code == 200
    await _join_in_review(case, member, case.author)
    seats = await _seats(case)
    assert seats[member] in {"RECUSED", "REPLACED"}
    assert {one.person_id for one in case.substitutes} & seats.keys()
    left_out = await case.service.database.pool.fetchval(
        "select array_agg(person_id) from stage_authors where stage_id = $1", case.stage
    )
    assert left_out == [member]


async def test_a_level_that_opens_later_leaves_both_out(review: TestService) -> None:
    case = Stage(review)
    facts = await case.facts()
    await case.file()
    await join(facts.database, case.members[2], case.author)
    await case.service.activities["open_stage"](case.opening())
    assert case.members[2] not in await _seats(case)


@pytest.fixture
async def payout(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(PAYOUT, clock=MovableClock()) as service:
        yield service


async def _join_in_payout(case: Award, kept: UUID, joined: UUID) -> None:
    await join(await case.service.shared.database(TaskQueue.ORGANISATION), kept, joined)
    await follow(case.service.database, MONEY, in_payout.FOLLOWERS, in_payout.COLUMNS)


BALANCE = """
select person_id, sum(credit_dong - debit_dong)::bigint as owed from ledger_entries
where award_id = $1 and account = 'AUTHORS_PAYABLE' group by person_id
"""


async def test_whoever_is_a_payee_under_either_record_signs_nothing(payout: TestService) -> None:
    case = Award(payout)
    await case.assess()
    await _join_in_payout(case, case.verifier, case.authors[0].person_id)
    assert refusal(await case.verify()) == (403, "OwnAward")


async def test_until_everything_is_carried_over_the_person_does_nothing(payout: TestService) -> None:
    case = Award(payout)
    await case.assess()
    organisation = await payout.shared.database(TaskQueue.ORGANISATION)
    await join(organisation, case.verifier, case.authors[0].person_id)
    assert refusal(await case.verify()) == (503, "RecordsBeingJoined")
    await follow(payout.database, MONEY, in_payout.FOLLOWERS, in_payout.COLUMNS)
    assert refusal(await case.verify()) == (403, "OwnAward")


async def test_whoever_has_signed_under_either_record_does_not_sign_again(payout: TestService) -> None:
    case = Award(payout)
    await case.assess()
    assert (await case.verify()).status_code == 200
    await _join_in_payout(case, case.approver, case.verifier)
    assert refusal(await case.approve()) in {(403, "SamePersonTwice"), (409, "SamePersonTwice")}


async def test_money_of_both_is_paid_in_one_line_and_the_ledger_keeps_its_ids(payout: TestService) -> None:
    case = await Award(payout).approved()
    kept, joined = case.authors[0].person_id, case.authors[1].person_id
    made = (await case.draft()).json()
    await _join_in_payout(case, kept, joined)
    shown = await case.get(f"payment-lists/{made['id']}", case.verifier, case.post(PostKind.ACCOUNTANT))
    items = {one["person_id"]: one["amount_dong"] for one in shown.json()["items"]}
    assert str(joined) not in items
    assert sum(items.values()) == case.amount_dong
    assert str(kept) in items
    assert len(items) == 2
    for answer in (await case.send(made["id"]), await case.confirm(made["id"])):
        assert answer.status_code == 200, answer.text
    rows = await payout.database.pool.fetch(BALANCE, case.award)
    assert {row["owed"] for row in rows} == {0}


async def test_a_list_on_its_way_is_not_confirmed_by_whom_it_pays_under_another_record(
    payout: TestService,
) -> None:
    case = await Award(payout).approved()
    made = (await case.draft()).json()
    assert (await case.send(made["id"])).status_code == 200
    await _join_in_payout(case, case.verifier, case.authors[0].person_id)
    assert refusal(await case.confirm(made["id"])) == (403, "OwnAward")


async def test_an_award_that_is_assessed_later_pays_the_kept_record(payout: TestService) -> None:
    case = Award(payout)
    await case.publish()
    kept, joined = case.authors[0].person_id, case.authors[1].person_id
    await join(await payout.shared.database(TaskQueue.ORGANISATION), kept, joined)
    await case.assess()
    assert (await case.verify()).status_code == 200
    assert (await case.approve()).status_code == 200
    made = (await case.draft()).json()
    shown = await case.get(f"payment-lists/{made['id']}", case.verifier, case.post(PostKind.ACCOUNTANT))
    assert len(shown.json()["items"]) == 2


def _notice(person: UUID) -> Notice:
    return Notice(
        id=NoticeId(uuid4()),
        event_id=EventId(uuid4()),
        person_id=PersonId(person),
        kind=NoticeKind.REMINDED,
        subject_id=DossierId(uuid4()),
        subject_code="SK-2026-00001",
        happened_at=Clock().now(),
    )


async def test_inbox_settings_and_waiting_mails_go_over(open_service: ServiceOpener) -> None:
    kept, joined = uuid4(), uuid4()
    async with open_service(POSTROOM, clock=MovableClock()) as service:
        organisation = await service.shared.database(TaskQueue.ORGANISATION)
        before, both, after = (_notice(joined) for _ in range(3))
        settings = "insert into notice_settings (person_id, mail_address, language, modes, digest_hour) "
        await service.database.pool.execute(
            f"{settings} values ($1, 'a@b.vn', 'vi', '{{\"REMINDED\": \"DIGEST\"}}', 7)", joined
        )
        async with service.database.transaction() as tx:
            await accept_notices(tx, TaskQueue.INTAKE, [before, both], mails_go_out=True)
        await join(organisation, kept, joined)
        await follow(service.database, None, in_postroom.FOLLOWERS, in_postroom.COLUMNS)
        async with service.database.transaction() as tx:
            await accept_notices(tx, TaskQueue.INTAKE, [after], mails_go_out=True)
        pool = service.database.pool
        assert await pool.fetchval("select count(*) from received_notices where person_id = $1", kept) == 3
        assert await pool.fetchval("select mail_address from notice_settings where person_id = $1", kept)
        assert await pool.fetchval("select count(distinct person_id) from mails where state = 'WAITING'") == 1
        assert not await pool.fetchval("select count(*) from notice_settings where person_id = $1", joined)


async def test_nobody_publishes_under_one_record_what_was_drafted_under_the_other(
    open_service: ServiceOpener,
) -> None:
    kept, joined = uuid4(), uuid4()
    async with open_service(RULEBOOK, clock=MovableClock()) as service:
        await service.database.pool.execute(
            "insert into policy_drafts (id, name, pack_version, content, drafted_by, drafted_at, edited_by, "
            "edited_at) values ($1, 'x', 1, '{}', $2, now(), $2, now())",
            uuid4(),
            joined,
        )
        await join(await service.shared.database(TaskQueue.ORGANISATION), kept, joined)
        await follow(service.database, columns=PERSON_COLUMNS)
        row = await service.database.pool.fetchrow("select drafted_by, edited_by from policy_drafts")
        assert tuple(row) == (kept, kept)
