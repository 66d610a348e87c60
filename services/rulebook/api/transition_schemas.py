"""Bodies and answers about changes of rules."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from kit.http.models import Code, In, Out
from language.journey.transition import SENTENCES
from language.messages.transition import (
    DossierStep,
    Marks,
    StageFate,
    TransitionChoice,
    TransitionClass,
    TransitionReason,
)
from services.rulebook.domain.transition import (
    SortedDossier,
    Transition,
    TransitionState,
    TransitionView,
    TriedChoices,
)


class TransitionIn(In):
    """The published pack that shall hold for the dossiers of its earlier versions and of the pack it
    replaces."""

    pack: Code
    version: int = Field(ge=1, le=1_000_000)


class ChoicesIn(In):
    """One choice for up to 200 dossiers."""

    choice: TransitionChoice
    dossier_ids: list[UUID] = Field(min_length=1, max_length=200)


class TransitionOut(Out):
    """A transition. DRAFT is a dry run; it can be approved when `planned_at` is set."""

    id: UUID
    from_pack: str
    to_pack: str
    to_version: int
    reverses: UUID | None
    state: TransitionState
    made_by: UUID
    made_at: datetime
    planned_at: datetime | None
    settled_by: UUID | None
    settled_at: datetime | None
    done_at: datetime | None
    version: int


class TransitionCountOut(Out):
    """How many dossiers of a class, why, from where to where, and how far they are: told, moved, declined,
    closed before."""

    kind: TransitionClass
    reason: TransitionReason
    sentence_vi: str
    sentence_en: str
    step: DossierStep
    marks: Marks
    stage: StageFate
    from_level: str | None
    to_level: str | None
    count: int
    chosen: int
    told: int
    moved: int
    declined: int
    closed: int


class TransitionViewOut(TransitionOut):
    """A transition with its counts."""

    choices_missing: int
    counts: list[TransitionCountOut]

    @classmethod
    def view(cls, view: TransitionView) -> Self:
        """The answer that shows this."""
        counts = []
        for count in view.counts:
            vietnamese, english = SENTENCES[count.reason]
            values = {
                name: getattr(count, name)
                for name in TransitionCountOut.model_fields
                if not name.startswith("sentence")
            }
            counts.append(TransitionCountOut(**values, sentence_vi=vietnamese, sentence_en=english))
        shown: Transition = view.transition
        fields = {name: getattr(shown, name) for name in TransitionOut.model_fields}
        return cls(**fields, choices_missing=view.choices_missing, counts=counts)


class SortedDossierOut(Out):
    """A row of the plan. `answer_class` is what its journey answered; answered without one, it was closed
    before."""

    dossier_id: UUID
    code: str
    unit_id: UUID
    kind: TransitionClass
    reason: TransitionReason
    stage: StageFate
    step: DossierStep
    marks: Marks
    from_level: str | None
    to_level: str | None
    choices: list[TransitionChoice]
    choice: TransitionChoice | None
    told_at: datetime | None
    answer_class: TransitionClass | None
    answer_reason: TransitionReason | None
    answered_at: datetime | None

    @classmethod
    def row(cls, row: SortedDossier) -> Self:
        """The answer that shows this row."""
        passage, position = row.passage, row.position
        return cls(
            dossier_id=row.dossier_id,
            code=row.code,
            unit_id=row.unit_id,
            kind=passage.kind,
            reason=passage.reason,
            stage=passage.stage,
            step=position.step,
            marks=position.marks,
            from_level=position.level,
            to_level=passage.to_level,
            choices=list(passage.choices),
            choice=row.choice,
            told_at=row.told_at,
            answer_class=row.answer_class,
            answer_reason=row.answer_reason,
            answered_at=row.answered_at,
        )


class TriedChoicesOut(Out):
    """What a choice would make of the rows it names, and how many choices would still be missing. A row that
    the choice is not offered for stays as it is; what is not in the plan is left out."""

    dossiers: list[SortedDossierOut]
    choices_missing: int
    dry_run: bool = True

    @classmethod
    def tried(cls, tried: TriedChoices) -> Self:
        """The answer that shows this."""
        return cls(
            dossiers=[SortedDossierOut.row(one) for one in tried.dossiers],
            choices_missing=tried.choices_missing,
        )
