"""What goes over HTTP about policy packs."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from services.directory.domain.drafts import DraftState
from services.directory.operations.packs import DraftView
from services.directory.policy_findings import Weight
from services.directory.policy_packs import PolicyPack
from services.kit.http.models import Out


class PackOut(Out):
    """A published pack. Nobody drafted or published those that came with the system."""

    name: str
    version: int
    effective_from: date
    effective_to: date | None
    drafted_by: UUID | None
    published_by: UUID | None
    published_at: datetime


class FindingOut(Out):
    """What was found in a draft: BLOCKS keeps it from being published, WARNS is to be weighed."""

    weight: Weight
    path: str
    vi: str
    en: str


class DraftLineOut(Out):
    """A draft in the list."""

    id: UUID
    name: str
    pack_version: int
    state: DraftState
    drafted_by: UUID
    drafted_at: datetime
    edited_by: UUID
    edited_at: datetime
    published_by: UUID | None
    published_at: datetime | None
    version: int


class DraftOut(DraftLineOut):
    """A draft with its content and what was found in it."""

    content: PolicyPack
    findings: list[FindingOut]

    @classmethod
    def of(cls, value: DraftView) -> Self:
        """The draft as its administrators see it."""
        line = DraftLineOut.of(value.draft)
        content = PolicyPack.model_validate(value.draft.content)
        return cls(**line.model_dump(), content=content, findings=[FindingOut.of(finding) for finding in value.findings])
