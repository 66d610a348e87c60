"""What a history finds wrong by itself is on the alarm list of the province, until the check passes again."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from casework.history.alarming import look_again
from casework.history.chain import chain_waiting
from casework.history.keys import HistoryKeys, history_keys
from casework.history.verify import Trust
from cli.stranded import count_history_alarms
from kit.db import Database
from language.posts.kinds import PostKind
from tests.conftest import ServiceOpener, TestService, held
from tests.history_cases import SIGNER, History
from tests.service_cases import SERVICES

ROOT, UNIT = uuid4(), uuid4()


@dataclass(frozen=True, slots=True)
class Watched:
    """A service and its history."""

    service: TestService
    history: History


@pytest.fixture(params=["review", "organisation", "postroom"])
async def found(open_service: ServiceOpener, request: pytest.FixtureRequest) -> AsyncIterator[Watched]:
    async with open_service(SERVICES[request.param]) as service:
        yield Watched(service, History(service.database, service.admin_url, request.param))


async def _alarms(service: TestService, kind: PostKind = PostKind.ADMIN, *path: Any) -> list[dict[str, Any]]:
    headers = service.headers(uuid4(), held(kind, *(path or (ROOT,))))
    answer = await service.http.get("/v1/alarms", headers=headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def _look(database: Database) -> None:
    async with database.transaction() as tx:
        await look_again(tx)


async def test_an_event_that_is_not_chained_is_an_alarm_until_it_is(found: Watched) -> None:
    service, history = found.service, found.history
    await history.happen(1)
    forged = (await history.happen(1))[0]
    [row] = await history.database.pool.fetch("select rule from events where event_id = $1", forged)
    await history.attack(
        lambda conn: conn.execute("update events set rule = 'other' where event_id = $1", forged)
    )
    await history.chain()
    [alarm] = await _alarms(service)
    assert (alarm["kind"], alarm["about_id"], alarm["unit_id"]) == (
        "HISTORY_DOES_NOT_FIT",
        str(forged),
        str(ROOT),
    )
    assert alarm["subject_code"] == f"{history.service} FORGED"
    assert alarm["subject_id"] == str(history.subjects[0])
    assert alarm["what_to_do_vi"]
    assert await _alarms(service, PostKind.UNIT_HEAD, ROOT, UNIT) == []
    assert await count_history_alarms(service.admin_url) == {history.service: 1}
    await _look(history.database)
    await history.chain()
    assert await _alarms(service) == [alarm], "a look that finds the same changes nothing"
    await history.attack(
        lambda conn: conn.execute("update events set rule = $2 where event_id = $1", forged, row["rule"])
    )
    await _look(history.database)
    await history.chain()
    assert await _alarms(service) == []
    assert await count_history_alarms(service.admin_url) == {}
    assert not (await history.verify()).faults


async def test_a_checkpoint_that_does_not_hold_is_an_alarm_until_it_does(found: Watched) -> None:
    service, history = found.service, found.history
    await history.happen(3)
    await history.chain()
    await history.sign()
    await _look(history.database)
    assert await _alarms(service) == []
    for statement in (
        "update checkpoints set day = day + {sign}1",
        "update chain set position = position + {sign}9 where position = {where}",
    ):
        await history.attack(lambda conn, text=statement: conn.execute(text.format(sign="", where=3)))
        await _look(history.database)
        [alarm] = await _alarms(service)
        assert alarm["kind"] == "HISTORY_DOES_NOT_FIT"
        assert alarm["subject_code"] == f"{history.service} CHECKPOINT_CHANGED 1"
        assert await count_history_alarms(service.admin_url) == {history.service: 1}
        await _look(history.database)
        assert await _alarms(service) == [alarm]
        await history.attack(lambda conn, text=statement: conn.execute(text.format(sign="-", where=12)))
        await _look(history.database)
        assert await _alarms(service) == []
    trust = Trust(keys=history_keys(), public_keys=frozenset({SIGNER.public_key}))
    assert not (await history.verify(trust)).faults


async def test_alarms_of_histories_come_page_by_page_with_the_others(found: Watched) -> None:
    service, history = found.service, found.history
    await history.happen(3)
    async with history.database.transaction() as tx:
        await chain_waiting(tx, HistoryKeys({"other": b"o" * 32}))
    headers = service.headers(uuid4(), held(PostKind.ADMIN, ROOT))
    seen, after = list[str](), dict[str, str]()
    while True:
        page = (await service.http.get("/v1/alarms", params={"limit": 2, **after}, headers=headers)).json()
        seen += [alarm["id"] for alarm in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert len(set(seen)) == len(seen) == 3
