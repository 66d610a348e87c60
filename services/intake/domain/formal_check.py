"""The formal check of a filed request: its clock, who has it, and the grounds on which a request is rejected."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from workflows.contracts.ids import PersonId, PostId, UnitId
from workflows.contracts.intake import CheckState
from workflows.contracts.plan import Budget, OfficeCalendar
from workflows.rules.stage_clock import due_instant


class RejectionGround(StrEnum):
    """Why a request is not accepted (Decree 13/2012, articles 5 and 6)."""

    FILED_LATE = "FILED_LATE"
    NOT_SUPPLEMENTED = "NOT_SUPPLEMENTED"
    WRONG_UNIT = "WRONG_UNIT"
    DUPLICATE_REQUEST = "DUPLICATE_REQUEST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Who has the check, through which post and for whom."""

    person_id: PersonId
    post_id: PostId
    on_behalf_of: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRules:
    """What the journey's plan says of this check, kept from its opening: where it is done, and how long a supplement may take."""

    rule_version: str
    unit_id: UnitId
    unit_path: tuple[UUID, ...]
    supplement: Budget
    calendar: OfficeCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class FormalCheck:
    """Where the check stands. `rules` and `due_at` are None until the journey has opened it; `revision` grows with every move."""

    state: CheckState
    revision: int
    moved_at: datetime
    rules: CheckRules | None = None
    due_at: datetime | None = None
    officer: Officer | None = None
    supplement_due_at: datetime | None = None
    defects: tuple[str, ...] = ()
    rejection_ground: RejectionGround | None = None
    rejection_reason: str | None = None

    @property
    def was_supplement_requested(self) -> bool:
        """A notice of defects was given at least once."""
        return bool(self.defects)


def supplement_due(rules: CheckRules, asked_at: datetime) -> datetime:
    """By when the author must have supplemented (Decree 13/2012, article 6.2)."""
    return due_instant(asked_at, rules.supplement, rules.calendar)


def may_lapse(check: FormalCheck, now: datetime) -> bool:
    """A supplement is awaited and its time is over."""
    return check.supplement_due_at is not None and now > check.supplement_due_at


def shifted_due(due_at: datetime, stood_still_since: datetime, now: datetime) -> datetime:
    """The due instant after the clock stood still from the notice to the supplement."""
    return due_at + (now - stood_still_since)
