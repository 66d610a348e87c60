"""The province keeps two administrators: none is dismissed or kept out of the account by another alone, and
the last two do not leave without a second pair of eyes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.deadline.arithmetic import local_day
from language.posts.kinds import PostKind
from services.organisation.app import SERVICE
from tests.conftest import ServiceOpener, TestService
from tests.payout_cases import refusal
from tests.provinces import Organised, bare_province

REASON = {"reason": "Nghỉ hưu"}
PROVIDER = "https://accounts.example.vn"


@dataclass
class Province:
    """Administrators of a province, made as in life; none but these is able."""

    service: TestService
    root: UUID
    admins: list[UUID]

    async def send(self, admin: int, method: str, path: str, body: Any = None) -> Any:
        """As the administrator of this number."""
        headers = self.service.headers(self.admins[admin])
        return await self.service.http.request(method, f"/v1{path}", json=body, headers=headers)

    async def holding(self, admin: int) -> UUID:
        """What this administrator administers by."""
        query = "select id from holdings where person_id = $1 and held_to is null"
        return UUID(str(await self.service.database.pool.fetchval(query, self.admins[admin])))

    async def end(self, by: int, whose: int, query: str = "", **body: str) -> Any:
        """One has it end today, of oneself or another."""
        today = str(local_day(self.service.database.clock.now()))
        path = f"/holdings/{await self.holding(whose)}/end{query}"
        return await self.send(by, "POST", path, {"held_to": today, **body})

    async def propose_end(self, by: int, whose: int) -> Any:
        """One proposes that somebody leaves after yesterday."""
        yesterday = str(local_day(self.service.database.clock.now()) - timedelta(days=1))
        path = f"/holdings/{await self.holding(whose)}/proposals"
        return await self.send(by, "POST", path, {"held_to": yesterday})

    async def told(self, admin: int, kind: str = "ENTERED_ABOUT_YOU") -> list[str]:
        """What this administrator was told, oldest first."""
        query = "select detail from notices where person_id = $1 and kind = $2 order by position"
        rows = await self.service.database.pool.fetch(query, self.admins[admin], kind)
        return [row["detail"] for row in rows]


@pytest.fixture(scope="module")
async def opened(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, oidc_other_issuers=PROVIDER) as service:
        await bare_province(service)
        yield service


@pytest.fixture
async def province(opened: TestService) -> Province:
    """Three administrators who can sign in; those of other tests and of the first start are gone."""
    root = await opened.database.pool.fetchval("select id from units where parent_id is null")
    made = Organised(opened, root)
    admins = [await made.appoint(root, PostKind.ADMIN) for _ in range(3)]
    async with opened.database.transaction() as tx:
        await tx.conn.execute(
            "update holdings set held_to = greatest(held_from, date '2021-01-01') where person_id <> all($1) "
            "and held_to is null",
            admins,
        )
        for admin in admins:
            await tx.conn.execute(
                "insert into accounts (username, person_id) values ($1, $2)", admin.hex, admin
            )
    return Province(opened, root, admins)


async def test_no_administrator_of_the_province_dismisses_another_alone(province: Province) -> None:
    assert refusal(await province.end(0, 1)) == (409, "NeedsSecondAdministrator")
    assert refusal(await province.end(0, 1, "?dry_run=true")) == (409, "NeedsSecondAdministrator")
    proposed = await province.propose_end(0, 1)
    assert (proposed.status_code, bool(proposed.json()["ends_id"])) == (201, True), proposed.text
    approval = f"/administrator-proposals/{proposed.json()['id']}/approval"
    assert refusal(await province.send(0, "POST", approval)) == (403, "OwnProposal")
    waiting = (await province.send(2, "GET", "/administrator-proposals")).json()["items"]
    assert proposed.json()["id"] in {one["id"] for one in waiting}
    approved = await province.send(2, "POST", approval)
    assert approved.status_code == 200, approved.text
    assert refusal(await province.send(1, "GET", "/administrator-proposals")) == (403, "Forbidden")
    assert refusal(await province.send(2, "POST", approval)) == (409, "ProposalClosed")
    assert (await province.told(1))[-2:] == ["DISMISSAL_PROPOSED=ADMIN", "POST_LEFT=ADMIN"]


async def test_a_proposed_dismissal_is_dropped(province: Province) -> None:
    proposed = (await province.propose_end(0, 1)).json()
    path = f"/administrator-proposals/{proposed['id']}"
    assert (await province.send(1, "DELETE", path)).status_code == 200
    assert refusal(await province.send(2, "POST", f"{path}/approval")) == (409, "ProposalClosed")
    assert (await province.send(1, "GET", "/administrator-proposals")).status_code == 200


async def test_one_gives_up_the_own_post_as_long_as_two_stay(province: Province) -> None:
    assert (await province.end(0, 0)).status_code == 200
    left = await province.end(1, 1)
    assert refusal(left) == (409, "TwoAdministratorsStay")
    assert "hai quản trị viên" in left.json()["detail"]
    proposed = await province.propose_end(1, 1)
    assert proposed.status_code == 201, proposed.text
    approval = f"/administrator-proposals/{proposed.json()['id']}/approval"
    assert refusal(await province.send(1, "POST", approval)) == (403, "OwnProposal")
    assert (await province.send(2, "POST", approval)).status_code == 200


async def test_an_end_that_is_set_already_counts(province: Province) -> None:
    later = str(local_day(province.service.database.clock.now()) + timedelta(days=30))
    assert (await province.end(0, 0, held_to=later)).status_code == 200
    assert refusal(await province.end(1, 1)) == (409, "TwoAdministratorsStay")


async def test_whoever_cannot_sign_in_does_not_count(province: Province) -> None:
    async with province.service.database.transaction() as tx:
        await tx.conn.execute(
            "update accounts set disabled_at = now() where person_id = $1", province.admins[2]
        )
    assert refusal(await province.end(0, 0)) == (409, "TwoAdministratorsStay")


async def test_below_the_province_one_administrator_ends_a_post(province: Province) -> None:
    made = Organised(province.service, province.root, province.admins[0])
    school = await made.unit(uuid4().hex[:8])
    person = await made.appoint(school, PostKind.ADMIN)
    query = "select id from holdings where person_id = $1"
    holding = await province.service.database.pool.fetchval(query, person)
    body = {"held_to": "2026-01-01"}
    refused = await made.send("POST", f"/holdings/{holding}/proposals", body)
    assert refusal(refused) == (409, "NotProvinceAdministrator")
    assert (await made.send("POST", f"/holdings/{holding}/end", body)).status_code == 200


async def test_the_account_of_an_administrator_of_the_province_is_closed_and_opened_by_two(
    province: Province,
) -> None:
    path = f"/people/{province.admins[1]}/account"
    for act in ("closing", "reopening"):
        alone = await province.send(0, "POST", f"{path}/{act}", REASON)
        assert refusal(alone) == (409, "AccountTakesTwo"), act
    for act, is_closed in (("CLOSE_ACCOUNT", True), ("REOPEN_ACCOUNT", False)):
        proposed = await province.send(0, "POST", f"{path}/proposals", {"act": act, **REASON})
        assert proposed.status_code == 201, proposed.text
        approval = f"/account-proposals/{proposed.json()['id']}/approval"
        assert refusal(await province.send(0, "POST", approval)) == (403, "OwnProposal")
        assert (await province.send(2, "POST", approval)).status_code == 200
        state = (await province.send(0, "GET", path)).json()
        assert bool(state["closed_at"]) is is_closed
    assert await province.told(1, "ACCOUNT_CHANGED") == [
        "CLOSE_ACCOUNT_PROPOSED",
        "CLOSED",
        "REOPEN_ACCOUNT_PROPOSED",
        "REOPENED",
    ]


async def test_an_account_elsewhere_is_untied_by_two(province: Province) -> None:
    person, elsewhere = province.admins[1], {"issuer": PROVIDER, "subject": uuid4().hex}
    body = {"reason": "x", **elsewhere}
    path = f"/people/{person}/account/proposals"
    unknown = await province.send(0, "POST", path, {"act": "UNLINK_IDENTITY", **body})
    assert refusal(unknown) == (404, "NotFound")
    for act in ("LINK_IDENTITY", "UNLINK_IDENTITY"):
        proposed = await province.send(0, "POST", path, {"act": act, **body})
        assert proposed.status_code == 201, proposed.text
        if act == "UNLINK_IDENTITY":
            [one] = (await province.send(0, "GET", f"/people/{person}/identities")).json()["items"]
            alone = await province.send(0, "DELETE", f"/people/{person}/identities/{one['id']}")
            assert refusal(alone) == (409, "AccountTakesTwo")
        approval = f"/account-proposals/{proposed.json()['id']}/approval"
        assert (await province.send(2, "POST", approval)).status_code == 200
    assert (await province.send(0, "GET", f"/people/{person}/identities")).json()["items"] == []
