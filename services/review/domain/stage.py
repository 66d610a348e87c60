"""What review keeps: a stage, the seats of its council and their score sheets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from language.ids import DossierId, EventId, PersonId, PostId, SeasonId, StageId, UnitId
from language.messages.journey import StageOutcome
from language.messages.review import StageDecided
from language.plan.review_plan import LevelPlan, SeatRole, Share


class StageState(StrEnum):
    """OPEN until somebody decides or the author withdraws; MOVED when other rules made it go on elsewhere."""

    OPEN = "OPEN"
    DECIDED = "DECIDED"
    WITHDRAWN = "WITHDRAWN"
    MOVED = "MOVED"


class SeatState(StrEnum):
    """A seat is never emptied: it is given to somebody else."""

    ACTIVE = "ACTIVE"
    REPLACED = "REPLACED"


class SheetState(StrEnum):
    """VOID: the member was replaced, or the decision came first."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    VOID = "VOID"


class Vote(StrEnum):
    """What a member answers to 'shall it be recognised?'."""

    APPROVE = "APPROVE"
    REJECT = "REJECT"
    OTHER = "OTHER"


class RefusalGround(StrEnum):
    """Why an initiative is not recognised. NOT_EXAMINED: nobody had marked it when the superior had to end
    it."""

    NOT_NOVEL = "NOT_NOVEL"
    NOT_APPLIED = "NOT_APPLIED"
    NO_PRACTICAL_BENEFIT = "NO_PRACTICAL_BENEFIT"
    AGAINST_PUBLIC_ORDER = "AGAINST_PUBLIC_ORDER"
    IP_PROTECTED = "IP_PROTECTED"
    BELOW_THRESHOLD = "BELOW_THRESHOLD"
    VOTE_NOT_REACHED = "VOTE_NOT_REACHED"
    NOT_EXAMINED = "NOT_EXAMINED"


class TaskKind(StrEnum):
    """The work review gives to people."""

    MARK = "MARK"
    DECIDE = "DECIDE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The examination of a dossier at one level, under the rules frozen in `plan`.

    Rungs may have given it a `lowered_quorum`, or let the chair decide without the missing sheets;
    `decided_alone` says that the chair did."""

    id: StageId
    dossier_id: DossierId
    dossier_code: str
    season_id: SeasonId
    level: str
    unit_id: UnitId
    unit_path: Sequence[UnitId]
    author_ids: Sequence[PersonId]
    plan: LevelPlan
    rule_version: str
    previous_decision_number: str | None
    last_level: bool
    opened_at: datetime
    due_at: datetime
    state: StageState
    handed_up: bool
    decider_id: PersonId | None
    decider_post_id: PostId | None
    decider_on_behalf_of: PersonId | None
    outcome: StageOutcome | None
    decision_number: str | None
    reasons: str | None
    ground: RefusalGround | None
    average_score: Decimal | None
    score_deviation: Decimal | None
    grade: str | None
    proposed: bool
    decision_event_id: EventId | None
    decided_at: datetime | None
    version: int
    lowered_quorum: Share | None = None
    may_decide_alone: bool = False
    decided_alone: bool = False

    @property
    def quorum(self) -> Share:
        """The share of members that must have marked, as it stands now."""
        return self.lowered_quorum or self.plan.quorum

    @property
    def waives_quorum(self) -> bool:
        """A rung said that the decision need not wait for members any longer; whose sheets are in then counts
        as the council."""
        return self.handed_up or self.may_decide_alone

    @property
    def is_open(self) -> bool:
        """Marks and a decision may still come."""
        return self.state is StageState.OPEN

    @property
    def decision(self) -> StageDecided | None:
        """The decision in the journey's words; a repeat bears the same event id."""
        if self.outcome is None or self.decision_event_id is None or self.decided_at is None:
            return None
        return StageDecided(
            event_id=self.decision_event_id,
            dossier_id=self.dossier_id,
            stage_id=self.id,
            outcome=self.outcome,
            decision_number=self.decision_number,
            proposed=self.proposed,
            decided_at=self.decided_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision as it is shown and listed; `award_dong` is what its recognition brings under the frozen
    rules."""

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
    proposed: bool
    handed_up: bool
    decided_alone: bool
    lowered_quorum: Share | None
    decider_id: PersonId
    decided_at: datetime
    rule_version: str
    award_dong: int

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
    return [sheet for sheet in sheets if sheet.state is SheetState.DRAFT]


def submitted(sheets: Collection[ScoreSheet]) -> list[ScoreSheet]:
    """The valid sheets."""
    return [sheet for sheet in sheets if sheet.state is SheetState.SUBMITTED]


def active_seats(sheets: Collection[ScoreSheet]) -> list[Seat]:
    """The council as it is now; every seat has one sheet."""
    return [sheet.seat for sheet in sheets if sheet.seat.state is SeatState.ACTIVE]
