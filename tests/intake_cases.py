"""A school under a commune, its people and a dossier on its way, for the tests of intake."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import httpx

from kit.clock import Clock
from kit.db import Database, Row
from language.deadline.arithmetic import LOCAL_ZONE
from language.ids import DossierId, PersonId, PostId
from language.messages.clock import ClimbRung
from language.messages.intake import CheckRungClimbed, CloseDossier, DossierClosed, LapseSupplement
from language.messages.journey import FormalCheckMoved, StageOutcome
from language.names import TaskQueue
from language.plan.review_plan import Basis, CheckRule
from language.posts.holders import PostHolder
from language.posts.kinds import PostKind
from packs.freezing import read_pack
from tests.conftest import HeldPost, MovableClock, TestService, held
from tests.organisation_cases import Published, write_unit

RULES: Final = "sample@1"
SAMPLE_PACK: Final = Path(__file__).parent.parent / "policies" / "two-tier-since-2025-07-01.yaml"
_SAYS_SO: Final = {"document": "sample", "article": "", "confidence": "U", "sample": True}


def rung(identifier: str, action: str, anchor: str, offset: int) -> dict[str, Any]:
    """A rung as a pack has it."""
    return {
        "id": identifier,
        "action": action,
        "anchor": anchor,
        "offset": offset,
        "unit": "CALENDAR_DAYS",
        "basis": _SAYS_SO,
        "quorum": None,
    }


LAST_DAY: Final = (rung("last-day", "REMIND", "DUE", 0),)
EVERY_RUNG: Final = (
    rung("remind", "REMIND", "START", 1),
    rung("digest", "DIGEST", "START", 2),
    rung("tell-superior", "TELL_SUPERIOR", "START", 3),
    rung("hand-up", "HAND_UP", "START", 4),
    rung("hand-up-again", "HAND_UP", "START", 5),
    *LAST_DAY,
)
SEASON = """
insert into seasons (id, code, name, opens_at, closes_at) values ($1, $1::uuid::text, 'x', $2::date, $3::date)
on conflict do nothing
"""
CALENDAR = """
insert into calendars (version, holidays, make_up_days, reason, made_at) values (1, '{}', '{}', 'x', now())
on conflict do nothing
"""
NEWEST_PACK = "select content, version from policy_packs where name = $1 order by version desc limit 1"
PACK = """
insert into policy_packs (name, version, content, effective_from, published_at)
values ($1, $2, $3, '2000-01-01', now())
"""
LEVELS = "update units set level = $2 where id = $1"
VACATE = """
delete from holdings where post_id in (select id from posts where unit_id = any($1) and kind = any($2))
"""
# An upsert by the id would fail at the code where two tasks of a test write the same person at once.
KNOW = """
with made as (
  insert into people (id, code, full_name, folded_name) values ($1, $1::uuid::text, $2, 'x')
  on conflict do nothing
)
update people set full_name = $2 where id = $1 and full_name is distinct from $2
"""
STAGE = """
insert into stages (id, dossier_id, dossier_code, level, unit_id, unit_path, plan, plan_hash, rule_version,
  last_level, opened_at, due_at, state, outcome, decision_number, reasons, ground, proposed,
  decision_event_id, decided_at)
values (gen_random_uuid(), $1, '', $2, $3, '{}', '{}', '', '', false, clock_timestamp(), now(), $4, $5, $6,
  'x', 'x', $7, $8, case when $4 <> 'OPEN' then clock_timestamp() end)
"""


def sample_pack(name: str, ladder: Sequence[dict[str, Any]], rules: Sequence[CheckRule]) -> dict[str, Any]:
    """The sample for two tiers, with another check and in force for ever."""
    content: dict[str, Any] = read_pack(SAMPLE_PACK.read_text(encoding="utf-8")).model_dump(mode="json")
    check_rules = [
        {"id": rule.id, "kind": rule.kind, "limit": str(rule.limit), "basis": _SAYS_SO} for rule in rules
    ]
    check = content["formal_check"] | {"ladder": list(ladder), "rules": check_rules}
    return content | {"name": name, "effective_from": "2000-01-01", "formal_check": check, "transition": None}


async def publish_pack(rulebook: Database, content: dict[str, Any]) -> str:
    """The pack in its newest version, and that version's name; one that says something else is a new
    version."""
    async with rulebook.transaction() as tx:
        await tx.conn.execute("select pg_advisory_xact_lock(1)")
        known = await tx.conn.fetchrow(NEWEST_PACK, content["name"])
        version = known["version"] if known else 0
        if known is None or known["content"] != content | {"version": version}:
            version += 1
            await tx.conn.execute(PACK, content["name"], version, content | {"version": version})
    return f"{content['name']}@{version}"


NAME: Final = "Nông Văn Mẫu"
PDF = b"%PDF-1.7\n1 0 obj"


def basis(rule: str) -> Basis:
    """A sample rule."""
    return Basis(rule=rule, document="sample", sample=True)


def today() -> date:
    """The day in Vietnam, by the clock that services read."""
    return Clock().now().astimezone(LOCAL_ZONE).date()


def content(*author_ids: UUID, **changes: Any) -> dict[str, Any]:
    """A request that may be filed; the first author has what the others leave of the hundred."""
    shares = [100 - 20 * (len(author_ids) - 1), *(20 for _ in author_ids[1:])]
    authors = [
        {
            "person_id": str(person_id),
            "full_name": NAME,
            "outside": False,
            "date_of_birth": "1985-04-02",
            "workplace": "Trường Tiểu học Mẫu",
            "job_title": "Giáo viên",
            "qualification": "Đại học sư phạm",
            "contribution_percent": f"{share}.00",
        }
        for person_id, share in zip(author_ids, shares, strict=True)
    ]
    return {
        "title": "Dạy phép chia bằng trò chơi",
        "kind": "OPERATIONAL",
        "application_field": "Giáo dục tiểu học",
        "problem_solved": "Học sinh ngại phép chia",
        "authors": authors,
        "first_applied_on": str(today() - timedelta(days=60)),
        "description": "Các bước thực hiện",
        "applicability": "Đã áp dụng ở khối 4",
        "conditions": "Không cần thiết bị",
        "benefit_by_author": "Điểm kiểm tra tăng",
        "confidential_information": "Đề kiểm tra",
        "participants": [
            {"full_name": "Lý Thị Mẫu", "workplace": "Trường Tiểu học Mẫu", "work_done": "Dạy thử"}
        ],
        "declaration_of_truth": True,
    } | changes


@dataclass
class Case:
    """A dossier and everybody around it. `school` lies under `commune` under `province`."""

    service: TestService
    clock: MovableClock
    province: UUID = field(default_factory=uuid4)
    commune: UUID = field(default_factory=uuid4)
    school: UUID = field(default_factory=uuid4)
    season: UUID = field(default_factory=uuid4)
    author: UUID = field(default_factory=uuid4)
    co_author: UUID = field(default_factory=uuid4)
    officer: UUID = field(default_factory=uuid4)
    head: UUID = field(default_factory=uuid4)
    chair: UUID = field(default_factory=uuid4)
    stranger: UUID = field(default_factory=uuid4)
    id: UUID = field(default_factory=uuid4)
    post_ids: dict[tuple[UUID, PostKind], PostId] = field(default_factory=dict)
    ladder: Sequence[dict[str, Any]] = LAST_DAY
    rules: Sequence[CheckRule] = ()

    @property
    def path(self) -> tuple[UUID, ...]:
        """From the province to the school."""
        return (self.province, self.commune, self.school)

    def posts(self, person: UUID) -> list[HeldPost]:
        """What the person's token says."""
        kinds = {
            self.officer: (PostKind.INTAKE_OFFICER, self.path),
            self.head: (PostKind.UNIT_HEAD, self.path),
        }
        kinds[self.chair] = (PostKind.COUNCIL_CHAIR, self.path[:2])
        kind, path = kinds.get(person, (PostKind.STAFF, self.path))
        post_id = self.post_ids.setdefault((person, kind), PostId(uuid4()))
        return [] if person == self.stranger else [held(kind, *path, post_id=post_id)]

    async def send(self, method: str, path: str, person: UUID, **options: Any) -> httpx.Response:
        """A request of this person with a key of its own, unless `key` gives one."""
        headers = self.service.headers(
            person, *options.pop("posts", self.posts(person)), key=options.pop("key", None)
        )
        return await self.service.http.request(
            method, f"/v1{path}", headers=headers | options.pop("headers", {}), **options
        )

    async def act(self, act: str, person: UUID, json: Any = None, **options: Any) -> httpx.Response:
        """`POST /dossiers/{id}/{act}`."""
        return await self.send("POST", f"/dossiers/{self.id}/{act}", person, json=json, **options)

    async def read(self, person: UUID | None = None) -> httpx.Response:
        """The dossier as this person (the author, if nobody is named) sees it."""
        return await self.send("GET", f"/dossiers/{self.id}", person or self.author)

    async def state(self) -> str:
        """Where the dossier stands."""
        return str((await self.read()).json()["state"])

    async def draft(self, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Begin the dossier of both authors, or with another content, where rules are in force."""
        await self.publish()
        wanted = {"unit_id": str(self.school), "season_id": str(self.season)}
        wanted["content"] = content(self.author, self.co_author) if body is None else body  # type: ignore[assignment]
        await self.know(wanted["content"])  # type: ignore[arg-type]
        response = await self.send("POST", "/dossiers", self.author, json=wanted)
        assert response.status_code == 201, response.text
        self.id = UUID(response.json()["id"])
        created: dict[str, Any] = response.json()
        return created

    async def know(self, body: dict[str, Any]) -> None:
        """The organisation knows the authors of this content; who never signs in has no account, and so is
        not asked for the own share."""
        organisation = (await self.facts()).database
        authors = [one for one in body.get("authors", []) if "person_id" in one]
        people = [
            (UUID(one["person_id"]), NAME)
            for one in authors
            if not one.get("outside") or one["person_id"] in {str(self.author), str(self.co_author)}
        ]
        await organisation.pool.executemany(KNOW, people)

    async def rewrite(
        self, body: dict[str, Any], person: UUID | None = None, etag: str | None = None
    ) -> httpx.Response:
        """Write the content anew, at the version that is read now."""
        await self.know(body)
        headers = {"If-Match": etag or (await self.read()).headers["etag"]}
        return await self.send(
            "PUT", f"/dossiers/{self.id}/content", person or self.author, json=body, headers=headers
        )

    async def agree(self, filer: UUID) -> None:
        """Co-authors who are asked stand by their shares."""
        shares = (await self.send("GET", f"/dossiers/{self.id}/shares", filer)).json()["items"]
        for share in shares:
            if share["is_asked"] and share["person_id"] != str(filer):
                body = {"contribution_percent": share["contribution_percent"]}
                await self.act("share-confirmation", UUID(share["person_id"]), body)

    async def file(self) -> dict[str, Any]:
        """Begin and file; co-authors who are asked stand by their shares."""
        await self.draft()
        await self.agree(self.author)
        response = await self.act("filing", self.author)
        assert response.status_code == 200, response.text
        filed: dict[str, Any] = response.json()
        return filed

    def holder(self, person: UUID, kind: PostKind = PostKind.INTAKE_OFFICER) -> PostHolder:
        """The person in such a post, always the same one."""
        post_id = self.post_ids.setdefault((person, kind), PostId(uuid4()))
        return PostHolder(post_id=post_id, kind=kind, person_id=PersonId(person))

    async def facts(self) -> Published:
        """What the organisation knows."""
        return Published(await self.service.shared.database(TaskQueue.ORGANISATION))

    async def publish(self) -> None:
        """A calendar, the season, the pack in force and the units; where the school has no officers yet, the
        officer there and the head."""
        rulebook = await self.service.shared.database(TaskQueue.RULEBOOK)
        await rulebook.pool.execute(CALENDAR)
        await rulebook.pool.execute(SEASON, self.season, date(2000, 1, 1), date(2100, 1, 1))
        await publish_pack(rulebook, sample_pack("sample", self.ladder, self.rules))
        organisation = (await self.facts()).database
        async with organisation.transaction() as tx:
            await write_unit(tx.conn, self.path)
            for unit, level in zip(self.path, ("PROVINCE", "COMMUNE", "SCHOOL"), strict=True):
                await tx.conn.execute(LEVELS, unit, level)
        is_staffed = "select exists (select 1 from posts where unit_id = $1)"
        if not await organisation.pool.fetchval(is_staffed, self.school):
            await self.staff(self.officer, heads=(self.head,))

    async def staff(self, *officers: UUID, heads: Sequence[UUID] = ()) -> None:
        """From now on these are the school's officers, and these the heads of the school and of the units
        above it."""
        facts = await self.facts()
        kinds = [PostKind.INTAKE_OFFICER, PostKind.UNIT_HEAD]
        async with facts.database.transaction() as tx:
            await tx.conn.execute(VACATE, list(self.path), kinds)
        units = (self.path, self.path[:2], self.path[:1])
        heads_in = [
            (self.holder(head, PostKind.UNIT_HEAD), unit)
            for head, unit in zip(heads, units[: len(heads)], strict=True)
        ]
        await facts.appoint(*((self.holder(person), self.path) for person in officers), *heads_in)

    async def rungs(self) -> dict[str, datetime]:
        """The rungs of the check's clock, and when each is due."""
        rungs = await self.service.database.pool.fetchval(
            "select rungs from clocks where about_id = $1", self.id
        )
        return {rung["id"]: datetime.fromisoformat(rung["at"]) for rung in rungs}

    async def climb(self, rung_id: str) -> CheckRungClimbed:
        """The rung's instant comes, and it fires."""
        due_at = (await self.rungs())[rung_id]
        self.clock.offset = max(self.clock.offset, due_at - self.clock.real_now())
        climbed: CheckRungClimbed = await self.service.activities["climb_rung"](
            ClimbRung(about_id=self.id, rung_id=rung_id)
        )
        return climbed

    async def stage(self, level: str, outcome: StageOutcome | None = None, *, proposed: bool = False) -> None:
        """What review publishes: a stage that is open, or has ended so."""
        review = await self.service.shared.database(TaskQueue.REVIEW)
        state = {None: "OPEN", StageOutcome.WITHDRAWN: "WITHDRAWN"}.get(outcome, "DECIDED")
        number = f"{level}/QĐ-2026" if state == "DECIDED" else None
        event_id = uuid4() if outcome else None
        await review.pool.execute(
            STAGE, self.id, level, self.school, state, outcome, number, proposed, event_id
        )

    async def close(self) -> DossierClosed:
        """The journey thinks that it is over."""
        closed: DossierClosed = await self.service.activities["close_dossier"](
            CloseDossier(dossier_id=DossierId(self.id))
        )
        return closed

    async def lapse(self) -> FormalCheckMoved:
        """The supplement's timer fires."""
        moved: FormalCheckMoved = await self.service.activities["lapse_supplement"](
            LapseSupplement(dossier_id=DossierId(self.id))
        )
        return moved

    async def awaiting_supplement(self) -> None:
        """Sent back to the author."""
        await self.file()
        response = await self.act("supplement-notice", self.officer, {"defects": ["Thiếu minh chứng"]})
        assert response.status_code == 200, response.text

    async def accepted(self) -> None:
        """In examination."""
        await self.file()
        response = await self.act("acceptance", self.officer)
        assert response.status_code == 200, response.text

    async def events(self) -> list[Row]:
        """The dossier's history, from the table."""
        return await self.service.database.pool.fetch(
            "select * from events where subject_id = $1 order by seq", self.id
        )

    async def kinds(self) -> list[str]:
        """What happened, in order."""
        return [row["kind"] for row in await self.events()]

    async def words(self) -> list[Row]:
        """What the workflow is told, in order."""
        return await self.service.database.pool.fetch(
            "select * from outbox where workflow_id = $1 order by id", f"initiative:{self.id}"
        )

    async def tasks(self) -> list[tuple[str, UUID, str]]:
        """Kind, person and state of every task of the dossier."""
        rows = await self.service.database.pool.fetch(
            "select kind, assignee_id, state from tasks where about_id = $1 order by id", self.id
        )
        return [(row["kind"], row["assignee_id"], row["state"]) for row in rows]
