"""What becomes of acts that a paper puts into question which came late."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from language.cases import DoubtCause
from language.events.base import Fact, Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class ActQuestioned(Fact):
    """What became known afterwards of these days puts an act into question: `act_id` is its event, of the
    kind `act`; by nobody (`acted_by` null) the clock acted. Nothing is undone by it; the unit above
    decides."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    question_id: UUID
    act_id: UUID
    act: str
    acted_by: UUID | None
    acted_at: datetime
    doubt: DoubtCause
    first_day: date
    last_day: date | None
    decided_in: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionedActStands(Fact):
    """The unit above says that the act stands as it was done."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    question_id: UUID
    act_id: UUID
    act: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionedActToBeRedone(Fact):
    """The unit above says that the act is to be done again, by the acts that undo it; nothing is undone by
    this itself."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    question_id: UUID
    act_id: UUID
    act: str
    reason: str
