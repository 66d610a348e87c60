"""The people in a dossier: whom the organisation knows, who stands by the own share, what they are told."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.posts.kinds import PostKind
from services.intake.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.intake_cases import NAME, Case, content, today

CLOCK = MovableClock()


@pytest.fixture(scope="module")
async def service(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestService]:
    blobs: Path = tmp_path_factory.mktemp("blobs")
    async with open_service(SERVICE, clock=CLOCK, blob_dir=blobs) as intake:
        yield intake


@pytest.fixture
async def case(service: TestService) -> Case:
    """The co-author can sign in and holds a post, and so is asked."""
    CLOCK.offset = timedelta()
    found = Case(service, CLOCK)
    await found.publish()
    await (await found.facts()).appoint((found.holder(found.co_author, PostKind.STAFF), found.path))
    return found


async def confirm(case: Case, percent: str = "20.00", person: UUID | None = None) -> Any:
    """The co-author stands by this share."""
    return await case.act("share-confirmation", person or case.co_author, {"contribution_percent": percent})


async def told(case: Case, person: UUID) -> list[str]:
    """Of what kinds the person was told about the dossier."""
    rows = await case.service.database.pool.fetch(
        "select kind from notices where subject_id = $1 and person_id = $2 order by happened_at, kind",
        case.id,
        person,
    )
    return [row["kind"] for row in rows]


async def test_an_id_that_is_nobodys_is_no_author(case: Case) -> None:
    await case.draft()
    body = content(case.author, uuid4())
    created = await case.send(
        "POST",
        "/dossiers",
        case.author,
        json={"unit_id": str(case.school), "season_id": str(case.season), "content": body},
    )
    etag = (await case.read()).headers["etag"]
    changed = await case.send(
        "PUT", f"/dossiers/{case.id}/content", case.author, json=body, headers={"If-Match": etag}
    )
    for response in (created, changed):
        assert (response.status_code, response.json()["code"]) == (422, "AuthorUnknown")
        assert response.json()["facts"]["numbers"] == "2"


async def test_the_name_is_the_organisations_whatever_is_written_beside_the_id(case: Case) -> None:
    body = content(case.author, case.co_author)
    body["authors"][1]["full_name"] = "Ma Không Có"
    drafted = await case.draft(body)
    assert [one["full_name"] for one in drafted["content"]["authors"]] == [NAME, NAME]


async def test_nothing_is_filed_before_every_co_author_stands_by_the_share(case: Case) -> None:
    await case.draft()
    assert await told(case, case.co_author) == ["SHARE_TO_CONFIRM"]
    refused = await case.act("filing", case.author)
    assert (refused.status_code, refused.json()["code"]) == (409, "SharesNotConfirmed")
    assert (await confirm(case)).status_code == 200
    assert await told(case, case.author) == ["SHARE_ANSWERED"]
    assert (await case.act("filing", case.author)).status_code == 200
    assert (await case.kinds())[:3] == ["DraftCreated", "ShareConfirmed", "DossierFiled"]
    shares = (await case.send("GET", f"/dossiers/{case.id}/shares", case.author)).json()["items"]
    assert [(one["answer"], one["is_asked"]) for one in shares] == [("CONFIRMED", True), ("CONFIRMED", True)]


async def test_another_share_is_another_question(case: Case) -> None:
    await case.draft()
    await confirm(case)
    body = content(case.author, case.co_author)
    for author, percent in zip(body["authors"], ("70.00", "30.00"), strict=True):
        author["contribution_percent"] = percent
    await case.rewrite(body)
    assert await told(case, case.co_author) == ["SHARE_TO_CONFIRM", "SHARE_TO_CONFIRM"]
    assert (await case.act("filing", case.author)).json()["code"] == "SharesNotConfirmed"
    old = await confirm(case)
    assert (old.status_code, old.json()["code"], old.json()["facts"]) == (
        409,
        "ShareChanged",
        {"percent": "30.00"},
    )
    await confirm(case, "30.00")
    assert (await case.act("filing", case.author)).status_code == 200


async def test_who_declines_is_no_author_until_the_authors_are_changed(case: Case) -> None:
    await case.draft()
    await confirm(case)
    declined = await case.act("share-refusal", case.co_author, {"reason": "Tôi không tham gia"})
    assert declined.json()["items"][1]["answer"] == "DECLINED"
    assert (await case.act("filing", case.author)).json()["code"] == "SharesNotConfirmed"
    await case.rewrite(content(case.author))
    assert "AUTHOR_DROPPED" in await told(case, case.co_author)
    assert (await case.act("filing", case.author)).status_code == 200


async def test_only_authors_answer_and_only_while_the_content_may_change(case: Case) -> None:
    await case.draft()
    assert (await confirm(case, person=case.stranger)).status_code == 404
    tried = await case.act(
        "share-confirmation?dry_run=true", case.co_author, {"contribution_percent": "20.00"}
    )
    assert tried.json()["items"][1]["answer"] == "CONFIRMED"
    assert (await case.kinds()) == ["DraftCreated"]
    await confirm(case)
    await case.act("filing", case.author)
    for person, code in ((case.co_author, "WrongState"), (case.officer, "NotAnAuthor")):
        assert (await confirm(case, person=person)).json()["code"] == code


async def test_who_has_no_account_any_more_is_not_waited_for(case: Case) -> None:
    await case.draft()
    organisation = (await case.facts()).database
    await organisation.pool.execute(
        "update accounts set disabled_at = now() where person_id = $1", case.co_author
    )
    assert (await case.act("filing", case.author)).status_code == 200


async def test_an_author_from_outside_is_named_as_such_and_has_an_id_of_the_dossier(case: Case) -> None:
    body = content(case.author, case.co_author)
    del body["authors"][1]["person_id"]
    body["authors"][1] |= {"outside": True, "full_name": "Hoàng Văn Mẫu"}
    drafted = await case.draft(body)
    outside = drafted["content"]["authors"][1]
    assert (outside["outside"], outside["full_name"]) == (True, "Hoàng Văn Mẫu")
    assert (await case.rewrite(drafted["content"])).json()["content"] == drafted["content"]
    assert (await case.act("filing", case.author)).status_code == 200
    published = await case.service.database.pool.fetchval(
        "select authors from dossiers_v1 where id = $1", case.id
    )
    assert [one["outside"] for one in published] == [False, True]
    assert await told(case, UUID(outside["person_id"])) == []


async def test_who_is_known_is_not_from_outside(case: Case) -> None:
    body = content(case.author, case.co_author)
    body["authors"][1] |= {"outside": True, "full_name": "Ai Đó"}
    author = (await case.draft(body))["content"]["authors"][1]
    assert (author["outside"], author["full_name"]) == (False, NAME)


async def test_an_author_from_within_needs_an_id(case: Case) -> None:
    await case.draft()
    body = content(case.author, case.co_author)
    del body["authors"][1]["person_id"]
    assert (await case.rewrite(body)).status_code == 422


@pytest.mark.parametrize(
    ("kind", "at_commune"),
    [(PostKind.COUNCIL_MEMBER, False), (PostKind.INTAKE_OFFICER, False), (PostKind.COUNCIL_CHAIR, True)],
)
async def test_the_unit_above_is_told_of_an_author_who_would_act(
    case: Case, kind: PostKind, at_commune: bool
) -> None:
    above = uuid4()
    await case.draft()
    facts, unit = await case.facts(), case.path[:2] if at_commune else case.path
    await facts.appoint(
        (case.holder(case.co_author, kind), unit), (case.holder(above, PostKind.UNIT_HEAD), unit[:-1])
    )
    await confirm(case)
    assert (await case.act("filing", case.author)).status_code == 200
    [fact] = [event for event in await case.events() if event["kind"] == "AuthorHoldsPost"]
    assert (fact["detail"]["person_id"], fact["detail"]["post_kind"]) == (str(case.co_author), kind)
    assert await told(case, above) == ["AUTHOR_HOLDS_POST"]


async def test_who_will_hold_a_post_is_asked_and_told_of_like_who_holds_one(case: Case) -> None:
    """Else tomorrow's council could be named today, unasked."""
    to_be, above, facts = uuid4(), uuid4(), await case.facts()
    tomorrow = today() + timedelta(days=1)
    await case.publish()
    await facts.appoint((case.holder(above, PostKind.UNIT_HEAD), case.path[:2]))
    await case.draft(content(case.author, to_be))
    seat = uuid4()
    await facts.post(seat, PostKind.COUNCIL_MEMBER, *case.path)
    await facts.hold(to_be, seat, first=tomorrow)
    refused = await case.act("filing", case.author)
    assert (refused.status_code, refused.json()["code"]) == (409, "SharesNotConfirmed")
    confirmed = await case.act("share-confirmation", to_be, {"contribution_percent": "20.00"}, posts=[])
    assert confirmed.status_code == 200, confirmed.text
    assert (await case.act("filing", case.author)).status_code == 200
    [fact] = [event for event in await case.events() if event["kind"] == "AuthorHoldsPost"]
    assert (fact["detail"]["person_id"], fact["detail"]["post_kind"]) == (str(to_be), "COUNCIL_MEMBER")
    assert await told(case, above) == ["AUTHOR_HOLDS_POST"]


async def test_nobody_is_born_in_2030(case: Case) -> None:
    body = content(case.author)
    body["authors"][0]["date_of_birth"] = "2130-01-01"
    await case.draft(body)
    refused = await case.act("filing", case.author)
    assert (refused.status_code, refused.json()["code"]) == (422, "BirthImpossible")
