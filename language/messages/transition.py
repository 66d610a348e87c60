"""Rules that change under running dossiers: where an open dossier stands, what a transition makes of it, and
the words that carry it out."""

from dataclasses import dataclass
from enum import StrEnum

from temporalio import activity

from language.ids import DossierId, EventId, StageId, TransitionId, UnitId
from language.messages.journey import LevelStop, Route


class DossierStep(StrEnum):
    """Where an open dossier is. ENDING: its last level has decided and nothing goes up."""

    FORMAL_CHECK = "FORMAL_CHECK"
    EXAMINATION = "EXAMINATION"
    BETWEEN_LEVELS = "BETWEEN_LEVELS"
    ENDING = "ENDING"


class Marks(StrEnum):
    """How many of the open stage's sheets are in."""

    NONE = "NONE"
    SOME = "SOME"
    ALL = "ALL"


class TransitionClass(StrEnum):
    """What a transition makes of a dossier. Only MOVED dossiers are touched."""

    UNCHANGED = "UNCHANGED"
    MOVED = "MOVED"
    NEEDS_CHOICE = "NEEDS_CHOICE"
    BLOCKED = "BLOCKED"


class StageFate(StrEnum):
    """What becomes of the open stage: NONE is open, it is KEPT under its frozen level rules, or closed as
    MOVED with its sheets void."""

    NONE = "NONE"
    KEPT = "KEPT"
    MOVED = "MOVED"


class TransitionChoice(StrEnum):
    """What a person may choose where the transitional rule does not say."""

    KEEP_STAGE = "KEEP_STAGE"
    OPEN_ANEW = "OPEN_ANEW"
    GO_ON_ABOVE = "GO_ON_ABOVE"
    END_HERE = "END_HERE"


class TransitionReason(StrEnum):
    """Why a dossier is in its class; the sentences are in `language.journey.transition`."""

    JOURNEY_ENDS = "JOURNEY_ENDS"
    LAST_LEVEL = "LAST_LEVEL"
    UNDER_CHECK = "UNDER_CHECK"
    LEVEL_GOES_ON = "LEVEL_GOES_ON"
    LEVEL_MOVES = "LEVEL_MOVES"
    UNIT_CHANGES = "UNIT_CHANGES"
    GOES_UP = "GOES_UP"
    ENDS_HERE = "ENDS_HERE"
    MARKS_GIVEN = "MARKS_GIVEN"
    LEVEL_HAS_SPOKEN = "LEVEL_HAS_SPOKEN"
    NO_LEVEL_ABOVE = "NO_LEVEL_ABOVE"
    LEVEL_ENDED = "LEVEL_ENDED"
    DECIDED_LEVEL_ENDED = "DECIDED_LEVEL_ENDED"
    NO_RULES = "NO_RULES"
    ACTED_SINCE = "ACTED_SINCE"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelMove:
    """Dossiers at `from_level` of the old rules go on at `to_level` of the new ones."""

    from_level: str
    to_level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPosition:
    """Where an open dossier stands: the levels that have decided, the stage that is open, and how far it is
    marked.

    `last_level` says that the open stage proposes nothing upward under the rules it was opened with.
    """

    step: DossierStep
    decided: tuple[str, ...] = ()
    level: str | None = None
    unit_id: UnitId | None = None
    last_level: bool = False
    marks: Marks = Marks.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What a transition makes of one dossier. `to_level` is where it goes on; None when its journey ends
    without a further level."""

    kind: TransitionClass
    reason: TransitionReason
    stage: StageFate = StageFate.NONE
    to_level: str | None = None
    choices: tuple[TransitionChoice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRef:
    """A published policy pack by name and version."""

    name: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesChanged:
    """The signal that other rules hold for the dossier; `revision` grows with every transition, so an older
    message never overrides a newer.

    `pack` None gives back the rules that the dossier had before its last change, if nothing was done since.
    `levels` is the way by the new pack, as units stand; `examined_at` the stage that is open, in the unit in
    which it is: units may have succeeded each other since the dossier's own way was made."""

    event_id: EventId
    dossier_id: DossierId
    transition_id: TransitionId
    revision: int
    pack: PackRef | None
    levels: tuple[LevelStop, ...]
    level_moves: tuple[LevelMove, ...]
    choice: TransitionChoice | None = None
    examined_at: LevelStop | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRules:
    """The journey's answer, kept by intake with the plan frozen from `pack`: what became of the dossier, and
    the way it would have gone before (to give it back)."""

    dossier_id: DossierId
    transition_id: TransitionId
    revision: int
    pack: PackRef | None
    passage: Passage
    from_level: str | None
    route_before: Route


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveStage:
    """Close the open stage because its level goes on elsewhere. Unless `even_if_marked`, a stage with marks
    stays as it is."""

    stage_id: StageId
    to_level: str | None
    transition_id: TransitionId
    even_if_marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTransition:
    """Somebody has asked for a plan: starts `TransitionWorkflow`. `after` and `planned` say how far an
    earlier run came."""

    transition_id: TransitionId
    after: DossierId | None = None
    planned: bool = False
    approved: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionSettled:
    """The signal that the plan was approved, or cancelled."""

    event_id: EventId
    approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SortDossiers:
    """Sort the next page of open dossiers, by id from behind `after`, and write the rows of the plan."""

    transition_id: TransitionId
    after: DossierId | None
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DossiersSorted:
    """The last dossier of the page; None when no page follows."""

    last: DossierId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TellDossiers:
    """Tell the next dossiers of an approved transition that their rules change."""

    transition_id: TransitionId
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DossiersTold:
    """How many were told now."""

    told: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectAnswers:
    """Write down what became of the next dossiers that were told, by id from behind `after`, as intake has
    published it."""

    transition_id: TransitionId
    after: DossierId | None
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersCollected:
    """How many of the page have not answered, and its last dossier; None when no page follows."""

    missing: int
    last: DossierId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishTransition:
    """Every dossier has answered."""

    transition_id: TransitionId


class TransitionActivities:
    """What a change of rules asks of the rulebook, which reads the dossiers from what intake and review
    publish."""

    @activity.defn(name="rulebook.sort_dossiers")
    async def sort_dossiers(self, command: SortDossiers) -> DossiersSorted:
        """A page of the plan; repeat-safe. After the last page it can be approved."""
        raise NotImplementedError

    @activity.defn(name="rulebook.tell_dossiers")
    async def tell_dossiers(self, command: TellDossiers) -> DossiersTold:
        """Send the new rules to the next moved dossiers, each once."""
        raise NotImplementedError

    @activity.defn(name="rulebook.collect_answers")
    async def collect_answers(self, command: CollectAnswers) -> AnswersCollected:
        """What became of a page of dossiers; repeat-safe."""
        raise NotImplementedError

    @activity.defn(name="rulebook.finish_transition")
    async def finish_transition(self, command: FinishTransition) -> None:
        """The transition is done; what it gives back is reverted. Repeat-safe."""
        raise NotImplementedError
