"""What the pages of administrators read: the units right below one, and the posts of a person."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from language.posts.kinds import PostKind
from processes.bootstrap import ROOT_CODE
from services.organisation.app import SERVICE
from tests.api.test_organisation_signing_in import chosen
from tests.conftest import ServiceOpener, TestService, held


@pytest.fixture(scope="module")
async def organisation(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as service:
        await chosen(service)
        yield service


async def test_units_right_below_and_posts_of_a_person(organisation: TestService) -> None:
    async with organisation.database.reading() as tx:
        root = UUID(str(await tx.conn.fetchval("select id from units where code = $1", ROOT_CODE)))
    admin = organisation.headers(uuid4(), held(PostKind.ADMIN, root))
    district = {"parent_code": ROOT_CODE, "name": "Huyện Bình Gia", "level": "DISTRICT"}
    school = {"parent_code": "HT-1", "name": "Trường THCS Quang Trung", "level": "SCHOOL"}
    post = {"unit_code": "TT-1", "kind": "UNIT_HEAD", "title": "Hiệu trưởng", "held_from": "2020-01-01"}
    body = {
        "valid_from": "2012-04-25",
        "units": [{"code": "HT-1", **district}, {"code": "TT-1", **school}],
        "people": [{"code": "TT-1-0", "full_name": "Đặng Thị Hoà"}],
        "posts": [{**post, "person_code": "TT-1-0"}],
    }
    made = await organisation.http.post("/v1/imports", json=body, headers=admin)
    assert made.status_code == 200, made.text
    ids = made.json()["unit_ids"]
    below = await organisation.http.get("/v1/units", params={"parent_id": str(root)}, headers=admin)
    codes = [one["code"] for one in below.json()["items"]]
    assert "HT-1" in codes
    assert "TT-1" not in codes
    person = made.json()["person_ids"]["TT-1-0"]
    found = await organisation.http.get(f"/v1/people/{person}/posts", headers=admin)
    [one] = found.json()["items"]
    assert (one["title"], one["unit_name"], one["unit_id"]) == ("Hiệu trưởng", school["name"], ids["TT-1"])
    stranger = organisation.headers(uuid4())
    refused = await organisation.http.get(f"/v1/people/{person}/posts", headers=stranger)
    assert refused.status_code in {403, 404}
