"""What a journey has been told: the state its signal handlers touch."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from temporalio import workflow

from language.deadline.jitter import delay_of
from language.ids import StageId
from language.messages.clock import CaseClock, Revision
from language.messages.intake import WithdrawalRequested
from language.messages.journey import CheckState, DecidedLevel, FormalCheckMoved, Journey, Route, RulesTaken
from language.messages.review import StageDecided, StageOpenedAnew
from language.messages.transition import RulesChanged
from language.names import stage_id
from workflows.ladder import ClockBook, Ladder

_NOTHING_HEARD = Revision(epoch=-1, number=0)


def _check_of(journey: Journey) -> UUID | None:
    return journey.check.clock.about_id if journey.check else None


class JourneyFacts:
    """Each fact is kept under its natural key (check, clocks and rules by revision, a decision by stage): a
    repeat, or an old word that arrives late, changes nothing, and a word that comes early waits until
    somebody looks for it.

    A signal is a hint. Before anything is opened, paid or closed by it, the owner of the next step looks at
    what the owner of the fact has published; what was not so is forgotten."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.route = journey.route
        self.decided = list(journey.decided)
        self.clocks = ClockBook()
        self.check: FormalCheckMoved | None = journey.check.moved if journey.check else None
        self.withdrawal = journey.withdrawal_requested
        self.rules = journey.rules
        self._decisions: dict[StageId, StageDecided] = {}
        self._opened_anew: dict[StageId, StageOpenedAnew] = {}
        self._rules_waiting: RulesChanged | None = None
        self._rules_revision = journey.rules.revision
        self.reopened: Journey | None = None

    def note_check(self, moved: FormalCheckMoved) -> None:
        """Intake's newest word stands."""
        if self.check is None or moved.revision.is_newer_than(self.check.revision):
            self.check = moved

    def forget_check(self) -> None:
        """What was said of the check is not so; the next word of it is heard, whatever its revision."""
        if self.check:
            self.check = replace(self.check, state=CheckState.OPEN, revision=_NOTHING_HEARD)

    def note_decision(self, decision: StageDecided) -> None:
        """Review's first word stands; review never changes it."""
        self._decisions.setdefault(decision.stage_id, decision)

    def note_opened_anew(self, anew: StageOpenedAnew) -> None:
        """Review has opened this level anew in another unit: its first word of the stage stands."""
        self._opened_anew.setdefault(anew.stage_id, anew)

    def is_opened_anew(self, stage: StageId) -> bool:
        """The level of the stage was opened anew."""
        return stage in self._opened_anew

    def take_opened_anew(self, stage: StageId) -> StageOpenedAnew:
        """How, which is acted on once."""
        return self._opened_anew.pop(stage)

    def correct_decision(self, stage: StageId, decision: StageDecided | None) -> None:
        """Review's own word in place of the hint; None: it has not decided."""
        self._decisions.pop(stage, None)
        if decision:
            self.note_decision(decision)

    def note_withdrawal(self, request: WithdrawalRequested) -> None:
        """One request is enough."""
        self.withdrawal = True

    def note_reopened(self, anew: Journey) -> None:
        """Intake: the dossier is examined, or its request checked, again, as it stands now. The run that was
        started by it hears it too."""
        if (anew.anew, _check_of(anew)) != (self.journey.anew, _check_of(self.journey)):
            self.reopened = anew

    def note_rules(self, changed: RulesChanged) -> None:
        """The rulebook's newest word stands, until the journey comes to a point where it can take it."""
        if changed.revision > self._rules_revision:
            self._rules_waiting, self._rules_revision = changed, changed.revision

    @property
    def has_new_rules(self) -> bool:
        """A change of rules waits to be taken."""
        return self._rules_waiting is not None

    def take_word(self) -> RulesChanged:
        """The waiting change, which no longer waits."""
        if self._rules_waiting is None:
            raise RuntimeError("no rules wait")
        word, self._rules_waiting = self._rules_waiting, None
        return word

    def put_back(self, word: RulesChanged) -> None:
        """The change waits for a later point, unless a newer one has come."""
        self._rules_waiting = self._rules_waiting or word

    def change_route(self, route: Route, word: RulesChanged) -> None:
        """Other rules hold from now on; a way back leads to those of before, and no further."""
        self.rules = RulesTaken(
            revision=word.revision,
            transition_id=word.transition_id,
            decided_before=len(self.decided),
            route_before=self.route if word.pack else None,
        )
        self.route = route

    @property
    def has_acted_since_change(self) -> bool:
        """A level has spoken under the rules that hold now."""
        return len(self.decided) > self.rules.decided_before

    def stage_at(self, level: str) -> StageId:
        """The stage that would be opened now at this level."""
        return stage_id(self.journey.dossier_id, level, self.rules.transition_id)

    def decision_of(self, stage: StageId) -> StageDecided | None:
        """The stage's decision, if it has come."""
        return self._decisions.get(stage)

    @property
    def has_waiting_words(self) -> bool:
        """Something was heard that has not been acted on yet."""
        ended = {level.stage_id for level in self.decided}
        return self.has_new_rules or any(stage not in ended for stage in self._decisions)

    @property
    def check_state(self) -> CheckState:
        """Where the formal check stands."""
        return self.check.state if self.check else CheckState.OPEN

    @property
    def is_long(self) -> bool:
        """The run has grown so that a new one is due."""
        return workflow.info().is_continue_as_new_suggested()

    @property
    def decided_levels(self) -> tuple[str, ...]:
        """The levels that have spoken."""
        return tuple(level.level for level in self.decided)

    @property
    def last_decided(self) -> DecidedLevel | None:
        """The level that spoke last."""
        return self.decided[-1] if self.decided else None

    @property
    def delay(self) -> timedelta:
        """The dossier's own delay after each instant."""
        return delay_of(self.journey.dossier_id)

    def ladder(self, clock: CaseClock, climbed: tuple[str, ...] = ()) -> Ladder:
        """The ladder of this clock."""
        return Ladder(clock, self.clocks, self.journey.time_scale, self.delay, climbed)
