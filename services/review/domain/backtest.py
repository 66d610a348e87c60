"""A ladder tried on stages of the past: people acted as they did, only the rungs are others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from language.deadline.arithmetic import RunningClock, project
from language.deadline.clock import StageClock
from language.messages.organisation import PostsResolved
from language.plan.review_plan import RungAction, RungRule
from language.posts.holders import PostHolder
from language.posts.kinds import PostTask
from services.review.domain.council import choose_decider
from services.review.domain.ladder import CouncilEffect, RungContext, council_rung
from services.review.domain.stage import (
    Decider,
    Eased,
    ScoreSheet,
    Seat,
    SeatState,
    SheetState,
    Stage,
    active_seats,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastStage:
    """A stage with everything that was kept: its sheets, who was in the posts, and the clock with all that
    moved it; `ended_at` is None while it is open."""

    stage: Stage
    ended_at: datetime | None
    sheets: Sequence[ScoreSheet]
    posts: PostsResolved
    clock: RunningClock


@dataclass(slots=True, kw_only=True)
class RungCount:
    """How often a rung would have fired or found nothing to do, and how many people it would have touched."""

    rule: RungRule
    fired: int = 0
    nothing_to_do: int = 0
    people: int = 0


@dataclass(slots=True, kw_only=True)
class LookBack:
    """The sum over stages."""

    ladder: Sequence[RungRule]
    stages: int = 0
    rungs: dict[str, RungCount] = field(init=False)

    def __post_init__(self) -> None:
        self.rungs = {rule.id: RungCount(rule=rule) for rule in self.ladder}

    def people(self, action: RungAction) -> int:
        """How many people all rungs of this action would have touched."""
        return sum(count.people for count in self.rungs.values() if count.rule.action is action)

    def fired(self, action: RungAction) -> int:
        """How often all rungs of this action would have fired."""
        return sum(count.fired for count in self.rungs.values() if count.rule.action is action)

    def add(self, past: PastStage, now: datetime) -> None:
        """Climb the ladder over one stage."""
        self.stages += 1
        for rule, effect in climbed(past, self.ladder, now):
            count = self.rungs[rule.id]
            if not effect.did:
                count.nothing_to_do += 1
            else:
                count.fired += 1
                count.people += (
                    len(effect.replaced) if rule.action is RungAction.REPLACE_SILENT else len(effect.told)
                )


def climbed(
    past: PastStage, ladder: Sequence[RungRule], now: datetime
) -> Iterable[tuple[RungRule, CouncilEffect]]:
    """Every rung that would have come before the stage ended, with what it would have done to the council as
    it then was.

    What a substitute would have done nobody knows: a seat that is given away counts as silent no more.
    """
    rules = {rule.id: rule for rule in ladder}
    ended_at = past.ended_at or now
    council, stage = _first_council(past), _as_opened(past)
    asked = {stage.decider.post_id} if stage.decider else set()
    holders, superiors = (
        past.posts.for_task(PostTask.MARK).holders,
        past.posts.for_task(PostTask.DECIDE).superiors,
    )
    for rung in _clock(past.clock, ladder, ended_at).rungs:
        if rung.at >= ended_at:
            return
        rule = rules[rung.id]
        context = RungContext(
            stage=stage,
            sheets=[_as_it_was(sheet, rung.at) for sheet in council],
            holders=holders,
            superiors=superiors,
            asked=asked,
        )
        effect = council_rung(rule.action, context, rung.at, rule.quorum)
        council, stage = _without_replaced(council, effect, rung.at), _changed(stage, effect)
        asked |= {effect.decider.post_id} if effect.decider else set()
        yield rule, effect


def _clock(clock: RunningClock, ladder: Sequence[RungRule], ended_at: datetime) -> StageClock:
    """The stage's own clock with the other ladder; what still stood at the end stood until then."""
    stood = tuple(replace(suspension, until=suspension.until or ended_at) for suspension in clock.suspensions)
    return project(replace(clock, ladder=tuple(ladder), suspensions=stood), ended_at)


def _first_council(past: PastStage) -> list[ScoreSheet]:
    """Who was seated at the opening: whoever came in for somebody is left out."""
    came_later = {sheet.seat.replaced_by for sheet in past.sheets}
    seated = [sheet for sheet in past.sheets if sheet.person_id not in came_later]
    return [
        replace(sheet, seat=replace(sheet.seat, state=SeatState.ACTIVE, replaced_by=None)) for sheet in seated
    ]


def _as_opened(past: PastStage) -> Stage:
    seats = active_seats(_first_council(past))
    decider = choose_decider(seats, past.posts.for_task(PostTask.DECIDE), past.stage.author_ids)
    return replace(past.stage, eased=Eased(), decider=_as_decider(decider))


def _as_decider(chosen: Seat | PostHolder | None) -> Decider | None:
    if chosen is None:
        return None
    return Decider(person_id=chosen.person_id, post_id=chosen.post_id, on_behalf_of=chosen.on_behalf_of)


def _as_it_was(sheet: ScoreSheet, at: datetime) -> ScoreSheet:
    is_in = sheet.submitted_at is not None and sheet.submitted_at <= at
    return replace(sheet, state=SheetState.SUBMITTED if is_in else SheetState.DRAFT)


def _without_replaced(council: list[ScoreSheet], effect: CouncilEffect, at: datetime) -> list[ScoreSheet]:
    """The seats stay, taken by people who are awaited no more."""
    given = {sheet.id: seat.person_id for sheet, seat in effect.replaced}
    return [
        replace(sheet, seat=replace(sheet.seat, person_id=given[sheet.id]), submitted_at=at)
        if sheet.id in given
        else sheet
        for sheet in council
    ]


def _changed(stage: Stage, effect: CouncilEffect) -> Stage:
    eased = Eased(
        handed_up=stage.eased.handed_up or effect.hands_up,
        lowered_quorum=effect.quorum or stage.eased.lowered_quorum,
        may_decide_alone=stage.eased.may_decide_alone or effect.lets_chair_alone,
    )
    return replace(stage, eased=eased, decider=_as_decider(effect.decider) or stage.decider)
