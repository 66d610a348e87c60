"""A refusal that an author complains about, for the tests of review."""

from typing import Any
from uuid import UUID

import httpx

from language.names import TaskQueue
from tests.conftest import TestService
from tests.review_cases import Case

REFUSED = {"outcome": "REFUSED", "ground": "NOT_NOVEL", "reasons": "Trùng giải pháp đã có"}
WHY = {"reason": "Giải pháp nêu trong quyết định khác hẳn giải pháp của tôi"}


async def refuse(case: Case) -> Case:
    """Its council refuses the dossier, and intake has written down the end of the journey."""
    await case.open()
    await case.mark_all()
    assert (await case.decide(**REFUSED)).status_code == 200
    intake = await case.service.shared.database(TaskQueue.INTAKE)
    await intake.pool.execute(
        "update dossiers set state = 'REFUSED', closed_at = now() where id = $1", case.dossier
    )
    return case


async def refused(service: TestService, **rules: Any) -> Case:
    """A dossier that was refused under these rules."""
    return await refuse(Case(service, rules=rules))


async def complain(case: Case, person: UUID | None = None, query: str = "") -> httpx.Response:
    """The author says that the refusal is wrong."""
    return await case.service.http.post(
        f"/v1/stages/{case.stage}/complaints{query}",
        json=WHY,
        headers=case.service.headers(person or case.author),
    )


async def complained(case: Case) -> UUID:
    """The complaint of the author."""
    answer = await complain(case)
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])
