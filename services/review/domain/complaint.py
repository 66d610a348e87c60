"""A complaint of an author about a refusal, and when it can be made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from language.cases import ComplaintEnd
from language.ids import PersonId, StageId
from language.messages.journey import StageOutcome
from language.posts.kinds import PostKind
from services.review.domain.refusals import (
    ActDoesNotFit,
    ComplaintOver,
    ComplaintThere,
    DecisionNoLongerStands,
    NotDecidedYet,
    OnlyAuthorsComplain,
)
from services.review.domain.stage import AnyStage, DecidedStage


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What an author says against the refusal of a stage (`first_number`), and how it ended. `barred_id` has
    decided, and does not settle it."""

    id: UUID
    stage_id: StageId
    dossier_id: UUID
    dossier_code: str
    level: str
    unit_id: UUID
    unit_path: Sequence[UUID]
    first_number: str
    complainant_id: PersonId
    reason: str
    settler_post: PostKind
    barred_id: PersonId | None
    rule_version: str
    filed_at: datetime
    due_at: datetime
    ended: ComplaintEnd | None
    ended_at: datetime | None
    ended_by: PersonId | None
    answer: str | None
    version: int

    @property
    def is_open(self) -> bool:
        """Nobody has settled it or taken it back."""
        return self.ended is None


def require_complainable(stage: AnyStage, known: Sequence[Complaint], person_id: UUID) -> DecidedStage:
    """The refused stage, if this author may complain about it: once, unless the complaint was taken back."""
    if person_id not in stage.author_ids:
        raise OnlyAuthorsComplain
    if not isinstance(stage, DecidedStage):
        raise NotDecidedYet
    if stage.ruling.outcome is not StageOutcome.REFUSED:
        raise ActDoesNotFit(outcome=stage.ruling.outcome)
    if stage.annulled_by is not None:
        raise DecisionNoLongerStands
    if any(one.ended is not ComplaintEnd.WITHDRAWN for one in known):
        raise ComplaintThere
    return stage


def require_open(complaint: Complaint) -> None:
    """It can still be settled or taken back."""
    if complaint.ended is not None:
        raise ComplaintOver(ended=complaint.ended)
