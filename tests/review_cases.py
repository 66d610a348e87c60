"""A council, its plan and its people, for the tests of review."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx

from casework.plans import hash_of
from language.cases import Vote
from language.ids import DossierId, PersonId, PostId, SeasonId, StageId, UnitId
from language.messages.clock import ClimbRung
from language.messages.journey import CheckState
from language.messages.review import OpenStage, StageOpened, StageRungClimbed, WithdrawStage
from language.names import TaskQueue, stage_id
from language.plan.review_plan import (
    Aggregation,
    Basis,
    Budget,
    BudgetUnit,
    Criterion,
    ExtensionRule,
    FormalCheckPlan,
    LevelPlan,
    PayoutPlan,
    ReviewPlan,
    Rounding,
    RungAction,
    RungRule,
    SeatRule,
    Share,
    Voting,
)
from language.plan.rule_kinds import AggregationMethod, RoundingMode, RungAnchor, SeatRole, VotingMethod
from language.plan.versions import PLAN_VERSION
from language.posts.holders import PostHolder
from language.posts.kinds import PostKind
from services.review.domain.stage import ScoreSheet, Seat, SeatState, SheetContent, SheetState
from tests.conftest import MovableClock, TestService
from tests.organisation_cases import Published, write_unit

MEMBERS = 3
AWARD_DONG = 500_000
GOOD = {"novelty": "35", "applicability": "25", "benefit": "25.5"}
POOR = {"novelty": "9", "applicability": "20", "benefit": "20"}


def basis(rule: str) -> Basis:
    """A sample rule."""
    return Basis(rule=rule, document="sample", sample=True)


def criterion(identifier: str, max_score: int, floor: int = 10, step: str = "0.5") -> Criterion:
    """A line of the score sheet."""
    return Criterion(
        id=identifier,
        title_vi=identifier,
        title_en=identifier,
        max_score=Decimal(max_score),
        floor=Decimal(floor),
        step=Decimal(step),
        basis=basis(identifier),
    )


def level_plan(unit_id: UUID, level: str = "UNIT") -> LevelPlan:
    """Chair, deputy and three members; quorum and approval two thirds; pass from 50, up from 70."""
    return LevelPlan(
        level=level,
        title_vi="Cấp cơ sở",
        title_en="Unit level",
        unit_id=UnitId(unit_id),
        seats=(
            SeatRule(role=SeatRole.CHAIR, post=PostKind.COUNCIL_CHAIR, count=1),
            SeatRule(role=SeatRole.DEPUTY_CHAIR, post=PostKind.COUNCIL_DEPUTY_CHAIR, count=1),
            SeatRule(role=SeatRole.MEMBER, post=PostKind.COUNCIL_MEMBER, count=MEMBERS),
        ),
        seats_basis=basis("seats"),
        substitutes=PostKind.COUNCIL_SUBSTITUTE,
        criteria=(criterion("novelty", 40), criterion("applicability", 30), criterion("benefit", 30)),
        pass_threshold=Decimal(50),
        pass_basis=basis("pass"),
        aggregation=Aggregation(method=AggregationMethod.MEAN, basis=basis("aggregation")),
        rounding=Rounding(places=2, mode=RoundingMode.HALF_UP, basis=basis("rounding")),
        quorum=Share(numerator=2, denominator=3, basis=basis("quorum")),
        approval=Share(numerator=2, denominator=3, basis=basis("approval")),
        voting=Voting(method=VotingMethod.OPEN_VOTE, basis=basis("voting")),
        examination=Budget(amount=3, unit=BudgetUnit.CALENDAR_MONTHS),
        examination_basis=basis("examination"),
        ladder=(),
        promotion_average=Decimal(70),
        promotion_basis=basis("promotion"),
        award_dong=AWARD_DONG,
        award_basis=basis("award"),
        extension=ExtensionRule(
            most=Budget(amount=10, unit=BudgetUnit.WORKING_DAYS), basis=basis("extension")
        ),
    )


def _rung(identifier: str, action: RungAction) -> RungRule:
    quorum = Share(numerator=1, denominator=2, basis=basis("ladder.lower_quorum.quorum"))
    return RungRule(
        id=identifier,
        action=action,
        anchor=RungAnchor.START,
        offset=0,
        unit=BudgetUnit.CALENDAR_DAYS,
        basis=basis(f"ladder.{action.lower()}"),
        quorum=quorum if action is RungAction.LOWER_QUORUM else None,
    )


LADDER = tuple(
    _rung(f"{action.lower()}{again}", action)
    for action in RungAction
    if action is not RungAction.LOOK_AGAIN
    for again in ("", "_again", "_thrice")
)
"""Each rung three times, all on the day of the opening: a test climbs whichever it wants."""


def plan_of(*levels: LevelPlan, season: UUID) -> ReviewPlan:
    """The whole plan with these levels."""
    return ReviewPlan(
        pack="three-tier",
        pack_version=1,
        season_id=SeasonId(season),
        formal_check=FormalCheckPlan(
            unit_id=levels[0].unit_id,
            officers=PostKind.INTAKE_OFFICER,
            officers_basis=basis("officers"),
            check=Budget(amount=3, unit=BudgetUnit.WORKING_DAYS),
            check_basis=basis("check"),
            supplement=Budget(amount=5, unit=BudgetUnit.WORKING_DAYS),
            supplement_basis=basis("supplement"),
            ladder=(),
        ),
        levels=levels,
        payout=PayoutPlan(
            verifier=PostKind.ACCOUNTANT,
            approver=PostKind.CHIEF_ACCOUNTANT,
            signers_basis=basis("signers"),
            approval=Budget(amount=5, unit=BudgetUnit.WORKING_DAYS),
            approval_basis=basis("approval"),
            ladder=(),
        ),
    )


CALENDAR = """
insert into calendars (version, holidays, make_up_days, reason, made_at) values (1, '{}', '{}', 'x', now())
on conflict do nothing
"""
PLAN = "insert into plans (hash, version, body, frozen_at) values ($1, $2, $3, now()) on conflict do nothing"
DOSSIER = """
insert into dossiers
  (id, code, state, season_id, unit_id, unit_path, created_by, created_at, content, filed_at, plan_hash,
  rule_version)
values ($1, $2, $3, $4, $5, $6, $7, now(), '{}', now(), $8, $9) on conflict do nothing returning true
"""
AUTHOR = "insert into dossier_authors (dossier_id, position, person_id, percent) values ($1, 1, $2, 100)"
STATES = {CheckState.OPEN: "FILED", CheckState.ACCEPTED: "ACCEPTED", CheckState.REJECTED: "REQUEST_REJECTED"}


def holder(kind: PostKind, person_id: UUID | None = None, on_behalf_of: UUID | None = None) -> PostHolder:
    """Somebody in a post."""
    return PostHolder(
        post_id=PostId(uuid4()),
        kind=kind,
        person_id=PersonId(person_id or uuid4()),
        on_behalf_of=PersonId(on_behalf_of) if on_behalf_of else None,
    )


@dataclass
class Case:
    """A dossier before a council, with everybody the tests need, and what can be asked of the service about
    it. What the other services publish of it is written when the stage is opened, and of posts whenever the
    lists have changed."""

    service: TestService
    unit: UUID = field(default_factory=uuid4)
    root: UUID = field(default_factory=uuid4)
    dossier: UUID = field(default_factory=uuid4)
    level: str = "UNIT"
    author: UUID = field(default_factory=uuid4)
    last_level: bool = False
    season: UUID = field(default_factory=uuid4)
    rules: dict[str, Any] = field(default_factory=dict)
    holders: list[PostHolder] = field(default_factory=list)
    superiors: list[PostHolder] = field(default_factory=list)
    substitutes: list[PostHolder] = field(default_factory=list)
    ladder: tuple[RungRule, ...] = LADDER
    check: CheckState = CheckState.ACCEPTED
    after: UUID | None = None
    anew: UUID | None = None

    def __post_init__(self) -> None:
        chair, deputy = holder(PostKind.COUNCIL_CHAIR), holder(PostKind.COUNCIL_DEPUTY_CHAIR)
        self.holders = [chair, deputy, *(holder(PostKind.COUNCIL_MEMBER) for _ in range(MEMBERS))]
        self.superiors = [holder(PostKind.UNIT_HEAD), holder(PostKind.UNIT_HEAD)]
        self.substitutes = [holder(PostKind.COUNCIL_SUBSTITUTE) for _ in range(2)]
        self._seated: dict[PostHolder, tuple[UUID, ...]] = {}
        self._writing = asyncio.Lock()

    def another(self, **rules: Any) -> "Case":
        """A further dossier before the same council, in the same season."""
        case = Case(self.service, unit=self.unit, root=self.root, season=self.season, rules=rules)
        case.holders, case.superiors, case.substitutes = self.holders, self.superiors, self.substitutes
        return case

    @property
    def stage(self) -> UUID:
        """The stage's id; of one that is examined anew the given one."""
        return self.anew or stage_id(DossierId(self.dossier), self.level)

    @property
    def chair(self) -> UUID:
        """Who decides at first."""
        return self.holders[0].person_id

    @property
    def members(self) -> list[UUID]:
        """Everybody seated at first."""
        return [holder.person_id for holder in self.holders]

    @property
    def plan(self) -> ReviewPlan:
        """The frozen plan; above the level there is another, unless it is the last."""
        level = replace(level_plan(self.unit, self.level), ladder=self.ladder, **self.rules)
        above = () if self.last_level else (level_plan(self.root, "PROVINCE"),)
        return plan_of(level, *above, season=self.season)

    def opening(self) -> OpenStage:
        """The message that opens the stage."""
        return OpenStage(
            stage_id=StageId(self.stage),
            dossier_id=DossierId(self.dossier),
            level=self.level,
            plan_hash=hash_of(self.plan),
            after=StageId(self.after) if self.after else None,
        )

    async def facts(self) -> Published:
        """What the organisation knows of these people: their posts, once this was asked for; whoever is on no
        list any more holds none."""
        published = Published(await self.service.shared.database(TaskQueue.ORGANISATION))
        path = (self.root, self.unit)
        wanted = {one: path for one in (*self.holders, *self.substitutes)}
        wanted |= {one: path[: 2 - number] for number, one in enumerate(self.superiors[:2])}
        async with self._writing:
            if wanted != self._seated or not wanted:
                for gone in self._seated.keys() - wanted.keys():
                    await published.leaves_post(gone.person_id, gone.post_id)
                async with published.database.transaction() as tx:
                    await write_unit(tx.conn, path)
                await published.appoint(*wanted.items())
                self._seated = wanted
        return published

    async def file(self) -> None:
        """What rulebook and intake publish: a calendar, the plan, and the dossier as its check stands."""
        rulebook = await self.service.shared.database(TaskQueue.RULEBOOK)
        await rulebook.pool.execute(CALENDAR)
        intake = await self.service.shared.database(TaskQueue.INTAKE)
        plan, path = self.plan, [self.root, self.unit]
        plan_hash, code = hash_of(plan), f"SK-{self.dossier.hex[:8]}"
        async with intake.transaction() as tx:
            await tx.conn.execute(PLAN, plan_hash, PLAN_VERSION, plan)
            filed = (STATES[self.check], self.season, self.unit, path, self.author, plan_hash)
            if await tx.conn.fetchval(DOSSIER, self.dossier, code, *filed, plan.rule_version):
                await tx.conn.execute(AUTHOR, self.dossier, self.author)

    async def open(self) -> StageOpened:
        """Open the stage."""
        await self.facts()
        await self.file()
        opened: StageOpened = await self.service.activities["open_stage"](self.opening())
        return opened

    async def climb(self, rung_id: str) -> StageRungClimbed:
        """Climb the rung of this id, or the first with this action, when its time has come."""
        await self.facts()
        await self._wait_for(rung_id.lower())
        command = ClimbRung(about_id=self.stage, rung_id=rung_id.lower())
        climbed: StageRungClimbed = await self.service.activities["climb_rung"](command)
        return climbed

    async def _wait_for(self, rung_id: str) -> None:
        """A clock that can be moved goes on to the rung."""
        clock = self.service.shared.clock
        rungs = await self.service.database.pool.fetchval(
            "select rungs from clocks where about_id = $1", self.stage
        )
        [at] = [datetime.fromisoformat(rung["at"]) for rung in rungs if rung["id"] == rung_id]
        if isinstance(clock, MovableClock):
            clock.offset += max(timedelta(), at - clock.now())

    async def withdraw(self) -> Any:
        """The author withdraws."""
        command = WithdrawStage(stage_id=StageId(self.stage))
        return await self.service.activities["withdraw_stage"](command)

    async def read(self, person: UUID, *posts: Any) -> httpx.Response:
        """The stage as this person sees it."""
        return await self.service.http.get(
            f"/v1/stages/{self.stage}", headers=self.service.headers(person, *posts)
        )

    async def own_sheet(self, person: UUID) -> dict[str, Any]:
        """The member's sheet."""
        sheets = (await self.read(person)).json()["sheets"]
        return dict(next(sheet for sheet in sheets if sheet["person_id"] == str(person)))

    async def mark(
        self,
        person: UUID,
        scores: dict[str, Any] | None = None,
        *,
        vote: str | None = "APPROVE",
        submit: bool = True,
        **body: Any,
    ) -> httpx.Response:
        """The member writes the sheet."""
        sheet = await self.own_sheet(person)
        return await self.put(
            sheet, person, scores=GOOD if scores is None else scores, vote=vote, submit=submit, **body
        )

    async def put(self, sheet: dict[str, Any], person: UUID, **body: Any) -> httpx.Response:
        """Write this sheet as this person."""
        headers = {**self.service.headers(person), "If-Match": f'"v{sheet["version"]}"'}
        return await self.service.http.put(f"/v1/score-sheets/{sheet['id']}", json=body, headers=headers)

    async def mark_all(
        self, persons: Sequence[UUID] | None = None, scores: dict[str, Any] | None = None
    ) -> None:
        """These members (all, by default) submit with APPROVE."""
        for person in self.members if persons is None else persons:
            response = await self.mark(person, scores)
            assert response.status_code == 200, response.text

    async def decide(
        self, person: UUID | None = None, outcome: str = "RECOGNISED", key: str | None = None, **body: Any
    ) -> httpx.Response:
        """Record a decision."""
        headers = self.service.headers(person or self.chair, key=key)
        return await self.service.http.post(
            f"/v1/stages/{self.stage}/decision", json={"outcome": outcome, **body}, headers=headers
        )

    async def tasks(self) -> list[tuple[str, UUID, str]]:
        """Every task of the stage: kind, assignee, state."""
        query = "select kind, assignee_id, state from tasks where about_id = $1 order by id"
        return [tuple(row) for row in await self.service.database.pool.fetch(query, self.stage)]

    async def events(self) -> list[dict[str, Any]]:
        """The dossier's history in review."""
        query = "select * from events where subject_id = $1 order by seq"
        return [dict(row) for row in await self.service.database.pool.fetch(query, self.dossier)]

    async def signals(self) -> list[dict[str, Any]]:
        """What the outbox holds for the dossier's workflow."""
        query = "select * from outbox where workflow_id = $1 order by id"
        return [
            dict(row) for row in await self.service.database.pool.fetch(query, f"initiative:{self.dossier}")
        ]


def sheet_of(
    scores: dict[str, Decimal], vote: Vote = Vote.APPROVE, seat: SeatState = SeatState.ACTIVE
) -> ScoreSheet:
    """A submitted sheet."""
    return ScoreSheet(
        id=uuid4(),
        stage_id=StageId(uuid4()),
        seat=Seat(
            seat_no=1,
            role=SeatRole.MEMBER,
            person_id=PersonId(uuid4()),
            post_id=PostId(uuid4()),
            state=seat,
            replaced_by=None if seat is SeatState.ACTIVE else PersonId(uuid4()),
        ),
        state=SheetState.SUBMITTED if seat is SeatState.ACTIVE else SheetState.VOID,
        content=SheetContent(scores=scores, vote=vote, remark=None),
        total=sum(scores.values(), Decimal()),
        submitted_at=datetime.now(UTC),
        version=2,
    )


def draft_of(sheet: ScoreSheet) -> ScoreSheet:
    """The same member, still silent."""
    return replace(
        sheet,
        state=SheetState.DRAFT,
        content=SheetContent(scores={}, vote=None, remark=None),
        total=None,
        submitted_at=None,
        version=1,
    )
