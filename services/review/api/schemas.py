"""What goes over HTTP: score sheets, stages, decisions."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from casework.naming import NamedOut
from kit.http.models import Code, In, Out, Prose
from language.cases import RefusalGround, Vote
from language.messages.journey import StageOutcome
from language.plan.review_plan import LevelPlan
from language.plan.rule_kinds import DecisionActKind, SeatRole
from services.review.api.rules import RulesOut
from services.review.domain.deciding import Verdict, deviates
from services.review.domain.scoring import band_of
from services.review.domain.stage import (
    DecidedStage,
    OpenStage,
    ScoreSheet,
    SeatState,
    SheetContent,
    SheetState,
    StageState,
    active_seats,
    decision_of,
    ended_at,
    in_draft,
)
from services.review.operations.reading import SheetView, StageView
from services.review.store.second_thoughts import TakenBackSheet

Score = Annotated[Decimal, Field(max_digits=9, decimal_places=4, allow_inf_nan=False)]


class SheetIn(In):
    """The whole content of a score sheet. With `submit` it is final. In a secret ballot `vote` counts with
    `submit` only and is kept nowhere."""

    scores: dict[Code, Score] = Field(max_length=100, examples=[{"novelty": "32", "applicability": "25.5"}])
    vote: Vote | None = None
    remark: Prose | None = None
    remarks: dict[Code, Prose] = Field(
        default_factory=dict, max_length=100, description="Remarks on single criteria"
    )
    submit: bool = False

    def content(self) -> SheetContent:
        """As the domain takes it."""
        return SheetContent(scores=self.scores, vote=self.vote, remark=self.remark, remarks=self.remarks)


class DecisionIn(In):
    """A verdict. A refusal needs `ground` and `reasons`; `propose` asks for the next level."""

    outcome: Literal[StageOutcome.RECOGNISED, StageOutcome.REFUSED]
    reasons: Prose | None = None
    ground: RefusalGround | None = None
    propose: bool = False

    def verdict(self) -> Verdict:
        """As the domain takes it."""
        return Verdict(outcome=self.outcome, reasons=self.reasons, ground=self.ground, propose=self.propose)


class ReasonIn(In):
    """Why something is done."""

    reason: Prose


class TakenBackOut(Out):
    """A sheet as it was submitted before its member took it back, and why."""

    version: int
    scores: dict[str, Decimal]
    vote: Vote | None
    remark: str | None
    remarks: dict[str, str]
    total: Decimal
    submitted_at: datetime
    taken_back_at: datetime
    reason: str

    @classmethod
    def of(cls, value: TakenBackSheet) -> Self:
        """As it was."""
        content = value.content
        return cls(
            version=value.version,
            scores=dict(content.scores),
            vote=content.vote,
            remark=content.remark,
            remarks=dict(content.remarks),
            total=value.total,
            submitted_at=value.submitted_at,
            taken_back_at=value.taken_back_at,
            reason=value.reason,
        )


class RecusalOut(Out):
    """Who stays out, and the council afterwards: its members, how many of them are a quorum, who decides."""

    stage_id: UUID
    person_id: UUID
    reason: str
    recused_at: datetime
    members: int
    needed: int
    decider_id: UUID | None


class SheetOut(Out):
    """A score sheet. `state` VOID: the member was replaced, or the decision came first. `bands` names the
    band of each mark."""

    id: UUID
    stage_id: UUID
    person_id: UUID
    role: SeatRole
    state: SheetState
    scores: dict[str, Decimal]
    bands: dict[str, str]
    vote: Vote | None
    remark: str | None
    remarks: dict[str, str]
    total: Decimal | None
    submitted_at: datetime | None
    version: int

    @classmethod
    def of(cls, value: SheetView) -> Self:
        """The sheet as whoever may see it does."""
        return cls._of(value.sheet, value.plan)

    @classmethod
    def _of(cls, value: ScoreSheet, plan: LevelPlan) -> Self:
        content = value.content
        bands = {
            line.id: band_of(line, content.scores[line.id])
            for line in plan.criteria
            if line.id in content.scores
        }
        return cls(
            id=value.id,
            stage_id=value.stage_id,
            person_id=value.person_id,
            role=value.seat.role,
            state=value.state,
            scores=dict(content.scores),
            bands={criterion: band.id for criterion, band in bands.items() if band},
            vote=content.vote,
            remark=content.remark,
            remarks=dict(content.remarks),
            total=value.total,
            submitted_at=value.submitted_at,
            version=value.version,
        )


class SeatOut(Out):
    """A seat of the council; `on_behalf_of` is the holder who is away."""

    seat_no: int
    role: SeatRole
    person_id: UUID
    on_behalf_of: UUID | None
    state: SeatState
    replaced_by: UUID | None


class StageOut(Out):
    """A stage. `sheets` holds the caller's own; once all are in, decider, secretary and members see all of
    them, after the decision everybody who sees the stage. Averages, `votes` and `deviation_exceeded` come
    with them; of a secret ballot only the counts.

    `quorum` is the share as it stands, `quorum_lowered_by` the rung's rule that lowered it;
    `may_decide_alone`: a rung let the chair decide without the missing sheets, `decided_alone`: the chair
    did."""

    id: UUID
    dossier_id: UUID
    dossier_code: str
    level: str
    title_vi: str
    title_en: str
    unit_id: UUID
    rule_version: str
    rules: RulesOut
    previous_decision_number: str | None
    last_level: bool
    opened_at: datetime
    due_at: datetime
    state: StageState
    handed_up: bool
    quorum: str
    quorum_lowered_by: str | None
    may_decide_alone: bool
    decided_alone: bool
    decider_id: UUID | None
    decider_on_behalf_of: UUID | None
    council: list[SeatOut]
    members: int
    sheets_in: int
    sheets_owed: int
    sheets: list[SheetOut]
    outcome: StageOutcome | None
    decision_number: str | None
    reasons: str | None
    ground: RefusalGround | None
    proposed: bool
    average_score: Decimal | None
    criterion_averages: dict[str, Decimal] | None
    score_deviation: Decimal | None
    deviation_exceeded: bool | None
    votes: dict[Vote, int] | None
    grade: str | None
    decided_at: datetime | None
    annulled_by: DecisionActKind | None
    version: int

    @classmethod
    def of(cls, value: StageView) -> Self:
        """The stage as the caller may see it."""
        stage, eased = value.stage, value.stage.eased
        ruling = stage.ruling if isinstance(stage, DecidedStage) else None
        seen, ended = value.counted if value.sight.figures else None, decision_of(stage)
        return cls(
            id=stage.id,
            dossier_id=stage.dossier_id,
            dossier_code=stage.dossier_code,
            level=stage.level,
            title_vi=stage.plan.title_vi,
            title_en=stage.plan.title_en,
            unit_id=stage.unit_id,
            rule_version=stage.rule_version,
            rules=RulesOut.of(stage.plan),
            previous_decision_number=stage.previous_decision_number,
            last_level=stage.last_level,
            opened_at=stage.opened_at,
            due_at=stage.due_at,
            state=stage.STATE,
            handed_up=eased.handed_up,
            quorum=str(stage.quorum.share),
            quorum_lowered_by=eased.lowered_quorum.basis.rule if eased.lowered_quorum else None,
            may_decide_alone=eased.may_decide_alone,
            decided_alone=ruling is not None and ruling.decided_alone,
            decider_id=stage.decider_id,
            decider_on_behalf_of=stage.decider.on_behalf_of if stage.decider else None,
            council=[SeatOut.of(sheet.seat) for sheet in value.council],
            members=len(active_seats(value.council)),
            sheets_in=value.counted.sheets,
            sheets_owed=len(in_draft(value.council)),
            sheets=[SheetOut.of(sheet) for sheet in value.sheets],
            outcome=ended.outcome if ended else None,
            decision_number=ruling.decision_number if ruling else None,
            reasons=ruling.reasons if ruling else None,
            ground=ruling.ground if ruling else None,
            proposed=ruling is not None and ruling.proposed,
            average_score=seen.average if seen else None,
            criterion_averages=seen.criterion_averages if seen else None,
            score_deviation=seen.spread if seen else None,
            deviation_exceeded=deviates(stage.plan, seen) if seen and stage.plan.deviation else None,
            votes=dict(value.counted.votes) if value.sight.votes else None,
            grade=ruling.grade if ruling else None,
            decided_at=None if isinstance(stage, OpenStage) else ended_at(stage),
            annulled_by=stage.annulled_by if isinstance(stage, DecidedStage) else None,
            version=stage.version,
        )


class StageLineOut(StageOut, NamedOut):
    """A stage in a list, with what it is about and who decides it."""

    decider_name: str | None = None


class StageCountOut(Out):
    """How many stages of a level have come to this, and how many of those that are open are overdue."""

    level: str
    state: StageState
    outcome: StageOutcome | None
    count: int
    overdue: int


class PaperOut(Out):
    """Number, date and signer that the office gave the decision."""

    number: str
    issued_on: date
    signer: str


class DecisionOut(Out):
    """A decision with its number, unbroken in its unit and year. `award_dong`: the award that a recognition
    brings, 0 for none. Reasons and `paper` are as last corrected; `annulled_by`: by which act it no
    longer stands. `quorum_lowered_to` and `decided_alone` mark what the ladder allowed."""

    stage_id: UUID
    dossier_id: UUID
    dossier_code: str
    level: str
    unit_id: UUID
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
    quorum_lowered_to: str | None
    decider_id: UUID
    decided_at: datetime
    rule_version: str
    award_dong: int
    paper: PaperOut | None
    annulled_at: datetime | None
    annulled_by: DecisionActKind | None


class DecisionLineOut(DecisionOut, NamedOut):
    """A decision in a list, with what it is about and who made it."""

    decider_name: str | None = None
