"""The review plan: the rules a dossier runs under, frozen by value at filing. Each rule names where it comes from."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from workflows.contracts.ids import SeasonId, UnitId


class BudgetUnit(StrEnum):
    """What a deadline counts in."""

    WORKING_DAYS = "WORKING_DAYS"
    CALENDAR_DAYS = "CALENDAR_DAYS"
    CALENDAR_MONTHS = "CALENDAR_MONTHS"


class RungAnchor(StrEnum):
    """The end of the clock from which a rung's offset counts."""

    START = "START"
    DUE = "DUE"


class RungAction(StrEnum):
    """What a rung of the ladder does when nobody has acted."""

    REMIND = "REMIND"
    TELL_SUPERIOR = "TELL_SUPERIOR"
    REPLACE_SILENT = "REPLACE_SILENT"
    HAND_UP = "HAND_UP"


class PostKind(StrEnum):
    """What a post is for; rights and council seats are given to posts, never to persons."""

    ADMIN = "ADMIN"
    UNIT_HEAD = "UNIT_HEAD"
    DEPUTY_HEAD = "DEPUTY_HEAD"
    INTAKE_OFFICER = "INTAKE_OFFICER"
    COUNCIL_CHAIR = "COUNCIL_CHAIR"
    COUNCIL_DEPUTY_CHAIR = "COUNCIL_DEPUTY_CHAIR"
    COUNCIL_SECRETARY = "COUNCIL_SECRETARY"
    COUNCIL_MEMBER = "COUNCIL_MEMBER"
    COUNCIL_SUBSTITUTE = "COUNCIL_SUBSTITUTE"
    UNION_REPRESENTATIVE = "UNION_REPRESENTATIVE"
    ACCOUNTANT = "ACCOUNTANT"
    CHIEF_ACCOUNTANT = "CHIEF_ACCOUNTANT"
    AUDITOR = "AUDITOR"
    STAFF = "STAFF"


class SeatRole(StrEnum):
    """A seat in a council."""

    CHAIR = "CHAIR"
    DEPUTY_CHAIR = "DEPUTY_CHAIR"
    SECRETARY = "SECRETARY"
    MEMBER = "MEMBER"
    UNION_REPRESENTATIVE = "UNION_REPRESENTATIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Where a rule comes from. `confidence` is V, V2, L or U (as in the pack); `sample` marks a number that no law gives."""

    rule: str
    document: str
    article: str = ""
    confidence: str = "U"
    sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A span that a deadline may use up, ending with the local day."""

    amount: int
    unit: BudgetUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRule:
    """A clock may be extended, all extensions together by at most this."""

    most: Budget
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class RungRule:
    """One rung: `offset` (signed) in `unit` from `anchor`; `id` is unique in its ladder."""

    id: str
    action: RungAction
    anchor: RungAnchor
    offset: int
    unit: BudgetUnit
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One line of the score sheet; a score is a multiple of `step` from 0 to `max_score`, recognition needs at least `floor` on average."""

    id: str
    title_vi: str
    title_en: str
    max_score: Decimal
    floor: Decimal
    step: Decimal
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRule:
    """So many seats of this role, filled from holders of this post in the recognising unit."""

    role: SeatRole
    post: PostKind
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A fraction of all members of the council, rounded up to whole members."""

    numerator: int
    denominator: int
    basis: Basis

    def of(self, members: int) -> int:
        """The least number of members that reaches the share."""
        return -(-members * self.numerator // self.denominator)


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPlan:
    """How one level examines a dossier, and what its recognition brings (`award_dong`, 0 for none).

    `promotion_average` is the least average with which a recognised dossier may be proposed to the next level; None where nothing goes up.
    """

    level: str
    title_vi: str
    title_en: str
    unit_id: UnitId
    seats: tuple[SeatRule, ...]
    substitutes: PostKind
    criteria: tuple[Criterion, ...]
    pass_threshold: Decimal
    pass_basis: Basis
    quorum: Share
    approval: Share
    examination: Budget
    examination_basis: Basis
    ladder: tuple[RungRule, ...]
    promotion_average: Decimal | None
    promotion_basis: Basis
    award_dong: int
    award_basis: Basis
    extension: ExtensionRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormalCheckPlan:
    """How the request itself is checked, and how long the author has to supplement it."""

    unit_id: UnitId
    officers: PostKind
    check: Budget
    check_basis: Basis
    supplement: Budget
    supplement_basis: Basis
    ladder: tuple[RungRule, ...]
    extension: ExtensionRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutPlan:
    """Who verifies and who approves an award, and how long each may take."""

    verifier: PostKind
    approver: PostKind
    approval: Budget
    approval_basis: Basis
    ladder: tuple[RungRule, ...]
    extension: ExtensionRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeCalendar:
    """Days off besides Saturday and Sunday, and Saturdays or Sundays that are worked; `version` is saved with each deadline."""

    version: int
    holidays: frozenset[date]
    make_up_days: frozenset[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPlan:
    """Everything a dossier's journey depends on, taken once from the pack in force on the day of filing.

    No calendar: a clock is computed from the one in force when it starts, and carries it.
    """

    pack: str
    pack_version: int
    season_id: SeasonId
    frozen_at: datetime
    formal_check: FormalCheckPlan
    levels: tuple[LevelPlan, ...]
    payout: PayoutPlan

    @property
    def rule_version(self) -> str:
        """The name under which every event quotes these rules."""
        return f"{self.pack}@{self.pack_version}"
