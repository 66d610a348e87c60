"""What happens to a stage: a council is formed, marks, and a decision is made."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from language.cases import ComplaintEnd, RefusalGround, Vote
from language.events.base import Change, Fact, Owner, Personal
from language.messages.journey import StageOutcome
from language.plan.rule_kinds import DeviationAction, SeatRole, VotingMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatTaken:
    """A seat of the council and who sits there; `on_behalf_of` is the holder who is away."""

    role: SeatRole
    person_id: UUID
    on_behalf_of: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOpened(Fact):
    """The council of a level was formed and everybody got their work. `chains` run from holders of posts to
    those who act for them."""

    OWNER: ClassVar[Owner] = Owner.REVIEW

    stage_id: UUID
    level: str
    unit_id: UUID
    due_at: datetime
    calendar_version: int
    members: tuple[SeatTaken, ...]
    chains: tuple[tuple[UUID, ...], ...]
    vacant: tuple[SeatRole, ...]
    decider_id: UUID | None
    previous_decision_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCounted(Fact):
    """Nobody holds the post of a seat any more, and it is out of the council's count; or somebody does again
    (`counts`). `members` and `owed` are those after it."""

    OWNER: ClassVar[Owner] = Owner.REVIEW

    stage_id: UUID
    level: str
    role: SeatRole
    person_id: UUID
    counts: bool
    members: int
    owed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSheetSubmitted(Fact):
    """A member has marked; how, is on the sheet only."""

    OWNER: ClassVar[Owner] = Owner.REVIEW

    stage_id: UUID
    level: str
    sheet_id: UUID
    members: int
    owed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSheetTakenBack(Fact):
    """A member took the submitted sheet back before the decision and owes it again. `all_were_in`: none was
    owed, so the member may have seen the others' marks."""

    OWNER: ClassVar[Owner] = Owner.REVIEW

    stage_id: UUID
    level: str
    sheet_id: UUID
    reason: str
    all_were_in: bool
    members: int
    owed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRecused(Fact):
    """Somebody stays out of the dossier at this level: a member (`role`), the one who has the decision
    (`decides`), or both. `members` are left, of whom `needed` are a quorum."""

    OWNER: ClassVar[Owner] = Owner.REVIEW

    stage_id: UUID
    level: str
    role: SeatRole | None
    person_id: UUID
    reason: Personal[str]
    decides: bool
    members: int
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCount:
    """How many votes of a kind there were."""

    vote: Vote
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationFound:
    """How far totals lay apart, and what the rules say of it."""

    spread: Decimal | None
    most: Decimal
    action: DeviationAction
    exceeded: bool
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuorumFound:
    """What the quorum asked for and what was there; `lowered_to` by the rule of a rung, if one lowered it."""

    needed: int
    sheets: int
    members: int
    seats: int
    waived: bool
    lowered_to: str | None = None
    lowered_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDecided(Fact):
    """The decision, with every figure an auditor needs to count it again."""

    OWNER: ClassVar[Owner] = Owner.REVIEW

    stage_id: UUID
    level: str
    outcome: StageOutcome
    decision_number: str
    proposed: bool
    ground: RefusalGround | None
    reasons: str | None
    average: Decimal | None
    pass_threshold: Decimal
    grade: str | None
    voting: VotingMethod
    votes: tuple[VoteCount, ...]
    approvals: int
    approvals_needed: int
    deviation: DeviationFound | None
    quorum: QuorumFound
    handed_up: bool
    decided_alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOfDecision:
    """The number and date that the office gave a decision."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPaperEntered(Fact):
    """The office's number, date and signer of a decision were written down."""

    OWNER: ClassVar[Owner] = Owner.REVIEW

    stage_id: UUID
    level: str
    first_number: str
    paper: PaperOfDecision | None
    signer: Personal[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCorrected(Fact):
    """A second decision mends a typing error of the first, which it names. What it does not mend is null."""

    OWNER: ClassVar[Owner] = Owner.REVIEW

    stage_id: UUID
    level: str
    first_number: str
    decision_number: str
    reason: str
    reasons: Change[str | None] | None
    paper_before: PaperOfDecision | None
    paper: PaperOfDecision | None
    signer: Personal[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionCancelled(Fact):
    """A recognition no longer holds, by a second decision that names the first."""

    OWNER: ClassVar[Owner] = Owner.REVIEW

    stage_id: UUID
    level: str
    first_number: str
    decision_number: str
    reason: str
    paper: PaperOfDecision | None
    signer: Personal[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalReopened(Fact):
    """A refusal no longer holds, by a second decision that names the first; the level examines it again, in a
    new stage."""

    OWNER: ClassVar[Owner] = Owner.REVIEW

    stage_id: UUID
    level: str
    first_number: str
    decision_number: str
    reason: str
    new_stage_id: UUID
    paper: PaperOfDecision | None
    signer: Personal[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFiled(Fact):
    """An author says that the refusal of this stage is wrong, or, where none is named, the rejection of the
    request; it is settled by this day. `instance` 2: the first answer is wrong, too."""

    OWNER: ClassVar[Owner] = Owner.REVIEW
    VERSION: ClassVar[int] = 2

    complaint_id: UUID
    stage_id: UUID | None
    level: str | None
    first_number: str | None
    instance: int
    reason: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintEnded(Fact):
    """The complaint was settled, taken back, or overtaken by another act."""

    OWNER: ClassVar[Owner] = Owner.REVIEW
    VERSION: ClassVar[int] = 2

    complaint_id: UUID
    stage_id: UUID | None
    level: str | None
    first_number: str | None
    instance: int
    ended: ComplaintEnd
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageWithdrawn(Fact):
    """The stage ended because the author withdrew."""

    OWNER: ClassVar[Owner] = Owner.REVIEW

    stage_id: UUID
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOpenedAnew(Fact):
    """The unit of the stage has ended, and by its rules the level is examined anew in the unit that took
    over: this stage ended, its sheets no longer count, and another was opened (`new_stage_id`)."""

    OWNER: ClassVar[Owner] = Owner.REVIEW

    stage_id: UUID
    level: str
    new_stage_id: UUID
    succession_id: UUID
    into_id: UUID
    void_sheets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMoved(Fact):
    """The stage ended because other rules made the dossier go on elsewhere; its sheets no longer count."""

    OWNER: ClassVar[Owner] = Owner.REVIEW

    stage_id: UUID
    level: str
    to_level: str | None
    transition_id: UUID
    void_sheets: int
