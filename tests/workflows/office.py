"""The services as fakes behind their ports: what they know lies on one desk per dossier, and every question
is written down."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from temporalio import activity

from language.deadline.arithmetic import RunningClock, build_clock, project
from language.ids import AwardId, EventId, StageId
from language.journey.route import journey_outcome
from language.messages.clock import CaseClock, ClimbRung, ClockMoved, Revision, RungDue, RungFinding
from language.messages.intake import (
    CheckRungClimbed,
    CloseDossier,
    DossierClosed,
    IntakeActivities,
    LapseSupplement,
    RulesKept,
)
from language.messages.journey import (
    CheckState,
    FormalCheckMoved,
    Journey,
    JourneyOutcome,
    LevelResult,
    LevelStop,
    OpenCheckAt,
    Route,
    StageOutcome,
)
from language.messages.payout import (
    AssessAward,
    AwardAssessed,
    AwardMoved,
    AwardState,
    PayoutActivities,
    PayoutRungClimbed,
)
from language.messages.review import OpenStage, StageDecided
from language.messages.transition import ChangeRules, MoveStage, TransitionClass
from language.plan.review_plan import Budget, ReviewPlan, RungRule
from tests.workflows.cases import CALENDAR, route_of
from tests.workflows.walk import Walk


@dataclass(frozen=True)
class Climb:
    """A rung that was climbed: whose ladder, which rung, when, and what its owner found."""

    ladder: str
    rung: str
    at: datetime
    finding: RungFinding


@dataclass
class KeptClock:
    """A clock as its owner keeps it: what it runs on, and how often it was moved."""

    about_id: UUID
    running: RunningClock
    revision: Revision = field(default_factory=Revision)

    def stands(self, now: datetime) -> CaseClock:
        """How it stands now."""
        clock = project(self.running, now)
        rungs = tuple(RungDue(id=rung.id, at=rung.at) for rung in clock.rungs)
        return CaseClock(about_id=self.about_id, revision=self.revision, due_at=clock.due_at, rungs=rungs)

    def move(self, **changes: object) -> None:
        """The owner's act."""
        self.running = replace(self.running, **changes)  # type: ignore[arg-type]
        self.count_up()

    def count_up(self) -> None:
        """Another word is said of it."""
        self.revision = replace(self.revision, number=self.revision.number + 1)

    def told(self, now: datetime) -> ClockMoved:
        """The word of it."""
        return ClockMoved(event_id=EventId(uuid4()), clock=self.stands(now))

    def put_off(self, rung_id: str, now: datetime) -> CaseClock | None:
        """The clock, if this rung is not due by it: the owner's rule."""
        if self.running.is_suspended:
            self.count_up()
            return self.stands(now)
        stands = self.stands(now)
        planned = next(known.at for known in stands.rungs if known.id == rung_id)
        return stands if planned > now else None


@dataclass
class Desk:
    """What the owners know of one dossier, and what they were asked. `meanwhile[question]` happens before
    that question is answered."""

    plan: ReviewPlan
    journey: Journey
    check: FormalCheckMoved
    plans: dict[str, ReviewPlan] = field(default_factory=dict)
    decisions: dict[StageId, StageDecided] = field(default_factory=dict)
    awards: dict[str, AwardMoved] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    climbs: list[Climb] = field(default_factory=list)
    started: dict[str, CaseClock] = field(default_factory=dict)
    kept: dict[str, KeptClock] = field(default_factory=dict)
    openings: dict[str, OpenStage] = field(default_factory=dict)
    not_decided: set[StageId] = field(default_factory=set)
    closed: DossierClosed | None = None
    marked: set[StageId] = field(default_factory=set)
    replaced: dict[StageId, StageId] = field(default_factory=dict)
    moved: list[MoveStage] = field(default_factory=list)
    changes: list[ChangeRules] = field(default_factory=list)
    meanwhile: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)

    async def hear(self, question: str) -> None:
        """Write the question down, and let happen what the test wants to happen meanwhile."""
        self.asked.append(question)
        if self.refusals.get(question, 0) > 0:
            self.refusals[question] -= 1
            raise ConnectionError("the owner's database is away")
        happening = self.meanwhile.pop(question, None)
        if happening:
            await happening()

    def start_clock(
        self, ladder: str, about_id: UUID, at: datetime, rules: tuple[Budget, tuple[RungRule, ...]]
    ) -> CaseClock:
        """The clock that starts; a repeat changes nothing."""
        if ladder not in self.kept or self.kept[ladder].about_id != about_id:
            budget, rungs = rules
            running = RunningClock(
                opened_at=build_clock(at, budget, rungs, CALENDAR).opened_at,
                budget=budget,
                ladder=rungs,
                calendar=CALENDAR,
            )
            self.kept[ladder] = KeptClock(about_id, running)
            self.started[ladder] = self.kept[ladder].stands(at)
        return self.kept[ladder].stands(at)

    def climb(self, ladder: str, rung_id: str, *, settled: bool) -> tuple[RungFinding, CaseClock | None]:
        """What an owner does under its lock."""
        fired = {(past.ladder, past.rung) for past in self.climbs if past.finding is RungFinding.FIRED}
        now = activity.info().scheduled_time
        finding, clock = RungFinding.FIRED, None
        if (ladder, rung_id) in fired:
            finding = RungFinding.ALREADY_FIRED
        elif settled:
            finding = RungFinding.TOO_LATE
        elif clock := self.kept[ladder].put_off(rung_id, now):
            finding = RungFinding.NOT_YET
        self.climbs.append(Climb(ladder, rung_id, now, finding))
        return finding, clock

    def rungs(self, ladder: str) -> list[str]:
        """The rungs of this ladder in the order in which they were climbed."""
        return [climb.rung for climb in self.climbs if climb.ladder == ladder]

    def level_of(self, stage: StageId) -> str:
        """The level that was opened as this stage."""
        return next(level for level, opening in self.openings.items() if opening.stage_id == stage)

    def results(self) -> tuple[LevelResult, ...]:
        """What the levels have said, in the order in which they were opened."""
        return tuple(
            LevelResult(level=level, outcome=decision.outcome, decision_number=decision.decision_number)
            for level, opening in self.openings.items()
            if (decision := self.decisions.get(opening.stage_id))
        )

    def stop(self, level: str) -> LevelStop:
        """The level as the newest rules that have it say."""
        for plan in reversed(self.plans.values()):
            for stop in route_of(plan).levels:
                if stop.level == level:
                    return stop
        raise KeyError(level)


class Office:
    """Finds the desk of a dossier, a stage or an award."""

    def __init__(self) -> None:
        self._desks: dict[UUID, Desk] = {}
        self.walk = Walk()

    def open_desk(self, journey: Journey, plan: ReviewPlan, filed_at: datetime) -> Desk:
        """A desk for a dossier that was just filed; its check is open."""
        check = FormalCheckMoved(
            event_id=EventId(uuid4()),
            dossier_id=journey.dossier_id,
            state=CheckState.OPEN,
            revision=Revision(),
        )
        desk = self._desks[journey.dossier_id] = Desk(plan, journey, check)
        desk.plans[route_of(plan).plan_hash] = plan
        rules = (plan.formal_check.check, plan.formal_check.ladder)
        clock = desk.start_clock("CHECK", journey.dossier_id, filed_at, rules)
        desk.journey = replace(journey, check=OpenCheckAt(clock=clock))
        return desk

    def at(self, key: UUID) -> Desk:
        """The desk on which this dossier, stage or award lies."""
        return self._desks[key]

    def also_at(self, key: UUID, desk: Desk) -> None:
        """The desk is found by this id too."""
        self._desks[key] = desk


class FakeIntake(IntakeActivities):
    """The formal check."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="intake.climb_rung")
    async def climb_rung(self, command: ClimbRung) -> CheckRungClimbed:
        """Fires while the check is open."""
        desk = self._office.at(command.about_id)
        await desk.hear(f"climb CHECK {command.rung_id}")
        settled = desk.check.state not in {CheckState.OPEN, CheckState.SUPPLEMENT_REQUESTED}
        finding, clock = desk.climb("CHECK", command.rung_id, settled=settled)
        return CheckRungClimbed(finding=finding, check=desk.check, clock=clock)

    @activity.defn(name="intake.lapse_supplement")
    async def lapse_supplement(self, command: LapseSupplement) -> FormalCheckMoved:
        """Rejects unless the supplement came."""
        desk = self._office.at(command.dossier_id)
        await desk.hear("lapse")
        if desk.check.state is CheckState.SUPPLEMENT_REQUESTED:
            desk.check = replace(
                desk.check,
                event_id=EventId(uuid4()),
                state=CheckState.REJECTED,
                revision=replace(desk.check.revision, number=desk.check.revision.number + 1),
            )
        return desk.check

    @activity.defn(name="intake.close_dossier")
    async def close_dossier(self, command: CloseDossier) -> DossierClosed:
        """The final word, if check and levels have said it."""
        desk = self._office.at(command.dossier_id)
        await desk.hear("close")
        results = desk.results()
        last = list(desk.openings.values())[-1] if desk.openings else None
        is_over = bool(last and (last.stage_id in desk.decisions or desk.moved))
        if desk.check.state is CheckState.WITHDRAWN:
            closed = DossierClosed(outcome=JourneyOutcome.WITHDRAWN)
        elif desk.check.state is CheckState.REJECTED:
            closed = DossierClosed(outcome=JourneyOutcome.REQUEST_REJECTED)
        elif is_over:
            outcomes = [result.outcome for result in results]
            closed = DossierClosed(outcome=journey_outcome(outcomes), levels=results)
        else:
            closed = DossierClosed(outcome=None)
        desk.closed = closed if closed.outcome else None
        return closed

    @activity.defn(name="intake.change_rules")
    async def change_rules(self, command: ChangeRules) -> RulesKept:
        """Keeps the answer, and the plan of the new pack."""
        desk = self._office.at(command.dossier_id)
        desk.changes.append(command)
        await desk.hear(f"change {command.passage.kind}")
        if command.passage.kind is not TransitionClass.MOVED:
            return RulesKept(route=command.route_before)
        if command.pack is None:
            return RulesKept(route=next(iter(_routes(desk))))
        return RulesKept(
            route=next(route for route in _routes(desk) if command.pack.name in route.rule_version)
        )


def _routes(desk: Desk) -> list[Route]:
    return [route_of(plan) for plan in desk.plans.values()]


class FakePayout(PayoutActivities):
    """The awards."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="payout.assess_award")
    async def assess_award(self, command: AssessAward) -> AwardAssessed:
        """One award a level, if review has recognised it."""
        desk = self._office.at(command.dossier_id)
        await desk.hear(f"assess {command.level}")
        recognised = any(
            result.level == command.level and result.outcome is StageOutcome.RECOGNISED
            for result in desk.results()
        )
        if not recognised:
            return AwardAssessed(award=None, clock=None)
        award_id = AwardId(uuid5(command.dossier_id, command.level))
        self._office.also_at(award_id, desk)
        rules = (desk.plan.payout.approval, desk.plan.payout.ladder)
        now = activity.info().scheduled_time
        clock = desk.start_clock(f"PAYOUT {command.level}", award_id, now, rules)
        assessed = AwardMoved(
            event_id=EventId(uuid4()), award_id=award_id, state=AwardState.ASSESSED, revision=Revision()
        )
        return AwardAssessed(award=desk.awards.setdefault(command.level, assessed), clock=clock)

    @activity.defn(name="payout.climb_rung")
    async def climb_rung(self, command: ClimbRung) -> PayoutRungClimbed:
        """Fires while nobody has approved."""
        desk = self._office.at(command.about_id)
        level = next(level for level, award in desk.awards.items() if award.award_id == command.about_id)
        await desk.hear(f"climb PAYOUT {level} {command.rung_id}")
        award = desk.awards[level]
        finding, clock = desk.climb(f"PAYOUT {level}", command.rung_id, settled=award.state.is_approved)
        return PayoutRungClimbed(finding=finding, award=desk.awards[level], clock=clock)
