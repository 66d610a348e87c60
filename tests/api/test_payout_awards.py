"""An award over HTTP: two signatures by two people who are not paid by it, and every way to be refused."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from language.messages.clock import Revision, RungFinding
from language.messages.journey import StageOutcome
from language.messages.payout import AwardAssessed, AwardState
from language.plan.review_plan import RungAction
from language.posts.kinds import PostKind
from services.payout.app import SERVICE
from services.payout.domain.refusals import AwardNotAssessable
from tests.conftest import ServiceOpener, TestService, as_admin, held
from tests.payout_cases import Case, refusal
from tests.recognition_cases import publish_decision, publish_dossier
from tests.review_cases import holder


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as payout:
        yield payout


@pytest.fixture
async def case(service: TestService) -> Case:
    assessed = Case(service)
    await assessed.assess()
    return assessed


async def test_assessing_splits_the_award_and_gives_both_signatures_to_two_people(case: Case) -> None:
    assert await case.shares() == [333_300, 333_300, 333_401]
    assert await case.tasks() == [
        ("VERIFY_AWARD", case.verifier, "OPEN"),
        ("APPROVE_AWARD", case.approver, "WAITING"),
    ]
    assert await case.signals() == []
    event = (await case.events())[0]
    assert (event["kind"], event["actor_id"], event["rule"], event["rule_version"]) == (
        "AwardAssessed",
        None,
        "levels.UNIT.award",
        "three-tier@1",
    )


async def test_the_verifier_is_the_accountant_with_the_fewest_tasks(service: TestService) -> None:
    busy, free = holder(PostKind.ACCOUNTANT), holder(PostKind.ACCOUNTANT)
    chief = holder(PostKind.CHIEF_ACCOUNTANT)
    first = Case(service, holders=[busy, chief])
    await first.assess()
    case = Case(
        service,
        root=first.root,
        unit=first.unit,
        holders=[busy, free, chief],
        superiors=first.superiors,
    )
    await case.assess()
    assert ("VERIFY_AWARD", free.person_id, "OPEN") in await case.tasks()


async def test_one_person_in_both_posts_verifies_and_the_head_approves(service: TestService) -> None:
    alone = uuid4()
    case = Case(
        service, holders=[holder(PostKind.ACCOUNTANT, alone), holder(PostKind.CHIEF_ACCOUNTANT, alone)]
    )
    await case.assess()
    head = case.superiors[0].person_id
    assert await case.tasks() == [("VERIFY_AWARD", alone, "OPEN"), ("APPROVE_AWARD", head, "WAITING")]
    assert (await case.verify()).status_code == 200
    assert (await case.approve(head, case.post(PostKind.UNIT_HEAD))).status_code == 200


async def test_two_signatures_make_the_unit_owe_each_author_the_share(case: Case) -> None:
    verified, approved = await case.verify(), await case.approve()
    assert (verified.json()["state"], approved.json()["state"]) == ("VERIFIED", "APPROVED")
    assert (approved.json()["verified_by"], approved.json()["approved_by"]) == (
        str(case.verifier),
        str(case.approver),
    )
    assert approved.headers["etag"] == f'"v{approved.json()["version"]}"'
    assert await case.signals() == ["APPROVED"]
    assert [state for _, _, state in await case.tasks()] == ["DONE", "DONE"]
    query = (
        "select person_id, credit_dong from ledger_entries where award_id = $1 and account = "
        "'AUTHORS_PAYABLE' order by seq"
    )
    owed = [tuple(row) for row in await case.service.database.pool.fetch(query, case.award)]
    assert owed == list(zip([author.person_id for author in case.authors], await case.shares(), strict=True))
    assert [event["kind"] for event in await case.events()] == [
        "AwardAssessed",
        "AwardVerified",
        "AwardApproved",
    ]


async def test_the_approver_waits_for_the_verifier(case: Case) -> None:
    assert refusal(await case.approve()) == (409, "AwardNotThere")
    assert await case.balances() == {}


@pytest.mark.parametrize("step", ["verify", "approve"])
async def test_a_step_taken_is_not_taken_again(case: Case, step: str) -> None:
    await case.verify()
    await case.approve()
    assert refusal(await getattr(case, step)()) == (409, "AwardNotThere")
    assert await case.signals() == ["APPROVED"]


async def test_the_same_key_gets_the_same_answer_and_another_body_is_refused(case: Case) -> None:
    key = uuid4().hex
    first, again = await case.verify(key=key), await case.verify(key=key)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    post = case.post(PostKind.ACCOUNTANT)
    other = await case.post_as(f"awards/{case.award}/rejection", case.verifier, post, key=key, reason="Khác")
    assert refusal(other) == (422, "IdempotencyKeyReused")


async def test_somebody_elses_task_is_refused_whatever_the_post(case: Case) -> None:
    assert refusal(await case.verify(uuid4())) == (403, "NotYourTask")
    await case.verify()
    assert refusal(await case.approve(case.other_chief)) == (403, "NotYourTask")


async def test_whoever_verified_may_not_approve(case: Case) -> None:
    await case.verify()
    assert refusal(await case.approve(case.verifier)) == (403, "SamePersonTwice")
    assert await case.state() == "VERIFIED"


@pytest.mark.parametrize("act", ["verify", "approve", "reverse"])
async def test_a_payee_signs_nothing_of_the_own_award(case: Case, act: str) -> None:
    assert refusal(await getattr(case, act)(case.authors[0].person_id)) == (403, "OwnAward")


@pytest.mark.parametrize("act", ["verify", "approve", "reverse"])
async def test_a_stranger_is_not_told_that_the_award_exists(case: Case, act: str) -> None:
    elsewhere = held(PostKind.CHIEF_ACCOUNTANT, case.root, uuid4())
    assert refusal(await getattr(case, act)(uuid4(), elsewhere)) == (404, "NotFound")
    assert refusal(await case.get(f"awards/{case.award}", uuid4(), elsewhere)) == (404, "NotFound")


async def test_an_unknown_award_is_not_found(case: Case) -> None:
    case.award = uuid4()
    assert refusal(await case.verify()) == (404, "NotFound")


@pytest.mark.parametrize("verified", [False, True])
async def test_whoever_has_to_sign_may_reject_with_a_reason(case: Case, verified: bool) -> None:
    signer, kind = (case.verifier, PostKind.ACCOUNTANT)
    if verified:
        await case.verify()
        signer, kind = case.approver, PostKind.CHIEF_ACCOUNTANT
    response = await case.reject(signer, case.post(kind))
    assert response.json()["state"] == "REJECTED"
    assert await case.signals() == ["REJECTED"]
    assert await case.balances() == {}
    assert {state for _, _, state in await case.tasks()} <= {"DONE", "CANCELLED"}
    assert (await case.events())[-1]["detail"]["reason"] == "Sai số quyết định"
    assert refusal(await case.reject(signer, case.post(kind))) == (409, "AwardNotThere")


async def test_the_approver_may_not_reject_before_the_verifier_has_looked(case: Case) -> None:
    assert refusal(await case.reject(case.approver, case.post(PostKind.CHIEF_ACCOUNTANT))) == (
        403,
        "NotYourTask",
    )


@pytest.mark.parametrize(
    "body",
    [{}, {"reason": ""}, {"reason": "  "}, {"reason": "a\x00"}, {"reason": 7}],
)
async def test_a_reason_must_be_said_in_words(case: Case, body: dict[str, object]) -> None:
    headers = case.service.headers(case.verifier, case.post(PostKind.ACCOUNTANT))
    response = await case.service.http.post(f"/v1/awards/{case.award}/rejection", json=body, headers=headers)
    assert refusal(response) == (422, "RequestInvalid")
    assert await case.state() == "ASSESSED"


async def test_no_command_without_a_key_or_a_token(case: Case) -> None:
    headers = case.service.headers(case.verifier, case.post(PostKind.ACCOUNTANT))
    url = f"/v1/awards/{case.award}/verification"
    keyless = await case.service.http.post(url, headers={"Authorization": headers["Authorization"]})
    assert refusal(keyless) == (400, "IdempotencyKeyMissing")
    tokenless = await case.service.http.post(url, headers={"Idempotency-Key": "k"})
    assert refusal(tokenless) == (401, "Unauthenticated")
    for flaw in ({"forged": True}, {"expired": True}):
        token = case.service.issuer.token(case.verifier, **flaw)
        response = await case.service.http.post(
            url, headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
        )
        assert refusal(response) == (401, "Unauthenticated")


@pytest.mark.parametrize("state", ["ASSESSED", "VERIFIED", "REJECTED", "REVERSED"])
async def test_what_was_not_approved_or_is_reversed_cannot_be_reversed(case: Case, state: str) -> None:
    if state != "ASSESSED":
        await case.verify()
    if state == "REJECTED":
        await case.reject(case.approver, case.post(PostKind.CHIEF_ACCOUNTANT))
    if state == "REVERSED":
        await case.approve()
        await case.reverse()
    before = await case.balances()
    assert refusal(await case.reverse()) == (409, "AwardNotThere")
    assert (await case.state(), await case.balances()) == (state, before)


async def test_a_reversal_books_counter_entries_and_is_no_matter_of_the_journey(case: Case) -> None:
    await case.verify()
    await case.approve()
    assert (await case.reverse()).json()["state"] == "REVERSED"
    assert await case.balances() == {}
    assert await case.signals() == ["APPROVED"]
    count = "select count(*) from ledger_entries where award_id = $1"
    assert await case.service.database.pool.fetchval(count, case.award) == 2 * (1 + len(case.authors))


async def test_whoever_approved_may_not_reverse_and_only_a_chief_accountant_may(case: Case) -> None:
    await case.verify()
    await case.approve()
    assert refusal(await case.reverse(case.approver)) == (403, "SamePersonTwice")
    for kind in (PostKind.ACCOUNTANT, PostKind.UNIT_HEAD, PostKind.AUDITOR, PostKind.ADMIN):
        assert refusal(await case.reverse(uuid4(), case.post(kind))) == (403, "Forbidden")
    assert await case.state() == "APPROVED"


async def test_an_award_that_went_to_the_treasury_waits_for_the_statement(service: TestService) -> None:
    case = Case(service)
    await case.sent()
    assert refusal(await case.reverse()) == (409, "AlreadySent")


async def test_a_payee_sees_the_own_share_alone(case: Case) -> None:
    payee = case.authors[1].person_id
    award = (await case.get(f"awards/{case.award}", payee)).json()
    own = {"person_id": str(payee), "percent": "33.33", "amount_dong": 333_300}
    [share] = award["shares"]
    assert share == {**own, "full_name": share["full_name"], "outside": False, "paid_to": None}
    assert [item["id"] for item in (await case.get("awards", payee)).json()["items"]] == [str(case.award)]


@pytest.mark.parametrize(
    "kind",
    [
        PostKind.ACCOUNTANT,
        PostKind.CHIEF_ACCOUNTANT,
        PostKind.UNIT_HEAD,
        PostKind.DEPUTY_HEAD,
        PostKind.AUDITOR,
        PostKind.ADMIN,
    ],
)
@pytest.mark.parametrize("over", [False, True])
async def test_money_posts_in_or_over_the_unit_see_all_shares(case: Case, kind: PostKind, over: bool) -> None:
    post = held(kind, case.root) if over else case.post(kind)
    shown = await case.get(f"awards/{case.award}", uuid4(), post)
    award = shown.json()
    assert shown.headers["etag"] == f'"v{award["version"]}"'
    assert sum(share["amount_dong"] for share in award["shares"]) == award["amount_dong"] == case.amount_dong
    listed = (await case.get("awards", uuid4(), post, dossier_id=str(case.dossier))).json()
    assert [item["id"] for item in listed["items"]] == [str(case.award)]


@pytest.mark.parametrize("kind", [PostKind.STAFF, PostKind.COUNCIL_MEMBER, PostKind.INTAKE_OFFICER])
async def test_other_posts_see_no_money(case: Case, kind: PostKind) -> None:
    post = case.post(kind)
    assert refusal(await case.get(f"awards/{case.award}", uuid4(), post)) == (404, "NotFound")
    assert (await case.get("awards", uuid4(), post)).json()["items"] == []
    assert refusal(await case.get(f"dossiers/{case.dossier}/history", uuid4(), post)) == (404, "NotFound")
    assert refusal(await case.get("ledger/entries", uuid4(), post, unit_id=str(case.unit))) == (
        403,
        "Forbidden",
    )
    assert refusal(await case.get("ledger/trial-balance", uuid4(), post, unit_id=str(case.unit))) == (
        403,
        "Forbidden",
    )
    assert refusal(await case.get("payment-lists", uuid4(), post)) == (403, "Forbidden")
    assert refusal(await case.get("tasks", uuid4(), post, scope="all")) == (403, "Forbidden")


async def test_awards_are_listed_page_by_page_and_by_state(service: TestService) -> None:
    root, unit = uuid4(), uuid4()
    cases = [Case(service, root=root, unit=unit, percents=(Decimal(100),)) for _ in range(5)]
    for case in cases:
        await case.assess()
    await cases[0].verify()
    auditor, post = uuid4(), held(PostKind.AUDITOR, root)
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = (await cases[0].get("awards", auditor, post, unit_id=str(unit), limit=2, **after)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert seen == [str(case.award) for case in cases]
    verified = (await cases[0].get("awards", auditor, post, state="VERIFIED")).json()["items"]
    assert [item["id"] for item in verified] == [str(cases[0].award)]
    for query, found in (
        ({"season_id": str(unit)}, cases),
        ({"season_id": str(uuid4())}, []),
        ({"actor_id": str(cases[0].verifier)}, cases[:1]),
        ({"author_id": str(cases[1].authors[0].person_id)}, cases[1:2]),
        ({"q": "khong co ten nay"}, []),
    ):
        narrowed = (await cases[0].get("awards", auditor, post, **query)).json()
        assert [item["id"] for item in narrowed["items"]] == [str(one.award) for one in found], query
        assert narrowed["count"] == len(found)


@pytest.mark.parametrize(
    "query", [{"limit": 1_000_000}, {"limit": 0}, {"after": "nonsense"}, {"state": "GONE"}, {"unit_id": "x"}]
)
async def test_a_list_asked_wrongly_is_refused(case: Case, query: dict[str, object]) -> None:
    response = await case.get("awards", uuid4(), case.post(PostKind.AUDITOR), **query)
    assert response.status_code == 422
    assert response.json()["code"] in {"RequestInvalid", "CursorInvalid"}


async def test_the_signers_find_their_work_in_the_inbox_and_history_tells_who_signed(case: Case) -> None:
    inbox = (await case.get("tasks", case.verifier)).json()["items"]
    assert [(task["kind"], task["about_id"], task["subject_id"]) for task in inbox] == [
        ("VERIFY_AWARD", str(case.award), str(case.dossier))
    ]
    await case.verify()
    inbox = (await case.get("tasks", case.approver)).json()["items"]
    assert [task["kind"] for task in inbox] == ["APPROVE_AWARD"]
    history = (
        await case.get(f"dossiers/{case.dossier}/history", uuid4(), case.post(PostKind.AUDITOR))
    ).json()["items"]
    assert [(event["kind"], event["actor_id"]) for event in history] == [
        ("AwardAssessed", None),
        ("AwardVerified", str(case.verifier)),
    ]


async def test_after_handing_up_the_superior_signs_and_the_silent_may_not(case: Case) -> None:
    climbed = await case.climb(RungAction.HAND_UP)
    assert climbed.finding is RungFinding.FIRED
    assert refusal(await case.verify()) == (403, "NotYourTask")
    head: UUID = case.superiors[0].person_id
    assert (await case.verify(head, case.post(PostKind.UNIT_HEAD))).json()["verified_by"] == str(head)


async def test_who_signs_for_somebody_away_is_written_down_with_both_names(service: TestService) -> None:
    head = holder(PostKind.UNIT_HEAD)
    case = Case(service, superiors=[head])
    await case.assess()
    deputy = holder(PostKind.DEPUTY_HEAD)
    case.holders.append(deputy)
    published = await case.facts()
    await published.away(head.person_id)
    await case.climb(RungAction.HAND_UP)
    await case.verify(deputy.person_id, case.post(PostKind.DEPUTY_HEAD))
    event = (await case.events())[-1]
    assert (event["kind"], event["actor_id"], event["on_behalf_of"]) == (
        "AwardVerified",
        deputy.person_id,
        head.person_id,
    )


async def test_one_readable_award_opens_the_history_of_the_dossier(case: Case) -> None:
    above = Case(case.service, root=case.root, unit=uuid4(), dossier=case.dossier, level="PROVINCE")
    await above.assess()
    for person, post in (
        (uuid4(), case.post(PostKind.ACCOUNTANT)),
        (case.authors[0].person_id, case.post(PostKind.STAFF)),
    ):
        history = await case.get(f"dossiers/{case.dossier}/history", person, post)
        assert [event["kind"] for event in history.json()["items"]] == ["AwardAssessed", "AwardAssessed"]
    elsewhere = held(PostKind.ACCOUNTANT, case.root, uuid4())
    assert refusal(await case.get(f"dossiers/{case.dossier}/history", uuid4(), elsewhere)) == (
        404,
        "NotFound",
    )


async def test_the_post_a_signature_was_asked_of_is_written_down(case: Case) -> None:
    signing, reading = case.post(PostKind.ACCOUNTANT), case.post(PostKind.AUDITOR)
    await case.verify(case.verifier, reading, signing)
    await case.approve(case.approver, reading)
    assert [event["post_id"] for event in await case.events()] == [
        None,
        *(holder.post_id for holder in case.holders),
    ]


@pytest.mark.parametrize("percents", [["60", "60"], ["150", "-50"]])
async def test_an_award_that_cannot_be_split_is_refused_and_leaves_nothing(
    service: TestService, percents: list[str]
) -> None:
    case = Case(service, amount_dong=5, percents=[Decimal(percent) for percent in percents])
    with pytest.raises(AwardNotAssessable):
        await case.assess()
    assert await case.events() == []


NOTHING = AwardAssessed(award=None, clock=None)


async def test_without_a_recognition_nothing_is_made(service: TestService) -> None:
    case = Case(service)
    await case.facts()
    assert await case.ask() == NOTHING
    await publish_dossier(service.shared, case.recognised)
    assert await case.ask() == NOTHING
    assert (await case.events(), await case.tasks()) == ([], [])


@pytest.mark.parametrize("outcome", [StageOutcome.REFUSED, StageOutcome.WITHDRAWN])
async def test_another_word_of_the_level_brings_no_money(service: TestService, outcome: StageOutcome) -> None:
    case = Case(service)
    await publish_dossier(service.shared, case.recognised)
    await publish_decision(service.shared, case.recognised, case.level, "1/QĐ", outcome)
    assert await case.ask() == NOTHING
    assert await case.events() == []


async def test_a_recognition_at_another_level_or_one_that_pays_nothing_brings_none(
    service: TestService,
) -> None:
    case, unpaid = Case(service), Case(service, amount_dong=0)
    await publish_dossier(service.shared, case.recognised)
    await publish_decision(service.shared, case.recognised, "COMMUNE", "2/QĐ")
    await unpaid.publish()
    assert [await one.ask() for one in (case, unpaid)] == [NOTHING, NOTHING]


async def test_the_answer_has_the_clock_that_the_award_waits_by(service: TestService) -> None:
    case = Case(service)
    await case.publish()
    first = await case.ask()
    assert first.award
    assert first.clock
    assert (first.award.state, first.award.revision) == (AwardState.ASSESSED, Revision(number=1))
    assert first.clock.about_id == first.award.award_id
    assert [rung.id for rung in first.clock.rungs] == ["remind", "tell_superior", "hand_up"]
    due = await service.database.pool.fetchval(
        "select due_at from awards where id = $1", first.award.award_id
    )
    assert first.clock.due_at == due
    again = await case.ask()
    assert again == replace(first, award=replace(first.award, event_id=again.award and again.award.event_id))


async def test_after_a_restore_the_word_about_an_award_goes_before_every_earlier_one(
    open_service: ServiceOpener,
) -> None:
    async with open_service(SERVICE) as service:
        case = Case(service)
        await case.assess()
        await as_admin(service.admin_url, "insert into payout.restores (number, reason) values (1, 'x')")
        await case.verify()
        await case.approve()
        query = "select payload -> 'revision' as revision from outbox where payload ->> 'state' = 'APPROVED'"
        assert await service.database.pool.fetchval(query) == {"epoch": 1, "number": 3}
