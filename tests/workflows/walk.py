"""A change of rules over many dossiers, as the fakes keep it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from language.ids import DossierId
from language.messages.transition import (
    ClassifyDossiers,
    NoteAnswers,
    OpenDossiers,
    RulesAnswer,
    RulesAnswers,
)

ANSWERED_AT = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass
class Walk:
    """A change of rules over many dossiers: the pages that are open, and what was asked of their owners."""

    pages: list[OpenDossiers] = field(default_factory=list)
    sorted: list[ClassifyDossiers] = field(default_factory=list)
    untold: list[DossierId] = field(default_factory=list)
    unanswered: list[DossierId] = field(default_factory=list)
    silent_for: int = 0
    answers: list[NoteAnswers] = field(default_factory=list)
    finished: int = 0

    def page_after(self, after: DossierId | None) -> OpenDossiers:
        """The page behind this dossier."""
        known = [page.dossiers[-1].dossier_id for page in self.pages if page.dossiers]
        return self.pages[known.index(after) + 1 if after else 0]

    def answers_of(self, dossier_ids: tuple[DossierId, ...]) -> RulesAnswers:
        """After some silence everybody was closed before."""
        self.silent_for -= 1
        waiting = () if self.silent_for >= 0 else dossier_ids
        return RulesAnswers(
            answers=tuple(RulesAnswer(dossier_id=one, passage=None, at=ANSWERED_AT) for one in waiting)
        )
