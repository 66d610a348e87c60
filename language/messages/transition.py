"""Rules that change under running dossiers: where an open dossier stands, what a transition makes of it, and
the words that carry it out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from language.ids import DossierId, EventId, SeasonId, StageId, TransitionId, UnitId
from language.plan.review_plan import ReviewPlan
from language.time_scale import TimeScale


class DossierStep(StrEnum):
    """Where an open dossier is. ENDING: its last level has spoken and nothing goes up."""

    WAITS_FOR_RULES = "WAITS_FOR_RULES"
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
    NOT_BEGUN = "NOT_BEGUN"
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
class LevelStop:
    """A level of a plan and the unit that holds it for this dossier."""

    level: str
    unit_id: UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelMove:
    """Dossiers at `from_level` of the old rules go on at `to_level` of the new ones."""

    from_level: str
    to_level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an open dossier stands: the levels that have spoken, the stage that is open, and how far it is
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
class RulesChanged:
    """The signal that other rules hold for the dossier; `revision` grows with every transition, so an older
    word never overrides a newer.

    `plan` None gives the plan back that the dossier had before its last change, if nothing was done since.
    """

    event_id: EventId
    dossier_id: DossierId
    transition_id: TransitionId
    revision: int
    plan: ReviewPlan | None
    level_moves: tuple[LevelMove, ...]
    choice: TransitionChoice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRules:
    """The journey's answer, kept by intake: what became of the dossier, and the way it would have gone before
    (to give it back)."""

    dossier_id: DossierId
    transition_id: TransitionId
    revision: int
    passage: Passage
    from_level: str | None
    rule_version: str
    route_before: tuple[LevelStop, ...]


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
    """The word that somebody has asked for a plan: starts `TransitionWorkflow`. `after` and `planned` say how
    far an earlier run came."""

    transition_id: TransitionId
    revision: int
    replaces: str
    gives_back: int | None
    time_scale: TimeScale | None = None
    after: DossierId | None = None
    planned: bool = False
    approved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionSettled:
    """The signal that the plan was approved, or cancelled."""

    event_id: EventId
    approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOpenDossiers:
    """The next page of open dossiers under some version of the pack `replaces` or without rules yet; or of
    those that the transition of revision `gives_back` moved."""

    replaces: str
    gives_back: int | None
    after: DossierId | None
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDossier:
    """An open dossier as intake knows it; `moved_at` and `route_before` are set when a transition has moved
    it and would give it back."""

    dossier_id: DossierId
    code: str
    unit_id: UnitId
    season_id: SeasonId
    filed_at: datetime
    step: DossierStep
    acted_at: datetime
    moved_at: datetime | None = None
    route_before: tuple[LevelStop, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDossiers:
    """A page, in the order of ids."""

    dossiers: tuple[OpenDossier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStandings:
    """Where review has these dossiers."""

    dossier_ids: tuple[DossierId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStanding:
    """What review knows of a dossier; `acted_at` is the last mark or decision."""

    dossier_id: DossierId
    standing: Standing
    acted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """Dossiers that review knows; the rest have no stage yet."""

    stages: tuple[StageStanding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyDossiers:
    """Sort these dossiers and write the rows of the plan; `last` says that no page follows."""

    transition_id: TransitionId
    dossiers: tuple[OpenDossier, ...]
    stages: tuple[StageStanding, ...]
    last: bool


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
class ListTold:
    """Dossiers that were told and have not answered, from behind `after`."""

    transition_id: TransitionId
    after: DossierId | None
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDossiers:
    """A page of them."""

    dossier_ids: tuple[DossierId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAnswers:
    """What became of these dossiers in the transition of this revision."""

    revision: int
    dossier_ids: tuple[DossierId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesAnswer:
    """The journey's answer; `passage` None when the dossier was closed before it could answer."""

    dossier_id: DossierId
    passage: Passage | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesAnswers:
    """Those that have answered."""

    answers: tuple[RulesAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAnswers:
    """Write the answers into the plan."""

    transition_id: TransitionId
    answers: tuple[RulesAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishTransition:
    """Every dossier has answered."""

    transition_id: TransitionId
