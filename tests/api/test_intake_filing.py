"""Drafts, filing, receipts and withdrawal over HTTP: the author's side of intake."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from kit.db import to_json
from language.names import Signal
from language.posts.kinds import PostKind
from services.intake.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import RULES, Case, content

CLOCK = MovableClock()


@pytest.fixture(scope="module")
async def service(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestService]:
    blobs: Path = tmp_path_factory.mktemp("blobs")
    async with open_service(SERVICE, clock=CLOCK, blob_dir=blobs) as intake:
        yield intake


@pytest.fixture
def case(service: TestService) -> Case:
    CLOCK.offset = timedelta()
    return Case(service, CLOCK)


async def test_a_draft_may_lack_everything(case: Case) -> None:
    draft = await case.draft({})
    assert (draft["state"], draft["code"], draft["receipt"], draft["version"]) == ("DRAFT", None, None, 1)
    assert draft["unit_path"] == [str(unit) for unit in case.path]


async def test_every_statutory_field_comes_back_as_it_was_written(case: Case) -> None:
    wanted = content(
        case.author,
        case.co_author,
        monetary_benefit_dong=12_500_000,
        investor="Trường Mẫu",
        benefit_by_others="Khối 5 dùng lại",
    )
    await case.draft(wanted)
    assert (await case.read()).json()["content"] == wanted


@pytest.mark.parametrize("kind", [PostKind.STAFF, PostKind.UNIT_HEAD])
async def test_a_dossier_begins_only_in_a_unit_of_the_author(case: Case, kind: PostKind) -> None:
    body = {"unit_id": str(case.school), "season_id": str(case.season), "content": {}}
    elsewhere = await case.send(
        "POST", "/dossiers", case.author, json=body, posts=[held(kind, case.province, uuid4())]
    )
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "Forbidden")


async def test_filing_gives_receipt_number_and_answer_date(case: Case) -> None:
    filed = await case.file()
    receipt = filed["receipt"]
    assert (filed["state"], receipt["register_number"]) == ("FILED", 1)
    assert filed["code"] == receipt["code"]
    assert (await case.send("GET", f"/dossiers/{case.id}/receipt", case.author)).json() == receipt
    months = int(receipt["answer_due_on"][:4]) * 12 + int(receipt["answer_due_on"][5:7])
    filed_months = int(receipt["filed_at"][:4]) * 12 + int(receipt["filed_at"][5:7])
    assert months - filed_months in {4, 5}


async def test_filing_answers_202_with_location_and_etag(case: Case) -> None:
    await case.draft()
    response = await case.act("filing", case.author)
    assert (response.status_code, response.headers["location"]) == (200, f"/v1/dossiers/{case.id}")
    assert response.headers["etag"] == (await case.read()).headers["etag"]


async def test_filing_starts_the_journey_in_the_same_transaction(case: Case) -> None:
    filed = await case.file()
    [start] = await case.words()
    journey, attributes = start["payload"], start["search_attributes"]
    assert (start["action"], start["name"]) == ("START", "InitiativeWorkflow")
    assert (journey["dossier_id"], journey["dossier_code"], journey["season_id"], journey["version"]) == (
        str(case.id),
        filed["code"],
        str(case.season),
        1,
    )
    route, clock = journey["route"], journey["check"]["clock"]
    levels = [(stop["level"], stop["unit_id"]) for stop in route["levels"]]
    assert levels == list(
        zip(["UNIT", "COMMUNE", "PROVINCE"], [str(unit) for unit in reversed(case.path)], strict=True)
    )
    assert (route["rule_version"], clock["about_id"], clock["revision"]) == (
        RULES,
        str(case.id),
        {"epoch": 0, "number": 1},
    )
    due_at = (await case.read()).json()["check_due_at"]
    assert datetime.fromisoformat(clock["due_at"]) == datetime.fromisoformat(due_at)
    assert [rung["id"] for rung in clock["rungs"]] == ["last-day"]
    assert attributes == {
        "DossierState": "FILED",
        "RecognisingUnit": str(case.school),
        "Season": str(case.season),
    }
    assert await case.kinds() == ["DraftCreated", "DossierFiled", "FormalCheckOpened"]


async def test_no_personal_data_goes_to_the_workflow_or_the_history(case: Case) -> None:
    await case.file()
    await case.act("withdrawal", case.author, {"reason": "Sửa lại"})
    told = str([dict(row) for row in [*await case.words(), *await case.events()]])
    assert "Nông Văn Mẫu" not in told
    assert "1985-04-02" not in told


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": ""}, "DossierIncomplete"),
        ({"kind": None}, "DossierIncomplete"),
        ({"problem_solved": ""}, "DossierIncomplete"),
        ({"conditions": ""}, "DossierIncomplete"),
        ({"authors": []}, "DossierIncomplete"),
        ({"declaration_of_truth": False}, "DossierIncomplete"),
        ({"first_applied_on": "2023-01-01"}, "FiledLate"),
        ({"first_applied_on": "2999-12-31"}, "FirstApplicationAhead"),
    ],
)
async def test_what_may_not_be_filed_is_refused_and_stays_a_draft(
    case: Case, changes: dict[str, object], code: str
) -> None:
    await case.draft(content(case.author, **changes))
    response = await case.act("filing", case.author)
    assert (response.status_code, response.json()["code"]) == (422, code)
    assert (await case.state(), await case.words()) == ("DRAFT", [])


async def test_shares_of_ninety_nine_are_refused(case: Case) -> None:
    body = content(case.author, case.co_author)
    body["authors"][1]["contribution_percent"] = "19.00"
    await case.draft(body)
    response = await case.act("filing", case.author)
    assert (response.status_code, response.json()["code"], response.json()["facts"]["total"]) == (
        422,
        "SharesNotHundred",
        "99.00",
    )


async def test_an_author_twice_and_a_filer_who_is_no_author_are_refused(case: Case) -> None:
    await case.draft(content(case.author, case.author))
    assert (await case.act("filing", case.author)).json()["code"] == "AuthorTwice"
    await case.rewrite(content(case.co_author))
    response = await case.act("filing", case.author)
    assert (response.status_code, response.json()["code"]) == (403, "NotAnAuthor")


@pytest.mark.parametrize(
    "percent", ["0", "-20", "100.01", "33.333", "NaN", "Infinity", "1e400", True, None, "trăm"]
)
async def test_shares_that_are_no_percentage_are_refused(case: Case, percent: object) -> None:
    body = content(case.author)
    body["authors"][0]["contribution_percent"] = percent
    wanted = {"unit_id": str(case.school), "season_id": str(case.season), "content": body}
    response = await case.send("POST", "/dossiers", case.author, json=wanted)
    assert (response.status_code, response.json()["code"]) == (422, "RequestInvalid")


@pytest.mark.parametrize(
    "changes",
    [
        {"unknown": 1},
        {"title": "a\x00b"},
        {"title": "x" * 501},
        {"kind": "MAGIC"},
        {"first_applied_on": "2026-02-30"},
        {"monetary_benefit_dong": -1},
        {"monetary_benefit_dong": 2**63},
        {"monetary_benefit_dong": 1.5},
        {"participants": [{"full_name": ""}]},
    ],
)
async def test_malformed_fields_are_named(case: Case, changes: dict[str, object]) -> None:
    wanted = {
        "unit_id": str(case.school),
        "season_id": str(case.season),
        "content": content(case.author, **changes),
    }
    response = await case.send("POST", "/dossiers", case.author, json=wanted)
    assert (response.status_code, response.json()["code"]) in {(422, "RequestInvalid"), (400, "FieldUnknown")}
    assert next(iter(changes)) in response.json()["errors"][0]["path"]


async def test_ten_megabytes_of_json_are_too_much(case: Case) -> None:
    wanted = {
        "unit_id": str(case.school),
        "season_id": str(case.season),
        "content": {"description": "x" * 10_000_000},
    }
    assert (await case.send("POST", "/dossiers", case.author, json=wanted)).status_code == 413


async def test_a_body_that_is_too_large_is_refused_as_a_problem(case: Case) -> None:
    response = await case.send("POST", "/dossiers", case.author, content=b"x" * 1_100_000)
    assert (response.headers["content-type"], response.json()["code"]) == (
        "application/problem+json",
        "BodyTooLarge",
    )


async def test_a_second_filing_is_refused_and_a_repeated_one_gets_the_first_answer(case: Case) -> None:
    await case.draft()
    first = await case.act("filing", case.author, key="the-key-of-the-filing")
    again = await case.act("filing", case.author, key="the-key-of-the-filing")
    assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (
        200,
        first.json(),
        "true",
    )
    other = await case.act("filing", case.author)
    assert (other.status_code, other.json()["code"]) == (409, "WrongState")
    assert len(await case.words()) == 1


async def test_a_key_used_for_another_request_is_refused(case: Case) -> None:
    await case.draft()
    assert (await case.act("filing", case.author, key="one-key-for-both")).status_code == 200
    response = await case.act("withdrawal", case.author, {"reason": "Nhầm"}, key="one-key-for-both")
    assert (response.status_code, response.json()["code"]) == (422, "IdempotencyKeyReused")


async def test_commands_need_a_key_and_a_token(case: Case) -> None:
    await case.draft()
    headers = case.service.headers(case.author, *case.posts(case.author))
    without_key = await case.service.http.post(
        f"/v1/dossiers/{case.id}/filing", headers={"Authorization": headers["Authorization"]}
    )
    assert (without_key.status_code, without_key.json()["code"]) == (400, "IdempotencyKeyMissing")
    for token in (
        "",
        case.service.issuer.token(case.author, forged=True),
        case.service.issuer.token(case.author, expired=True),
    ):
        response = await case.service.http.get(
            f"/v1/dossiers/{case.id}", headers={"Authorization": f"Bearer {token}"}
        )
        assert (response.status_code, response.json()["code"]) == (401, "Unauthenticated")


async def test_filings_at_the_same_moment_get_numbers_without_gaps(case: Case) -> None:
    cases = [
        Case(case.service, CLOCK, province=case.province, commune=case.commune, school=case.school)
        for _ in range(8)
    ]
    filed = await asyncio.gather(*(each.file() for each in cases))
    assert sorted(each["receipt"]["register_number"] for each in filed) == list(range(1, 9))
    assert len({each["code"] for each in filed}) == 8


async def test_two_units_give_the_same_register_number_but_never_the_same_code(case: Case) -> None:
    twin = UUID(int=case.school.int ^ (1 << 100))
    await case.publish()
    filed = await asyncio.gather(
        case.file(), Case(case.service, CLOCK, province=case.province, school=twin).file()
    )
    assert [each["receipt"]["register_number"] for each in filed] == [1, 1]
    assert len({each["code"] for each in filed}) == 2


async def test_what_filing_asks_of_each_author_is_named(case: Case) -> None:
    body = content(case.author, case.co_author)
    body["authors"][1] |= {"date_of_birth": None, "qualification": ""}
    await case.draft(body)
    response = await case.act("filing", case.author)
    assert (response.status_code, response.json()["code"]) == (422, "DossierIncomplete")
    assert response.json()["facts"]["missing"] == "authors.1.date_of_birth, authors.1.qualification"


async def test_a_refused_filing_takes_no_number(case: Case) -> None:
    await case.draft(content(case.author, title=""))
    await case.act("filing", case.author)
    assert (await case.file())["receipt"]["register_number"] == 1


async def test_an_edit_needs_the_version_it_edits(case: Case) -> None:
    await case.draft()
    etag = (await case.read()).headers["etag"]
    assert (await case.rewrite(content(case.author), etag=etag)).status_code == 200
    stale = await case.rewrite(content(case.author), etag=etag)
    assert (stale.status_code, stale.json()["code"]) == (412, "EditConflict")
    missing = await case.send("PUT", f"/dossiers/{case.id}/content", case.author, json=content(case.author))
    assert (missing.status_code, missing.json()["code"]) == (428, "IfMatchMissing")


async def test_an_edit_of_several_fields_keeps_each_of_them_apart_in_the_history(case: Case) -> None:
    await case.draft()
    changed = content(case.author, case.co_author, title="Tên khác", conditions="Cần máy chiếu")
    assert (await case.rewrite(changed)).status_code == 200
    event = (await case.events())[-1]
    kept = await case.service.database.pool.fetch(
        "select field, value from event_values where event_id = $1", event["event_id"]
    )
    assert [(row["field"], [change["field"] for change in row["value"]]) for row in kept] == [
        ("changes", ["title", "conditions"])
    ]


async def test_the_history_tells_what_an_edit_changed(case: Case) -> None:
    await case.draft()
    both = {"title": "Tên khác", "description": "Nước không về ruộng"}
    edited = await case.rewrite(content(case.author, case.co_author, **both))
    assert edited.status_code == 200, edited.text
    history = (await case.send("GET", f"/dossiers/{case.id}/history", case.author)).json()["items"]
    detail = history[-1]["detail"]
    assert detail["fields"] == ["title", "description"]
    assert [change["content"]["new"] for change in detail["changes"]] == list(both.values())


async def test_a_filed_dossier_is_not_edited(case: Case) -> None:
    await case.file()
    response = await case.rewrite(content(case.author, title="Tên khác"))
    assert (response.status_code, response.json()["code"]) == (409, "WrongState")


async def test_a_draft_is_its_authors_alone(case: Case) -> None:
    await case.draft()
    assert (await case.read(case.co_author)).status_code == 200
    for person in (case.officer, case.head, case.chair, case.stranger):
        for method, path in (
            ("GET", ""),
            ("GET", "/history"),
            ("GET", "/receipt"),
            ("POST", "/filing"),
            ("POST", "/acceptance"),
        ):
            response = await case.send(method, f"/dossiers/{case.id}{path}", person)
            assert (response.status_code, response.json()["code"]) == (404, "NotFound")


async def test_a_co_author_reads_but_neither_edits_nor_files_nor_withdraws(case: Case) -> None:
    await case.draft()
    answers = [
        await case.rewrite(content(case.co_author), person=case.co_author),
        await case.act("filing", case.co_author),
        await case.act("withdrawal", case.co_author, {"reason": "Không đồng ý"}),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "NotTheFiler")] * 3


async def test_posts_in_and_over_the_unit_read_what_was_filed_and_staff_and_strangers_do_not(
    case: Case,
) -> None:
    await case.file()
    statuses = {
        person: (await case.read(person)).status_code
        for person in (case.author, case.co_author, case.officer, case.head, case.chair)
    }
    assert set(statuses.values()) == {200}
    assert {(await case.read(person)).status_code for person in (case.stranger, uuid4())} == {404}
    beside = await case.send(
        "GET", f"/dossiers/{case.id}", uuid4(), posts=[held(PostKind.AUDITOR, case.province, uuid4())]
    )
    assert beside.status_code == 404
    auditor = await case.send(
        "GET", f"/dossiers/{case.id}", uuid4(), posts=[held(PostKind.AUDITOR, case.province)]
    )
    assert auditor.status_code == 200


@pytest.mark.parametrize("path", ["", "/receipt", "/history", "/attachments"])
async def test_an_unknown_dossier_is_not_found(case: Case, path: str) -> None:
    response = await case.send("GET", f"/dossiers/{uuid4()}{path}", case.author)
    assert (response.status_code, response.json()["code"]) == (404, "NotFound")


async def test_a_draft_has_no_receipt(case: Case) -> None:
    await case.draft()
    assert (await case.send("GET", f"/dossiers/{case.id}/receipt", case.author)).status_code == 404


async def test_a_withdrawn_draft_leaves_nothing_to_tell_the_workflow(case: Case) -> None:
    await case.draft()
    response = await case.act("withdrawal", case.author, {"reason": "Làm lại"})
    assert (response.status_code, response.json()["state"]) == (200, "WITHDRAWN")
    assert await case.words() == []


async def test_a_withdrawn_draft_stays_its_authors_alone(case: Case) -> None:
    await case.draft()
    await case.act("withdrawal", case.author, {"reason": "Làm lại"})
    assert (await case.read(case.head)).status_code == 404


async def test_a_filed_dossier_is_withdrawn_at_once_and_the_workflow_is_told(case: Case) -> None:
    await case.file()
    response = await case.act("withdrawal", case.author, {"reason": "Làm lại"})
    assert (response.status_code, response.json()["state"]) == (200, "WITHDRAWN")
    assert {state for _, _, state in await case.tasks()} == {"CANCELLED"}
    assert [word["name"] for word in await case.words()] == ["InitiativeWorkflow", Signal.FORMAL_CHECK_MOVED]
    again = await case.act("withdrawal", case.author, {"reason": "Nữa"})
    assert (again.status_code, again.json()["code"]) == (409, "WrongState")


async def test_after_acceptance_a_withdrawal_is_a_request_made_once(case: Case) -> None:
    await case.accepted()
    response = await case.act("withdrawal", case.author, {"reason": "Chuyển trường"})
    assert (response.status_code, response.json()["state"]) == (200, "ACCEPTED")
    assert response.json()["withdrawal_requested_at"]
    assert (await case.words())[-1]["name"] == Signal.WITHDRAWAL_REQUESTED
    again = await case.act("withdrawal", case.author, {"reason": "Nữa"})
    assert (again.status_code, again.json()["code"]) == (409, "WithdrawalPending")


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "  "}, {"reason": "a\x00"}])
async def test_a_withdrawal_needs_a_reason(case: Case, body: dict[str, str]) -> None:
    await case.file()
    response = await case.act("withdrawal", case.author, body)
    assert (response.status_code, response.json()["code"]) == (422, "RequestInvalid")


async def test_what_a_run_is_told_is_small_however_much_people_write(case: Case) -> None:
    much = "Đ" * 20_000
    body = content(case.author, case.co_author, title="T" * 500, description=much, conditions=much)
    await case.draft(body)
    assert (await case.act("filing", case.author)).status_code == 200
    assert (
        await case.act("supplement-notice", case.officer, {"defects": ["x" * 500] * 20})
    ).status_code == 200
    assert (await case.act("supplement", case.author)).status_code == 200
    assert (await case.act("acceptance", case.officer)).status_code == 200
    assert (await case.act("withdrawal", case.author, {"reason": much})).status_code < 300
    sizes = [len(to_json(word["payload"])) for word in await case.words()]
    assert len(sizes) >= 5
    assert max(sizes) < 4_000
