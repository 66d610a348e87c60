"""A school under a commune, its people and a dossier on its way, for the tests of intake."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from kit.clock import Clock
from kit.db import Row
from language.deadline.arithmetic import LOCAL_ZONE, build_clock
from language.deadline.clock import Rung, StageClock
from language.ids import DossierId, PersonId, PostId, UnitId
from language.messages.intake import (
    CheckRungClimbed,
    ClimbCheckRung,
    FormalCheckMoved,
    LapseSupplement,
    OpenFormalCheck,
)
from language.messages.organisation import PostsResolved
from language.messages.rung import RungClimb
from language.names import TaskQueue
from language.plan.review_plan import (
    Basis,
    Budget,
    BudgetUnit,
    CheckRule,
    ExtensionRule,
    FormalCheckPlan,
    RungAction,
    RungAnchor,
    RungRule,
)
from language.posts.holders import PostHolder
from language.posts.kinds import PostKind
from tests.calendars import NO_HOLIDAYS
from tests.conftest import HeldPost, MovableClock, TestService, held
from tests.organisation_cases import Published

RULES = "sample@1"
ONE_MONTH = Budget(amount=1, unit=BudgetUnit.CALENDAR_MONTHS)
CHECK_LADDER = (
    RungRule(
        id="last-day",
        action=RungAction.REMIND,
        anchor=RungAnchor.DUE,
        offset=0,
        unit=BudgetUnit.CALENDAR_DAYS,
        basis=Basis(rule="formal_check.ladder.last-day", document="sample", sample=True),
    ),
)
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
            "full_name": "Nông Văn Mẫu",
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
        """Begin the dossier of both authors, or with another content."""
        wanted = {"unit_id": str(self.school), "season_id": str(self.season)}
        wanted["content"] = content(self.author, self.co_author) if body is None else body  # type: ignore[assignment]
        response = await self.send("POST", "/dossiers", self.author, json=wanted)
        assert response.status_code == 201, response.text
        self.id = UUID(response.json()["id"])
        created: dict[str, Any] = response.json()
        return created

    async def rewrite(
        self, body: dict[str, Any], person: UUID | None = None, etag: str | None = None
    ) -> httpx.Response:
        """Write the content anew, at the version that is read now."""
        headers = {"If-Match": etag or (await self.read()).headers["etag"]}
        return await self.send(
            "PUT", f"/dossiers/{self.id}/content", person or self.author, json=body, headers=headers
        )

    async def file(self) -> dict[str, Any]:
        """Begin and file."""
        await self.draft()
        response = await self.act("filing", self.author)
        assert response.status_code == 202, response.text
        filed: dict[str, Any] = response.json()
        return filed

    def holder(self, person: UUID, kind: PostKind = PostKind.INTAKE_OFFICER) -> PostHolder:
        """The person in such a post, always the same one."""
        post_id = self.post_ids.setdefault((person, kind), PostId(uuid4()))
        return PostHolder(post_id=post_id, kind=kind, person_id=PersonId(person))

    async def facts(self, posts: PostsResolved | None = None) -> Published:
        """What the organisation knows; with the holders of these posts, once this was asked for."""
        published = Published(await self.service.shared.database(TaskQueue.ORGANISATION))
        if posts:
            await published.appoint(*((one, self.path) for one in (*posts.holders, *posts.superiors)))
        return published

    def resolved(
        self, *officers: UUID, superiors: tuple[UUID, ...] = (), clock: StageClock | None = None
    ) -> PostsResolved:
        """The organisation's answer: these officers, these heads above them."""
        return PostsResolved(
            unit_id=UnitId(self.school),
            unit_path=tuple(UnitId(unit) for unit in self.path),
            holders=tuple(self.holder(person) for person in officers),
            superiors=tuple(self.holder(person, PostKind.UNIT_HEAD) for person in superiors),
            clock=clock,
        )

    async def open_check(
        self,
        *,
        officers: tuple[UUID, ...] | None = None,
        superiors: tuple[UUID, ...] | None = None,
        rules: tuple[CheckRule, ...] = (),
    ) -> FormalCheckMoved:
        """What the journey does first; unless told otherwise the officer is there, and the head above."""
        now = self.clock.now()
        plan = FormalCheckPlan(
            unit_id=UnitId(self.school),
            officers=PostKind.INTAKE_OFFICER,
            officers_basis=basis("formal_check.officers"),
            check=ONE_MONTH,
            check_basis=basis("formal_check.check"),
            supplement=ONE_MONTH,
            supplement_basis=basis("formal_check.supplement"),
            ladder=CHECK_LADDER,
            rules=rules,
            extension=ExtensionRule(
                most=Budget(amount=10, unit=BudgetUnit.WORKING_DAYS), basis=basis("formal_check.extension")
            ),
        )
        clock = build_clock(now, ONE_MONTH, CHECK_LADDER, NO_HOLIDAYS)
        above = (self.head,) if superiors is None else superiors
        there = (self.officer,) if officers is None else officers
        posts = self.resolved(*there, superiors=above, clock=clock)
        await self.facts(posts)
        command = OpenFormalCheck(dossier_id=DossierId(self.id), plan=plan, posts=posts, rule_version=RULES)
        moved: FormalCheckMoved = await self.service.activities["open_formal_check"](command)
        return moved

    async def climb(
        self,
        action: RungAction,
        *officers: UUID,
        superiors: tuple[UUID, ...] = (),
        rung_id: str | None = None,
    ) -> CheckRungClimbed:
        """A rung fires."""
        rung = Rung(
            id=rung_id or action.value.lower(), action=action, at=self.clock.now(), rule="formal_check.ladder"
        )
        posts = self.resolved(*officers, superiors=superiors)
        await self.facts(posts)
        climb = RungClimb(rung=rung, posts=posts)
        climbed: CheckRungClimbed = await self.service.activities["climb_rung"](
            ClimbCheckRung(dossier_id=DossierId(self.id), climb=climb)
        )
        return climbed

    async def lapse(self) -> FormalCheckMoved:
        """The supplement's timer fires."""
        moved: FormalCheckMoved = await self.service.activities["lapse_supplement"](
            LapseSupplement(dossier_id=DossierId(self.id))
        )
        return moved

    async def in_check(self) -> None:
        """Filed, and with the officer."""
        await self.file()
        await self.open_check()

    async def awaiting_supplement(self) -> None:
        """Sent back to the author."""
        await self.in_check()
        response = await self.act("supplement-notice", self.officer, {"defects": ["Thiếu minh chứng"]})
        assert response.status_code == 200, response.text

    async def accepted(self) -> None:
        """In examination."""
        await self.in_check()
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
