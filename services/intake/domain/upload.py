"""A file that comes in pieces, over a line that breaks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.refusals import PieceBeyondEnd, PieceOutOfPlace, UploadIncomplete


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """How far it is. `attachment_id` names what it became."""

    id: UUID
    dossier_id: UUID
    begun_by: UUID
    filename: str
    size_bytes: int
    received_bytes: int
    attachment_id: UUID | None
    begun_at: datetime

    def has(self, at_byte: int, length: int) -> bool:
        """So many bytes from there on were received already."""
        return at_byte + length <= self.received_bytes

    def require_next(self, at_byte: int, length: int) -> None:
        """The piece begins where the last one ended, and ends within the file; refused otherwise."""
        if at_byte + length > self.size_bytes:
            raise PieceBeyondEnd(size=self.size_bytes)
        if at_byte != self.received_bytes:
            raise PieceOutOfPlace(from_byte=self.received_bytes)

    def require_whole(self) -> None:
        """Every byte is here; refused otherwise."""
        if self.received_bytes < self.size_bytes:
            raise UploadIncomplete(from_byte=self.received_bytes)
