"""Whoever may not set somebody's password alone does not come in by changing the mail address either."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from language.posts.kinds import PostKind
from tests.conftest import ServiceOpener, held
from tests.password_link_cases import LinkDesk, opened_link_desk
from tests.payout_cases import refusal
from tests.sign_in_cases import Holder

KEYS = "k1:" + "A" * 43 + "="


@pytest.fixture(scope="module")
async def links(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[LinkDesk]:
    folder = tmp_path_factory.mktemp("mail")
    async with opened_link_desk(open_service, folder, one_time_code_keys=KEYS) as desk:
        yield desk


async def _invited_above(links: LinkDesk, holder: Holder, *, by_another: bool = False) -> httpx.Response:
    province, service = links.desk.province, links.desk.service
    who = uuid4() if by_another else province.admin
    headers = service.headers(who, held(PostKind.ADMIN, province.root, post_id=who))
    body = {"username": holder.username, "invite": True}
    return await service.http.put(f"/v1/people/{holder.id}/account", json=body, headers=headers)


async def test_whoever_administers_the_province_gets_no_link_without_codes(links: LinkDesk) -> None:
    holder = await links.desk.holder(PostKind.ADMIN, links.desk.province.root)
    await links.reached_at(holder.id, above=True)
    assert (await links.forgot(holder.username)).status_code == 200
    assert await links.links_of(holder.id) == 0
    answer = await _invited_above(links, holder, by_another=True)
    assert refusal(answer) == (409, "AccountTakesTwo")
    await holder.set_up()
    await links.forgot(holder.username)
    assert await links.links_of(holder.id) == 1, "no mail gives the code"
    assert refusal(await _invited_above(links, holder, by_another=True)) == (409, "AccountTakesTwo")


async def test_no_link_goes_to_an_address_that_was_entered_by_who_gave_the_post(links: LinkDesk) -> None:
    holder = await links.desk.holder(PostKind.UNIT_HEAD)
    await links.reached_at(holder.id, above=True)
    await links.forgot(holder.username)
    assert await links.links_of(holder.id) == 0
    assert refusal(await links.invite(holder)) == (409, "AddressByAppointer")
    assert refusal(await _invited_above(links, holder))[1] == "AppointedByYou"
    await links.reached_at(holder.id, None)
    await links.reached_at(holder.id)
    await links.forgot(holder.username)
    assert await links.links_of(holder.id) == 1
    assert (await links.invite(holder)).status_code == 200
    await links.reached_at(holder.id, f"{uuid4().hex}@sk.test", above=True)
    await links.forgot(holder.username)
    assert await links.links_of(holder.id) == 2, "the one of the invitation was the last"


async def test_with_codes_the_address_may_be_of_who_gave_the_post(links: LinkDesk) -> None:
    holder = await links.desk.holder(PostKind.UNIT_HEAD)
    await links.reached_at(holder.id, above=True)
    await holder.set_up()
    await links.forgot(holder.username)
    assert await links.links_of(holder.id) == 1


async def test_only_an_administrator_over_the_person_invites(links: LinkDesk) -> None:
    holder = await links.holder()
    service, school = links.desk.service, await links.desk.province.unit(f"B{uuid4().hex[:6]}")
    elsewhere = await links.desk.province.appoint(school, PostKind.ADMIN)
    body = {"username": holder.username, "invite": True}
    path = f"/v1/people/{holder.id}/account"
    for caller in (elsewhere, holder.id, uuid4()):
        answer = await service.http.put(path, json=body, headers=service.headers(caller))
        assert answer.status_code in {403, 404}, answer.text
    assert await links.links_of(holder.id) == 0
