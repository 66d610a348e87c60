"""An author whom the organisation does not know is paid only after an accountant has said who that is."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from language.posts.kinds import PostKind
from services.payout.app import SERVICE
from tests.conftest import HeldPost, ServiceOpener, TestService
from tests.payout_cases import Case, refusal

OUTSIDE = "update award_shares set outside = true where award_id = $1 and person_id = $2"


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as payout:
        yield payout


@pytest.fixture
async def case(service: TestService) -> Case:
    """The first author is nobody whom the organisation knows, as intake publishes it."""
    approved = Case(service)
    await approved.assess()
    await service.database.pool.execute(OUTSIDE, approved.award, approved.authors[0].person_id)
    await approved.verify()
    await approved.approve()
    return approved


async def _known(case: Case) -> UUID:
    person = uuid4()
    await (await case.facts()).person(person)
    return person


async def _tie(case: Case, person: UUID, caller: UUID | None = None, *posts: HeldPost) -> httpx.Response:
    caller = caller or case.verifier
    return await case.post_as(
        f"awards/{case.award}/payees",
        caller,
        *(posts or (case.own(caller, PostKind.ACCOUNTANT),)),
        author_id=str(case.authors[0].person_id),
        person_id=str(person),
        reason="Đã nghỉ hưu, CCCD đối chiếu tại đơn vị",
    )


async def test_untied_it_goes_on_no_list_and_tied_the_person_is_paid(case: Case) -> None:
    refused = await case.draft()
    assert refusal(refused) == (409, "PayeesNotTied")
    person = await _known(case)
    assert (await _tie(case, person)).status_code == 200
    list_id = (await case.draft()).json()["id"]
    post = case.own(case.verifier, PostKind.ACCOUNTANT)
    items = (await case.get(f"payment-lists/{list_id}", case.verifier, post)).json()["items"]
    paid = {item["person_id"] for item in items}
    assert paid == {str(person), *(str(author.person_id) for author in case.authors[1:])}
    told = "select count(*) from notices where person_id = $1 and kind = 'PAYEE_TIED'"
    assert await case.service.database.pool.fetchval(told, person) == 1
    assert refusal(await _tie(case, await _known(case))) == (409, "AwardNotThere")


async def test_the_tied_person_reads_the_own_part_and_is_a_payee(case: Case) -> None:
    person = await _known(case)
    await _tie(case, person)
    shares = (await case.get(f"awards/{case.award}", person)).json()["shares"]
    assert [share["paid_to"] for share in shares] == [str(person)]
    chief = case.post(PostKind.CHIEF_ACCOUNTANT)
    assert refusal(await case.reverse(person, chief)) == (403, "OwnAward")


async def test_only_somebody_else_whom_the_organisation_knows(case: Case) -> None:
    assert refusal(await _tie(case, uuid4())) == (422, "PayeeUnknown")
    assert refusal(await _tie(case, case.authors[1].person_id)) == (422, "PayeeUnknown")
    assert refusal(await _tie(case, case.verifier)) == (403, "OwnAward")


async def test_only_accountants_and_only_for_an_author_outside(case: Case) -> None:
    person = await _known(case)
    assert refusal(await _tie(case, person, uuid4(), case.post(PostKind.UNIT_HEAD))) == (403, "Forbidden")
    payee = case.authors[1].person_id
    assert refusal(await _tie(case, person, payee, case.post(PostKind.ACCOUNTANT))) == (403, "OwnAward")
    inside = await case.post_as(
        f"awards/{case.award}/payees",
        case.verifier,
        case.own(case.verifier, PostKind.ACCOUNTANT),
        author_id=str(case.authors[1].person_id),
        person_id=str(person),
        reason="x",
    )
    assert refusal(inside) == (409, "NotOutside")
