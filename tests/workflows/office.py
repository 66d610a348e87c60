"""The four services as fakes behind their ports: what they know lies on one desk per dossier, and every question is written down."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4, uuid5

from temporalio import activity

from tests.workflows.cases import CALENDAR
from workflows.contracts.clock import StageClock
from workflows.contracts.directory import DirectoryActivities, FreezePlan, PostHolder, PostsResolved, ResolvePosts
from workflows.contracts.ids import AwardId, DossierId, EventId, PersonId, PostId, StageId
from workflows.contracts.intake import (
    CheckRungClimbed,
    CheckState,
    ClimbCheckRung,
    CloseDossier,
    FormalCheckMoved,
    IntakeActivities,
    LapseSupplement,
    OpenFormalCheck,
)
from workflows.contracts.journey import StageOutcome, StartJourney
from workflows.contracts.payout import AssessAward, AwardMoved, AwardState, ClimbPayoutRung, PayoutActivities, PayoutRungClimbed
from workflows.contracts.plan import ReviewPlan
from workflows.contracts.refusals import Refusal
from workflows.contracts.review import (
    ClimbStageRung,
    OpenStage,
    ReviewActivities,
    StageDecided,
    StageMoved,
    StageOpened,
    StageRungClimbed,
    WithdrawStage,
)
from workflows.contracts.rung import RungClimb, RungFinding
from workflows.contracts.transition import (
    ChangeRules,
    ClassifyDossiers,
    DossiersTold,
    FinishTransition,
    ListOpenDossiers,
    ListTold,
    MoveStage,
    NoteAnswers,
    OpenDossiers,
    ReadAnswers,
    ReadStandings,
    RulesAnswer,
    RulesAnswers,
    Standings,
    TellDossiers,
    ToldDossiers,
)
from workflows.rules.stage_clock import build_clock

ANSWERED_AT = datetime(2026, 1, 5, tzinfo=UTC)


class NoPolicyInForce(Refusal):
    """The directory's refusal, under the code that it has there."""

    status = 409
    vi = "Chưa có quy định nào có hiệu lực."
    en = "No rules are in force."


@dataclass(frozen=True)
class Climb:
    """A rung that was climbed: whose ladder, which rung, when, and what its owner found."""

    ladder: str
    rung: str
    at: datetime
    finding: RungFinding


@dataclass
class Desk:
    """What the owners know of one dossier, and what they were asked. `meanwhile[question]` happens before that question is answered."""

    start: StartJourney
    plan: ReviewPlan
    check: FormalCheckMoved
    refusals_of_rules: int = 0
    decisions: dict[StageId, StageDecided] = field(default_factory=dict)
    awards: dict[str, AwardMoved] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    climbs: list[Climb] = field(default_factory=list)
    clocks: dict[str, StageClock] = field(default_factory=dict)
    openings: dict[str, OpenStage] = field(default_factory=dict)
    closed: CloseDossier | None = None
    marked: set[StageId] = field(default_factory=set)
    moved: list[MoveStage] = field(default_factory=list)
    changes: list[ChangeRules] = field(default_factory=list)
    looked_at: datetime | None = None
    meanwhile: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)

    async def hear(self, question: str) -> None:
        """Write the question down, and let happen what the test wants to happen meanwhile."""
        self.asked.append(question)
        happening = self.meanwhile.pop(question, None)
        if happening:
            await happening()

    def climb(self, ladder: str, climb: RungClimb, *, settled: bool, suspended: bool = False) -> RungFinding:
        """What an owner does under its lock."""
        fired = {(past.ladder, past.rung) for past in self.climbs if past.finding is RungFinding.FIRED}
        finding = RungFinding.NOTHING_TO_DO if suspended else RungFinding.FIRED
        if settled:
            finding = RungFinding.TOO_LATE
        elif (ladder, climb.rung.id) in fired:
            finding = RungFinding.ALREADY_FIRED
        self.climbs.append(Climb(ladder, climb.rung.id, self.looked_at or climb.rung.at, finding))
        return finding

    def rungs(self, ladder: str) -> list[str]:
        """The rungs of this ladder in the order in which they were climbed."""
        return [climb.rung for climb in self.climbs if climb.ladder == ladder]


@dataclass
class Walk:
    """A change of rules over many dossiers: the pages that are open, and what was asked of their owners."""

    pages: list[OpenDossiers] = field(default_factory=list)
    sorted: list[ClassifyDossiers] = field(default_factory=list)
    untold: list[DossierId] = field(default_factory=list)
    unanswered: list[DossierId] = field(default_factory=list)
    silent_for: int = 0
    answers: list[NoteAnswers] = field(default_factory=list)
    finished: int = 0


class Office:
    """Finds the desk of a dossier, a stage or an award."""

    def __init__(self) -> None:
        self._desks: dict[UUID, Desk] = {}
        self.walk = Walk()

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

    def also_at(self, key: UUID, desk: Desk) -> None:
        """The desk is found by this id too."""
        self._desks[key] = desk


class FakeDirectory(DirectoryActivities):
    """Rules and posts; clocks by the real rules of time."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="directory.freeze_plan")
    async def freeze_plan(self, command: FreezePlan) -> ReviewPlan:
        """The desk's plan, once its rules are there."""
        desk = self._office.at(command.dossier_id)
        await desk.hear("freeze")
        if desk.refusals_of_rules:
            desk.refusals_of_rules -= 1
            raise NoPolicyInForce
        return desk.plan

    @activity.defn(name="directory.resolve_posts")
    async def resolve_posts(self, command: ResolvePosts) -> PostsResolved:
        """One holder a post, never an author."""
        desk = self._office.at(command.dossier_id)
        desk.looked_at = command.at
        rules = command.clock
        return PostsResolved(
            unit_id=command.unit_id,
            unit_path=(command.unit_id,),
            holders=tuple(
                PostHolder(post_id=PostId(uuid5(command.unit_id, kind)), kind=kind, person_id=PersonId(uuid5(command.unit_id, f"{kind}!")))
                for kind in command.posts
            ),
            superiors=(),
            clock=build_clock(command.at, rules.budget, rules.ladder, CALENDAR) if rules else None,
        )

    @activity.defn(name="directory.classify_dossiers")
    async def classify_dossiers(self, command: ClassifyDossiers) -> None:
        """Keeps the page."""
        self._office.walk.sorted.append(command)

    @activity.defn(name="directory.tell_dossiers")
    async def tell_dossiers(self, command: TellDossiers) -> DossiersTold:
        """The next two."""
        walk = self._office.walk
        told, walk.untold = walk.untold[:2], walk.untold[2:]
        walk.unanswered += told
        return DossiersTold(told=len(told))

    @activity.defn(name="directory.list_told")
    async def list_told(self, command: ListTold) -> ToldDossiers:
        """One page."""
        return ToldDossiers(dossier_ids=() if command.after else tuple(self._office.walk.unanswered))

    @activity.defn(name="directory.note_answers")
    async def note_answers(self, command: NoteAnswers) -> None:
        """Who answered is not missing any more."""
        walk = self._office.walk
        walk.answers.append(command)
        walk.unanswered = [one for one in walk.unanswered if one not in {answer.dossier_id for answer in command.answers}]

    @activity.defn(name="directory.finish_transition")
    async def finish_transition(self, command: FinishTransition) -> None:
        """Counts."""
        self._office.walk.finished += 1


class FakeIntake(IntakeActivities):
    """The formal check."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="intake.open_formal_check")
    async def open_formal_check(self, command: OpenFormalCheck) -> FormalCheckMoved:
        """The check as it stands."""
        desk = self._office.at(command.dossier_id)
        if command.posts.clock:
            desk.clocks["CHECK"] = command.posts.clock
        await desk.hear("open CHECK")
        return desk.check

    @activity.defn(name="intake.climb_rung")
    async def climb_rung(self, command: ClimbCheckRung) -> CheckRungClimbed:
        """Fires while the check is open."""
        desk = self._office.at(command.dossier_id)
        await desk.hear(f"climb CHECK {command.climb.rung.id}")
        suspended = desk.check.state is CheckState.SUPPLEMENT_REQUESTED
        settled = not suspended and desk.check.state is not CheckState.OPEN
        finding = desk.climb("CHECK", command.climb, settled=settled, suspended=suspended)
        return CheckRungClimbed(finding=finding, check=desk.check)

    @activity.defn(name="intake.lapse_supplement")
    async def lapse_supplement(self, command: LapseSupplement) -> FormalCheckMoved:
        """Rejects unless the supplement came."""
        desk = self._office.at(command.dossier_id)
        await desk.hear("lapse")
        if desk.check.state is CheckState.SUPPLEMENT_REQUESTED:
            due = desk.check.supplement_due_at or desk.check.moved_at
            desk.check = replace(desk.check, event_id=EventId(uuid4()), state=CheckState.REJECTED, revision=desk.check.revision + 1, moved_at=due)
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
        pages = self._office.walk.pages
        known = [page.dossiers[-1].dossier_id for page in pages if page.dossiers]
        return pages[known.index(command.after) + 1 if command.after else 0]

    @activity.defn(name="intake.read_answers")
    async def read_answers(self, command: ReadAnswers) -> RulesAnswers:
        """After some silence everybody was closed before."""
        walk = self._office.walk
        walk.silent_for -= 1
        waiting = () if walk.silent_for >= 0 else command.dossier_ids
        return RulesAnswers(answers=tuple(RulesAnswer(dossier_id=one, passage=None, at=ANSWERED_AT) for one in waiting))


class FakeReview(ReviewActivities):
    """The stages."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="review.open_stage")
    async def open_stage(self, command: OpenStage) -> StageOpened:
        """Repeat-safe: a stage decided meanwhile says so."""
        desk = self._office.at(command.dossier_id)
        self._office.also_at(command.stage_id, desk)
        level = command.level.level
        desk.openings[level] = command
        if command.posts.clock:
            desk.clocks[level] = command.posts.clock
        await desk.hear(f"open {level}")
        return StageOpened(stage_id=command.stage_id, decision=desk.decisions.get(command.stage_id))

    @activity.defn(name="review.climb_rung")
    async def climb_rung(self, command: ClimbStageRung) -> StageRungClimbed:
        """Fires while nobody has decided."""
        desk = self._office.at(command.stage_id)
        level = _level(desk, command.stage_id)
        await desk.hear(f"climb {level} {command.climb.rung.id}")
        decision = desk.decisions.get(command.stage_id)
        finding = desk.climb(level, command.climb, settled=decision is not None)
        return StageRungClimbed(finding=finding, decision=decision)

    @activity.defn(name="review.withdraw_stage")
    async def withdraw_stage(self, command: WithdrawStage) -> StageDecided:
        """The decision that came first, else a withdrawal."""
        desk = self._office.at(command.stage_id)
        await desk.hear(f"withdraw {_level(desk, command.stage_id)}")
        withdrawn = StageDecided(
            event_id=EventId(uuid4()),
            dossier_id=desk.start.dossier_id,
            stage_id=command.stage_id,
            outcome=StageOutcome.WITHDRAWN,
            decision_number=None,
            proposed=False,
            decided_at=command.requested_at,
        )
        return desk.decisions.setdefault(command.stage_id, withdrawn)

    @activity.defn(name="review.move_stage")
    async def move_stage(self, command: MoveStage) -> StageMoved:
        """The decision that came first, marks that keep it, else moved."""
        desk = self._office.at(command.stage_id)
        await desk.hear(f"move {_level(desk, command.stage_id)}")
        decision = desk.decisions.get(command.stage_id)
        if decision or (command.stage_id in desk.marked and not command.even_if_marked):
            return StageMoved(moved=False, decision=decision)
        desk.moved.append(command)
        return StageMoved(moved=True, decision=None)

    @activity.defn(name="review.read_standings")
    async def read_standings(self, command: ReadStandings) -> Standings:
        """Nothing is at a council."""
        return Standings(stages=())


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
        if command.posts.clock:
            desk.clocks[f"PAYOUT {start.level}"] = command.posts.clock
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
        finding = desk.climb(f"PAYOUT {level}", command.climb, settled=desk.awards[level].state.is_approved)
        return PayoutRungClimbed(finding=finding, award=desk.awards[level])


def _level(desk: Desk, stage: StageId) -> str:
    return next(level for level, opening in desk.openings.items() if opening.stage_id == stage)
