"""What review keeps: a stage, the seats of its council and their score sheets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Self, TypeAlias, assert_never
from uuid import UUID

from language.cases import RefusalGround, Vote
from language.ids import DossierId, EventId, PersonId, PostId, SeasonId, StageId, UnitId
from language.messages.journey import StageOutcome
from language.messages.review import StageDecided
from language.plan.review_plan import LevelPlan, Share
from language.plan.rule_kinds import DecisionActKind, SeatRole
from services.review.domain.quorum import Quorum


class StageState(StrEnum):
    """OPEN until somebody decides or the author withdraws; MOVED when other rules, or the end
    of its unit, made it go on elsewhere."""

    OPEN = "OPEN"
    DECIDED = "DECIDED"
    WITHDRAWN = "WITHDRAWN"
    MOVED = "MOVED"


class SeatState(StrEnum):
    """VACANT: nobody holds its post any more, so it is out of the council's count until somebody does.
    RECUSED: its member stays out of this dossier, so it is out of the count until a substitute sits there.
    REPLACED: it was given to somebody else."""

    ACTIVE = "ACTIVE"
    VACANT = "VACANT"
    RECUSED = "RECUSED"
    REPLACED = "REPLACED"


EMPTY_SEAT = frozenset({SeatState.VACANT, SeatState.RECUSED})
"""Nobody sits there for now."""


class SheetState(StrEnum):
    """VOID: the member was replaced or recused, or the decision came first."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    VOID = "VOID"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """Who has the decision, through which post; `on_behalf_of` is the holder who is away."""

    person_id: PersonId
    post_id: PostId
    on_behalf_of: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Eased:
    """What rungs have allowed since the opening: the decision was handed up, the quorum was lowered, the
    chair may decide without the missing sheets."""

    handed_up: bool = False
    lowered_quorum: Share | None = None
    may_decide_alone: bool = False

    @property
    def waives_quorum(self) -> bool:
        """The decision need not wait for members any longer; whose sheets are in then counts as the
        council."""
        return self.handed_up or self.may_decide_alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The examination of a dossier at one level, under the rules frozen in `plan`, a part of the dossier's
    plan of this hash: what holds whatever its state."""

    id: StageId
    dossier_id: DossierId
    dossier_code: str
    season_id: SeasonId
    level: str
    unit_id: UnitId
    unit_path: Sequence[UnitId]
    author_ids: Sequence[PersonId]
    recused_ids: Sequence[PersonId] = ()
    plan: LevelPlan
    plan_hash: str
    rule_version: str
    previous_decision_number: str | None
    last_level: bool
    opened_at: datetime
    due_at: datetime
    decider: Decider | None
    eased: Eased
    version: int

    @property
    def left_out(self) -> Sequence[PersonId]:
        """Who may neither mark nor decide: authors, and who has recused themselves."""
        return (*self.author_ids, *self.recused_ids)

    @property
    def decider_id(self) -> PersonId | None:
        """Who decides, if anybody is there."""
        return self.decider.person_id if self.decider else None

    @property
    def quorum(self) -> Quorum:
        """How many members must have marked, as it stands now. A rung's share counts whom the rules' own
        counts."""
        planned, lowered = self.plan.quorum, self.eased.lowered_quorum
        return Quorum(
            share=replace(lowered, counted_over=planned.counted_over) if lowered else planned,
            seats=sum(rule.count for rule in self.plan.seats),
            waived=self.eased.waives_quorum,
        )

    def with_quorum(self, lowered: Share | None) -> Self:
        """The same with a lower share, if one is given."""
        return replace(self, eased=replace(self.eased, lowered_quorum=lowered)) if lowered else self


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStage(Stage):
    """Marks and a decision may still come."""

    STATE: ClassVar = StageState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What was decided. `decided_alone`: the chair decided while sheets were missing."""

    outcome: StageOutcome
    decision_number: str
    reasons: str | None
    ground: RefusalGround | None
    average_score: Decimal | None
    score_deviation: Decimal | None
    grade: str | None
    proposed: bool
    decided_at: datetime
    decided_alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Number, date and signer that the office gave a decision."""

    number: str
    issued_on: date
    signer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedStage(Stage):
    """It has its decision, for ever; by a later act it may no longer stand (`annulled_by`)."""

    STATE: ClassVar = StageState.DECIDED

    ruling: Ruling
    event_id: EventId
    annulled_by: DecisionActKind | None

    @property
    def goes_up(self) -> bool:
        """It was recognised here and proposed to the level above, and that still holds."""
        ruling = self.ruling
        return ruling.outcome is StageOutcome.RECOGNISED and ruling.proposed and self.annulled_by is None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnStage(Stage):
    """The author withdrew before anybody decided."""

    STATE: ClassVar = StageState.WITHDRAWN

    decided_at: datetime
    event_id: EventId


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedStage(Stage):
    """Other rules, or the end of its unit, made the dossier go on elsewhere."""

    STATE: ClassVar = StageState.MOVED

    decided_at: datetime


AnyStage: TypeAlias = OpenStage | DecidedStage | WithdrawnStage | MovedStage


def ended_at(stage: DecidedStage | WithdrawnStage | MovedStage) -> datetime:
    """When nobody could act any more."""
    return stage.ruling.decided_at if isinstance(stage, DecidedStage) else stage.decided_at


def decision_of(stage: AnyStage) -> StageDecided | None:
    """The decision in the journey's words; a repeat bears the same event id."""
    match stage:
        case DecidedStage(ruling=ruling):
            return ruling_message(stage, ruling, stage.event_id)
        case WithdrawnStage():
            return StageDecided(
                event_id=stage.event_id,
                stage_id=stage.id,
                outcome=StageOutcome.WITHDRAWN,
                proposed=False,
                decision_number=None,
            )
        case OpenStage() | MovedStage():
            return None
        case _:
            assert_never(stage)


def ruling_message(stage: Stage, ruling: Ruling, event_id: EventId) -> StageDecided:
    """The ruling in the journey's words. What no longer stands sends nothing up."""
    return StageDecided(
        event_id=event_id,
        stage_id=stage.id,
        outcome=ruling.outcome,
        proposed=stage.goes_up if isinstance(stage, DecidedStage) else ruling.proposed,
        decision_number=ruling.decision_number,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision as it is shown and listed, with its reasons and paper as they were last corrected;
    `award_dong` is what its recognition brings under the frozen rules."""

    stage_id: StageId
    dossier_id: DossierId
    dossier_code: str
    level: str
    unit_id: UnitId
    outcome: StageOutcome
    decision_number: str
    reasons: str | None
    ground: RefusalGround | None
    average_score: Decimal | None
    score_deviation: Decimal | None
    grade: str | None
    grade_vi: str | None
    grade_en: str | None
    proposed: bool
    handed_up: bool
    decided_alone: bool
    lowered_quorum: Share | None
    decider_id: PersonId
    decided_at: datetime
    rule_version: str
    award_dong: int
    paper: Paper | None
    annulled_at: datetime | None
    annulled_by: DecisionActKind | None

    @property
    def quorum_lowered_to(self) -> str | None:
        """The share that a rung lowered the quorum to, as it is written."""
        return str(self.lowered_quorum) if self.lowered_quorum else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A place in the council and who sits there; `on_behalf_of` is the holder who is away."""

    seat_no: int
    role: SeatRole
    person_id: PersonId
    post_id: PostId
    on_behalf_of: PersonId | None = None
    state: SeatState = SeatState.ACTIVE
    replaced_by: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetContent:
    """What a member writes: a score for each criterion, a vote, a remark; `remarks` are those on single
    criteria."""

    scores: Mapping[str, Decimal]
    vote: Vote | None
    remark: str | None
    remarks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSheet:
    """A member's marks for one dossier. `total` is set when it is submitted; in a secret ballot the vote
    leaves the sheet then."""

    id: UUID
    stage_id: StageId
    seat: Seat
    state: SheetState
    content: SheetContent
    total: Decimal | None
    submitted_at: datetime | None
    version: int

    @property
    def person_id(self) -> PersonId:
        """Whose sheet it is."""
        return self.seat.person_id


def in_draft(sheets: Collection[ScoreSheet]) -> list[ScoreSheet]:
    """The sheets that active members still owe."""
    return [
        sheet for sheet in sheets if sheet.state is SheetState.DRAFT and sheet.seat.state is SeatState.ACTIVE
    ]


def vacated(sheets: Collection[ScoreSheet]) -> list[ScoreSheet]:
    """The sheets of seats in which nobody sits for now."""
    return [sheet for sheet in sheets if sheet.seat.state in EMPTY_SEAT]


def may_be_decided(stage: Stage, sheets: Collection[ScoreSheet]) -> bool:
    """The decision is given out: no sheet is owed any more, or a rung gave up waiting for all and the lowered
    quorum is there, or has let the decision wait for nobody."""
    if stage.eased.waives_quorum:
        return True
    is_in = len(submitted(sheets))
    lowered = stage.eased.lowered_quorum is not None
    enough = lowered and stage.quorum.met_by(is_in, len(active_seats(sheets)))
    return is_in > 0 and (enough or not in_draft(sheets))


def submitted(sheets: Collection[ScoreSheet]) -> list[ScoreSheet]:
    """The valid sheets."""
    return [sheet for sheet in sheets if sheet.state is SheetState.SUBMITTED]


def active_seats(sheets: Collection[ScoreSheet]) -> list[Seat]:
    """The council as it is now; every seat has one sheet."""
    return [sheet.seat for sheet in sheets if sheet.seat.state is SeatState.ACTIVE]
