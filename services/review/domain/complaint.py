"""A complaint of an author about a refusal or the rejection of a request, or about the first answer, and when
it can be made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from language.cases import ComplaintEnd
from language.ids import DossierId, PersonId, StageId, UnitId
from language.messages.journey import CheckState, StageOutcome
from language.plan.act_rules import complaint_rule
from language.plan.review_plan import ComplaintRule, FormalCheckPlan, LevelPlan
from language.posts.kinds import PostKind
from services.review.domain.complaint_refusals import (
    ComplainedTwice,
    ComplaintOver,
    ComplaintThere,
    OnlyAuthorsComplain,
    RequestNotRejected,
)
from services.review.domain.refusals import ActDoesNotFit, DecisionNoLongerStands, NotDecidedYet
from services.review.domain.stage import AnyStage, DecidedStage


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What an author says against the refusal of a stage (`first_number`), or against the rejection of the
    request by the move `check_revision` of its check, and how it ended. `instance` 2: the first answer is
    wrong, too."""

    id: UUID
    stage_id: StageId | None
    check_revision: int | None
    dossier_id: UUID
    dossier_code: str
    level: str | None
    unit_id: UUID
    unit_path: Sequence[UUID]
    first_number: str | None
    instance: int
    complainant_id: PersonId
    reason: str
    settler_post: PostKind
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Complained:
    """What can be complained about: the refusal of a stage, or the rejection of a request. `decided_by` are
    who has decided it and in whose place, `interested` who acted for the authors."""

    stage_id: StageId | None
    check_revision: int | None
    dossier_id: DossierId
    dossier_code: str
    level: str | None
    unit_id: UnitId
    first_number: str | None
    author_ids: Sequence[PersonId]
    interested: Sequence[PersonId]
    decided_by: Sequence[PersonId]
    decided_at: datetime
    plan: LevelPlan | FormalCheckPlan
    rule_version: str

    def rule(self, instance: int) -> ComplaintRule:
        """Who settles it and within what time."""
        return complaint_rule(self.plan, instance)

    def barred(self, first: Complaint | None, answered_by: Sequence[PersonId]) -> set[PersonId]:
        """Who does not settle it: whoever acted for the authors; whoever decided, unless the rules let them
        answer a first complaint; and of a second one whoever answered the first."""
        may_decide = first is None and self.rule(1).by_decider
        return {*self.interested, *(() if may_decide else self.decided_by), *answered_by}


def require_refused(stage: AnyStage, person_id: UUID) -> DecidedStage:
    """The refused stage, if it stands and this is an author."""
    require_author(stage.author_ids, person_id)
    if not isinstance(stage, DecidedStage):
        raise NotDecidedYet
    if stage.ruling.outcome is not StageOutcome.REFUSED:
        raise ActDoesNotFit(outcome=stage.ruling.outcome)
    if stage.annulled_by is not None:
        raise DecisionNoLongerStands
    return stage


def require_rejected(state: CheckState) -> None:
    """The request stands rejected."""
    if state is not CheckState.REJECTED:
        raise RequestNotRejected


def require_author(author_ids: Sequence[PersonId], person_id: UUID) -> None:
    """Only authors complain."""
    if person_id not in author_ids:
        raise OnlyAuthorsComplain


def first_of(known: Sequence[Complaint]) -> Complaint | None:
    """The complaint whose answer can be complained about now; None for a first complaint. What was taken back
    does not count."""
    counted = [one for one in known if one.ended is not ComplaintEnd.WITHDRAWN]
    if not counted:
        return None
    last = counted[-1]
    if last.ended is not ComplaintEnd.DISMISSED:
        raise ComplaintThere
    if last.instance > 1:
        raise ComplainedTwice
    return last


def require_open(complaint: Complaint) -> None:
    """It can still be settled or taken back."""
    if complaint.ended is not None:
        raise ComplaintOver(ended=complaint.ended)
