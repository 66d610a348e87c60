"""A change of rules over many dossiers, as the fake rulebook keeps it."""

from dataclasses import dataclass, field

from language.ids import DossierId
from language.messages.transition import SortDossiers


@dataclass
class Walk:
    """The dossiers that are open, and what was asked about them."""

    dossiers: list[DossierId] = field(default_factory=list)
    page: int = 2
    sorted: list[SortDossiers] = field(default_factory=list)
    untold: list[DossierId] = field(default_factory=list)
    unanswered: list[DossierId] = field(default_factory=list)
    answered: list[DossierId] = field(default_factory=list)
    silent_for: int = 0
    looks: int = 0
    finished: int = 0
