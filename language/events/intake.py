"""What happens to a dossier in intake: from the draft to the end of its journey."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from language.cases import RejectionGround
from language.events.base import Change, Fact, Owner, Personal
from language.messages.journey import JourneyOutcome, LevelResult
from language.messages.transition import StageFate, TransitionClass, TransitionReason
from language.posts.kinds import PostKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCreated(Fact):
    """An author began a draft."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    unit_id: UUID
    season_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPrepared(Fact):
    """An office began a draft for its first author, who completes and files it, from a list that authors gave
    it."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    unit_id: UUID
    season_id: UUID
    author_id: UUID
    list_sha256: str
    list_row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftBegun(Fact):
    """A clerk began a draft for its author, who files it or agrees to its filing."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    unit_id: UUID
    season_id: UUID
    author_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingAgreed(Fact):
    """The author agreed to the filing of the draft as it stands, by the office that prepared it."""

    OWNER: ClassVar[Owner] = Owner.INTAKE


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentChange:
    """A field of the content, as text before and after; of several values as JSON."""

    field: str
    content: Change[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentChanged(Fact):
    """The author wrote some fields anew."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    fields: tuple[str, ...]
    changes: Personal[tuple[ContentChange, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentAdded(Fact):
    """A file was added."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    attachment_id: UUID
    sha256: str
    size_bytes: int
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRemoved(Fact):
    """A file was taken off."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    attachment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFiled(Fact):
    """The request was filed and got its number in the unit's register."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    code: str
    register_number: int
    register_year: int
    answer_due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FormalCheckOpened(Fact):
    """The request went to an officer; to nobody where nobody is there. `chain` runs from the holder of the
    post to the officer."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    officer_id: UUID | None
    due_at: datetime
    chain: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """What has to be corrected, in which field of the content; null where it is of no single one."""

    content_field: str | None
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequested(Fact):
    """The officer named defects and gave the author time to correct them."""

    OWNER: ClassVar[Owner] = Owner.INTAKE
    VERSION: ClassVar[int] = 2

    defects: tuple[Defect, ...]
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSupplemented(Fact):
    """The author sent the supplement."""

    OWNER: ClassVar[Owner] = Owner.INTAKE


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAccepted(Fact):
    """The request is complete and meets these rules of the check."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    rules_met: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRejected(Fact):
    """The request is not accepted: an officer's reason, or the time that passed without a supplement."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    ground: RejectionGround
    reason: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierWithdrawn(Fact):
    """The author withdrew before the request was accepted."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalRequested(Fact):
    """The author asks to withdraw an accepted dossier; review says which came first."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalCameTooLate(Fact):
    """The decision had come before the withdrawal."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    requested_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierClosed(Fact):
    """The journey ended, with what each level said."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    outcome: JourneyOutcome
    levels: tuple[LevelResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierReopened(Fact):
    """A level examines again what it refused, by this second decision, in a new stage."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    level: str
    decision_number: str
    new_stage_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReopened(Fact):
    """The request is checked again: a complaint about its rejection was upheld. From now on the check is that
    of this id."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    complaint_id: UUID
    check_id: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionEnded(Fact):
    """The last recognition that stood was cancelled, by this second decision."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    level: str
    decision_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesChanged(Fact):
    """The dossier goes on under other rules."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    transition_id: UUID
    verdict: TransitionClass
    verdict_reason: TransitionReason
    stage: StageFate
    level: Change[str | None]
    rule_version: Change[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesChangeDeclined(Fact):
    """Other rules were offered and did not fit where the dossier stood."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    transition_id: UUID
    verdict: TransitionClass
    verdict_reason: TransitionReason
    stage: StageFate
    level: Change[str | None]
    rule_version: Change[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareConfirmed(Fact):
    """A co-author stands by the own share."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    contribution_percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareDeclined(Fact):
    """A co-author does not stand by the own share, or by being named at all."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    contribution_percent: Decimal
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierTakenOver(Fact):
    """The filer left, and somebody goes on with the dossier for all authors."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    filer: Change[UUID]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorHoldsPost(Fact):
    """An author holds a post that would act in the matter; the author is left out of it."""

    OWNER: ClassVar[Owner] = Owner.INTAKE

    person_id: UUID
    post_id: UUID
    post_kind: PostKind
    unit_id: UUID
