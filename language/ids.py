"""Types of identifiers, so that a checker notices when one is taken for another."""

from typing import NewType
from uuid import UUID

DossierId = NewType("DossierId", UUID)
StageId = NewType("StageId", UUID)
AwardId = NewType("AwardId", UUID)
PersonId = NewType("PersonId", UUID)
PostId = NewType("PostId", UUID)
UnitId = NewType("UnitId", UUID)
SeasonId = NewType("SeasonId", UUID)
TransitionId = NewType("TransitionId", UUID)
EventId = NewType("EventId", UUID)
NoticeId = NewType("NoticeId", UUID)
