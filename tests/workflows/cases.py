"""Plans and starting messages for journeys under test: real contract values with plain numbers."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from language.deadline.clock import OfficeCalendar
from language.ids import DossierId, SeasonId, UnitId
from language.messages.journey import Journey, LevelStop, Route
from language.plan.review_plan import (
    Aggregation,
    Basis,
    Budget,
    BudgetUnit,
    Criterion,
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
from language.posts.kinds import PostKind

BASIS = Basis(rule="test.rule", document="Test rules", article="1")
SEASON = SeasonId(uuid4())
LEVELS = ("UNIT", "COMMUNE", "PROVINCE")
RUNGS = ("remind", "replace", "superior", "hand_up")
CALENDAR = OfficeCalendar(version=1, holidays=frozenset({date(2027, 1, 1)}), make_up_days=frozenset())


def working_days(amount: int) -> Budget:
    """A budget in working days."""
    return Budget(amount=amount, unit=BudgetUnit.WORKING_DAYS)


def rung(name: str, action: RungAction, offset: int, anchor: RungAnchor = RungAnchor.DUE) -> RungRule:
    """A rung so many working days from its anchor."""
    return RungRule(
        id=name, action=action, anchor=anchor, offset=offset, unit=BudgetUnit.WORKING_DAYS, basis=BASIS
    )


LADDER = (
    rung("remind", RungAction.REMIND, -3),
    rung("replace", RungAction.REPLACE_SILENT, -1),
    rung("superior", RungAction.TELL_SUPERIOR, 0),
    rung("hand_up", RungAction.HAND_UP, 3),
)
CHECK_LADDER = (
    rung("remind", RungAction.REMIND, 1, RungAnchor.START),
    rung("superior", RungAction.TELL_SUPERIOR, 0),
)


def level_plan(level: str, award_dong: int = 0) -> LevelPlan:
    """A level with three seats, ten working days and a ladder of four rungs."""
    return LevelPlan(
        level=level,
        title_vi=f"Cấp {level}",
        title_en=f"Level {level}",
        unit_id=UnitId(uuid4()),
        seats=(
            SeatRule(role=SeatRole.CHAIR, post=PostKind.COUNCIL_CHAIR, count=1),
            SeatRule(role=SeatRole.MEMBER, post=PostKind.COUNCIL_MEMBER, count=2),
        ),
        seats_basis=BASIS,
        substitutes=PostKind.COUNCIL_SUBSTITUTE,
        criteria=(
            Criterion(
                id="novelty",
                title_vi="Tính mới",
                title_en="Novelty",
                max_score=Decimal(100),
                floor=Decimal(50),
                step=Decimal("0.5"),
                basis=BASIS,
            ),
        ),
        pass_threshold=Decimal(70),
        pass_basis=BASIS,
        aggregation=Aggregation(method=AggregationMethod.MEAN, basis=BASIS),
        rounding=Rounding(places=2, mode=RoundingMode.HALF_UP, basis=BASIS),
        quorum=Share(numerator=2, denominator=3, basis=BASIS),
        approval=Share(numerator=1, denominator=2, basis=BASIS),
        voting=Voting(method=VotingMethod.OPEN_VOTE, basis=BASIS),
        examination=working_days(10),
        examination_basis=BASIS,
        ladder=LADDER,
        promotion_average=Decimal(80),
        promotion_basis=BASIS,
        award_dong=award_dong,
        award_basis=BASIS,
    )


def review_plan(*levels: str, award_dong: int = 0) -> ReviewPlan:
    """A frozen plan with these levels, each bringing the same award."""
    return ReviewPlan(
        pack="test-pack",
        pack_version=1,
        season_id=SEASON,
        formal_check=FormalCheckPlan(
            unit_id=UnitId(uuid4()),
            officers=PostKind.INTAKE_OFFICER,
            officers_basis=BASIS,
            check=working_days(5),
            check_basis=BASIS,
            supplement=Budget(amount=10, unit=BudgetUnit.CALENDAR_DAYS),
            supplement_basis=BASIS,
            ladder=CHECK_LADDER,
        ),
        levels=tuple(level_plan(level, award_dong) for level in levels or LEVELS),
        payout=PayoutPlan(
            verifier=PostKind.ACCOUNTANT,
            approver=PostKind.CHIEF_ACCOUNTANT,
            signers_basis=BASIS,
            approval=working_days(10),
            approval_basis=BASIS,
            ladder=LADDER,
        ),
    )


def route_of(plan: ReviewPlan) -> Route:
    """The way by this plan."""
    return Route(
        plan_hash=f"{plan.rule_version} {'-'.join(level.level for level in plan.levels)}",
        rule_version=plan.rule_version,
        levels=tuple(
            LevelStop(level=level.level, unit_id=level.unit_id, pays=level.award_dong > 0)
            for level in plan.levels
        ),
    )


def start_journey(plan: ReviewPlan) -> Journey:
    """A dossier filed now; the clock of its check is the office's to start."""
    return Journey(
        dossier_id=DossierId(uuid4()),
        dossier_code="SK-2026-00001",
        season_id=SEASON,
        route=route_of(plan),
    )
