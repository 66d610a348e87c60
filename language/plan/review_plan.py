"""The review plan: the rules a dossier runs under, frozen at filing. Each names where it comes from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from language.ids import SeasonId, UnitId
from language.plan.rule_kinds import (
    USUAL_SPREAD_MINUTES,
    AggregationMethod,
    CheckRuleKind,
    CountedOver,
    DayOffEnd,
    DecisionActKind,
    DeviationAction,
    DocumentKind,
    PaidRole,
    RateBasis,
    RoundingMode,
    RungAnchor,
    SeatRole,
    StageInSuccessor,
    VotingMethod,
)
from language.posts.kinds import PostKind


class BudgetUnit(StrEnum):
    """What a deadline counts in."""

    WORKING_DAYS = "WORKING_DAYS"
    CALENDAR_DAYS = "CALENDAR_DAYS"
    CALENDAR_MONTHS = "CALENDAR_MONTHS"


class RungAction(StrEnum):
    """What a rung of the ladder does when nobody has acted. LOOK_AGAIN, whether somebody is there now, is no
    pack's: cases put it there themselves while nobody is."""

    REMIND = "REMIND"
    DIGEST = "DIGEST"
    TELL_SUPERIOR = "TELL_SUPERIOR"
    REPLACE_SILENT = "REPLACE_SILENT"
    LOWER_QUORUM = "LOWER_QUORUM"
    DECIDE_ALONE = "DECIDE_ALONE"
    HAND_UP = "HAND_UP"
    LOOK_AGAIN = "LOOK_AGAIN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Where a rule comes from. `confidence` is V, V2, L or U (as in the pack); `sample` marks a number that
    no law gives."""

    rule: str
    document: str
    article: str = ""
    confidence: str = "U"
    sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A span that a deadline may use up, ending with the local day, or as `on_day_off` says."""

    amount: int
    unit: BudgetUnit
    on_day_off: DayOffEnd = DayOffEnd.NEXT_WORKING_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A fraction of those counted, rounded up to whole persons."""

    numerator: int
    denominator: int
    basis: Basis
    counted_over: CountedOver = CountedOver.MEMBERS

    def of(self, counted: int) -> int:
        """The least number of persons that reaches the share."""
        return -(-counted * self.numerator // self.denominator)

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRule:
    """A clock may be extended, all extensions together by at most this."""

    most: Budget
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class RungRule:
    """One rung: `offset` (signed) in `unit` from `anchor`; `id` is unique in its ladder. `quorum` is the
    lower share of a LOWER_QUORUM rung."""

    id: str
    action: RungAction
    anchor: RungAnchor
    offset: int
    unit: BudgetUnit
    basis: Basis
    quorum: Share | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreBand:
    """A stretch of marks with a meaning, both ends included. Every possible mark lies in exactly one."""

    id: str
    title_vi: str
    title_en: str
    lowest: Decimal
    highest: Decimal
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkRule:
    """A mark below `below` needs a remark of its own; with None every mark does."""

    below: Decimal | None
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One line of the score sheet; a score is a multiple of `step` from 0 to `max_score`, recognition needs
    at least `floor` on average."""

    id: str
    title_vi: str
    title_en: str
    max_score: Decimal
    floor: Decimal
    step: Decimal
    basis: Basis
    bands: tuple[ScoreBand, ...] = ()
    remark: RemarkRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRule:
    """So many seats of this role, filled from holders of this post in the recognising unit."""

    role: SeatRole
    post: PostKind
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregation:
    """How many figures become one. Extremes are left out only from `from_sheets` sheets on."""

    method: AggregationMethod
    basis: Basis
    from_sheets: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """Every aggregated figure is rounded so before it is compared with anything."""

    places: int
    mode: RoundingMode
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationRule:
    """The highest and the lowest total may differ by `most`; `action` follows when they differ by more."""

    most: Decimal
    action: DeviationAction
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Voting:
    """How the council votes."""

    method: VotingMethod
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeFloor:
    """The least average of a criterion that a grade asks for."""

    criterion: str
    least: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A grade of recognised initiatives: the average lies from `lowest` to below `below` (None: no end), and
    every floor is reached. The average alone says which grade it could be. If a floor of that grade fails
    there is no grade; the next lower one is not given instead."""

    id: str
    title_vi: str
    title_en: str
    lowest: Decimal
    below: Decimal | None
    floors: tuple[GradeFloor, ...]
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionQuota:
    """A recognising unit may propose so many dossiers of a season from this level to the next."""

    most: int
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRule:
    """What a request must fulfil to be accepted."""

    id: str
    kind: CheckRuleKind
    limit: Decimal
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class PayRate:
    """What a role is paid, from day to day inclusive; `level` None holds at every level. `cap_dong` is the
    most that law allows."""

    id: str
    level: str | None
    role: PaidRole
    per: RateBasis
    amount_dong: int
    cap_dong: int | None
    valid_from: date
    valid_to: date | None
    basis: Basis
    cap_basis: Basis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTitle:
    """A paper of the procedure and what it is called there; `level` None stands for every level."""

    id: str
    kind: DocumentKind
    level: str | None
    title_vi: str
    title_en: str
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRule:
    """Who may act on a decision that was made, in its unit or above, and for how long after it."""

    id: DecisionActKind
    post: PostKind
    within: Budget
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintRule:
    """Within `within` of a refusal, a rejection, or the first answer to a complaint an author may complain; a
    holder of `post` in the unit, else the head above, settles that within `settling`. Whoever decided does so
    only where it is `by_decider`."""

    post: PostKind
    within: Budget
    settling: Budget
    ladder: tuple[RungRule, ...]
    basis: Basis
    extension: ExtensionRule | None = None
    by_decider: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPlan:
    """How one level examines a dossier, and what its recognition brings (`award_dong`, 0 for none). The least
    average with which it may be proposed upward is None where nothing goes up. `early_sight`: the secretary
    sees marks early, once the own sheet is in. `in_successor`: what becomes of it when its unit ends."""

    level: str
    title_vi: str
    title_en: str
    unit_id: UnitId
    seats: tuple[SeatRule, ...]
    seats_basis: Basis
    substitutes: PostKind
    criteria: tuple[Criterion, ...]
    pass_threshold: Decimal
    pass_basis: Basis
    aggregation: Aggregation
    rounding: Rounding
    quorum: Share
    approval: Share
    voting: Voting
    examination: Budget
    examination_basis: Basis
    ladder: tuple[RungRule, ...]
    promotion_average: Decimal | None
    promotion_basis: Basis
    award_dong: int
    award_basis: Basis
    grades: tuple[Grade, ...] = ()
    deviation: DeviationRule | None = None
    promotion_quota: PromotionQuota | None = None
    extension: ExtensionRule | None = None
    spread_minutes: int = USUAL_SPREAD_MINUTES
    early_sight: Basis | None = None
    acts: tuple[ActRule, ...] = ()
    in_successor: StageInSuccessor = StageInSuccessor.GOES_ON
    complaint: ComplaintRule | None = None
    complaint_again: ComplaintRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormalCheckPlan:
    """How the request itself is checked, and how long the author has to supplement it."""

    unit_id: UnitId
    officers: PostKind
    officers_basis: Basis
    check: Budget
    check_basis: Basis
    supplement: Budget
    supplement_basis: Basis
    ladder: tuple[RungRule, ...]
    rules: tuple[CheckRule, ...] = ()
    extension: ExtensionRule | None = None
    spread_minutes: int = USUAL_SPREAD_MINUTES
    complaint: ComplaintRule | None = None
    complaint_again: ComplaintRule | None = None


_SAMPLE_PAYMENT = Basis(rule="payout.payment", document="", sample=True)


def _sample_rung(identifier: str, action: RungAction, anchor: RungAnchor, offset: int) -> RungRule:
    basis = Basis(rule=f"payout.list_ladder.{identifier}", document="", sample=True)
    return RungRule(
        id=identifier, action=action, anchor=anchor, offset=offset, unit=BudgetUnit.WORKING_DAYS, basis=basis
    )


SAMPLE_LIST_LADDER = (
    _sample_rung("remind", RungAction.REMIND, RungAnchor.START, 5),
    _sample_rung("tell-superior", RungAction.TELL_SUPERIOR, RungAnchor.DUE, 0),
    _sample_rung("hand-up", RungAction.HAND_UP, RungAnchor.DUE, 5),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutPlan:
    """Who verifies and who approves an award, and how long each may take; how long a payment list may take
    from the day it is made until the treasury has paid it, its ladder, and how many people it takes to send
    and confirm it (samples where a pack says nothing)."""

    verifier: PostKind
    approver: PostKind
    signers_basis: Basis
    approval: Budget
    approval_basis: Basis
    ladder: tuple[RungRule, ...]
    extension: ExtensionRule | None = None
    payment: Budget = Budget(amount=10, unit=BudgetUnit.WORKING_DAYS)
    payment_basis: Basis = _SAMPLE_PAYMENT
    list_ladder: tuple[RungRule, ...] = SAMPLE_LIST_LADDER
    payment_people: int = 2
    spread_minutes: int = USUAL_SPREAD_MINUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPlan:
    """Everything a dossier's journey depends on, taken once from the pack in force on the day of filing. No
    calendar: a clock is computed from the one in force when it starts, and carries it."""

    pack: str
    pack_version: int
    season_id: SeasonId
    formal_check: FormalCheckPlan
    levels: tuple[LevelPlan, ...]
    payout: PayoutPlan
    rates: tuple[PayRate, ...] = ()
    documents: tuple[DocumentTitle, ...] = ()
    day_off: DayOffEnd = DayOffEnd.NEXT_WORKING_DAY

    @property
    def rule_version(self) -> str:
        """The name under which every event quotes these rules."""
        return f"{self.pack}@{self.pack_version}"
