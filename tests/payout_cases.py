"""An award, its signers and its payees, for the tests of payout."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx

from language.deadline.arithmetic import build_clock
from language.deadline.clock import Rung, StageClock
from language.ids import AwardId, DossierId, PersonId, UnitId
from language.messages.journey import AuthorShare
from language.messages.organisation import PostsResolved
from language.messages.payout import AssessAward, AwardMoved, ClimbPayoutRung, PayoutRungClimbed, StartPayout
from language.messages.rung import RungClimb
from language.names import TaskQueue
from language.plan.review_plan import Basis, Budget, BudgetUnit, ExtensionRule, PayoutPlan, RungAction
from language.posts.holders import PostHolder
from language.posts.kinds import PostKind
from tests.calendars import NO_HOLIDAYS
from tests.conftest import HeldPost, TestService, held
from tests.organisation_cases import Published
from tests.review_cases import holder

THIRDS = (Decimal("33.33"), Decimal("33.33"), Decimal("33.34"))


@dataclass
class Case:
    """A recognition that brings money in a unit under a root, with everybody who handles it."""

    service: TestService
    root: UUID = field(default_factory=uuid4)
    unit: UUID = field(default_factory=uuid4)
    dossier: UUID = field(default_factory=uuid4)
    level: str = "UNIT"
    amount_dong: int = 1_000_001
    percents: Sequence[Decimal] = THIRDS
    holders: list[PostHolder] = field(default_factory=list)
    superiors: list[PostHolder] = field(default_factory=list)
    other_chief: UUID = field(default_factory=uuid4)
    award: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        self.holders = self.holders or [holder(PostKind.ACCOUNTANT), holder(PostKind.CHIEF_ACCOUNTANT)]
        self.superiors = self.superiors or [holder(PostKind.UNIT_HEAD), holder(PostKind.UNIT_HEAD)]
        self.authors = tuple(
            AuthorShare(person_id=PersonId(uuid4()), percent=percent) for percent in self.percents
        )

    @property
    def verifier(self) -> UUID:
        """The accountant."""
        return self.holders[0].person_id

    @property
    def approver(self) -> UUID:
        """The chief accountant."""
        return self.holders[1].person_id

    @property
    def path(self) -> tuple[UUID, UUID]:
        """From the root to the unit."""
        return self.root, self.unit

    def post(self, kind: PostKind) -> HeldPost:
        """Such a post in the unit."""
        return held(kind, *self.path)

    def posts(self, clock: StageClock | None = None) -> PostsResolved:
        """Who is there now."""
        return PostsResolved(
            unit_id=UnitId(self.unit),
            unit_path=(UnitId(self.root), UnitId(self.unit)),
            holders=tuple(self.holders),
            superiors=tuple(self.superiors),
            clock=clock,
        )

    def start(self) -> StartPayout:
        """What the journey says when the decision brings money."""
        basis = Basis(rule="levels.UNIT.award", document="sample", sample=True)
        plan = PayoutPlan(
            verifier=PostKind.ACCOUNTANT,
            approver=PostKind.CHIEF_ACCOUNTANT,
            signers_basis=basis,
            approval=Budget(amount=10, unit=BudgetUnit.WORKING_DAYS),
            approval_basis=basis,
            ladder=(),
            extension=ExtensionRule(most=Budget(amount=10, unit=BudgetUnit.WORKING_DAYS), basis=basis),
        )
        return StartPayout(
            dossier_id=DossierId(self.dossier),
            dossier_code="SK-2023-0001",
            level=self.level,
            unit_id=UnitId(self.unit),
            decision_number="1/QĐ-2026",
            award_dong=self.amount_dong,
            award_basis=basis,
            authors=self.authors,
            plan=plan,
            rule_version="three-tier@1",
            recognised_at=datetime.now(UTC),
        )

    async def facts(self) -> Published:
        """What the organisation knows of these people; their posts, once this was asked for."""
        published = Published(await self.service.shared.database(TaskQueue.ORGANISATION))
        above = [(one, self.path[: 2 - number]) for number, one in enumerate(self.superiors[:2])]
        await published.appoint(*((one, self.path) for one in self.holders), *above)
        return published

    async def assess(self) -> AwardMoved:
        """Assess the award, as the workflow does."""
        await self.facts()
        start = self.start()
        clock = build_clock(datetime.now(UTC), start.plan.approval, start.plan.ladder, NO_HOLIDAYS)
        moved: AwardMoved = await self.service.activities["assess_award"](
            AssessAward(start=start, posts=self.posts(clock))
        )
        self.award = moved.award_id
        return moved

    async def climb(self, action: RungAction) -> PayoutRungClimbed:
        """Climb a rung, as the workflow does."""
        await self.facts()
        rung = Rung(id=action.lower(), action=action, at=datetime.now(UTC), rule=f"payout.{action.lower()}")
        command = ClimbPayoutRung(
            award_id=AwardId(self.award), climb=RungClimb(rung=rung, posts=self.posts())
        )
        climbed: PayoutRungClimbed = await self.service.activities["climb_rung"](command)
        return climbed

    async def get(self, path: str, person: UUID, *posts: HeldPost, **query: Any) -> httpx.Response:
        """Read something as this person."""
        return await self.service.http.get(
            f"/v1/{path}", params=query, headers=self.service.headers(person, *posts)
        )

    async def post_as(
        self, path: str, person: UUID, *posts: HeldPost, key: str | None = None, **body: Any
    ) -> httpx.Response:
        """Command something as this person."""
        headers = self.service.headers(person, *posts, key=key)
        return await self.service.http.post(f"/v1/{path}", json=body or None, headers=headers)

    async def verify(
        self, person: UUID | None = None, *posts: HeldPost, key: str | None = None
    ) -> httpx.Response:
        """The first signature."""
        held_posts = posts or (self.post(PostKind.ACCOUNTANT),)
        return await self.post_as(
            f"awards/{self.award}/verification", person or self.verifier, *held_posts, key=key
        )

    async def approve(
        self, person: UUID | None = None, *posts: HeldPost, key: str | None = None
    ) -> httpx.Response:
        """The second signature."""
        held_posts = posts or (self.post(PostKind.CHIEF_ACCOUNTANT),)
        return await self.post_as(
            f"awards/{self.award}/approval", person or self.approver, *held_posts, key=key
        )

    async def reject(self, person: UUID, *posts: HeldPost) -> httpx.Response:
        """A signer says no."""
        return await self.post_as(
            f"awards/{self.award}/rejection", person, *posts, reason="Sai số quyết định"
        )

    async def reverse(self, person: UUID | None = None, *posts: HeldPost) -> httpx.Response:
        """Another chief accountant takes it back."""
        held_posts = posts or (self.post(PostKind.CHIEF_ACCOUNTANT),)
        return await self.post_as(
            f"awards/{self.award}/reversal", person or self.other_chief, *held_posts, reason="Khiếu nại đúng"
        )

    async def draft(
        self, person: UUID | None = None, *posts: HeldPost, dry_run: bool = False
    ) -> httpx.Response:
        """The accountant makes a list."""
        suffix = "?dry_run=true" if dry_run else ""
        held_posts = posts or (self.post(PostKind.ACCOUNTANT),)
        return await self.post_as(
            f"payment-lists{suffix}", person or self.verifier, *held_posts, unit_id=str(self.unit)
        )

    async def send(self, list_id: str, person: UUID | None = None, *posts: HeldPost) -> httpx.Response:
        """The chief accountant sends it."""
        held_posts = posts or (self.post(PostKind.CHIEF_ACCOUNTANT),)
        return await self.post_as(f"payment-lists/{list_id}/sending", person or self.approver, *held_posts)

    async def confirm(self, list_id: str, person: UUID | None = None, *posts: HeldPost) -> httpx.Response:
        """The accountant has the statement."""
        held_posts = posts or (self.post(PostKind.ACCOUNTANT),)
        return await self.post_as(
            f"payment-lists/{list_id}/confirmation",
            person or self.verifier,
            *held_posts,
            statement_reference="KB-77",
        )

    async def approved(self) -> "Case":
        """Assessed and signed twice."""
        await self.assess()
        for response in (await self.verify(), await self.approve()):
            assert response.status_code == 200, response.text
        return self

    async def listed(self) -> str:
        """Approved and on a list, whose id is given back."""
        await self.approved()
        response = await self.draft()
        assert response.status_code == 201, response.text
        return str(response.json()["id"])

    async def sent(self) -> str:
        """On a list that was sent."""
        list_id = await self.listed()
        response = await self.send(list_id)
        assert response.status_code == 200, response.text
        return list_id

    async def paid(self) -> str:
        """On a list that the treasury paid."""
        list_id = await self.sent()
        response = await self.confirm(list_id)
        assert response.status_code == 200, response.text
        return list_id

    async def state(self) -> str:
        """Where the award stands."""
        return str(
            await self.service.database.pool.fetchval("select state from awards where id = $1", self.award)
        )

    async def shares(self) -> list[int]:
        """The parts, in the authors' order."""
        query = "select amount_dong from award_shares where award_id = $1 order by position"
        return [row["amount_dong"] for row in await self.service.database.pool.fetch(query, self.award)]

    async def tasks(self) -> list[tuple[str, UUID, str]]:
        """Every task of the award: kind, assignee, state."""
        query = (
            "select kind, assignee_id, state from tasks where about_id = $1 order by opened_at, kind desc, id"
        )
        return [tuple(row) for row in await self.service.database.pool.fetch(query, self.award)]

    async def events(self) -> list[dict[str, Any]]:
        """The dossier's history in payout."""
        query = "select * from events where subject_id = $1 order by seq"
        return [dict(row) for row in await self.service.database.pool.fetch(query, self.dossier)]

    async def signals(self) -> list[str]:
        """The states that the workflow is told of, in order."""
        query = "select payload ->> 'state' as state from outbox where workflow_id = $1 order by id"
        return [
            row["state"]
            for row in await self.service.database.pool.fetch(query, f"payout:{self.dossier}:{self.level}")
        ]

    async def balances(self) -> dict[str, int]:
        """Debits less credits of the award by account, where they are not zero."""
        query = (
            "select account, sum(debit_dong - credit_dong)::bigint as balance from ledger_entries where "
            "award_id = $1 group by account"
        )
        rows = await self.service.database.pool.fetch(query, self.award)
        return {row["account"]: row["balance"] for row in rows if row["balance"]}


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    return response.status_code, response.json()["code"]
