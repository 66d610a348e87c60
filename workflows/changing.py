"""Other rules for a dossier under way: judged by where it stands at this moment, carried out, and
answered."""

from temporalio import workflow

from language.ids import StageId
from language.journey.transition import passage, route_of
from language.messages.intake import IntakeActivities
from language.messages.review import ReviewActivities, StageMoved
from language.messages.transition import (
    ChangeRules,
    MoveStage,
    Passage,
    RulesChanged,
    StageFate,
    Standing,
    TransitionClass,
    TransitionReason,
)
from language.plan.review_plan import ReviewPlan
from workflows.calls import INTAKE, REVIEW
from workflows.facts import JourneyFacts


async def take_rules(facts: JourneyFacts, standing: Standing, stage: StageId | None = None) -> Passage | None:
    """Take the waiting rules at this point of the journey, or decline them, and tell intake.

    None when review found a decision of the open stage: it stands, and the rules wait for the point after it.
    """
    word = facts.take_word()
    plan = word.plan or facts.plan_before
    judged = _judge(facts, word, plan, standing)
    if judged.kind is TransitionClass.MOVED and judged.stage is StageFate.MOVED and stage:
        found = await _move_stage(word, judged, stage)
        if found.decision:
            facts.note_decision(found.decision)
            facts.put_back(word)
            return None
        if not found.moved:
            judged = Passage(kind=TransitionClass.NEEDS_CHOICE, reason=TransitionReason.MARKS_GIVEN)
    route_before = route_of(facts.plan) if facts.has_plan else ()
    if judged.kind is TransitionClass.MOVED and plan:
        facts.change_plan(plan, word)
    answer = ChangeRules(
        dossier_id=facts.start.dossier_id,
        transition_id=word.transition_id,
        revision=word.revision,
        passage=judged,
        from_level=standing.level or (standing.decided[-1] if standing.decided else None),
        rule_version=facts.plan.rule_version if facts.has_plan else "",
        route_before=route_before,
    )
    await workflow.execute_activity_method(IntakeActivities.change_rules, answer, **INTAKE)
    return judged


def _judge(facts: JourneyFacts, word: RulesChanged, plan: ReviewPlan | None, standing: Standing) -> Passage:
    if word.plan is None and (plan is None or facts.has_acted_since_change):
        return Passage(kind=TransitionClass.BLOCKED, reason=TransitionReason.ACTED_SINCE)
    return passage(standing, route_of(plan) if plan else (), word.level_moves, word.choice)


async def _move_stage(word: RulesChanged, judged: Passage, stage: StageId) -> StageMoved:
    """The transitional rule or a person's choice makes marks void; a change of the unit alone, or a way back,
    does not."""
    is_ruled = judged.reason is TransitionReason.LEVEL_MOVES and word.plan is not None
    command = MoveStage(
        stage_id=stage,
        to_level=judged.to_level,
        transition_id=word.transition_id,
        even_if_marked=is_ruled or word.choice is not None,
    )
    return await workflow.execute_activity_method(ReviewActivities.move_stage, command, **REVIEW)
