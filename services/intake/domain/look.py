"""What of a dossier somebody looked at."""

from enum import StrEnum


class LookedAt(StrEnum):
    """The dossier as it stands, what was handed in, a file, its history, its proof."""

    DOSSIER = "DOSSIER"
    VERSION = "VERSION"
    FILE = "FILE"
    HISTORY = "HISTORY"
    PROOF = "PROOF"
