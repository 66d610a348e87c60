"""Whether a journey is over, and how it ended, by what the councils have decided; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from language.journey.route import journey_outcome, level_after
from language.messages.journey import JourneyOutcome, LevelResult, Route, StageOutcome
from language.messages.transition import Passage, TransitionClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What review has published of a stage that has ended."""

    level: str
    outcome: StageOutcome
    proposed: bool
    decision_number: str | None

    @property
    def goes_up(self) -> bool:
        """Recognised, and proposed to the next level."""
        return self.outcome is StageOutcome.RECOGNISED and self.proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedLevels:
    """Where an accepted dossier stands: its levels' decisions in order, whether a stage is open, the way by
    its rules, and what the last change of rules made of it."""

    decisions: Sequence[Decision]
    has_open_stage: bool
    route: Route
    passage: Passage | None

    @property
    def is_over(self) -> bool:
        """No level follows: the last one sends it no further, or is the last of all, or the rules that were
        changed end the journey here."""
        if self.has_open_stage or not self.decisions:
            return False
        last = self.decisions[-1]
        if not last.goes_up or _ends_it(self.passage):
            return True
        is_known = last.level in {stop.level for stop in self.route.levels}
        return is_known and level_after(self.route, last.level) is None

    @property
    def outcome(self) -> JourneyOutcome | None:
        """None while it is not over."""
        return journey_outcome([decision.outcome for decision in self.decisions]) if self.is_over else None

    @property
    def levels(self) -> tuple[LevelResult, ...]:
        """Each level's decision."""
        return tuple(
            LevelResult(
                level=decision.level, outcome=decision.outcome, decision_number=decision.decision_number
            )
            for decision in self.decisions
        )

    @property
    def is_withdrawn(self) -> bool:
        """The withdrawal came before the last level's decision."""
        return bool(self.decisions) and self.decisions[-1].outcome is StageOutcome.WITHDRAWN


def _ends_it(passage: Passage | None) -> bool:
    return passage is not None and passage.kind is TransitionClass.MOVED and passage.to_level is None
