"""Every service says in numbers how it stands, to anybody who can reach it, and says nobody's name."""

from pathlib import Path
from uuid import uuid4

import pytest

from kit.outbox import signal_workflow
from language.names import SERVICES as NAMES
from services.review.app import SERVICE
from tests.conftest import ServiceOpener, TestService
from tests.review_cases import Case
from tests.service_cases import SERVICES


async def _figures(service: TestService) -> dict[str, float]:
    answer = await service.http.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    lines = [line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


@pytest.mark.parametrize("name", NAMES)
async def test_every_service_tells_its_figures(
    open_service: ServiceOpener, name: str, tmp_path: Path
) -> None:
    settings = {"blob_dir": tmp_path} if name == "intake" else {}
    async with open_service(SERVICES[name], **settings) as service:
        found = await _figures(service)
        assert found["sangkien_stranded_cases"] == found["sangkien_messages_stuck"] == 0
        assert found['sangkien_alarms{kind="RUN_ENDED"}'] == 0


async def test_what_is_stranded_stuck_or_alarming_is_counted(open_service: ServiceOpener) -> None:
    async with open_service(SERVICE) as service:
        case = Case(service)
        await case.open()
        pool = service.database.pool
        await pool.execute("delete from rungs_ahead where about_id = $1", case.stage)
        await pool.execute(
            "update tasks set unreachable_since = now() where assignee_id = $1", case.members[2]
        )
        async with service.database.transaction() as tx:
            for _ in range(3):
                await signal_workflow(tx, uuid4(), f"initiative:{case.dossier}", "word", {})
        await pool.execute("update outbox set created_at = now() - interval '1 hour'")
        await pool.execute(
            "update outbox set trouble = 'RUN_FAILED', given_up_at = now() "
            "where id = (select min(id) from outbox)"
        )
        found = await _figures(service)
        assert found["sangkien_messages_stuck"] == 1
        assert found["sangkien_messages_waiting"] == 2
        assert 3_590 < found["sangkien_messages_waiting_oldest_seconds"] < 3_700
        assert found['sangkien_alarms{kind="NOBODY_THERE"}'] == 1
        assert found["sangkien_stranded_cases"] == 0, "work that is an alarm is not stranded"
    async with open_service(SERVICE) as service:
        case = Case(service)
        await case.open()
        await service.database.pool.execute("delete from rungs_ahead where about_id = $1", case.stage)
        assert (await _figures(service))["sangkien_stranded_cases"] == 1
