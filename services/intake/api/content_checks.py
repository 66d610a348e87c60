"""Whether the files of attachments are there, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Request

from kit.http.commands import Caller, Db
from kit.http.models import Out
from kit.http.routers import Router
from services.intake.api.contents import Contents
from services.intake.operations.checking_contents import ContentFault, check_contents, contents_of

Prefix = Annotated[str, Path(pattern="^[0-9a-f]{2}$", description="The first two digits of the hashes")]


class LostContentOut(Out):
    """Content that cannot be had any more."""

    sha256: str
    fault: ContentFault
    dossier_ids: list[UUID]


class ContentCheckOut(Out):
    """So much content was read; what is lost, and files of which no row knows."""

    examined: int
    lost: list[LostContentOut]
    unknown: list[str]


def content_checks_router(contents: Contents) -> Router:
    """Attachments compared with what they were."""
    router = Router(prefix="/v1/content-checks", tags=["attachments"])

    @router.get("/{prefix}")
    async def check(prefix: Prefix, caller: Caller, database: Db, request: Request) -> ContentCheckOut:
        """Read all content whose hash begins so, a 256th part of it, and say what is missing or changed. It
        takes as long as the reading does. For administrators of the province."""
        async with database.reading() as tx:
            expected = await contents_of(tx, caller, prefix)
        now = request.app.state.clock.real_now().timestamp()
        return ContentCheckOut.of(await check_contents(contents.blobs, expected, prefix, now))

    return router
