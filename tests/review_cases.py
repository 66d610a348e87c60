"""A council, its plan and its people, for the tests of review."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx

from language.cases import Vote
from language.deadline.arithmetic import build_clock
from language.deadline.clock import Rung, StageClock
from language.ids import DossierId, PersonId, PostId, SeasonId, StageId, UnitId
from language.messages.organisation import PostsResolved
from language.messages.review import ClimbStageRung, OpenStage, WithdrawStage
from language.messages.rung import RungClimb
from language.names import TaskQueue, stage_id
from language.plan.review_plan import (
    Aggregation,
    Basis,
    Budget,
    BudgetUnit,
    Criterion,
    ExtensionRule,
    LevelPlan,
    Rounding,
    RungAction,
    RungRule,
    SeatRole,
    SeatRule,
    Share,
    Voting,
)
from language.plan.rule_kinds import AggregationMethod, RoundingMode, VotingMethod
from language.posts.holders import PostHolder
from language.posts.kinds import PostKind
from services.review.domain.ladder import LOOKS_AT_POSTS
from services.review.domain.stage import ScoreSheet, Seat, SeatState, SheetContent, SheetState
from tests.calendars import NO_HOLIDAYS
from tests.conftest import TestService
from tests.organisation_cases import Published

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
    it."""

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
    ladder: tuple[RungRule, ...] = ()

    def __post_init__(self) -> None:
        chair, deputy = holder(PostKind.COUNCIL_CHAIR), holder(PostKind.COUNCIL_DEPUTY_CHAIR)
        self.holders = [chair, deputy, *(holder(PostKind.COUNCIL_MEMBER) for _ in range(MEMBERS))]
        self.superiors = [holder(PostKind.UNIT_HEAD), holder(PostKind.UNIT_HEAD)]
        self.substitutes = [holder(PostKind.COUNCIL_SUBSTITUTE) for _ in range(2)]

    @property
    def stage(self) -> UUID:
        """The stage's id."""
        return stage_id(DossierId(self.dossier), self.level)

    @property
    def chair(self) -> UUID:
        """Who decides at first."""
        return self.holders[0].person_id

    @property
    def members(self) -> list[UUID]:
        """Everybody seated at first."""
        return [holder.person_id for holder in self.holders]

    def posts(self, clock: StageClock | None = None) -> PostsResolved:
        """Who is there now."""
        return PostsResolved(
            unit_id=UnitId(self.unit),
            unit_path=(UnitId(self.root), UnitId(self.unit)),
            holders=(*self.holders, *self.substitutes),
            superiors=tuple(self.superiors),
            clock=clock,
        )

    def opening(self) -> OpenStage:
        """The message that opens the stage."""
        level = replace(level_plan(self.unit, self.level), ladder=self.ladder, **self.rules)
        clock = build_clock(datetime.now(UTC), level.examination, level.ladder, NO_HOLIDAYS)
        return OpenStage(
            stage_id=StageId(self.stage),
            dossier_id=DossierId(self.dossier),
            dossier_code="SK-2023-0001",
            level=level,
            posts=self.posts(clock),
            author_ids=(PersonId(self.author),),
            season_id=SeasonId(self.season),
            rule_version="three-tier@1",
            last_level=self.last_level,
        )

    async def facts(self) -> Published:
        """What the organisation knows of these people; their posts, once this was asked for."""
        published = Published(await self.service.shared.database(TaskQueue.ORGANISATION))
        path = (self.root, self.unit)
        above = [(one, path[: 2 - number]) for number, one in enumerate(self.superiors[:2])]
        await published.appoint(*((one, path) for one in (*self.holders, *self.substitutes)), *above)
        return published

    async def open(self) -> Any:
        """Open the stage."""
        await self.facts()
        return await self.service.activities["open_stage"](self.opening())

    async def climb(self, action: RungAction, rung_id: str | None = None) -> Any:
        """Climb a rung."""
        await self.facts()
        name = rung_id or action.lower()
        opening = self.opening()
        planned = {rung.id: rung.at for rung in opening.posts.clock.rungs} if opening.posts.clock else {}
        rung = Rung(
            id=name, action=action, at=planned.get(name, datetime.now(UTC)), rule=f"ladder.{action.lower()}"
        )
        return await self.service.activities["climb_rung"](
            ClimbStageRung(
                stage_id=StageId(self.stage),
                climb=RungClimb(rung=rung, posts=self.posts() if action in LOOKS_AT_POSTS else None),
            )
        )

    async def withdraw(self) -> Any:
        """The author withdraws."""
        return await self.service.activities["withdraw_stage"](
            WithdrawStage(stage_id=StageId(self.stage), requested_at=datetime.now(UTC))
        )

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
