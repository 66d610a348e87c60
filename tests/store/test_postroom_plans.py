"""The hot queries of telling people use their indexes."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from kit.clock import Clock
from kit.db import Database
from services.postroom.app import SERVICE
from services.postroom.store import forgetting, mails, notices, webhooks
from tests.conftest import Cluster, vacuum

PERSON, HOOK = UUID(int=7), UUID(int=8)
ROWS = """
insert into received_notices (id, service, event_id, person_id, kind, subject_id, subject_code, happened_at)
  select gen_random_uuid(), 'review', gen_random_uuid(), ('00000000-0000-0000-0000-' || lpad(to_hex(n % 400),
  12, '0'))::uuid, 'REMINDED',
    gen_random_uuid(), 'x', now() - n * interval '1 minute' from generate_series(1, 40000) n;
insert into mails (id, person_id, send_at, is_gathered, state, made_at)
  select gen_random_uuid(), gen_random_uuid(), now() + n * interval '1 second', false,
  case when n % 100 = 0 then 'WAITING' else 'SENT' end, now()
  from generate_series(1, 40000) n;
insert into webhooks (id, url, kinds, sealed_secret, made_by, made_at) values
  ('00000000-0000-0000-0000-000000000008', 'https://a.vn', '{REMINDED}', 'x', gen_random_uuid(), now());
insert into webhook_deliveries (id, webhook_id, notice_id, state)
  select gen_random_uuid(), '00000000-0000-0000-0000-000000000008', id,
  case when row_number() over () % 100 = 0 then 'WAITING' else 'DELIVERED' end
  from received_notices;
"""
END = datetime(9999, 1, 1, tzinfo=UTC)
HOT: dict[str, tuple[str, list[Any], str]] = {
    "inbox": (
        notices.LIST["-happened"],
        [PERSON, None, None, None, None, 51],
        "received_notices_by_person",
    ),
    "counts": (notices.COUNTS, [PERSON], "received_notices_by_person"),
    "mails due": (mails.DUE, [datetime.now(UTC), 50], "mails_waiting"),
    "mails in doubt": (mails.DOUBT, [], "mails_by_state"),
    "deliveries due": (webhooks.DUE, [[], 5], "webhook_deliveries_waiting_by_webhook"),
    "old mails": (forgetting.OLD_MAILS, [datetime.now(UTC), 500], "mails_over"),
    "old notices": (
        forgetting.OLD_NOTICES,
        [datetime.now(UTC) - timedelta(days=20), 500],
        "received_notices_by_time",
    ),
    "deliveries of old notices": (
        forgetting.FORGET_DELIVERIES,
        [[UUID(int=number) for number in range(500)]],
        "webhook_deliveries_by_notice",
    ),
    "deliveries": (
        webhooks.DELIVERIES,
        [HOOK, None, UUID(int=(1 << 128) - 1), 51],
        "webhook_deliveries_by_webhook",
    ),
}


@pytest.fixture(scope="module")
async def database(postgres: Cluster) -> AsyncIterator[Database]:
    admin_url = await postgres.fresh()
    opened = await Database.open(postgres.url(admin_url, SERVICE.name), schema=SERVICE.name, clock=Clock())
    await opened.pool.execute(ROWS)
    await vacuum(admin_url, "postroom.received_notices", "postroom.mails", "postroom.webhook_deliveries")
    yield opened
    await opened.close()


@pytest.mark.parametrize("name", HOT)
async def test_a_hot_query_uses_its_index(database: Database, name: str) -> None:
    query, arguments, index = HOT[name]
    plan = json.dumps(await database.pool.fetchval(f"explain (format json) {query}", *arguments))
    assert index in plan, plan
    assert "Seq Scan on received_notices" not in plan
