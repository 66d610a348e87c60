"""One level's examination inside a journey: open, climb the ladder while nobody decides, end with review's
word."""

from datetime import datetime

from temporalio import workflow

from language.deadline.clock import Rung, StageClock
from language.deadline.jitter import delay_of
from language.messages.organisation import ClockRules, PostsResolved
from language.messages.review import (
    ClimbStageRung,
    OpenStage,
    ReviewActivities,
    StageDecided,
    WithdrawStage,
)
from language.messages.rung import RungClimb
from language.messages.transition import DossierStep, Passage, StageFate, Standing, TransitionClass
from language.names import DOSSIER_STATE, RECOGNISING_UNIT, REVIEW_LEVEL, STAGE_DUE_AT
from language.plan.review_plan import LevelPlan, RungAction
from workflows.calls import REVIEW
from workflows.changing import take_rules
from workflows.facts import JourneyFacts, Place
from workflows.ladder import Ladder


class StageReview:
    """Ends with the stage's decision. Review's row lock is the arbiter: a lost signal costs a delay, never a
    decision."""

    def __init__(self, facts: JourneyFacts, level: LevelPlan) -> None:
        self._facts = facts
        self._plan = facts.plan
        self._level = level
        self._stage = facts.stage_at(level.level)
        self._shown_due_at: datetime | None = None
        self._looks_at_posts: tuple[RungAction, ...] | None = None
        kinds = tuple(dict.fromkeys([*(seat.post for seat in level.seats), level.substitutes]))
        self._place = Place(unit_id=level.unit_id, posts=kinds, level=level.level)

    async def run(self, previous_decision_number: str | None) -> StageDecided | Passage:
        """Open, then wait for a decision, a withdrawal, other rules or the next rung, whichever comes first.
        A passage: the stage is closed as moved, and the dossier goes on where it says."""
        facts = self._facts
        ladder = await self._open(previous_decision_number)
        while True:
            decision = facts.decision_of(self._stage)
            if decision:
                return decision
            if facts.withdrawal:
                command = WithdrawStage(stage_id=self._stage, requested_at=facts.withdrawal.requested_at)
                facts.note_decision(
                    await workflow.execute_activity_method(ReviewActivities.withdraw_stage, command, **REVIEW)
                )
            elif facts.has_new_rules:
                taken = await take_rules(facts, self._standing(), self._stage)
                if taken and taken.kind is TransitionClass.MOVED and taken.stage is StageFate.MOVED:
                    return taken
            else:
                await self._climb_next(ladder)

    def _standing(self) -> Standing:
        """How far the stage is marked, only review knows."""
        return Standing(
            step=DossierStep.EXAMINATION,
            decided=tuple(self._facts.spoken),
            level=self._level.level,
            unit_id=self._level.unit_id,
            last_level=self._level is self._plan.levels[-1],
        )

    async def _open(self, previous_decision_number: str | None) -> Ladder:
        facts, level = self._facts, self._level
        clock = ClockRules(budget=level.examination, ladder=level.ladder)
        posts = await facts.resolve(self._place, clock, facts.now())
        if posts.clock is None:
            raise RuntimeError("the organisation gave no clock for the stage")
        opening = OpenStage(
            stage_id=self._stage,
            dossier_id=facts.start.dossier_id,
            dossier_code=facts.start.dossier_code,
            level=level,
            posts=posts,
            author_ids=facts.author_ids,
            season_id=self._plan.season_id,
            rule_version=self._plan.rule_version,
            previous_decision_number=previous_decision_number,
            last_level=level is self._plan.levels[-1],
        )
        self._show(posts.clock)
        opened = await workflow.execute_activity_method(ReviewActivities.open_stage, opening, **REVIEW)
        if opened.decision:
            facts.note_decision(opened.decision)
        if opened.looks_at_posts is not None and workflow.patched("rungs-ask-where-they-look"):
            self._looks_at_posts = opened.looks_at_posts
        return Ladder(
            self._stage, posts.clock, facts.clocks, facts.start.time_scale, delay_of(facts.start.dossier_id)
        )

    async def _climb_next(self, ladder: Ladder) -> None:
        facts = self._facts
        if ladder.clock.due_at != self._shown_due_at:
            self._show_due(ladder.clock.due_at)
        rung = await ladder.next_rung(
            until=lambda: (
                facts.decision_of(self._stage) is not None
                or facts.withdrawal is not None
                or facts.has_new_rules
            )
        )
        if rung is None:
            return
        command = ClimbStageRung(
            stage_id=self._stage, climb=RungClimb(rung=rung, posts=await self._look(rung))
        )
        climbed = await workflow.execute_activity_method(ReviewActivities.climb_rung, command, **REVIEW)
        ladder.answered(rung, climbed.finding, climbed.clock)
        if climbed.decision:
            facts.note_decision(climbed.decision)

    async def _look(self, rung: Rung) -> PostsResolved | None:
        """Who is in the posts, for a rung that looks there: review's answer to the opening says which do."""
        if self._looks_at_posts is not None and rung.action not in self._looks_at_posts:
            return None
        return await self._facts.resolve(self._place, None, self._facts.now())

    def _show(self, clock: StageClock) -> None:
        """For operators: where the dossier is and until when, in lists and in the Web UI."""
        self._shown_due_at = clock.due_at
        workflow.upsert_search_attributes(
            [
                DOSSIER_STATE.value_set("IN_EXAMINATION"),
                REVIEW_LEVEL.value_set(self._level.level),
                RECOGNISING_UNIT.value_set(str(self._level.unit_id)),
                STAGE_DUE_AT.value_set(clock.due_at),
            ]
        )
        workflow.set_current_details(f"Examined at level {self._level.level}")

    def _show_due(self, due_at: datetime) -> None:
        """The clock moved since it was shown."""
        self._shown_due_at = due_at
        workflow.upsert_search_attributes([STAGE_DUE_AT.value_set(due_at)])
