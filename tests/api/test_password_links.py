"""Links that mails bring: an invitation and a forgotten password, from the click to the sign-in."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from language.refusals import Refusal
from language.telling import Language
from services.organisation.sign_in.domain import refusals
from services.postroom.operations.password_links import bring
from services.postroom.store.password_links import OpenLink
from tests.conftest import ServiceOpener
from tests.notice_cases import text_of
from tests.password_link_cases import LinkDesk, anywhere, opened_link_desk, told
from tests.payout_cases import refusal
from tests.sign_in_cases import ANOTHER, GIVEN, OWN, code_of

KEYS = "k1:" + "A" * 43 + "="


@pytest.fixture(scope="module")
async def links(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[LinkDesk]:
    folder = tmp_path_factory.mktemp("mail")
    async with opened_link_desk(open_service, folder, one_time_code_keys=KEYS) as desk:
        yield desk


def _says(page: httpx.Response, kind: type[Refusal]) -> bool:
    return page.status_code == kind.status and told(page) == kind().detail_vi


async def test_who_is_invited_chooses_a_password_by_the_mail_and_signs_in(links: LinkDesk) -> None:
    holder = await links.invited()
    assert (await holder.sign_in(OWN)).status_code == 401
    code = await links.brought(holder)
    [mail] = links.mails(f"{holder.id.hex}@sk.test")
    assert "mời bạn chọn mật khẩu" in str(mail["Subject"])
    assert text_of(mail).count(code) == 2, "in the link, and to be copied"
    assert code not in str(mail["Subject"])
    taken = await links.choose(code, OWN)
    assert (taken.status_code, 'href="/"' in taken.text) == (200, True)
    assert holder.username in taken.text
    assert (await holder.sign_in(OWN)).status_code == 303
    assert _says(await links.choose(code, ANOTHER), refusals.LinkUsed)
    assert (await holder.sign_in(OWN)).status_code == 303
    assert await links.desk.told(holder.id) == ["INVITED", "LINK_USED"]
    pool = links.desk.service.database.pool
    sent = await pool.fetchrow(
        "select actor_id, post_id from events where subject_id = $1 and kind = 'InvitationSent'", holder.id
    )
    assert sent["actor_id"] == links.desk.admin
    assert sent["post_id"] is not None


async def test_the_page_of_a_link_uses_nothing_up_and_tells_the_code_to_nobody(links: LinkDesk) -> None:
    page = await links.desk.service.http.get("/oauth2/password", params={"ui_locales": "en"})
    policy = page.headers["content-security-policy"]
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert page.headers["referrer-policy"] == "same-origin"
    assert "default-src 'none'" in policy
    assert "script-src 'sha256-" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert "Code of the mail" in page.text
    sign_in = await links.desk.service.http.get("/oauth2/forgotten")
    assert "Quên mật khẩu" in sign_in.text


async def test_a_dry_run_invites_nobody(links: LinkDesk) -> None:
    holder = await links.holder()
    assert (await links.invite(holder, dry_run=True)).status_code == 200
    assert await links.links_of(holder.id) == 0
    assert await links.desk.told(holder.id) == []


async def test_a_forgotten_password_ends_every_session_and_leaves_the_codes(links: LinkDesk) -> None:
    holder = await links.holder()
    token = await holder.set_up()
    answer = await links.forgot(holder.username)
    assert answer.status_code == 200
    code = await links.brought(holder)
    assert (await holder.ask(token)).status_code == 200, "asking changes nothing"
    assert (await links.choose(code, ANOTHER)).status_code == 200
    assert (await holder.ask(token)).status_code == 401
    assert (await holder.sign_in(OWN)).status_code == 401
    assert (await holder.sign_in(ANOTHER)).status_code == 401, "a code is still asked for"
    links.desk.wait()
    assert (await holder.sign_in(ANOTHER, holder.code())).status_code == 303
    told_of = await links.desk.told(holder.id)
    assert told_of == ["CODES_CONFIRMED", "LINK_ASKED", "LINK_USED"]
    pool = links.desk.service.database.pool
    asked = "select actor_id from events where subject_id = $1 and kind = 'PasswordLinkSent'"
    assert await pool.fetchval(asked, holder.id) is None, "nobody is signed in"


async def test_the_answer_tells_nothing_of_the_account(links: LinkDesk) -> None:
    real, closed, homeless = await links.holder(), await links.holder(), await links.desk.holder()
    await links.desk.as_school("POST", f"/people/{closed.id}/account/closing", {"reason": "x"})
    names = [real.username, closed.username, homeless.username, f"u{uuid4().hex[:12]}", "' or 1=1"]
    answers = [await links.forgot(name) for name in names]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    times = [answer.elapsed.total_seconds() for answer in answers]
    assert min(times) >= 0.3
    await links.brought(real)
    assert await links.links_of(closed.id) == await links.links_of(homeless.id) == 0


async def test_of_two_uses_at_once_one_is_refused(links: LinkDesk) -> None:
    holder = await links.invited()
    code = await links.brought(holder)
    tried = [f"{OWN} {number}" for number in range(6)]
    answers = await asyncio.gather(*(links.choose(code, new) for new in tried))
    assert sorted(answer.status_code for answer in answers) == [200] + [410] * 5
    holds = [new for new, answer in zip(tried, answers, strict=True) if answer.status_code == 200]
    assert (await holder.sign_in(holds[0])).status_code == 303
    assert (await links.desk.told(holder.id)).count("LINK_USED") == 1


@pytest.mark.parametrize("change", ["later", "time", "password", "address", "closed", "own"])
async def test_a_link_that_is_over_says_what_to_do(links: LinkDesk, change: str) -> None:
    holder = await links.holder()
    assert (await links.invite(holder)).status_code == 200
    code, kind = await links.brought(holder), refusals.LinkReplaced
    path, pool = f"/people/{holder.id}/account", links.desk.service.database.pool
    match change:
        case "later":
            await links.forgot(holder.username)
            later = await links.brought(holder, 2)
        case "time":
            past = "update account_links set good_until = $2 where person_id = $1"
            await pool.execute(past, holder.id, links.desk.clock.real_now())
            kind = refusals.LinkOld
        case "password":
            given = {"username": holder.username, "password": GIVEN}
            assert (await links.desk.as_school("PUT", path, given)).status_code == 200
        case "address":
            await links.reached_at(holder.id, "elsewhere@sk.test")
        case "closed":
            await links.desk.as_school("POST", f"{path}/closing", {"reason": "x"})
            kind = refusals.AccountClosed
        case "own":
            token = await holder.token()
            own = {"old": OWN, "new": GIVEN}
            assert (await holder.ask(token, "POST", "/me/password", own)).status_code == 200
    assert _says(await links.choose(code, ANOTHER), kind)
    assert (await holder.sign_in(ANOTHER)).status_code == 401
    if change == "later":
        assert (await links.choose(later, ANOTHER)).status_code == 200


async def test_an_account_that_was_closed_and_opened_again_takes_no_link_of_before(links: LinkDesk) -> None:
    holder = await links.invited()
    code = await links.brought(holder)
    for act in ("closing", "reopening"):
        await links.desk.as_school("POST", f"/people/{holder.id}/account/{act}", {"reason": "x"})
    assert _says(await links.choose(code, OWN), refusals.LinkReplaced)


async def test_nobody_guesses_a_link(links: LinkDesk) -> None:
    one, other = await links.invited(), await links.invited()
    first, second = await links.brought(one), await links.brought(other)
    id_of_one, _, secret_of_one = first.partition(".")
    id_of_other = second.partition(".")[0]
    guesses = [f"{id_of_other}.{secret_of_one}", f"{id_of_one}.x", id_of_one, "", ".", f"{uuid4()}.x", "ừ.ừ"]
    for guess in guesses:
        answer = await links.choose(guess, OWN)
        assert answer.status_code in {404, 422}, guess
    thief, at_home = anywhere(), anywhere()
    tried = [await links.choose(f"{id_of_one}.{number}", OWN, address=thief) for number in range(52)]
    assert tried[-1].status_code == 429
    assert _says(tried[0], refusals.LinkUnknown)
    assert (await links.choose(first, OWN, address=thief)).status_code == 429
    assert (await links.choose(first, OWN, address=at_home)).status_code == 200


async def test_a_link_that_was_used_is_told_only_to_whoever_has_it(links: LinkDesk) -> None:
    holder = await links.invited()
    code = await links.brought(holder)
    await links.choose(code, OWN)
    assert _says(await links.choose(f"{code}x", OWN), refusals.LinkUnknown)


async def test_a_password_that_is_refused_uses_no_link_up(links: LinkDesk) -> None:
    holder = await links.holder()
    await links.forgot(holder.username)
    code = await links.brought(holder)
    for new in ("123456789012", "MatKhau123456", holder.username):
        assert _says(await links.choose(code, new), refusals.PasswordTooEasy)
    assert _says(await links.choose(code, OWN), refusals.PasswordUnchanged)
    differ = await links.choose(code, ANOTHER, GIVEN)
    assert _says(differ, refusals.NewPasswordsDiffer)
    assert code in differ.text, "it is not typed twice"
    spaced = f" {code[:50]}\n {code[50:]} "
    assert (await links.choose(spaced, ANOTHER)).status_code == 200


async def test_no_mailbox_is_flooded_and_the_link_of_before_stays_good(links: LinkDesk) -> None:
    holder = await links.holder()
    answers = [await links.forgot(holder.username) for _ in range(5)]
    assert len({answer.text for answer in answers}) == 1
    assert await links.links_of(holder.id) == 2
    code = await links.brought(holder)
    good = await links.desk.service.database.pool.fetchval(
        "select id::text from account_links where person_id = $1 and ended_at is null", holder.id
    )
    while not code.startswith(good):
        await asyncio.sleep(0.1)
        code = await links.brought(holder)
    assert (await links.choose(code, ANOTHER)).status_code == 200


async def test_many_names_from_one_address_make_it_wait(links: LinkDesk) -> None:
    thief = anywhere()
    found = set[int]()
    for turn in range(7):
        # Each takes as long as if there were a name, and a few at once find a connection on any machine.
        names = (f"nobody{turn}{number}" for number in range(8))
        pages = await asyncio.gather(*(links.forgot(name, thief) for name in names))
        found |= {page.status_code for page in pages}
    assert found == {200, 429}
    waits = await links.forgot("nobody", thief)
    assert waits.status_code == 429
    assert "giây" in told(waits)
    assert (await links.forgot("nobody", anywhere())).status_code == 200


async def test_another_site_sends_no_form(links: LinkDesk) -> None:
    holder = await links.holder()
    answer = await links.forgot(holder.username, origin="https://evil.example")
    assert refusal(answer) == (403, "FormFromElsewhere")
    assert await links.links_of(holder.id) == 0


async def test_what_is_kept_opens_nothing(links: LinkDesk) -> None:
    holder = await links.invited()
    code = await links.brought(holder)
    secret = code.partition(".")[2]
    assert len(secret) >= 43
    kept = await links.all_rows()
    assert str(holder.id) in kept
    assert secret not in kept
    await links.choose(code, OWN)
    assert secret not in await links.all_rows()


async def test_a_mail_that_is_sent_again_brings_another_secret_to_the_same_link(links: LinkDesk) -> None:
    holder = await links.invited()
    first = await links.brought(holder)
    pool = links.desk.service.database.pool
    row = await pool.fetchrow("select id, good_until from account_links where person_id = $1", holder.id)
    link = OpenLink(id=row["id"], mail_address="x@sk.test", good_until=row["good_until"])
    async with links.postroom.database.transaction() as tx:
        again = await bring(tx, link, "https://sk.test", Language.EN)
    assert again.code != first
    assert again.code.partition(".")[0] == first.partition(".")[0]
    assert (await links.choose(again.code, OWN)).status_code == 200
    assert _says(await links.choose(first, ANOTHER), refusals.LinkUsed)


async def test_who_cannot_be_invited_is_not(links: LinkDesk) -> None:
    holder = await links.desk.holder()
    assert refusal(await links.invite(holder)) == (409, "NowhereToInvite")
    await links.reached_at(holder.id)
    assert refusal(await links.invite(holder, password=GIVEN)) == (422, "InvitedWithPassword")
    await links.desk.as_school("POST", f"/people/{holder.id}/account/closing", {"reason": "x"})
    assert refusal(await links.invite(holder)) == (409, "InvitedToClosed")
    assert await links.links_of(holder.id) == 0


async def test_a_mail_goes_where_the_office_says_and_not_where_a_session_chose(links: LinkDesk) -> None:
    holder = await links.holder()
    settings = f"/v1/people/{holder.id}/notice-settings"
    headers = {**links.postroom.headers(holder.id), "If-Match": '"v0"'}
    moved = await links.postroom.http.put(settings, json={"mail_address": "thief@sk.test"}, headers=headers)
    assert moved.status_code == 200, moved.text
    await links.forgot(holder.username)
    await links.brought(holder)
    assert links.mails("thief@sk.test") == []
    assert code_of(await holder.sign_in(OWN))
