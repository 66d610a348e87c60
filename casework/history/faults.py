"""What a verification can find."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class FaultKind(StrEnum):
    """What does not fit."""

    EVENT_CHANGED = "EVENT_CHANGED"
    """An event does not say what was vouched for when it was recorded."""
    EVENT_DELETED = "EVENT_DELETED"
    """An event that was chained, or waits to be, is gone."""
    EVENT_INSERTED = "EVENT_INSERTED"
    """An event that nobody recorded: it is neither chained nor waits to be."""
    ROW_DOUBLED = "ROW_DOUBLED"
    """A row of an event, of the chain or of the links stands twice."""
    EVENT_NOT_CHAINED = "EVENT_NOT_CHAINED"
    """An event that the relay would not chain, and raised an alarm for."""
    POSITION_MISSING = "POSITION_MISSING"
    """The chain has no row before this one, or ends before what was signed."""
    CHAIN_CHANGED = "CHAIN_CHANGED"
    """A hash of the chain does not follow from the event and the one before: changed, or put elsewhere."""
    LINK_CHANGED = "LINK_CHANGED"
    """The subject's own links are missing, changed, reordered, or one too many."""
    KEY_UNKNOWN = "KEY_UNKNOWN"
    """What is not signed yet names a key that is not among HISTORY_KEYS."""
    CHECKPOINT_CHANGED = "CHECKPOINT_CHANGED"
    """A checkpoint is not signed by a known key, does not follow the one before, or does not fit the rows."""
    VALUE_CHANGED = "VALUE_CHANGED"
    """A personal value does not fit its digest, or is gone though no erasure was recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The first thing in its place that does not fit."""

    kind: FaultKind
    position: int | None = None
    event_id: UUID | None = None
    checkpoint: int | None = None
