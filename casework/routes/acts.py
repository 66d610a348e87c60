"""All acts of a person or a post, in every service in the same shape."""

from dataclasses import replace
from typing import Annotated, Final, Self
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AfterValidator

from casework import rights
from casework.history import acts
from casework.history.acts import ActFilter, Subject
from casework.joined import records_of
from casework.naming import Days
from casework.routes.shared import NamedEventOut, named_events
from kit.http.commands import Caller, Db
from kit.http.models import Code, Day, Page, PageSize, page_of
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from language.cases import CaseType
from language.events.catalogue import class_of
from language.posts.kinds import PostKind
from language.refusals import Forbidden, Refusal
from language.unfit import Unfit

AUDITORS: Final = frozenset({PostKind.AUDITOR, PostKind.ADMIN})
"""Who reads on what people did, and who looked at what."""


class ActsOfNobody(Refusal):
    """The book of acts is read by person or by post."""

    status = 422
    vi = "Hãy chọn một người hoặc một vị trí để xem các việc đã làm."
    en = "Choose a person or a post whose acts are to be shown."


def _known(kind: str) -> str:
    if class_of(kind) is None:
        raise Unfit("no act is called so", "không có việc nào tên như vậy")
    return kind


ActKind = Annotated[Code, AfterValidator(_known)]


class ActOut(NamedEventOut):
    """An act, with what it is about where that has had a deadline: the code, and the first kind of case."""

    subject_code: str | None
    case_kind: CaseType | None

    @classmethod
    def about(cls, line: NamedEventOut, subject: Subject | None) -> Self:
        """The act about this subject."""
        known = (subject.subject_code, subject.case_kind) if subject else (None, None)
        return cls(**line.model_dump(), subject_code=known[0], case_kind=known[1])


async def _wanted(
    actor_id: Annotated[UUID | None, Query(description="Who acted")] = None,
    post_id: Annotated[UUID | None, Query(description="Through which post")] = None,
    kind: ActKind | None = None,
    happened_from: Day | None = None,
    happened_until: Day | None = None,
) -> ActFilter:
    return ActFilter(
        actor_ids=None if actor_id is None else (actor_id,),
        post_id=post_id,
        kind=kind,
        happened=Days(first=happened_from, last=happened_until),
    )


def acts_router() -> Router:
    """For auditors and administrators: of the whole province everything, of a unit what was done through
    posts in it and below."""
    router = Router(prefix="/v1/acts", tags=["history"])

    @router.get("")
    async def list_acts(
        caller: Caller,
        database: Db,
        wanted: Annotated[ActFilter, Depends(_wanted)],
        page: Annotated[AskedPage, Depends(sorted_by(acts.SORTS))],
        limit: PageSize = 50,
    ) -> Page[ActOut]:
        """What this service has recorded of a person or a post, the newest first. A person's other record is
        the same person."""
        async with database.reading() as tx:
            units = await rights.units_of(tx, caller, AUDITORS)
            if not units:
                raise Forbidden
            if wanted.actor_ids is None and wanted.post_id is None:
                raise ActsOfNobody
            is_all = await rights.root_of(tx, caller, AUDITORS) is not None
            people = wanted.actor_ids and tuple(await records_of(tx, wanted.actor_ids[0]))
            asked = replace(wanted, actor_ids=people, unit_ids=None if is_all else units)
            found = await acts.list_acts(tx, asked, page.place, limit + 1)
            subjects = await acts.subjects_of(tx, [one.subject_id for one in found])
            named = await named_events(tx, found)
            lines = [ActOut.about(line, subjects.get(line.subject_id)) for line in named]
        return page_of(lines, limit, page.key, page.after)

    return router
