"""Other rules for a dossier under way: judged by where it stands at this moment, carried out, and
answered."""

from collections.abc import Sequence
from dataclasses import replace

from temporalio import workflow

from language.ids import StageId
from language.journey.transition import passage
from language.messages.intake import IntakeActivities
from language.messages.journey import LevelStop
from language.messages.review import ReviewActivities, StageMoved
from language.messages.transition import (
    ChangeRules,
    DossierPosition,
    MoveStage,
    Passage,
    RulesChanged,
    StageFate,
    TransitionClass,
    TransitionReason,
)
from workflows.calls import INTAKE, REVIEW
from workflows.facts import JourneyFacts


async def take_rules(
    facts: JourneyFacts, position: DossierPosition, stage: StageId | None = None
) -> Passage | None:
    """Take the waiting rules at this point of the journey, or decline them, and tell intake, which keeps the
    plan.

    None when review found a decision of the open stage: it stands, and the rules wait for the point after it.
    """
    word = facts.take_word()
    judged = _judge(facts, word, position)
    if judged.kind is TransitionClass.MOVED and judged.stage is StageFate.MOVED and stage:
        found = await _move_stage(word, judged, stage)
        if found.decision:
            facts.note_decision(found.decision)
            facts.put_back(word)
            return None
        if not found.moved:
            judged = Passage(kind=TransitionClass.NEEDS_CHOICE, reason=TransitionReason.MARKS_GIVEN)
    answer = ChangeRules(
        dossier_id=facts.journey.dossier_id,
        transition_id=word.transition_id,
        revision=word.revision,
        pack=word.pack,
        passage=judged,
        from_level=position.level or (position.decided[-1] if position.decided else None),
        route_before=facts.route,
    )
    kept = await workflow.execute_activity_method(IntakeActivities.change_rules, answer, **INTAKE)
    if judged.kind is TransitionClass.MOVED:
        facts.change_route(kept.route, word)
    return judged


def _judge(facts: JourneyFacts, word: RulesChanged, position: DossierPosition) -> Passage:
    before = facts.rules.route_before
    if word.pack is None and (before is None or facts.has_acted_since_change):
        return Passage(kind=TransitionClass.BLOCKED, reason=TransitionReason.ACTED_SINCE)
    levels: Sequence[LevelStop] = word.levels if word.pack else before.levels if before else ()
    at = word.examined_at if word.pack else None
    if at and at.level == position.level:
        position = replace(position, unit_id=at.unit_id)
    return passage(position, levels, word.level_moves, word.choice)


async def _move_stage(word: RulesChanged, judged: Passage, stage: StageId) -> StageMoved:
    """The transitional rule or a person's choice makes marks void; a change of the unit alone, or a way back,
    does not."""
    is_ruled = judged.reason is TransitionReason.LEVEL_MOVES and word.pack is not None
    command = MoveStage(
        stage_id=stage,
        to_level=judged.to_level,
        transition_id=word.transition_id,
        even_if_marked=is_ruled or word.choice is not None,
    )
    return await workflow.execute_activity_method(ReviewActivities.move_stage, command, **REVIEW)
