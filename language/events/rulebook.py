"""What happens to rules: packs, changes of rules over dossiers under way, the calendar, seasons."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from language.cases import WindowAct
from language.events.base import Change, Fact, Owner, Readers
from language.messages.transition import LevelMove, TransitionChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class PackChange:
    """A place in a pack, as text before and after: null where there is nothing, in numbers and the like as
    JSON."""

    place: str
    content: Change[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPackDrafted(Fact):
    """A version of a pack was begun."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES

    pack: str
    pack_version: int
    content_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPackEdited(Fact):
    """The draft was written anew, and has to be checked again."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES

    pack: str
    pack_version: int
    draft_version: int
    checked: Change[bool]
    changes: tuple[PackChange, ...]
    content_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPackChecked(Fact):
    """The draft was held against units and published packs, and now passes, or no longer does."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES

    pack: str
    pack_version: int
    draft_version: int
    checked: Change[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPackDropped(Fact):
    """Nothing comes of the draft."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES

    pack: str
    pack_version: int
    draft_version: int
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPackPublished(Fact):
    """A pack never changes from here on, and is in force on its days. Nobody drafted what came with the
    system."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES

    pack: str
    pack_version: int
    effective_from: date
    effective_to: date | None
    drafted_by: UUID | None
    content_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionPlanned(Fact):
    """Every open dossier of the replaced pack is being sorted; nothing moves yet. `reverses`: the transition
    whose dossiers would be given back."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES

    replaces: str
    pack: str
    pack_version: int
    level_moves: tuple[LevelMove, ...]
    reverses: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierChoice:
    """What was chosen for a dossier, before and now."""

    dossier_id: UUID
    choice: Change[TransitionChoice | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionChoiceMade(Fact):
    """Somebody chose where the transitional rule does not say."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES

    dossiers: tuple[DossierChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionApproved(Fact):
    """A second person let the plan be carried out."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionCancelled(Fact):
    """The plan was dropped."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionDone(Fact):
    """Every dossier that was told has answered."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES

    reverses: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanged(Fact):
    """The province's calendar has other days; null before the first."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES

    calendar_version: Change[int | None]
    holidays: Change[tuple[date, ...]]
    make_up_days: Change[tuple[date, ...]]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakAdded(Fact):
    """A unit and all under it do not work on these days."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES

    break_id: UUID
    first_day: date
    last_day: date
    name: str
    calendar_version: Change[int]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEnded(Fact):
    """A break of these days holds no longer."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES

    break_id: UUID
    first_day: date
    last_day: date
    name: str
    calendar_version: Change[int]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonCreated(Fact):
    """A season was opened."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES

    code: str
    name: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundCreated(Fact):
    """A round was added to a season: for a field or for all, by units of a level or of any."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES
    VERSION: ClassVar[int] = 2

    season_id: UUID
    code: str
    level: str | None
    application_field: str | None
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingWindowChanged(Fact):
    """A season, or a round of it, was extended, closed or opened again."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES

    season_id: UUID
    round_id: UUID | None
    act: WindowAct
    closes_at: Change[datetime]
    document: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFilingPermitted(Fact):
    """A unit, and all under it, may file after the end."""

    OWNER: ClassVar[Owner] = Owner.RULEBOOK
    READERS: ClassVar[Readers] = Readers.RULES

    season_id: UUID
    unit_id: UUID
    until: datetime
    document: str
    reason: str
