"""The services as fakes behind their ports: what they know lies on one desk per dossier, and every question
is written down."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from temporalio import activity

from language.deadline.arithmetic import RunningClock, project
from language.deadline.clock import ClockMoved, Rung, StageClock
from language.ids import AwardId, DossierId, EventId, StageId
from language.messages.calendar import ReprojectClocks
from language.messages.case import GiveOutCase
from language.messages.intake import (
    CheckRungClimbed,
    CheckState,
    ClimbCheckRung,
    CloseDossier,
    FormalCheckMoved,
    IntakeActivities,
    LapseSupplement,
    OpenFormalCheck,
)
from language.messages.journey import StartJourney
from language.messages.notices import NoticeBatch
from language.messages.organisation import ClockRules, PostsResolved
from language.messages.payout import (
    AssessAward,
    AwardMoved,
    AwardState,
    ClimbPayoutRung,
    PayoutActivities,
    PayoutRungClimbed,
)
from language.messages.review import OpenStage, StageDecided
from language.messages.rung import RungFinding
from language.messages.transition import (
    ChangeRules,
    ListOpenDossiers,
    MoveStage,
    OpenDossiers,
    ReadAnswers,
    RulesAnswers,
)
from language.plan.review_plan import ReviewPlan
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
    revision: int = 1

    def told(self, now: datetime) -> ClockMoved:
        """How it stands now."""
        clock = project(self.running, now)
        return ClockMoved(
            event_id=EventId(uuid4()), about_id=self.about_id, revision=self.revision, clock=clock
        )

    def put_off(self, rung: Rung, now: datetime) -> ClockMoved | None:
        """The clock, if this rung is not due by it: the owner's rule."""
        if self.running.is_suspended:
            self.revision += 1
            return self.told(now)
        told = self.told(now)
        planned = next(known.at for known in told.clock.rungs if known.id == rung.id)
        return told if planned > max(rung.at, now) else None


@dataclass
class Desk:
    """What the owners know of one dossier, and what they were asked. `meanwhile[question]` happens before
    that question is answered."""

    start: StartJourney
    plan: ReviewPlan
    check: FormalCheckMoved
    refusals_of_rules: int = 0
    decisions: dict[StageId, StageDecided] = field(default_factory=dict)
    awards: dict[str, AwardMoved] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    climbs: list[Climb] = field(default_factory=list)
    clocks: dict[str, StageClock] = field(default_factory=dict)
    kept: dict[str, KeptClock] = field(default_factory=dict)
    openings: dict[str, OpenStage] = field(default_factory=dict)
    closed: CloseDossier | None = None
    marked: set[StageId] = field(default_factory=set)
    moved: list[MoveStage] = field(default_factory=list)
    looks: list[str | None] = field(default_factory=list)
    changes: list[ChangeRules] = field(default_factory=list)
    meanwhile: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)

    async def hear(self, question: str) -> None:
        """Write the question down, and let happen what the test wants to happen meanwhile."""
        self.asked.append(question)
        happening = self.meanwhile.pop(question, None)
        if happening:
            await happening()

    def start_clock(self, ladder: str, about_id: UUID, posts: PostsResolved, rules: ClockRules) -> None:
        """Keep the clock that starts; a repeat changes nothing."""
        if posts.clock and (ladder not in self.kept or self.kept[ladder].about_id != about_id):
            self.clocks[ladder] = posts.clock
            started = posts.clock
            running = RunningClock(
                opened_at=started.opened_at,
                budget=rules.budget,
                ladder=rules.ladder,
                calendar=started.calendar,
            )
            self.kept[ladder] = KeptClock(about_id, running)

    def climb(self, ladder: str, rung: Rung, *, settled: bool) -> tuple[RungFinding, ClockMoved | None]:
        """What an owner does under its lock."""
        fired = {(past.ladder, past.rung) for past in self.climbs if past.finding is RungFinding.FIRED}
        now = activity.info().scheduled_time
        finding, clock = RungFinding.FIRED, None
        if (ladder, rung.id) in fired:
            finding = RungFinding.ALREADY_FIRED
        elif settled:
            finding = RungFinding.TOO_LATE
        elif clock := self.kept[ladder].put_off(rung, now):
            finding = RungFinding.NOT_YET
        self.climbs.append(Climb(ladder, rung.id, now, finding))
        return finding, clock

    def rungs(self, ladder: str) -> list[str]:
        """The rungs of this ladder in the order in which they were climbed."""
        return [climb.rung for climb in self.climbs if climb.ladder == ladder]


class Office:
    """Finds the desk of a dossier, a stage or an award."""

    def __init__(self) -> None:
        self._desks: dict[UUID, Desk] = {}
        self.reprojections: dict[str, list[ReprojectClocks]] = {}
        self.accepted: list[NoticeBatch] = []
        self.times_away = 0
        self.walk = Walk()
        self.given_out: list[GiveOutCase] = []
        self.climbed: dict[UUID, list[str]] = {}
        self.cases_over: set[UUID] = set()
        self.longer: dict[tuple[UUID, str], ClockMoved] = {}

    def open_desk(self, start: StartJourney, plan: ReviewPlan) -> Desk:
        """A desk for a dossier that was just filed."""
        check = FormalCheckMoved(
            event_id=EventId(uuid4()),
            dossier_id=start.dossier_id,
            state=CheckState.OPEN,
            revision=1,
            moved_at=start.filed_at,
            authors=start.authors,
        )
        desk = self._desks[start.dossier_id] = Desk(start, plan, check)
        return desk

    def at(self, key: UUID) -> Desk:
        """The desk on which this dossier, stage or award lies."""
        return self._desks[key]

    def note_look(self, key: UUID, level: str | None) -> None:
        """Somebody asked who is in the posts; a case that lies in no dossier has no desk."""
        if key in self._desks:
            self._desks[key].looks.append(level)

    def also_at(self, key: UUID, desk: Desk) -> None:
        """The desk is found by this id too."""
        self._desks[key] = desk


class FakeIntake(IntakeActivities):
    """The formal check."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="intake.open_formal_check")
    async def open_formal_check(self, command: OpenFormalCheck) -> FormalCheckMoved:
        """The check as it stands."""
        desk = self._office.at(command.dossier_id)
        rules = ClockRules(budget=command.plan.check, ladder=command.plan.ladder)
        desk.start_clock("CHECK", command.dossier_id, command.posts, rules)
        await desk.hear("open CHECK")
        return desk.check

    @activity.defn(name="intake.climb_rung")
    async def climb_rung(self, command: ClimbCheckRung) -> CheckRungClimbed:
        """Fires while the check is open."""
        desk = self._office.at(command.dossier_id)
        await desk.hear(f"climb CHECK {command.climb.rung.id}")
        settled = desk.check.state not in {CheckState.OPEN, CheckState.SUPPLEMENT_REQUESTED}
        finding, clock = desk.climb("CHECK", command.climb.rung, settled=settled)
        return CheckRungClimbed(finding=finding, check=desk.check, clock=clock)

    @activity.defn(name="intake.lapse_supplement")
    async def lapse_supplement(self, command: LapseSupplement) -> FormalCheckMoved:
        """Rejects unless the supplement came."""
        desk = self._office.at(command.dossier_id)
        await desk.hear("lapse")
        if desk.check.state is CheckState.SUPPLEMENT_REQUESTED:
            due = desk.check.supplement_due_at or desk.check.moved_at
            desk.check = replace(
                desk.check,
                event_id=EventId(uuid4()),
                state=CheckState.REJECTED,
                revision=desk.check.revision + 1,
                moved_at=due,
            )
        return desk.check

    @activity.defn(name="intake.close_dossier")
    async def close_dossier(self, command: CloseDossier) -> None:
        """Keeps the final word."""
        desk = self._office.at(command.dossier_id)
        await desk.hear("close")
        desk.closed = command

    @activity.defn(name="intake.change_rules")
    async def change_rules(self, command: ChangeRules) -> None:
        """Keeps the answer."""
        desk = self._office.at(command.dossier_id)
        desk.changes.append(command)
        await desk.hear(f"change {command.passage.kind}")

    @activity.defn(name="intake.list_open_dossiers")
    async def list_open_dossiers(self, command: ListOpenDossiers) -> OpenDossiers:
        """The page behind `after`."""
        return self._office.walk.page_after(command.after)

    @activity.defn(name="intake.read_answers")
    async def read_answers(self, command: ReadAnswers) -> RulesAnswers:
        """After some silence everybody was closed before."""
        return self._office.walk.answers_of(command.dossier_ids)


class FakePayout(PayoutActivities):
    """The awards."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="payout.assess_award")
    async def assess_award(self, command: AssessAward) -> AwardMoved:
        """One award a level."""
        start = command.start
        desk = self._office.at(start.dossier_id)
        award_id = AwardId(uuid5(start.dossier_id, start.level))
        self._office.also_at(award_id, desk)
        rules = ClockRules(budget=start.plan.approval, ladder=start.plan.ladder)
        desk.start_clock(f"PAYOUT {start.level}", award_id, command.posts, rules)
        assessed = AwardMoved(
            event_id=EventId(uuid4()),
            award_id=award_id,
            dossier_id=DossierId(start.dossier_id),
            level=start.level,
            state=AwardState.ASSESSED,
            revision=1,
            moved_at=start.recognised_at,
        )
        await desk.hear(f"assess {start.level}")
        return desk.awards.setdefault(start.level, assessed)

    @activity.defn(name="payout.climb_rung")
    async def climb_rung(self, command: ClimbPayoutRung) -> PayoutRungClimbed:
        """Fires while nobody has approved."""
        desk = self._office.at(command.award_id)
        level = next(level for level, award in desk.awards.items() if award.award_id == command.award_id)
        await desk.hear(f"climb PAYOUT {level} {command.climb.rung.id}")
        finding, clock = desk.climb(
            f"PAYOUT {level}", command.climb.rung, settled=desk.awards[level].state.is_approved
        )
        return PayoutRungClimbed(finding=finding, award=desk.awards[level], clock=clock)
