"""One-time codes: set up, shown, taken once, lost, removed; and what whoever guesses them meets."""

import asyncio
import re
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from services.organisation.app import SERVICE
from tests.api.test_organisation_signing_in import EXCHANGE
from tests.conftest import ServiceOpener
from tests.payout_cases import refusal
from tests.sign_in_cases import ANOTHER, HOME, OWN, WRONG, Desk, Holder, opened_desk, said

CLI_SECRET = "only for the test"
CODES = "/me/one-time-codes"


@pytest.fixture(scope="module")
async def desk(open_service: ServiceOpener) -> AsyncIterator[Desk]:
    async with opened_desk(open_service, cli_client_secret=CLI_SECRET) as opened:
        yield opened


async def test_codes_are_set_up_with_the_password_and_count_from_the_first_one(desk: Desk) -> None:
    holder = await desk.holder()
    token = await holder.token()
    none = {"confirmed_at": None, "recovery_codes_left": 0, "demanded": False}
    assert (await holder.ask(token)).json() == none
    assert refusal(await holder.ask(token, "POST", CODES, {"password": ANOTHER})) == (403, "PasswordWrong")
    tried = await holder.ask(token, "POST", f"{CODES}?dry_run=true", {"password": OWN})
    assert tried.json() == {"secret": None, "uri": None}
    begun = await holder.ask(token, "POST", CODES, {"password": OWN}, key="begun" * 8)
    assert begun.status_code == 201
    holder.secret = begun.json()["secret"]
    assert begun.json()["uri"].startswith("otpauth://totp/")
    again = await holder.ask(token, "POST", CODES, {"password": OWN}, key="begun" * 8)
    assert again.json() == {"secret": None, "uri": None}
    assert (await holder.sign_in()).status_code == 303
    confirmation = f"{CODES}/confirmation"
    wrong = await holder.ask(token, "POST", confirmation, {"one_time_code": WRONG})
    assert refusal(wrong) == (403, "OneTimeCodeWrong")
    tried = await holder.ask(token, "POST", f"{confirmation}?dry_run=true", {"one_time_code": holder.code()})
    assert tried.json() == {"recovery_codes": None}
    confirmed = await holder.ask(token, "POST", confirmation, {"one_time_code": holder.code()})
    assert len(set(confirmed.json()["recovery_codes"])) == 10
    desk.wait()
    asked = await holder.sign_in()
    assert (asked.status_code, 'maxlength="40" required' in asked.text) == (401, True)
    assert (await holder.sign_in(code=WRONG)).status_code == 403
    assert (await holder.sign_in(code=holder.code())).status_code == 303
    desk.wait()
    code = holder.code()
    assert (await holder.sign_in(code=f"{code[:3]} {code[3:]}")).status_code == 303
    assert await desk.told(holder.id) == ["CODES_CONFIRMED"]
    state = await holder.ask(token)
    assert (bool(state.json()["confirmed_at"]), state.json()["recovery_codes_left"]) == (True, 10)
    account = await desk.as_school("GET", f"/people/{holder.id}/account")
    assert account.json()["one_time_codes"]


@pytest.mark.parametrize(("steps", "status"), [(-2, 403), (-1, 303), (0, 303), (1, 303), (2, 403)])
async def test_a_clock_may_be_wrong_by_one_step(desk: Desk, steps: int, status: int) -> None:
    holder = await desk.holder()
    await holder.set_up()
    desk.wait(4)
    assert (await holder.sign_in(code=holder.code(steps))).status_code == status


async def test_no_code_is_taken_twice_nor_after_a_later_one(desk: Desk) -> None:
    holder = await desk.holder()
    await holder.set_up()
    desk.wait(4)
    code = holder.code()
    answers = await asyncio.gather(*(holder.sign_in(code=code) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [303, 403, 403]
    assert (await holder.sign_in(code=holder.code(-1))).status_code == 403
    assert (await holder.sign_in(code=holder.code(1))).status_code == 303
    desk.wait()
    assert (await holder.sign_in(code=holder.code())).status_code == 403


async def test_the_code_of_the_confirmation_signs_nobody_in(desk: Desk) -> None:
    holder = await desk.holder()
    await holder.set_up()
    assert (await holder.sign_in(code=holder.code(-1))).status_code == 403


async def test_a_recovery_code_stands_for_a_code_once(desk: Desk) -> None:
    holder = await desk.holder()
    token = await holder.set_up()
    first, second, third = holder.recovery[:3]
    assert (await holder.sign_in(code=first)).status_code == 303
    assert (await holder.sign_in(code=first)).status_code == 403
    assert (await holder.sign_in(code=second.replace("-", " ").lower())).status_code == 303
    assert (await holder.ask(token)).json()["recovery_codes_left"] == 8
    other = await desk.holder()
    await other.set_up()
    assert (await other.sign_in(code=third)).status_code == 403
    path = f"{CODES}/recovery-codes"
    assert refusal(await holder.ask(token, "POST", path, {"one_time_code": WRONG})) == (
        403,
        "OneTimeCodeWrong",
    )
    renewed = await holder.ask(token, "POST", path, {"one_time_code": holder.code()}, key="renewed" * 4)
    assert (renewed.status_code, len(renewed.json()["recovery_codes"])) == (201, 10)
    again = await holder.ask(token, "POST", path, {"one_time_code": holder.code()}, key="renewed" * 4)
    assert again.json() == {"recovery_codes": None}
    assert (await holder.sign_in(code=third)).status_code == 403
    assert (await holder.sign_in(code=renewed.json()["recovery_codes"][0])).status_code == 303
    told = ["CODES_CONFIRMED", "RECOVERY_USED", "RECOVERY_USED", "RECOVERY_RENEWED", "RECOVERY_USED"]
    assert await desk.told(holder.id) == told


async def test_a_device_is_changed_by_removing_the_codes_with_one(desk: Desk) -> None:
    holder = await desk.holder()
    token = await holder.set_up()
    assert refusal(await holder.ask(token, "POST", CODES, {"password": OWN})) == (409, "OneTimeCodesInUse")
    path = f"{CODES}/removal"
    assert refusal(await holder.ask(token, "POST", path, {"one_time_code": WRONG}))[0] == 403
    tried = await holder.ask(token, "POST", f"{path}?dry_run=true", {"one_time_code": holder.code()})
    assert (tried.status_code, (await holder.sign_in()).status_code) == (200, 401)
    removed = await holder.ask(token, "POST", path, {"one_time_code": holder.code()})
    assert (removed.status_code, removed.json()["confirmed_at"]) == (200, None)
    assert (await holder.sign_in()).status_code == 303
    assert refusal(await holder.ask(token, "POST", path, {"one_time_code": WRONG})) == (404, "NoOneTimeCodes")
    assert await desk.told(holder.id) == ["CODES_CONFIRMED", "CODES_REMOVED"]
    await holder.set_up()
    assert (await holder.sign_in(code=holder.code())).status_code == 303


async def test_wrong_codes_make_one_wait_and_the_right_password_does_not_end_it(desk: Desk) -> None:
    holder = await desk.holder()
    await holder.set_up()
    statuses = []
    for _ in range(6):
        assert (await holder.sign_in()).status_code in {401, 429}
        statuses.append((await holder.sign_in(code=WRONG)).status_code)
    assert statuses == [403, 403, 403, 403, 403, 429]
    assert (await holder.sign_in(code=holder.code())).status_code == 429
    desk.wait(4)
    assert (await holder.sign_in(code=holder.code())).status_code == 303
    assert (await holder.sign_in(code=WRONG)).status_code == 403


async def test_a_session_that_guesses_waits_with_the_page(desk: Desk) -> None:
    holder = await desk.holder()
    token = await holder.set_up()
    here = "127.0.0.1"
    for _ in range(2):
        await holder.ask(token, "POST", "/me/password", {"old": "guessed", "new": ANOTHER})
    for _ in range(3):
        await holder.ask(token, "POST", f"{CODES}/removal", {"one_time_code": WRONG})
    assert (await holder.sign_in(code=holder.code(), address=here)).status_code == 429
    removal = await holder.ask(token, "POST", f"{CODES}/removal", {"one_time_code": holder.code()})
    assert refusal(removal) == (429, "TooManyAttempts")
    assert (await holder.sign_in(code=holder.code(), address="198.51.100.9")).status_code == 303


async def test_the_own_password_changed_does_not_let_codes_be_guessed_on(desk: Desk) -> None:
    holder = await desk.holder()
    token = await holder.set_up()
    for _ in range(4):
        await holder.ask(token, "POST", f"{CODES}/removal", {"one_time_code": WRONG})
    changed = await holder.ask(token, "POST", "/me/password", {"old": OWN, "new": ANOTHER})
    assert changed.status_code == 200, changed.text
    here = "127.0.0.1"
    assert (await holder.sign_in(ANOTHER, WRONG, address=here)).status_code == 403
    assert (await holder.sign_in(ANOTHER, WRONG, address=here)).status_code == 429


async def test_who_guesses_codes_from_many_addresses_waits_long_and_the_holder_does_not(desk: Desk) -> None:
    holder = await desk.holder()
    await holder.set_up()
    assert (await holder.sign_in(code=holder.code())).status_code == 303
    desk.wait()
    statuses = [
        (await holder.sign_in(code=WRONG, address=f"198.51.100.{number}")).status_code for number in range(11)
    ]
    assert statuses == [*[403] * 10, 429]
    assert (await holder.sign_in(code=holder.code(), address=HOME)).status_code == 303
    assert await desk.told(holder.id) == ["CODES_CONFIRMED", "CODES_GUESSED"]


async def test_without_the_password_nobody_learns_who_has_codes(desk: Desk) -> None:
    known, nobody = await desk.holder(), Holder(desk, uuid4(), f"u{uuid4().hex[:12]}")
    await known.set_up()
    pages = [
        (who, await who.sign_in("not the password", code)) for who in (known, nobody) for code in ("", WRONG)
    ]
    assert {page.status_code for _, page in pages} == {401}
    # The name comes back as it was typed, whoever it is or is not.
    texts = {page.text.replace(f'value="{who.username}"', "") for who, page in pages}
    assert len({re.sub(r'code_challenge(" value="|=)[^"&]*', "", text) for text in texts}) == 1
    assert "mật khẩu không đúng" in said(pages[0][1])


async def test_what_is_kept_makes_no_code(desk: Desk) -> None:
    holder = await desk.holder()
    await holder.set_up()
    await holder.sign_in(code=holder.recovery[0])
    await holder.sign_in(code=WRONG)
    pool = desk.service.database.pool
    kept = ""
    for table in ("one_time_codes", "recovery_codes", "events", "notices", "idempotency_keys", "outbox"):
        kept += str(await pool.fetch(f"select t::text from {table} t"))
    kept += str(await pool.fetch("select convert_from(body, 'UTF8') as body from idempotency_keys"))
    assert holder.secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in holder.recovery)
    kinds = await pool.fetch("select kind from events where subject_id = $1 order by seq", holder.id)
    assert [row["kind"] for row in kinds][-5:] == [
        "SignedIn",
        "OneTimeCodesConfirmed",
        "RecoveryCodeUsed",
        "SignedIn",
        "OneTimeCodeFailed",
    ]


async def test_a_sealed_secret_is_of_no_use_in_another_row(desk: Desk) -> None:
    holder, thief = await desk.holder(), await desk.holder()
    await holder.set_up()
    await thief.set_up()
    copied = """
        update one_time_codes set sealed_secret = thief.sealed_secret from one_time_codes thief
        where one_time_codes.person_id = $1 and thief.person_id = $2
    """
    async with desk.service.database.transaction() as tx:
        await tx.conn.execute(copied, holder.id, thief.id)
    assert (await holder.sign_in(code=thief.code())).status_code == 409


async def test_the_command_line_of_the_machine_asks_for_a_code_too(desk: Desk) -> None:
    holder = await desk.holder()
    await holder.set_up()
    grant = {
        "grant_type": EXCHANGE,
        "client_id": "sangkien-cli",
        "client_secret": CLI_SECRET,
        "requested_subject": holder.username,
    }

    async def exchange(code: str) -> tuple[int, str]:
        answer = await desk.service.http.post("/oauth2/token", data={**grant, "one_time_code": code})
        return answer.status_code, answer.json().get("code", "")

    assert await exchange("") == (401, "OneTimeCodeMissing")
    assert await exchange(WRONG) == (403, "OneTimeCodeWrong")
    code = holder.code()
    assert await exchange(code) == (200, "")
    assert await exchange(code) == (403, "OneTimeCodeWrong")


async def test_without_a_key_no_codes_are_begun_and_recovery_codes_still_open(
    open_service: ServiceOpener,
) -> None:
    async with opened_desk(open_service) as desk:
        holder, other = await desk.holder(), await desk.holder()
        await holder.set_up()
        token = await other.token()
        keys = desk.service.app.state.verifier
        bare = await desk.service.shared.open(SERVICE, one_time_code_keys="")
        bare.app.state.verifier = keys
        desk.service = bare
        refused = await other.ask(token, "POST", CODES, {"password": OWN})
        assert refusal(refused) == (409, "OneTimeCodeKeyMissing")
        assert (await holder.sign_in(code=holder.code())).status_code == 409
        assert (await holder.sign_in(code=holder.recovery[0])).status_code == 303
