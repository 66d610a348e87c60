"""What starts a journey and what ends it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from language.ids import DossierId, EventId, PersonId, SeasonId, UnitId
from language.time_scale import TimeScale


class JourneyOutcome(StrEnum):
    """The final state of a dossier."""

    REQUEST_REJECTED = "REQUEST_REJECTED"
    RECOGNISED = "RECOGNISED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class StageOutcome(StrEnum):
    """How one level ended."""

    RECOGNISED = "RECOGNISED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorShare:
    """An author and the share of the contribution in percent; all shares of a dossier sum to 100."""

    person_id: PersonId
    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StartJourney:
    """Intake's word that a dossier was filed: starts `InitiativeWorkflow`."""

    event_id: EventId
    dossier_id: DossierId
    dossier_code: str
    unit_id: UnitId
    season_id: SeasonId
    authors: tuple[AuthorShare, ...]
    filed_at: datetime
    time_scale: TimeScale | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelResult:
    """What one level said, as the journey ends with it."""

    level: str
    outcome: StageOutcome
    decision_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyClosed:
    """The result of the workflow: one final state, and each level's word on the way."""

    dossier_id: DossierId
    outcome: JourneyOutcome
    levels: tuple[LevelResult, ...]
