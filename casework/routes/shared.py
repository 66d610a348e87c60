"""Routes that every service with tasks and histories offers in the same shape."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Final, Self
from uuid import UUID

from fastapi import Depends
from pydantic import JsonValue

from casework import alarms, rights
from casework.alarms import Alarm
from casework.history.past import PastEvent, list_events
from casework.naming import people_names, posts_called, unit_names
from casework.reading import MayRead, NoteLook
from kit.auth import Principal
from kit.db import Database, Tx
from kit.http.commands import Caller, Db
from kit.http.cursors import key_by_number
from kit.http.models import Cursor, Out, Page, PageSize, UnitFilter, page_of
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from language.cases import AlarmKind
from language.posts.kinds import PostKind, TaskKind
from language.refusals import Forbidden
from language.words.events import say_event
from language.words.remedies import CLOSED_ACCOUNT
from language.words.said import say, say_remedy

ALARMED: Final = frozenset({PostKind.ADMIN, PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD})


class EventOut(Out):
    """One thing that happened: docs/events.md says what `detail` holds for each kind and version. `actor_id`
    is null when the clock acted; `rule` is the rule that made it. `through` is what gave the right to act in
    the post: the ids of the holding, the delegation, the leave of who is stood in for."""

    seq: int
    event_id: UUID
    subject_id: UUID
    kind: str
    version: int
    occurred_at: datetime
    recorded_at: datetime
    actor_id: UUID | None
    on_behalf_of: UUID | None
    post_id: UUID | None
    through: dict[str, JsonValue] | None
    rule_version: str | None
    rule: str | None
    detail: dict[str, JsonValue]


class NamedEventOut(EventOut):
    """The same with the sentence that a history says of it, and by the names of who acted, for whom, and in
    which post of which unit."""

    act_vi: str
    act_en: str
    actor_name: str | None
    on_behalf_name: str | None
    post_title: str | None
    unit_name: str | None


async def named_events(tx: Tx, events: Sequence[PastEvent]) -> list[NamedEventOut]:
    """Events with the names of people and posts."""
    people = await people_names(tx, (who for one in events for who in (one.actor_id, one.on_behalf_of)))
    posts = await posts_called(tx, (one.post_id for one in events))
    found = []
    for one in events:
        said = say_event(type(one.fact))
        post = posts.get(one.post_id) if one.post_id else None
        found.append(
            NamedEventOut(
                **EventOut.of(one).model_dump(),
                act_vi=said.vi,
                act_en=said.en,
                actor_name=people.get(one.actor_id) if one.actor_id else None,
                on_behalf_name=people.get(one.on_behalf_of) if one.on_behalf_of else None,
                post_title=post.title if post else None,
                unit_name=post.unit_name if post else None,
            )
        )
    return found


async def page_of_history(tx: Tx, subject_id: UUID, after: str | None, limit: int) -> Page[NamedEventOut]:
    """A page of what happened here to a subject, in order."""
    found = await list_events(tx, subject_id, after=key_by_number(after), limit=limit + 1)
    return page_of(await named_events(tx, found), limit, lambda event: (event.seq,), after)


async def _nothing_to_note(database: Database, caller: Principal, dossier_id: UUID) -> None:
    """Looks are written down by the service that owns the dossier."""


def history_router(may_read: MayRead, note: NoteLook = _nothing_to_note) -> Router:
    """The history of a dossier in this service. `may_read` refuses callers who may not know of it, `note`
    writes down who looked."""
    router = Router(prefix="/v1/dossiers", tags=["history"])

    @router.get("/{dossier_id}/history")
    async def read_history(
        dossier_id: UUID, caller: Caller, database: Db, limit: PageSize = 200, after: Cursor = None
    ) -> Page[NamedEventOut]:
        """Everything that happened here to the dossier, in order."""
        async with database.reading() as tx:
            await may_read(tx, caller, dossier_id)
        await note(database, caller, dossier_id)
        async with database.reading() as tx:
            return await page_of_history(tx, dossier_id, after, limit)

    return router


class AlarmOut(Out):
    """Something that cannot go on by itself, in words and with what can be done. Of work that nobody is there
    for, `task` is what it is, `person_id` with whom it stays, and `found` ACCOUNT_CLOSED where that person's
    account is closed. Of the history, `about_id` is the event or stands for the checkpoint, and
    `subject_code` says the service and what was found. Of a run, `about_id` is the dossier, payment list or
    change of rules it is about, and `found` a code that says more. Of a webhook, `about_id` is the webhook,
    and `subject_code` its host. Of an act in question, `about_id` is the question
    (`/v1/questioned-acts/{id}`), `person_id` who acted, and `found` what was done."""

    id: UUID
    kind: AlarmKind
    about_id: UUID
    subject_id: UUID
    subject_code: str
    level: str | None
    unit_id: UUID
    unit_name: str | None = None
    since: datetime
    task: TaskKind | None
    person_id: UUID | None
    found: str | None
    vi: str
    en: str
    what_to_do_vi: str
    what_to_do_en: str

    @classmethod
    def of(cls, value: Alarm) -> Self:
        """The alarm in words."""
        said = say(value.kind)
        remedy = CLOSED_ACCOUNT if value.found == alarms.ACCOUNT_CLOSED else say_remedy(value.kind)
        return cls(**asdict(value), vi=said.vi, en=said.en, what_to_do_vi=remedy.vi, what_to_do_en=remedy.en)


def alarms_router() -> Router:
    """What cannot go on by itself, for those who can help."""
    router = Router(prefix="/v1/alarms", tags=["alarms"])

    @router.get("")
    async def list_alarms(
        caller: Caller,
        database: Db,
        page: Annotated[AskedPage, Depends(sorted_by(alarms.SORTS))],
        unit_id: UnitFilter = None,
        kind: AlarmKind | None = None,
        limit: PageSize = 50,
    ) -> Page[AlarmOut]:
        """Every alarm under the caller's units that stands, oldest first; those of the history for who has
        such a post in the root unit, and, asked for by their kind, for auditors there."""
        readers = ALARMED | {PostKind.AUDITOR} if kind is AlarmKind.HISTORY_DOES_NOT_FIT else ALARMED
        async with database.reading() as tx:
            units = await rights.units_of(tx, caller, readers)
            if not units:
                raise Forbidden
            root = await rights.root_of(tx, caller, readers)
            if unit_id is not None:
                await rights.require_in(tx, caller, readers, unit_id)
                units, root = (unit_id,), root if unit_id == root else None
            found = await alarms.list_alarms(tx, units, root, page.place, limit + 1, kind)
            names = await unit_names(tx, (alarm.unit_id for alarm in found))
        lines = [
            AlarmOut.of(alarm).model_copy(update={"unit_name": names.get(alarm.unit_id)}) for alarm in found
        ]
        return page_of(lines, limit, page.key, page.after)

    return router
