"""The life of a policy pack over HTTP: drafted, edited, checked, published by a second person, never changed
again."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from kit.leading import take_lead
from language.posts.kinds import PostKind
from processes.bootstrap import shipped_packs
from services.postroom.app import SERVICE as POSTROOM
from services.postroom.delivery.collecting import Collecting
from services.rulebook.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.provinces import Organised, organised

DRAFTS = "/v1/policy-packs/drafts"


class Office:
    """The administrators of a province, and what they do with drafts."""

    def __init__(self, service: TestService, organised: Organised) -> None:
        self.service, self.organised, self.root = service, organised, organised.root
        self.first, self.second = uuid4(), uuid4()

    async def send(
        self, method: str, path: str, person: UUID, body: Any = None, *, etag: str | None = None
    ) -> httpx.Response:
        """As administrator of the province."""
        headers = self.service.headers(person, held(PostKind.ADMIN, self.root)) | (
            {"If-Match": etag} if etag else {}
        )
        return await self.service.http.request(method, path, json=body, headers=headers)

    async def draft(self, **changes: Any) -> httpx.Response:
        """The first administrator drafts a pack of its own name, or with changes."""
        made = await self.send("POST", "/v1/policy-packs", self.first, pack(**changes))
        assert made.status_code == 201, made.text
        return made

    async def admin_of_province(self) -> UUID:
        """Who was there from the beginning."""
        found = await self.organised.service.database.pool.fetchval(
            "select person_id from accounts where username = 'admin'"
        )
        return UUID(str(found))

    async def act(self, act: str, of: httpx.Response, person: UUID) -> httpx.Response:
        """Check or publish the draft as it was read."""
        return await self.send("POST", f"{DRAFTS}/{of.json()['id']}/{act}", person, etag=of.headers["etag"])


def pack(**changes: Any) -> dict[str, Any]:
    """The two-tier sample under a name of its own."""
    two_tiers = next(pack for pack in shipped_packs() if pack.effective_to is None).model_dump(mode="json")
    return {**two_tiers, "name": f"p{uuid4().hex[:12]}", "effective_from": "2090-01-01", **changes}


@pytest.fixture(scope="module")
async def office(open_service: ServiceOpener) -> AsyncIterator[Office]:
    async with open_service(SERVICE) as service:
        yield Office(service, await organised(service))


async def test_a_pack_is_drafted_checked_and_published_by_a_second_person(office: Office) -> None:
    draft = await office.draft()
    assert draft.headers["location"] == f"{DRAFTS}/{draft.json()['id']}"
    assert (draft.json()["state"], draft.json()["drafted_by"]) == ("DRAFT", str(office.first))
    early = await office.act("publication", draft, office.second)
    assert (early.status_code, early.json()["code"]) == (409, "DraftNotChecked")
    checked = await office.act("check", draft, office.first)
    assert (checked.status_code, checked.json()["state"]) == (200, "CHECKED"), checked.text
    own = await office.act("publication", checked, office.first)
    assert (own.status_code, own.json()["code"]) == (403, "SecondPersonNeeded")
    published = await office.act("publication", checked, office.second)
    assert published.status_code == 200, published.text
    told = published.json()
    assert (told["drafted_by"], told["published_by"]) == (str(office.first), str(office.second))
    kept = await office.send("GET", published.headers["location"], office.first)
    assert kept.json() == draft.json()["content"]
    done = (await office.send("GET", draft.headers["location"], office.first)).json()
    assert (done["state"], done["published_by"]) == ("PUBLISHED", str(office.second))


async def test_whoever_edited_last_does_not_publish_and_an_edit_asks_for_a_new_check(office: Office) -> None:
    draft = await office.draft()
    checked = await office.act("check", draft, office.first)
    body = {**draft.json()["content"], "title_vi": "Sửa bởi người thứ hai"}
    edited = await office.send(
        "PUT", draft.headers["location"], office.second, body, etag=checked.headers["etag"]
    )
    assert (edited.status_code, edited.json()["state"], edited.json()["edited_by"]) == (
        200,
        "DRAFT",
        str(office.second),
    ), edited.text
    checked = await office.act("check", edited, office.first)
    for person in (office.first, office.second):
        assert (await office.act("publication", checked, person)).json()["code"] == "SecondPersonNeeded"
    assert (await office.act("publication", checked, uuid4())).status_code == 200


async def test_an_edit_or_a_publication_of_another_version_than_was_read_is_refused(office: Office) -> None:
    draft = await office.draft()
    checked = await office.act("check", draft, office.first)
    body = draft.json()["content"]
    assert (await office.send("PUT", draft.headers["location"], office.first, body)).status_code == 428
    stale = await office.send(
        "PUT", draft.headers["location"], office.first, body, etag=draft.headers["etag"]
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "EditConflict")
    assert (await office.act("publication", draft, office.second)).json()["code"] == "EditConflict"
    assert (await office.act("publication", checked, office.second)).status_code == 200


async def test_nothing_more_is_done_with_a_draft_that_was_dropped_or_published(office: Office) -> None:
    dropped = await office.draft()
    gone = await office.send(
        "DELETE", dropped.headers["location"], office.second, etag=dropped.headers["etag"]
    )
    assert (gone.status_code, gone.json()["state"]) == (200, "DROPPED")
    published = await office.act("check", await office.draft(), office.first)
    assert (await office.act("publication", published, office.second)).status_code == 200
    for draft in (gone, published):
        address = f"{DRAFTS}/{draft.json()['id']}"
        answers = [
            await office.act("check", draft, office.first),
            await office.act("publication", draft, office.second),
            await office.send("PUT", address, office.first, pack(), etag=draft.headers["etag"]),
            await office.send("DELETE", address, office.first, etag=draft.headers["etag"]),
        ]
        assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "DraftClosed")}


async def test_of_two_publications_of_a_version_one_is_refused(office: Office) -> None:
    name = f"p{uuid4().hex[:12]}"
    checked = [await office.act("check", await office.draft(name=name), office.first) for _ in range(2)]
    answers = await asyncio.gather(*(office.act("publication", draft, office.second) for draft in checked))
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    assert {answer.json().get("code") for answer in answers} == {None, "PackRefused"}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        (
            {"transition": {"replaces": "nobody-knows", "level_moves": [], "basis": {"sample": True}}},
            "transition.replaces",
        ),
        (
            {
                "transition": {
                    "replaces": "three-tier-until-2025-06-30",
                    "level_moves": [{"from_level": "CANTON", "to_level": "COMMUNE"}],
                    "basis": {"sample": True},
                }
            },
            "transition.level_moves.0.from_level",
        ),
    ],
)
async def test_a_draft_that_does_not_fit_the_province_is_not_checked(
    office: Office, changes: dict[str, Any], path: str
) -> None:
    draft = await office.draft(**changes)
    checked = await office.act("check", draft, office.first)
    assert (checked.status_code, checked.json()["state"]) == (200, "DRAFT")
    blocking = [finding for finding in checked.json()["findings"] if finding["weight"] == "BLOCKS"]
    assert [finding["path"] for finding in blocking] == [path]
    assert (await office.act("publication", checked, office.second)).json()["code"] == "DraftNotChecked"


async def test_a_level_that_nobody_holds_and_a_day_that_has_passed_are_told(office: Office) -> None:
    draft = await office.draft(effective_from="2020-01-01")
    findings = {finding["path"]: finding for finding in draft.json()["findings"]}
    assert {"levels.0.unit_level", "levels.1.unit_level", "effective_from", "effective_to"} == set(findings)
    assert {finding["weight"] for finding in findings.values()} == {"WARNS"}
    assert (await office.act("check", draft, office.first)).json()["state"] == "CHECKED"


async def test_units_that_a_school_may_make_itself_hold_no_council(office: Office) -> None:
    levels = pack()["levels"]
    levels[0]["unit_level"] = "BRANCH"
    draft = await office.draft(levels=levels)
    blocking = [one["path"] for one in draft.json()["findings"] if one["weight"] == "BLOCKS"]
    assert "levels.0.unit_level" in blocking


async def test_a_pack_without_any_level_that_a_unit_holds_is_blocked(office: Office) -> None:
    levels = pack()["levels"][:1]
    draft = await office.draft(levels=levels, transition=None)
    findings = draft.json()["findings"]
    assert [finding["path"] for finding in findings if finding["weight"] == "BLOCKS"] == ["levels"]


async def test_drafts_are_listed_newest_first_and_by_state(office: Office) -> None:
    made = [(await office.draft()).json()["id"] for _ in range(3)]
    first = (await office.send("GET", f"{DRAFTS}?limit=2&state=DRAFT", office.second)).json()
    assert [line["id"] for line in first["items"]] == made[:0:-1]
    rest = (
        await office.send("GET", f"{DRAFTS}?limit=1&state=DRAFT&after={first['next']}", office.second)
    ).json()
    assert rest["items"][0]["id"] == made[0]
    published = (await office.send("GET", f"{DRAFTS}?state=PUBLISHED", office.second)).json()["items"]
    assert not {line["id"] for line in published} & set(made)


async def test_no_pack_is_called_drafts(office: Office) -> None:
    refused = await office.send("POST", "/v1/policy-packs", office.first, pack(name="drafts"))
    assert (refused.status_code, refused.json()["code"]) == (422, "RequestInvalid")


@pytest.mark.parametrize("kind", [PostKind.UNIT_HEAD, PostKind.STAFF])
async def test_rules_that_are_not_published_are_seen_by_administrators_only(
    office: Office, kind: PostKind
) -> None:
    draft = await office.draft()
    for path in (DRAFTS, draft.headers["location"]):
        answer = await office.service.http.get(
            path, headers=office.service.headers(uuid4(), held(kind, office.root))
        )
        assert answer.status_code == 403


async def test_a_published_pack_is_explained_and_told_apart_from_another_by_everybody(office: Office) -> None:
    old, new = "three-tier-until-2025-06-30", "two-tier-since-2025-07-01"
    headers = office.service.headers(uuid4())
    explained = (
        await office.service.http.get(f"/v1/policy-packs/{new}/1/explanation", headers=headers)
    ).json()
    [examination] = [line for line in explained["rules"] if line["rule"] == "UNIT.examination"]
    assert examination["sentence_vi"].startswith("Cấp trường (cơ sở): thời hạn xét là 20 ngày làm việc [")
    assert (explained["pack"], examination["article"], examination["sample"]) == (
        f"{new}@1",
        "Điều 7.1",
        True,
    )
    told = (
        await office.service.http.get(
            f"/v1/policy-packs/{old}/1/difference", params={"other": f"{new}@1"}, headers=headers
        )
    ).json()
    assert (told["old"], told["new"]) == (f"{old}@1", f"{new}@1")
    assert "COMMUNE.level" in {change["rule"] for change in told["changes"]}


async def test_a_draft_is_explained_and_told_apart_from_a_published_one(office: Office) -> None:
    base = "two-tier-since-2025-07-01@1"
    draft = await office.draft(title_vi="Bộ quy định sửa đổi")
    at = draft.headers["location"]
    told = await office.send("GET", f"{at}/difference?other={base}", office.second)
    changes = {change["rule"]: change["sentence_vi"] for change in told.json()["changes"]}
    assert "Bộ quy định sửa đổi" in changes["title"]
    explained = (await office.send("GET", f"{at}/explanation", office.second)).json()
    assert "Bộ quy định sửa đổi" in explained["rules"][0]["sentence_vi"]
    assert (await office.send("GET", f"{at}/difference?other=none@1", office.second)).status_code == 404
    headers = office.service.headers(uuid4())
    for path in ("explanation", f"difference?other={base}"):
        assert (await office.service.http.get(f"{at}/{path}", headers=headers)).status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("none/1/explanation", 404),
        ("two-tier-since-2025-07-01/99999999999/explanation", 404),
        ("two-tier-since-2025-07-01/1/difference?other=none@1", 404),
        ("two-tier-since-2025-07-01/1/difference?other=none", 422),
        ("two-tier-since-2025-07-01/1/difference", 422),
    ],
)
async def test_a_pack_that_is_not_published_is_not_explained(office: Office, path: str, status: int) -> None:
    answer = await office.send("GET", f"/v1/policy-packs/{path}", office.first)
    assert answer.status_code == status


async def test_administrators_of_the_province_and_the_drafter_are_told_but_not_who_published(
    office: Office,
) -> None:
    admin, colleague = (
        await office.admin_of_province(),
        await office.organised.appoint(office.root, PostKind.ADMIN),
    )
    await office.organised.appoint(await office.organised.unit("T1"), PostKind.ADMIN)
    draft = await office.draft(name="told", effective_from="2091-02-01")
    checked = await office.act("check", draft, office.first)
    assert (await office.act("publication", checked, colleague)).status_code == 200
    told = await office.service.database.pool.fetch(
        "select person_id, kind, detail, subject_id, event_id from notices where subject_code = 'told@1'"
    )
    people = {notice["person_id"] for notice in told}
    assert {admin, office.first} <= people
    assert colleague not in people
    assert {(notice["kind"], notice["detail"], str(notice["subject_id"])) for notice in told} == {
        ("PACK_PUBLISHED", "2091-02-01", draft.json()["id"])
    }
    postroom = await office.service.shared.open(POSTROOM)
    async with postroom.database.connection() as conn:
        lease = await take_lead(conn, "collecting", uuid4())
        assert lease is not None
        await Collecting(postroom.database, mails_go_out=False).look(lease)
    inbox = await postroom.http.get("/v1/notices?kind=PACK_PUBLISHED", headers=postroom.headers(admin))
    assert "told@1" in {notice["subject_code"] for notice in inbox.json()["items"]}
    event = await office.service.database.pool.fetchrow(
        "select kind from events where event_id = $1", told[0]["event_id"]
    )
    assert event["kind"] == "PolicyPackPublished"


async def _published(office: Office, **changes: Any) -> dict[str, Any]:
    checked = await office.act("check", await office.draft(**changes), office.first)
    published = await office.act("publication", checked, office.second)
    assert published.status_code == 200, published.text
    found: dict[str, Any] = published.json()
    return found


async def test_of_two_packs_from_one_day_the_later_published_is_in_force_and_that_is_told(
    office: Office,
) -> None:
    first, second = (f"p{uuid4().hex[:12]}" for _ in range(2))
    from_today = {"effective_from": "2026-02-03", "version": 7}
    assert (await _published(office, name=first, **from_today))["in_force"]
    draft = await office.draft(name=second, **from_today | {"version": 1})
    told = [finding for finding in draft.json()["findings"] if f"{first}@7" in finding["en"]]
    assert [(finding["weight"], finding["path"]) for finding in told] == [("WARNS", "effective_from")]
    checked = await office.act("check", draft, office.first)
    assert (await office.act("publication", checked, office.second)).json()["in_force"]
    listed = (await office.send("GET", "/v1/policy-packs", office.first)).json()
    assert [pack["name"] for pack in listed["items"] if pack["in_force"]] == [second]


async def test_a_pack_that_comes_into_force_while_this_one_holds_is_told(office: Office) -> None:
    later = f"p{uuid4().hex[:12]}"
    await _published(office, name=later, effective_from="2093-01-01")
    draft = await office.draft(name=f"p{uuid4().hex[:12]}", effective_from="2092-01-01")
    told = [finding for finding in draft.json()["findings"] if f"{later}@" in finding["en"]]
    assert [(finding["weight"], finding["path"]) for finding in told] == [("WARNS", "effective_to")]


async def test_a_version_below_one_that_is_published_is_blocked(office: Office) -> None:
    name = f"p{uuid4().hex[:12]}"
    await _published(office, name=name, version=3, effective_from="2094-01-01")
    draft = await office.draft(name=name, version=2, effective_from="2094-01-01")
    blocking = [found["path"] for found in draft.json()["findings"] if found["weight"] == "BLOCKS"]
    assert blocking == ["version"]
