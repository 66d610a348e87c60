"""What lets somebody into an account that one administrator must not open alone: proposed by one, approved by
another, told to the holder."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.posts.kinds import PostKind
from tests.conftest import ServiceOpener, held
from tests.payout_cases import refusal
from tests.provinces import Organised
from tests.sign_in_cases import ANOTHER, GIVEN, OWN, PROVIDER, Desk, Holder, opened_desk

CODES_LOST = {"act": "REMOVE_CODES", "reason": "Mất điện thoại"}


@pytest.fixture(scope="module")
async def desk(open_service: ServiceOpener) -> AsyncIterator[Desk]:
    async with opened_desk(open_service) as opened:
        yield opened


@pytest.fixture(scope="module")
async def second(desk: Desk) -> Organised:
    """Another administrator of the province."""
    return Organised(desk.service, desk.province.root)


async def _proposed(desk: Desk, holder: Holder, body: dict[str, Any]) -> str:
    made = await desk.province.send("POST", f"/people/{holder.id}/account/proposals", body)
    assert made.status_code == 201, made.text
    return f"/account-proposals/{made.json()['id']}"


async def test_codes_are_removed_by_two_and_never_by_one(desk: Desk) -> None:
    holder = await desk.holder()
    await holder.set_up()
    path = f"/people/{holder.id}/account/proposals"
    tried = await desk.as_school("POST", f"{path}?dry_run=true", CODES_LOST)
    assert tried.status_code == 200
    proposed = await desk.as_school("POST", path, CODES_LOST)
    assert (proposed.status_code, proposed.json()["closed_at"]) == (201, None)
    mine = f"/account-proposals/{proposed.json()['id']}"
    assert refusal(await desk.as_school("POST", f"{mine}/approval")) == (403, "OwnProposal")
    assert (await holder.sign_in()).status_code == 401
    token = await holder.token(holder.code())
    assert refusal(await holder.ask(token, "POST", f"{mine}/approval")) == (403, "Forbidden")
    waiting = (await desk.province.send("GET", "/account-proposals")).json()["items"]
    assert proposed.json()["id"] in {one["id"] for one in waiting}
    assert (await desk.province.send("POST", f"{mine}/approval?dry_run=true")).status_code == 200
    approved = await desk.province.send("POST", f"{mine}/approval")
    assert (approved.status_code, approved.json()["approved_by"]) == (200, str(desk.province.admin))
    assert refusal(await desk.province.send("POST", f"{mine}/approval")) == (409, "ProposalClosed")
    assert (await holder.sign_in()).status_code == 303
    assert await desk.told(holder.id) == ["CODES_CONFIRMED", "REMOVE_CODES_PROPOSED", "CODES_REMOVED"]
    none = await desk.as_school("POST", path, CODES_LOST)
    assert refusal(none) == (404, "NoOneTimeCodes")


async def test_a_proposal_is_dropped_and_its_password_forgotten(desk: Desk, second: Organised) -> None:
    holder = await desk.holder()
    body = {"act": "SET_PASSWORD", "reason": "Quên mật khẩu", "password": GIVEN}
    proposal = await _proposed(desk, holder, body)
    kept = "select password_hash from account_proposals where id = $1"
    proposal_id = UUID(proposal.rsplit("/", 1)[1])
    assert await desk.service.database.pool.fetchval(kept, proposal_id)
    dropped = await desk.province.send("DELETE", proposal)
    assert (bool(dropped.json()["closed_at"]), dropped.json()["approved_by"]) == (True, None)
    assert await desk.service.database.pool.fetchval(kept, proposal_id) is None
    assert refusal(await second.send("POST", f"{proposal}/approval")) == (409, "ProposalClosed")
    assert (await holder.sign_in()).status_code == 303
    assert await desk.told(holder.id) == ["SET_PASSWORD_PROPOSED", "PROPOSAL_DROPPED"]


async def test_an_administrator_of_the_province_gets_a_password_from_two(
    desk: Desk, second: Organised
) -> None:
    ruler = await desk.holder(PostKind.ADMIN, desk.province.root)
    path = f"/people/{ruler.id}/account"
    alone = await desk.province.send("PUT", path, {"username": ruler.username, "password": GIVEN})
    assert refusal(alone) == (409, "AccountTakesTwo")
    elsewhere = {"issuer": PROVIDER, "subject": ruler.username}
    linked = await desk.province.send("POST", f"/people/{ruler.id}/identities", elsewhere)
    assert refusal(linked) == (409, "AccountTakesTwo")
    body = {"act": "SET_PASSWORD", "reason": "Quên mật khẩu", "password": GIVEN}
    easy = await desk.province.send("POST", f"{path}/proposals", {**body, "password": "matkhau123456"})
    assert refusal(easy) == (422, "PasswordTooEasy")
    proposal = await _proposed(desk, ruler, body)
    assert (await ruler.sign_in(GIVEN)).status_code == 401
    own = desk.service.headers(ruler.id)
    holder_approves = await desk.service.http.post(f"/v1{proposal}/approval", headers=own)
    assert refusal(holder_approves) == (403, "OwnAccount")
    assert (await second.send("POST", f"{proposal}/approval")).status_code == 200
    assert (await ruler.sign_in(OWN)).status_code == 401
    assert (await ruler.sign_in(GIVEN)).status_code == 403
    assert (await ruler.sign_in(GIVEN, new=ANOTHER)).status_code == 303
    assert await desk.told(ruler.id) == ["SET_PASSWORD_PROPOSED", "PASSWORD_SET"]


async def test_who_will_administer_the_province_counts_as_one(desk: Desk, second: Organised) -> None:
    teacher = await desk.holder()
    post = {"unit_id": str(desk.province.root), "kind": "ADMIN", "title": teacher.username}
    made = (await desk.province.send("POST", "/posts", post)).json()
    shall = {"person_id": str(teacher.id), "held_from": "2090-01-01"}
    proposed = await desk.province.send("POST", f"/posts/{made['id']}/proposals", shall)
    given = await second.send("POST", f"/administrator-proposals/{proposed.json()['id']}/approval")
    assert given.status_code == 200, given.text
    body = {"username": teacher.username, "password": GIVEN}
    alone = await desk.province.send("PUT", f"/people/{teacher.id}/account", body)
    assert refusal(alone) == (409, "AccountTakesTwo")


async def test_no_import_gives_an_administrator_of_the_province_a_password(desk: Desk) -> None:
    person = await desk.province.appoint(desk.province.root, PostKind.ADMIN)
    code = await desk.service.database.pool.fetchval("select code from people where id = $1", person)
    row = {"code": code, "full_name": "Lò Văn Bình", "username": f"u{uuid4().hex[:12]}", "password": GIVEN}
    refused = await desk.province.send("POST", "/imports", {"valid_from": "2026-01-01", "people": [row]})
    assert refusal(refused) == (409, "AccountTakesTwo")


async def test_who_knows_the_password_makes_nobody_an_administrator_of_the_province(
    desk: Desk, second: Organised
) -> None:
    teacher = await desk.holder()
    account = {"username": teacher.username, "password": GIVEN}
    post = {"unit_id": str(desk.province.root), "kind": "ADMIN", "title": teacher.username}
    made = (await desk.province.send("POST", "/posts", post)).json()
    path, shall = f"/posts/{made['id']}/proposals", {"person_id": str(teacher.id), "held_from": "2026-01-01"}
    before = (await desk.province.send("POST", path, shall)).json()
    assert (await desk.province.send("PUT", f"/people/{teacher.id}/account", account)).status_code == 200
    assert refusal(await desk.province.send("POST", path, shall)) == (409, "AccountNotTakenOver")
    approval = f"/administrator-proposals/{before['id']}/approval"
    assert refusal(await second.send("POST", approval)) == (409, "AccountNotTakenOver")
    assert (await teacher.sign_in(GIVEN, new=ANOTHER)).status_code == 303
    assert (await second.send("POST", approval)).status_code == 200


async def test_an_account_elsewhere_is_tied_by_two_to_who_has_codes(desk: Desk, second: Organised) -> None:
    holder = await desk.holder()
    await holder.set_up()
    elsewhere = {"issuer": PROVIDER, "subject": holder.username}
    alone = await desk.as_school("POST", f"/people/{holder.id}/identities", elsewhere)
    assert refusal(alone) == (409, "AccountTakesTwo")
    strange = {"act": "LINK_IDENTITY", "reason": "x", "issuer": "https://evil.example", "subject": "x"}
    refused = await desk.as_school("POST", f"/people/{holder.id}/account/proposals", strange)
    assert refusal(refused) == (422, "ProviderUnknown")
    proposal = await _proposed(desk, holder, {"act": "LINK_IDENTITY", "reason": "x", **elsewhere})
    assert (await second.send("POST", f"{proposal}/approval")).status_code == 200
    linked = (await desk.as_school("GET", f"/people/{holder.id}/identities")).json()["items"]
    assert [one["subject"] for one in linked] == [holder.username]
    assert await desk.told(holder.id) == ["CODES_CONFIRMED", "LINK_IDENTITY_PROPOSED", "LINKED"]


async def test_what_waits_is_shown_to_administrators_over_the_person_only(desk: Desk) -> None:
    holder = await desk.holder()
    await holder.set_up()
    proposal = (await _proposed(desk, holder, CODES_LOST)).rsplit("/", 1)[1]
    other = await desk.province.unit(uuid4().hex[:8])

    async def sees(*posts: Any) -> bool | tuple[int, str]:
        headers = desk.service.headers(uuid4(), *posts)
        answer = await desk.service.http.get("/v1/account-proposals", headers=headers)
        if answer.status_code != 200:
            return refusal(answer)
        return proposal in {one["id"] for one in answer.json()["items"]}

    root = desk.province.root
    assert await sees(held(PostKind.ADMIN, root)) is True
    assert await sees(held(PostKind.ADMIN, root, desk.school)) is True
    assert await sees(held(PostKind.ADMIN, root, other)) is False
    assert await sees(held(PostKind.UNIT_HEAD, root)) == (403, "Forbidden")
    elsewhere = desk.service.headers(uuid4(), held(PostKind.ADMIN, root, other))
    refused = await desk.service.http.post(f"/v1/account-proposals/{proposal}/approval", headers=elsewhere)
    assert refusal(refused) == (403, "Forbidden")


@pytest.mark.parametrize(
    "body",
    [
        {"act": "SET_PASSWORD"},
        {"act": "REMOVE_CODES", "password": GIVEN},
        {"act": "LINK_IDENTITY", "issuer": PROVIDER},
        {"act": "SET_PASSWORD", "password": GIVEN, "subject": "x"},
        {"act": "CLOSE"},
    ],
)
async def test_an_act_takes_what_belongs_to_it(desk: Desk, body: dict[str, Any]) -> None:
    path = f"/people/{uuid4()}/account/proposals"
    answer = await desk.province.send("POST", path, {"reason": "x", **body})
    assert answer.status_code == 422, answer.text


async def test_the_holder_proposes_nothing_for_the_own_account(desk: Desk) -> None:
    body = {"act": "SET_PASSWORD", "reason": "x", "password": GIVEN}
    refused = await desk.as_school("POST", f"/people/{desk.admin}/account/proposals", body)
    assert refusal(refused) == (403, "OwnAccount")


async def test_who_proposed_has_not_appointed_the_holder_since(desk: Desk, second: Organised) -> None:
    teacher = await desk.holder()
    body = {"act": "SET_PASSWORD", "reason": "Quên mật khẩu", "password": GIVEN}
    proposal = await _proposed(desk, teacher, body)
    post = {"unit_id": str(desk.school), "kind": "UNIT_HEAD", "title": teacher.username}
    made = (await desk.province.send("POST", "/posts", post)).json()
    shall = {"person_id": str(teacher.id), "held_from": "2026-01-01"}
    given = await desk.province.send("POST", f"/posts/{made['id']}/holdings", shall)
    assert given.status_code == 201, given.text
    assert refusal(await second.send("POST", f"{proposal}/approval")) == (409, "AppointedByYou")
    assert (await teacher.sign_in()).status_code == 303
