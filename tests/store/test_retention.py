"""What is kept for a time only goes when the time is over, in batches, and nothing else does; and every table
is said to be kept for ever, or to be removed by somebody."""

import asyncio
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from casework.terms import FORGET_COMPARISONS
from kit import keeping
from kit.clock import Clock
from kit.db import Database, Tx
from kit.keeping import Keeping, Term, by
from kit.metrics import exposition
from kit.plumbing import plumbing_terms
from kit.terms import Terms
from language.names import SCHEMAS
from services.organisation.sign_in.store.terms import sign_in_terms
from services.portal.store.terms import TERMS as PORTAL_TERMS
from services.postroom.store.forgetting import postroom_terms
from tests.conftest import Cluster, as_admin

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "retention.md"
ALL: Final = Terms()
_COMPARISONS: Final = Term(
    what="run_comparisons", kept=timedelta(days=ALL.comparisons_kept_days), remove=by(FORGET_COMPARISONS)
)
TERMS: Final[Mapping[str, tuple[str, Term]]] = {
    term.what: (schema, term)
    for schema, terms in (
        ("review", (*plumbing_terms(ALL), _COMPARISONS)),
        ("organisation", sign_in_terms(90)),
        ("portal", PORTAL_TERMS),
        ("postroom", [term for term in postroom_terms(730, 90) if "digests" in term.what]),
    )
    for term in terms
}
# $1 is so many rows, $2 how old they are beyond what they are kept.
ROWS: Final[Mapping[str, str]] = {
    "idempotency_keys": "insert into idempotency_keys (caller_id, key, request_hash, status, headers, body, "
    "created_at) select gen_random_uuid(), 'x', 'x', 200, '{}', '', now() - $2::interval",
    "outbox": "insert into outbox (event_id, workflow_id, action, name, payload, delivered_at) "
    "select gen_random_uuid(), 'w', 'SIGNAL', 'n', '{}', now() - $2::interval",
    "outbox_dismissed": "insert into outbox (event_id, workflow_id, action, name, payload, trouble, "
    "given_up_at, dismissed_at) select gen_random_uuid(), 'w', 'SIGNAL', 'n', '{}', 'RUN_FAILED', "
    "now() - interval '9 years', now() - $2::interval",
    "refused_calls": "insert into refused_calls (workflow_id, activity, error, attempts, last_at) "
    "select gen_random_uuid(), 'a', 'E', 9, now() - $2::interval",
    "run_comparisons": "insert into run_comparisons (id, asked_at) select gen_random_uuid(), "
    "now() - $2::interval",
    "authorization_codes": "insert into authorization_codes (code_hash, client_id, redirect_uri, "
    "code_challenge, person_id, expires_at) select gen_random_uuid(), 'c', 'u', 'c', "
    "'00000000-0000-4000-8000-000000000001', now() - $2::interval",
    "device_grants": "insert into device_grants (device_code_hash, user_code_hash, client_id, renewable, "
    "address, asked_at, good_until, interval_seconds) select gen_random_uuid(), gen_random_uuid(), 'c', "
    "false, 'a', now() - $2::interval, now() - $2::interval, 5",
    "renewals": "insert into renewals (id, person_id, client_id, secret_hash, renewed_at, signed_in_at, "
    "ends_at) select gen_random_uuid(), '00000000-0000-4000-8000-000000000001', 'c', gen_random_uuid(), "
    "now(), now(), now() - $2::interval",
    "account_links": "insert into account_links (id, person_id, event_id, is_invitation, address_digest, "
    "sent_at, good_until) select gen_random_uuid(), '00000000-0000-4000-8000-000000000001', "
    "gen_random_uuid(), true, 'x', now() - $2::interval, now() - $2::interval",
    "sign_in_tries": "insert into sign_in_tries (key, last_at) select gen_random_uuid(), "
    "now() - $2::interval",
    "sessions": "insert into sessions (id, secret_hash, person_id, program, sealed, opened_at, seen_at, "
    "ends_at) select gen_random_uuid(), gen_random_uuid()::text::bytea, gen_random_uuid(), 'p', 's', now(), "
    "now(), now() - $2::interval",
    "kept_forms": "insert into kept_forms (id, sealed, kept_until) select gen_random_uuid(), 's', "
    "now() - $2::interval",
    "account_link_digests": "insert into account_link_digests (digest, link_id, made_at) "
    "select gen_random_uuid(), gen_random_uuid(), now() - $2::interval",
}
SOMEBODY: Final = """
insert into organisation.people (id, code, full_name, folded_name)
values ('00000000-0000-4000-8000-000000000001', 'x', 'x', 'x') on conflict do nothing
"""
ACCOUNT: Final = """
insert into organisation.accounts (username, person_id) values ('x', '00000000-0000-4000-8000-000000000001')
on conflict do nothing
"""


@pytest.fixture(scope="module")
async def admin_url(postgres: Cluster) -> str:
    """One database for all: no test reads a table of another."""
    made = await postgres.fresh()
    await as_admin(made, SOMEBODY, ACCOUNT)
    return made


async def _opened(postgres: Cluster, admin_url: str, schema: str) -> Database:
    return await Database.open(postgres.url(admin_url, schema), schema=schema, clock=Clock())


@pytest.mark.parametrize("what", TERMS)
async def test_what_is_over_goes_in_batches_and_what_somebody_holds_waits(
    postgres: Cluster, admin_url: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "BATCH", 2)
    schema, term = TERMS[what]
    table = "outbox" if what == "outbox_dismissed" else what
    rows = f"{ROWS[what]} from generate_series(1, $1::int)"
    database = await _opened(postgres, admin_url, schema)
    turn = Keeping(database, [term])

    async def count() -> int:
        return int(await database.pool.fetchval(f"select count(*) from {table}"))

    try:
        await database.pool.execute(f"delete from {table}")
        await database.pool.execute(rows, 3, term.kept - timedelta(minutes=1))
        await database.pool.execute(rows, 1, term.kept + timedelta(minutes=1))
        held = f"select from {table} for update"
        async with database.transaction() as tx:
            await tx.conn.execute(held)
            await asyncio.wait_for(turn.turn(database.transaction), 5)
        assert await count() == 4
        await database.pool.execute(rows, 4, term.kept + timedelta(minutes=1))
        await turn.turn(database.transaction)
        assert await count() == 3
        await turn.turn(database.transaction)
        assert await count() == 3
        assert f'what="{what}"' in exposition(database.meters)
    finally:
        await database.pool.execute(f"delete from {table}")
        await database.close()


async def test_what_is_not_over_by_itself_is_never_removed(postgres: Cluster, admin_url: str) -> None:
    database = await _opened(postgres, admin_url, "payout")
    waiting = """
    insert into outbox (event_id, workflow_id, action, name, payload, created_at, trouble, given_up_at)
    select gen_random_uuid(), 'w', 'SIGNAL', 'n', '{}', now() - interval '9 years', trouble,
      case when trouble is not null then now() - interval '9 years' end
    from unnest(array[null, 'RUN_FAILED']) trouble
    """
    try:
        await database.pool.execute(waiting)
        await Keeping(database, plumbing_terms(ALL)).turn(database.transaction)
        assert await database.pool.fetchval("select count(*) from outbox") == 2
    finally:
        await database.close()


async def test_a_link_that_may_still_be_used_keeps_what_was_mailed_of_it(
    postgres: Cluster, admin_url: str
) -> None:
    link = """
    insert into organisation.account_links (id, person_id, event_id, is_invitation, address_digest, sent_at,
      good_until)
    values ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001',
      gen_random_uuid(), true, encode(sha256('a@b.vn'), 'hex'), now(), now() + interval '1 hour')
    """
    mailed = """
    insert into postroom.account_link_digests (digest, link_id, made_at)
    values ('d', '00000000-0000-4000-8000-000000000002', now() - interval '1 year')
    """
    address = "update organisation.people set mail_address = 'a@b.vn'"
    await as_admin(admin_url, address, "delete from organisation.account_links", link, mailed)
    database = await _opened(postgres, admin_url, "postroom")
    turn = Keeping(database, postroom_terms(730, 90))
    try:
        await turn.turn(database.transaction)
        assert await database.pool.fetchval("select count(*) from account_link_digests") == 1
        await as_admin(admin_url, "update organisation.account_links set good_until = now()")
        await turn.turn(database.transaction)
        assert await database.pool.fetchval("select count(*) from account_link_digests") == 0
    finally:
        await database.close()


async def test_a_term_that_fails_holds_up_no_other_and_is_seen(postgres: Cluster, admin_url: str) -> None:
    done: list[str] = []

    async def fail(_: Tx, __: timedelta, ___: int) -> int:
        raise asyncpg.ForeignKeyViolationError

    async def go(_: Tx, __: timedelta, ___: int) -> int:
        done.append("went")
        return 0

    database = await _opened(postgres, admin_url, "rulebook")
    terms = [Term(what=name, kept=timedelta(), remove=do) for name, do in (("bad", fail), ("good", go))]
    try:
        await Keeping(database, terms).turn(database.transaction)
    finally:
        await database.close()
    assert done == ["went"]
    told = exposition(database.meters)
    assert 'what="good"' in told
    assert 'what="bad"' not in told


async def test_every_table_is_said_to_be_kept_for_ever_or_for_how_long(
    postgres: Cluster, admin_url: str
) -> None:
    conn = await asyncpg.connect(admin_url)
    try:
        rows = await conn.fetch(
            "select schemaname, tablename from pg_tables where schemaname = any($1)", [*map(str, SCHEMAS)]
        )
    finally:
        await conn.close()
    there = {(row["schemaname"], row["tablename"]) for row in rows}
    said = set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)?)`", DOCUMENT.read_text(encoding="utf-8")))
    unsaid = {f"{schema}.{table}" for schema, table in there if not {table, f"{schema}.{table}"} & said}
    assert unsaid == set()
    gone = {name for name in said if "." in name and tuple(name.split(".")) not in there}
    assert gone == set()
