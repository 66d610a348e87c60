"""Whether the content of attachments is there and as it was: its name is its hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

from casework import rights
from kit.auth import Principal
from kit.db import Tx
from kit.objects.port import NotKept
from language.posts.kinds import ADMINS
from services.intake.store.attachments import Blobs, Content, list_contents

_CHUNK: Final = 4 << 20
_YOUNG_SECONDS: Final = 3_600
"""Content is named before its row is there."""


class ContentFault(StrEnum):
    """There is nothing under its name; or it is not what it was."""

    MISSING = "MISSING"
    CHANGED = "CHANGED"


@dataclass(frozen=True, slots=True, kw_only=True)
class LostContent:
    """Content that cannot be had any more, and the dossiers it belongs to."""

    sha256: str
    fault: ContentFault
    dossier_ids: Sequence[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentCheck:
    """What was found: so much content was looked at, this is lost, and of these no row knows."""

    examined: int
    lost: Sequence[LostContent]
    unknown: Sequence[str]


async def contents_of(tx: Tx, caller: Principal, prefix: str) -> list[Content]:
    """What must be there, of all content whose hash begins with these two digits; for administrators of the
    province."""
    await rights.require_root(tx, caller, ADMINS)
    return await list_contents(tx, prefix)


async def check_contents(blobs: Blobs, contents: Sequence[Content], prefix: str, now: float) -> ContentCheck:
    """Read everything. `now` in seconds: what is younger than an hour may have its row soon."""
    kept = await blobs.below(prefix)
    lost = []
    for content in contents:
        found = kept.pop(content.sha256, None)
        if found is None:
            fault: ContentFault | None = ContentFault.MISSING
        elif found.size_bytes != content.size_bytes:
            fault = ContentFault.CHANGED
        else:
            fault = await _read_back(blobs, content)
        if fault:
            lost.append(LostContent(sha256=content.sha256, fault=fault, dossier_ids=content.dossier_ids))
    unknown = [name for name, found in kept.items() if found.written_at < now - _YOUNG_SECONDS]
    return ContentCheck(examined=len(contents), lost=lost, unknown=unknown)


async def _read_back(blobs: Blobs, content: Content) -> ContentFault | None:
    digest = sha256()
    try:
        for start in range(0, content.size_bytes, _CHUNK):
            length = min(_CHUNK, content.size_bytes - start)
            digest.update(await blobs.read(content.sha256, start, length))
    except NotKept:
        return ContentFault.MISSING
    return None if digest.hexdigest() == content.sha256 else ContentFault.CHANGED
