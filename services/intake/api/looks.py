"""Who looked at which dossier, over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from casework.naming import Days
from kit.http.commands import Caller, Db
from kit.http.models import Day, Out, Page, PageSize, page_of
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from services.intake.domain.look import LookedAt
from services.intake.operations import looking
from services.intake.store import looks
from services.intake.store.looks import LookFilter

router = Router(prefix="/v1/looks", tags=["history"])


class LookOut(Out):
    """Somebody who is no author looked at a part of a dossier; once for each hour."""

    id: UUID
    dossier_id: UUID
    dossier_code: str | None
    title: str
    unit_id: UUID
    person_id: UUID
    full_name: str | None
    part: LookedAt
    looked_at: datetime


@router.get("")
async def list_looks(
    caller: Caller,
    database: Db,
    page: Annotated[AskedPage, Depends(sorted_by(looks.SORTS))],
    dossier_id: UUID | None = None,
    actor_id: Annotated[UUID | None, Query(description="Who looked")] = None,
    looked_from: Day | None = None,
    looked_until: Day | None = None,
    limit: PageSize = 50,
) -> Page[LookOut]:
    """Looks at dossiers under the units of auditors and administrators, the newest first."""
    wanted = LookFilter(dossier_id=dossier_id, looked=Days(first=looked_from, last=looked_until))
    async with database.reading() as tx:
        found = await looking.list_looks(tx, caller, actor_id, wanted, (page.place, limit + 1))
    return page_of([LookOut.of(one) for one in found], limit, page.key, page.after)
