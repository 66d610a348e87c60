"""An award, its signers and its payees, for the tests of payout."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx

from language.deadline.arithmetic import local_day
from language.ids import DossierId, PersonId, SeasonId, UnitId
from language.messages.clock import ClimbRung
from language.messages.journey import AuthorShare
from language.messages.payout import AssessAward, AwardAssessed, AwardMoved, PayoutRungClimbed
from language.names import TaskQueue, initiative_workflow_id
from language.plan.review_plan import (
    Basis,
    Budget,
    BudgetUnit,
    ExtensionRule,
    FormalCheckPlan,
    PayoutPlan,
    ReviewPlan,
    RungAction,
    RungRule,
)
from language.plan.rule_kinds import RungAnchor
from language.posts.holders import PostHolder
from language.posts.kinds import PostKind
from tests.conftest import HeldPost, TestService, held
from tests.organisation_cases import Published, write_unit
from tests.recognition_cases import Recognised, publish_calendar, publish_decision, publish_dossier
from tests.review_cases import holder, level_plan

BASIS = Basis(rule="levels.UNIT.award", document="sample", sample=True)
TEN_DAYS = Budget(amount=10, unit=BudgetUnit.WORKING_DAYS)
LADDER = tuple(
    RungRule(
        id=action.lower(),
        action=action,
        anchor=RungAnchor.START,
        offset=days,
        unit=BudgetUnit.CALENDAR_DAYS,
        basis=Basis(rule=f"payout.{action.lower()}", document="sample", sample=True),
    )
    for action, days in ((RungAction.REMIND, 5), (RungAction.TELL_SUPERIOR, 9), (RungAction.HAND_UP, 12))
)
IS_DUE = """
update clocks set rungs = (
  select jsonb_agg(
    case when rung ->> 'id' = $2 then rung || jsonb_build_object('at', $3::timestamptz) else rung end
  )
  from jsonb_array_elements(rungs) rung
) where about_id = $1
"""
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
    ladder: tuple[RungRule, ...] = LADDER
    seated: list[PostHolder] = field(default_factory=list)
    payment_people: int = 2

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

    def own(self, person: UUID, kind: PostKind) -> HeldPost:
        """The person's post of this kind: the one in which the person sits, if there is one."""
        seats = [one.post_id for one in self.holders if (one.person_id, one.kind) == (person, kind)]
        return held(kind, *self.path, post_id=seats[0] if seats else None)

    @property
    def plan(self) -> ReviewPlan:
        """The rules that it was recognised by."""
        level = replace(level_plan(self.unit, self.level), award_dong=self.amount_dong, award_basis=BASIS)
        return ReviewPlan(
            pack="three-tier",
            pack_version=1,
            season_id=SeasonId(self.unit),
            formal_check=FormalCheckPlan(
                unit_id=UnitId(self.unit),
                officers=PostKind.INTAKE_OFFICER,
                officers_basis=BASIS,
                check=TEN_DAYS,
                check_basis=BASIS,
                supplement=TEN_DAYS,
                supplement_basis=BASIS,
                ladder=(),
            ),
            levels=(level,),
            payout=PayoutPlan(
                verifier=PostKind.ACCOUNTANT,
                approver=PostKind.CHIEF_ACCOUNTANT,
                signers_basis=BASIS,
                approval=TEN_DAYS,
                approval_basis=BASIS,
                ladder=self.ladder,
                extension=ExtensionRule(most=TEN_DAYS, basis=BASIS),
                payment_people=self.payment_people,
            ),
        )

    @property
    def recognised(self) -> Recognised:
        """As intake and review publish it."""
        return Recognised(
            dossier_id=self.dossier,
            code=f"SK-{self.dossier}",
            unit_path=self.path,
            authors=self.authors,
            plan=self.plan,
        )

    async def facts(self) -> Published:
        """What the organisation knows of these people: whoever is no longer there has left the post, and
        whoever is there now is in it."""
        published = Published(await self.service.shared.database(TaskQueue.ORGANISATION))
        async with published.database.transaction() as tx:
            await write_unit(tx.conn, self.path)
        there = [*self.holders, *self.superiors]
        yesterday = local_day(self.service.database.clock.now()) - timedelta(days=1)
        for gone in [one for one in self.seated if one not in there]:
            await published.leaves_post(gone.on_behalf_of or gone.person_id, gone.post_id, yesterday)
        above = [(one, self.path[: 2 - number]) for number, one in enumerate(self.superiors[:2])]
        await published.appoint(*((one, self.path) for one in self.holders), *above)
        self.seated = there
        return published

    async def publish(self) -> None:
        """The unit has recognised it, and its people are there."""
        await self.facts()
        await publish_calendar(self.service.shared)
        await publish_dossier(self.service.shared, self.recognised)
        await publish_decision(
            self.service.shared, self.recognised, self.level, f"{self.dossier.hex[:8]}/QĐ-{self.level}"
        )

    async def ask(self) -> AwardAssessed:
        """Have the award assessed, as the journey does."""
        command = AssessAward(dossier_id=DossierId(self.dossier), level=self.level)
        assessed: AwardAssessed = await self.service.activities["assess_award"](command)
        return assessed

    async def assess(self) -> AwardMoved:
        """The recognition is published, and its award assessed."""
        await self.publish()
        assessed = await self.ask()
        assert assessed.award
        self.award = assessed.award.award_id
        return assessed.award

    async def let_come(self, about_id: UUID, rung_id: str) -> None:
        """The time of this rung has come."""
        database = self.service.database
        await database.pool.execute(IS_DUE, about_id, rung_id, database.clock.now())

    async def climb(self, action: RungAction) -> PayoutRungClimbed:
        """Climb a rung when its time has come, as the journey does, with those in the posts who are there
        now."""
        await self.facts()
        await self.let_come(self.award, action.lower())
        command = ClimbRung(about_id=self.award, rung_id=action.lower())
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
        person = person or self.verifier
        held_posts = posts or (self.own(person, PostKind.ACCOUNTANT),)
        return await self.post_as(f"awards/{self.award}/verification", person, *held_posts, key=key)

    async def approve(
        self, person: UUID | None = None, *posts: HeldPost, key: str | None = None
    ) -> httpx.Response:
        """The second signature."""
        person = person or self.approver
        held_posts = posts or (self.own(person, PostKind.CHIEF_ACCOUNTANT),)
        return await self.post_as(f"awards/{self.award}/approval", person, *held_posts, key=key)

    async def reject(self, person: UUID, *posts: HeldPost) -> httpx.Response:
        """A signer says no."""
        return await self.post_as(
            f"awards/{self.award}/rejection", person, *posts, reason="Sai số quyết định"
        )

    async def reverse(self, person: UUID | None = None, *posts: HeldPost) -> httpx.Response:
        """Another chief accountant takes it back."""
        person = person or self.other_chief
        held_posts = posts or (self.own(person, PostKind.CHIEF_ACCOUNTANT),)
        return await self.post_as(
            f"awards/{self.award}/reversal", person, *held_posts, reason="Khiếu nại đúng"
        )

    async def take_up(self, person: UUID | None = None, *posts: HeldPost) -> httpx.Response:
        """A second person finds the end of the award mistaken; the case goes on with the new one."""
        person = person or self.superiors[0].person_id
        held_posts = posts or (self.own(person, PostKind.UNIT_HEAD),)
        response = await self.post_as(
            f"awards/{self.award}/taking-up", person, *held_posts, reason="Nhầm hồ sơ"
        )
        if response.status_code == 200:
            self.award = UUID(response.json()["id"])
        return response

    async def shorten(self, list_id: str, award_id: UUID | None = None) -> httpx.Response:
        """The accountant takes an award off the list."""
        return await self.post_as(
            f"payment-lists/{list_id}/removal",
            self.verifier,
            self.own(self.verifier, PostKind.ACCOUNTANT),
            award_id=str(award_id or self.award),
            reason="Thiếu số tài khoản",
        )

    async def cancel(self, list_id: str, person: UUID | None = None, *posts: HeldPost) -> httpx.Response:
        """The accountant gives the list up."""
        person = person or self.verifier
        held_posts = posts or (self.own(person, PostKind.ACCOUNTANT),)
        return await self.post_as(
            f"payment-lists/{list_id}/cancellation", person, *held_posts, reason="Kho bạc trả lại"
        )

    async def draft(
        self,
        person: UUID | None = None,
        *posts: HeldPost,
        dry_run: bool = False,
        leave_out: Sequence[UUID] = (),
        only: Sequence[UUID] = (),
    ) -> httpx.Response:
        """The accountant makes a list."""
        suffix = "?dry_run=true" if dry_run else ""
        person = person or self.verifier
        held_posts = posts or (self.own(person, PostKind.ACCOUNTANT),)
        return await self.post_as(
            f"payment-lists{suffix}",
            person,
            *held_posts,
            unit_id=str(self.unit),
            leave_out=[str(award_id) for award_id in leave_out],
            only=[str(award_id) for award_id in only] or None,
        )

    async def send(self, list_id: str, person: UUID | None = None, *posts: HeldPost) -> httpx.Response:
        """The chief accountant sends it."""
        person = person or self.approver
        held_posts = posts or (self.own(person, PostKind.CHIEF_ACCOUNTANT),)
        return await self.post_as(f"payment-lists/{list_id}/sending", person, *held_posts)

    async def confirm(
        self, list_id: str, person: UUID | None = None, *posts: HeldPost, unpaid: Sequence[UUID] = ()
    ) -> httpx.Response:
        """The accountant has the statement."""
        person = person or self.verifier
        held_posts = posts or (self.own(person, PostKind.ACCOUNTANT),)
        return await self.post_as(
            f"payment-lists/{list_id}/confirmation",
            person,
            *held_posts,
            statement_reference="KB-77",
            unpaid=[{"award_id": str(award_id), "reason": "Sai tài khoản"} for award_id in unpaid],
        )

    def beside(self) -> "Case":
        """Another recognition in the same unit, whose people are the same."""
        return Case(
            self.service,
            root=self.root,
            unit=self.unit,
            holders=self.holders,
            superiors=self.superiors,
            other_chief=self.other_chief,
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
        """The states of its award that the journey is told of, in order."""
        query = """
        select payload ->> 'state' as state from outbox
        where workflow_id = $1 and payload ->> 'award_id' = $2::text order by id
        """
        workflow_id = initiative_workflow_id(DossierId(self.dossier))
        rows = await self.service.database.pool.fetch(query, workflow_id, str(self.award))
        return [row["state"] for row in rows]

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
