"""Posts that are for people with one-time codes only: who has none sets them up at the sign-in page, before
anything else."""

from collections.abc import AsyncIterator

import pytest

from language.posts.kinds import PostKind
from tests.api.test_organisation_signing_in import EXCHANGE
from tests.conftest import ServiceOpener
from tests.payout_cases import refusal
from tests.sign_in_cases import (
    ANOTHER,
    GIVEN,
    OWN,
    PROVIDER,
    WRONG,
    Desk,
    Holder,
    opened_desk,
    said,
    shown_recovery,
    shown_secret,
)

CLI_SECRET = "only for the test"


@pytest.fixture(scope="module")
async def desk(open_service: ServiceOpener) -> AsyncIterator[Desk]:
    demanded = "UNIT_HEAD CHIEF_ACCOUNTANT"
    async with opened_desk(open_service, cli_client_secret=CLI_SECRET, one_time_codes_for=demanded) as opened:
        yield opened


@pytest.fixture
async def head(desk: Desk) -> Holder:
    """The head of the school, without codes."""
    return await desk.holder(PostKind.UNIT_HEAD)


async def test_who_has_none_gets_in_only_to_set_them_up(desk: Desk, head: Holder) -> None:
    page = await head.sign_in()
    assert (page.status_code, "chỉ được đăng nhập bằng mã dùng một lần" in said(page)) == (403, True)
    head.secret = shown_secret(page)
    wrong = await head.sign_in(code=WRONG)
    assert (wrong.status_code, head.secret in wrong.text.replace(" ", "")) == (403, False)
    right = await head.sign_in(code=head.code())
    assert (right.status_code, len(shown_recovery(right))) == (200, 10)
    assert (await head.sign_in(code=head.code())).status_code == 403
    desk.wait()
    assert (await head.sign_in(code=head.code())).status_code == 303
    assert (await head.sign_in()).status_code == 401
    assert (await head.sign_in(code=shown_recovery(right)[0])).status_code == 303
    assert await desk.told(head.id) == ["CODES_CONFIRMED", "RECOVERY_USED"]


async def test_each_time_before_the_first_code_the_secret_is_another(desk: Desk, head: Holder) -> None:
    head.secret = shown_secret(await head.sign_in())
    before = head.code()
    head.secret = shown_secret(await head.sign_in())
    assert (await head.sign_in(code=before)).status_code == 403
    assert (await head.sign_in(code=head.code())).status_code == 200


async def test_a_wrong_password_sets_nothing_up(desk: Desk, head: Holder) -> None:
    wrong = await head.sign_in("not the password")
    assert (wrong.status_code, "otpauth" in wrong.text) == (401, False)
    begun = await desk.service.database.pool.fetchval(
        "select count(*) from one_time_codes where person_id = $1", head.id
    )
    assert begun == 0


async def test_first_codes_are_not_guessed_either(desk: Desk, head: Holder) -> None:
    shown_secret(await head.sign_in())
    statuses = [(await head.sign_in(code=WRONG)).status_code for _ in range(6)]
    assert statuses == [*[403] * 5, 429]


async def test_other_posts_sign_in_as_before(desk: Desk) -> None:
    teacher = await desk.holder()
    assert (await teacher.sign_in()).status_code == 303


async def test_who_gets_such_a_post_is_asked_at_the_next_sign_in(desk: Desk) -> None:
    teacher = await desk.holder()
    token = await teacher.token()
    post = {"unit_id": str(desk.school), "kind": "CHIEF_ACCOUNTANT", "title": teacher.username}
    made = (await desk.province.send("POST", "/posts", post)).json()
    given = {"person_id": str(teacher.id), "held_from": "2020-01-01"}
    assert (await desk.province.send("POST", f"/posts/{made['id']}/holdings", given)).status_code == 201
    assert (await teacher.ask(token)).json()["demanded"]
    assert (await teacher.sign_in()).status_code == 403


async def test_a_password_of_others_is_changed_before_codes_are_set_up(desk: Desk, head: Holder) -> None:
    stale = shown_secret(await head.sign_in())
    path = f"/people/{head.id}/account"
    headers = desk.service.headers(await desk.province.appoint(desk.school, PostKind.ADMIN))
    body = {"username": head.username, "password": GIVEN}
    reset = await desk.service.http.put(f"/v1{path}", json=body, headers=headers)
    assert reset.status_code == 200, reset.text
    asked = await head.sign_in(GIVEN)
    assert (asked.status_code, "otpauth" in asked.text, 'name="new_password"' in asked.text) == (
        403,
        False,
        True,
    )
    head.secret = stale
    page = await head.sign_in(GIVEN, head.code(), new=ANOTHER)
    assert (page.status_code, shown_secret(page) == stale) == (403, False)
    head.secret = shown_secret(page)
    assert (await head.sign_in(ANOTHER, head.code())).status_code == 200
    assert await desk.told(head.id) == ["PASSWORD_SET", "CODES_CONFIRMED"]


async def test_with_codes_a_password_of_others_takes_a_code_and_another_password(
    desk: Desk, head: Holder
) -> None:
    head.secret = shown_secret(await head.sign_in())
    await head.sign_in(code=head.code())
    desk.wait()
    headers = desk.service.headers(await desk.province.appoint(desk.school, PostKind.ADMIN))
    body = {"username": head.username, "password": GIVEN}
    await desk.service.http.put(f"/v1/people/{head.id}/account", json=body, headers=headers)
    assert (await head.sign_in(GIVEN, new=ANOTHER)).status_code == 401
    wrong = await head.sign_in(GIVEN, WRONG, new=ANOTHER)
    assert (wrong.status_code, 'name="new_password"' in wrong.text) == (403, True)
    assert (await head.sign_in(GIVEN, head.code(), new=ANOTHER)).status_code == 303
    desk.wait()
    assert (await head.sign_in(ANOTHER, head.code())).status_code == 303


async def test_the_command_line_says_where_they_are_set_up(desk: Desk, head: Holder) -> None:
    grant = {
        "grant_type": EXCHANGE,
        "client_id": "sangkien-cli",
        "client_secret": CLI_SECRET,
        "requested_subject": head.username,
    }
    assert refusal(await desk.service.http.post("/oauth2/token", data=grant)) == (403, "OneTimeCodesDemanded")


async def test_no_other_provider_is_a_way_past_them_by_one_administrator(desk: Desk, head: Holder) -> None:
    elsewhere = {"issuer": PROVIDER, "subject": head.username}
    refused = await desk.as_school("POST", f"/people/{head.id}/identities", elsewhere)
    assert refusal(refused) == (409, "AccountTakesTwo")


async def test_codes_that_were_removed_are_set_up_again(desk: Desk, head: Holder) -> None:
    head.secret = shown_secret(await head.sign_in())
    await head.sign_in(code=head.code())
    desk.wait()
    token = await head.token(head.code())
    desk.wait()
    body = {"one_time_code": head.code()}
    removed = await head.ask(token, "POST", "/me/one-time-codes/removal", body)
    assert (removed.status_code, removed.json()["demanded"]) == (200, True)
    assert (await head.sign_in(OWN)).status_code == 403
