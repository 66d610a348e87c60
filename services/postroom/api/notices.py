"""The inbox of notices, how each person wants to be told, and the mails that went out."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response

from kit.http.commands import Caller, Commanded, Db, IfMatch, shown
from kit.http.models import Page, PageSize, page_of, whole
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from language.messages.notices import NoticeKind
from language.telling import MailState
from services.postroom.api import notice_schemas as schemas
from services.postroom.domain.telling import NoticeSettings
from services.postroom.operations import telling
from services.postroom.store import mails, notices
from services.postroom.store.notices import NoticeFilter

router = Router(prefix="/v1", tags=["notices"])
Unread = Annotated[bool | None, Query(description="true: only unread ones; false: only read ones")]


@router.get("/notices")
async def list_notices(
    caller: Caller,
    database: Db,
    page: Annotated[AskedPage, Depends(sorted_by(notices.SORTS))],
    unread: Unread = None,
    kind: NoticeKind | None = None,
    limit: PageSize = 50,
) -> Page[schemas.NoticeOut]:
    """The caller's notices, newest first."""
    wanted = NoticeFilter(person_id=caller.person_id, unread=unread, kind=kind)
    async with database.reading() as tx:
        found = await notices.list_notices(tx, wanted, page.place, limit + 1)
    return page_of([schemas.NoticeOut.of_notice(one) for one in found], limit, page.key, page.after)


@router.get("/notices/counts")
async def count_notices(caller: Caller, database: Db) -> Page[schemas.NoticeCountOut]:
    """How many notices of each kind the caller has, and how many are unread."""
    async with database.reading() as tx:
        found = await notices.count_notices(tx, caller.person_id)
    return whole([schemas.NoticeCountOut.of(count) for count in found])


@router.post("/notices/read", response_model=schemas.NoticesReadOut)
async def read_notices(body: schemas.NoticesReadIn, command: Commanded) -> Response:
    """The caller has read these, or all up to an instant."""
    which = body.up_to if body.up_to is not None else body.ids or []
    return await command.run(
        lambda tx: telling.read_notices(tx, command.caller, which),
        lambda read: schemas.NoticesReadOut(read=read),
    )


@router.get("/people/{person_id}/notice-settings", response_model=schemas.NoticeSettingsOut)
async def read_settings(person_id: UUID, caller: Caller, database: Db) -> Response:
    """How the person is told; the ETag is `"v0"` while nothing was chosen."""
    async with database.reading() as tx:
        return shown(await telling.read_settings(tx, caller, person_id), schemas.NoticeSettingsOut.of)


def settings_router(*, mails_go_out: bool) -> Router:
    """How somebody wants to be told."""
    choosing = Router(prefix="/v1", tags=["notices"])

    @choosing.put("/people/{person_id}/notice-settings", response_model=schemas.NoticeSettingsOut)
    async def change_settings(
        person_id: UUID, body: schemas.NoticeSettingsIn, version: IfMatch, command: Commanded
    ) -> Response:
        """Choose how to be told of what. Kinds that the law has the person told of can be gathered, not
        turned off. Of another mail address the one of before is told, too."""
        new = NoticeSettings(person_id=person_id, version=version, **body.model_dump())
        return await command.run(
            lambda tx: telling.change_settings(tx, command.caller, new, mails_go_out=mails_go_out),
            schemas.NoticeSettingsOut.of,
        )

    return choosing


@router.get("/mails", tags=["operations"])
async def list_mails(
    caller: Caller,
    database: Db,
    page: Annotated[AskedPage, Depends(sorted_by(mails.SORTS))],
    state: MailState | None = None,
    limit: PageSize = 50,
) -> Page[schemas.MailOut]:
    """Mails, newest first, for administrators of the province."""
    async with database.reading() as tx:
        found = await telling.list_mails(tx, caller, state, page.place, limit + 1)
    return page_of([schemas.MailOut.of(mail) for mail in found], limit, page.key, page.after)


@router.get("/mails/{mail_id}", tags=["operations"])
async def read_mail(mail_id: UUID, caller: Caller, database: Db) -> schemas.MailOut:
    """One mail, for administrators of the province."""
    async with database.reading() as tx:
        return schemas.MailOut.of(await telling.read_mail(tx, caller, mail_id))


@router.post("/mails/{mail_id}/resending", response_model=schemas.MailOut, tags=["operations"])
async def resend_mail(mail_id: UUID, command: Commanded) -> Response:
    """Send a mail again that was given up, or of which nobody knows whether it went out."""
    return await command.run(lambda tx: telling.resend_mail(tx, command.caller, mail_id), schemas.MailOut.of)
