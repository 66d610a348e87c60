"""Bodies and answers about the people in a dossier, and about what was handed in."""

from datetime import datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from kit.http.models import In, Out, Page, whole
from services.intake.api.schemas import AttachmentOut, ContentOut, Percent
from services.intake.domain.agreement import Answer, ShareStanding
from services.intake.domain.version import FiledVersion
from services.intake.operations.versions import ShownVersion


class ShareConfirmationIn(In):
    """The share that the author has seen and stands by."""

    contribution_percent: Percent


class ShareOut(Out):
    """An author's share. `is_asked`: the author can sign in and holds a post, and so has to confirm it before
    the request is handed in. `answer` is null while there is none to this share."""

    person_id: UUID
    full_name: str
    outside: bool
    contribution_percent: Decimal
    is_asked: bool
    answer: Answer | None
    reason: str | None
    answered_at: datetime | None

    @classmethod
    def of_standing(cls, share: ShareStanding) -> Self:
        """With the answer, if there is one."""
        author, answer = share.author, share.answer
        return cls(
            person_id=author.person_id,
            full_name=author.full_name,
            outside=author.outside,
            contribution_percent=author.contribution_percent,
            is_asked=share.is_asked,
            answer=answer.answer if answer else None,
            reason=answer.reason if answer else None,
            answered_at=answer.answered_at if answer else None,
        )


def shares_out(shares: list[ShareStanding]) -> Page[ShareOut]:
    """Every author's share, in the order of the request."""
    return whole([ShareOut.of_standing(share) for share in shares])


class VersionLineOut(Out):
    """What was handed in, in a list: the filing is number 1, each supplement the next."""

    number: int
    title: str
    filed_by: UUID
    filed_at: datetime

    @classmethod
    def of_version(cls, version: FiledVersion) -> Self:
        """Its line."""
        return cls(
            number=version.number,
            title=version.content.title,
            filed_by=version.filed_by,
            filed_at=version.filed_at,
        )


class FieldChangeOut(Out):
    """A field as it was in the version before, and as it is in this one; of several values as JSON."""

    field: str
    old: str
    new: str


class VersionOut(VersionLineOut):
    """What was handed in, with the files it had. `changes`: against the version before, if the reader sees
    that one too."""

    content: ContentOut
    attachments: list[AttachmentOut]
    changes: list[FieldChangeOut]

    @classmethod
    def of_shown(cls, shown: ShownVersion) -> Self:
        """In full."""
        line = VersionLineOut.of_version(shown.version)
        return cls(
            **line.model_dump(),
            content=ContentOut.of(shown.version.content),
            attachments=[AttachmentOut.of(file) for file in shown.attachments],
            changes=[
                FieldChangeOut(field=one.field, old=one.content.old, new=one.content.new)
                for one in shown.changes
            ],
        )
