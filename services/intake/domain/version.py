"""A content as it was handed in, with the files it had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.dossier import DossierContent


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledVersion:
    """The filing is number 1, each supplement the next."""

    dossier_id: UUID
    number: int
    filed_by: UUID
    filed_at: datetime
    content: DossierContent
    author_ids: Sequence[UUID]
    attachment_ids: Sequence[UUID]
