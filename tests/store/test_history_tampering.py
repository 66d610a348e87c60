"""Somebody who owns the database and puts every trigger to sleep cannot change the history unseen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from casework.history.erasing import erase_personal_values
from casework.history.faults import FaultKind
from casework.history.hashing import bucket_of, chain_hash, event_hash, link_hash
from casework.history.judging import canonical_of
from casework.history.keys import Signer
from casework.history.verify import Trust, verify_subject
from language.events.actor import Actor
from tests.conftest import Cluster
from tests.history_cases import SIGNER, Attack, History, MatterMoved, PersonNamed, history, own_trust

Conn = Any
SIGNED, OPEN = 5, 11
"""A position below the checkpoint of the fixture, and one in the open tail."""


@asynccontextmanager
async def _made(postgres: Cluster) -> AsyncIterator[History]:
    """Nine signed events of three subjects, six chained and open."""
    async with history(postgres) as made:
        await made.happen(9)
        await made.chain()
        await made.sign()
        await made.happen(6)
        await made.chain()
        yield made


@pytest.fixture(scope="module")
async def found(postgres: Cluster) -> AsyncIterator[History]:
    """One that is attacked, and put back, by many tests."""
    async with _made(postgres) as made:
        yield made


@pytest.fixture
async def own(postgres: Cluster) -> AsyncIterator[History]:
    """One for tests that let it grow."""
    async with _made(postgres) as made:
        yield made


async def test_an_untouched_history_holds_and_says_what_is_open(own: History) -> None:
    report = await own.verify()
    assert not report.faults
    assert (report.head, report.examined, report.signed_to, report.open, report.waiting) == (15, 15, 9, 6, 0)
    await own.happen(2)
    assert (await own.verify()).waiting == 2
    for subject in own.subjects:
        async with own.looking() as tx:
            assert not (await verify_subject(tx, own_trust(), subject)).faults


def _at(position: int) -> str:
    return f"event_id = (select event_id from chain where position = {position})"


def _edit(change: str, position: int) -> Attack:
    return lambda conn: conn.execute(f"update events set {change} where {_at(position)}")


def _swap(table: str, key: str, column: str, one: int, other: int) -> Attack:
    """What two rows hold in a column changes places."""
    return lambda conn: conn.execute(
        f"""update {table} t set {column} = o.{column} from {table} o
        where (t.{key}, o.{key}) in (({one}, {other}), ({other}, {one}))"""
    )


EDITS = {
    "the detail": """detail = '{"step": 99, "reason": "x"}'""",
    "a letter in the detail": "detail = replace(detail::text, 'vì', 'vi')::jsonb",
    "the way a letter is written": "detail = normalize(detail::text, nfd)::jsonb",
    "a number by a float": "detail = jsonb_set(detail, '{step}', '1.5')",
    "a number too large": "detail = jsonb_set(detail, '{step}', '9007199254740993')",
    "the detail by a list": "detail = '[]'",
    "the instant": "occurred_at = occurred_at + interval '1 microsecond'",
    "the instant of recording": "recorded_at = recorded_at - interval '1 day'",
    "the actor": "actor_id = gen_random_uuid()",
    "the clock in place of the actor": "actor_id = null",
    "the right to act": "through = null",
    "the rule": "rule = null",
    "the version of the rules": "rule_version = 'other@1'",
    "the kind": "kind = 'MatterSettled'",
    "the version": "version = 2",
    "the subject": "subject_id = gen_random_uuid()",
    "the code": "mac = sha256('x')",
}


@pytest.mark.parametrize("position", [SIGNED, OPEN])
@pytest.mark.parametrize("edit", EDITS)
async def test_an_event_that_was_edited_is_named(found: History, edit: str, position: int) -> None:
    report = await found.attacked(_edit(EDITS[edit], position))
    [fault] = report.faults
    assert (fault.kind, fault.position) == (FaultKind.EVENT_CHANGED, position)


@pytest.mark.parametrize("edit", sorted(EDITS.keys() - {"the code"}))
async def test_without_keys_the_chain_still_names_what_was_edited(found: History, edit: str) -> None:
    report = await found.attacked(_edit(EDITS[edit], SIGNED), Trust(keys=None, public_keys=None))
    [fault] = report.faults
    assert fault.position == SIGNED


@pytest.mark.parametrize("position", [SIGNED, OPEN])
@pytest.mark.parametrize(
    ("table", "kind", "named"),
    [
        ("events", FaultKind.EVENT_DELETED, 0),
        ("chain", FaultKind.POSITION_MISSING, 1),
        ("links", FaultKind.LINK_CHANGED, 0),
    ],
)
async def test_a_deleted_row_is_named(
    found: History, table: str, kind: FaultKind, named: int, position: int
) -> None:
    fault = (
        await found.attacked(lambda conn: conn.execute(f"delete from {table} where {_at(position)}"))
    ).faults[0]
    assert (fault.kind, fault.position) == (kind, position + named)


@pytest.mark.parametrize("table", ["events", "chain", "links"])
async def test_the_last_row_does_not_vanish_unseen(found: History, table: str) -> None:
    assert (await found.attacked(lambda conn: conn.execute(f"delete from {table} where {_at(15)}"))).faults


@pytest.mark.parametrize("first", [SIGNED, OPEN])
@pytest.mark.parametrize(
    ("table", "key", "column", "kind"),
    [
        ("events", "seq", "occurred_at", FaultKind.EVENT_CHANGED),
        ("chain", "position", "event_id", FaultKind.CHAIN_CHANGED),
        ("chain", "position", "hash", FaultKind.CHAIN_CHANGED),
        ("links", "position", "event_id", FaultKind.LINK_CHANGED),
        ("links", "position", "hash", FaultKind.LINK_CHANGED),
        ("links", "position", "subject_id", FaultKind.LINK_CHANGED),
    ],
)
async def test_reordered_rows_are_named(
    found: History, table: str, key: str, column: str, kind: FaultKind, first: int
) -> None:
    async def without_keys(conn: Conn) -> None:
        for constraint in ("chain_event_id_key", "links_event_id_key", "links_pkey"):
            name = constraint.split("_", maxsplit=1)[0]
            await conn.execute(f"alter table {name} drop constraint {constraint}")
        await _swap(table, key, column, first, first + 1)(conn)

    [fault, *_] = (await found.attacked(without_keys)).faults
    assert (fault.kind, fault.position) == (kind, first)


async def test_rows_that_changed_their_order_in_the_table_are_named(found: History) -> None:
    async def swap(conn: Conn) -> None:
        await conn.execute("alter table events alter column seq drop identity, drop constraint events_pkey")
        await conn.execute("update events set seq = 11 - seq where seq in (5, 6)")

    [fault] = (await found.attacked(swap)).faults
    assert (fault.kind, fault.position) == (FaultKind.CHAIN_CHANGED, 5)


COPY = """
insert into events (event_id, subject_id, kind, version, occurred_at, recorded_at, actor_id, on_behalf_of,
  post_id, through, rule_version, rule, detail, key_id, mac)
select $1, subject_id, kind, version, occurred_at, recorded_at, actor_id, on_behalf_of, post_id, through,
  rule_version, rule, detail, key_id, mac from events where seq = 2 returning seq
"""


async def test_an_event_inserted_beside_the_chain_is_named(found: History) -> None:
    forged = uuid4()
    report = await found.attacked(lambda conn: conn.execute(COPY, forged))
    [fault] = report.faults
    assert (fault.kind, fault.event_id) == (FaultKind.EVENT_INSERTED, forged)


@pytest.mark.parametrize("position", [SIGNED, OPEN])
@pytest.mark.parametrize("table", ["events", "chain", "links"])
async def test_a_row_that_stands_twice_is_named(found: History, table: str, position: int) -> None:
    async def double(conn: Conn) -> None:
        await conn.execute(
            "alter table events drop constraint events_event_id_key, drop constraint events_pkey, "
            "alter column seq drop identity"
        )
        await conn.execute("alter table chain drop constraint chain_event_id_key, drop constraint chain_pkey")
        await conn.execute(
            "alter table links drop constraint links_event_id_key, drop constraint links_pkey, "
            "drop constraint links_position_key"
        )
        await conn.execute(f"insert into {table} select * from {table} where {_at(position)}")

    assert FaultKind.ROW_DOUBLED in {fault.kind for fault in (await found.attacked(double)).faults}


@pytest.mark.parametrize("position", [SIGNED, 16, 99])
async def test_a_row_inserted_into_the_chain_is_named(found: History, position: int) -> None:
    async def insert(conn: Conn) -> None:
        await conn.execute("alter table chain drop constraint chain_pkey")
        await conn.execute(
            "insert into chain (position, event_id, hash, key_id, mac) values ($1, $2, '', 'test', '')",
            position,
            uuid4(),
        )

    fault = (await found.attacked(insert)).faults[0]
    assert (fault.kind, fault.position) == (FaultKind.EVENT_DELETED, position)


async def test_an_inserted_event_is_not_made_true_by_being_queued(own: History) -> None:
    forged = uuid4()

    async def queue(conn: Conn) -> None:
        seq = await conn.fetchval(COPY, forged)
        await conn.execute("insert into events_to_chain (seq, event_id) values ($1, $2)", seq, forged)

    await own.attack(queue)
    [waiting] = (await own.verify()).faults
    assert (waiting.kind, waiting.event_id) == (FaultKind.EVENT_CHANGED, forged)
    await own.happen(3)
    assert await own.chain() == 4
    report = await own.verify()
    assert [(fault.kind, fault.event_id) for fault in report.faults] == [
        (FaultKind.EVENT_NOT_CHAINED, forged)
    ]
    assert report.head == 18, "the others are chained"


async def _forge_at_the_end(conn: Conn) -> None:
    """A forged event with hashes that follow, by somebody who knows the code and has no keys."""
    forged = uuid4()
    seq = await conn.fetchval(COPY, forged)
    row = await conn.fetchrow("select * from events where event_id = $1", forged)
    last = await conn.fetchrow("select position, hash, key_id, mac from chain order by position desc limit 1")
    newest = await conn.fetchrow(
        "select ordinal, hash from links where subject_id = $1 order by ordinal desc limit 1",
        row["subject_id"],
    )
    canonical = canonical_of("review", row)
    assert canonical
    event, position = event_hash(canonical), last["position"] + 1
    await conn.execute(
        "insert into chain (position, event_id, hash, key_id, mac) values ($1, $2, $3, $4, $5)",
        position,
        forged,
        chain_hash(last["hash"], event, position, seq),
        last["key_id"],
        last["mac"],
    )
    await conn.execute(
        "insert into links (subject_id, ordinal, event_id, position, bucket, hash) "
        "values ($1, $2, $3, $4, $5, $6)",
        row["subject_id"],
        newest["ordinal"] + 1,
        forged,
        position,
        bucket_of(row["subject_id"]),
        link_hash(newest["hash"], event, position),
    )


async def test_a_whole_forgery_at_the_open_end_lacks_the_key(found: History) -> None:
    report = await found.attacked(_forge_at_the_end)
    [fault] = report.faults
    assert (fault.kind, fault.position) == (FaultKind.EVENT_CHANGED, 16)
    blind = await found.attacked(_forge_at_the_end, Trust(keys=None, public_keys=None))
    assert not blind.faults
    assert blind.open == 7, "who has no keys is told that this much is open"


async def _rebuild_hashes(conn: Conn) -> None:
    """Swap two signed events in the chain and compute every hash behind them anew, without the keys."""
    await conn.execute("alter table chain drop constraint chain_event_id_key")
    await _swap("chain", "position", "event_id", 5, 6)(conn)
    before = await conn.fetchval("select hash from chain where position = 4")
    rows = await conn.fetch(
        "select c.position, e.* from chain c join events e using (event_id) "
        "where position > 4 order by position"
    )
    for row in rows:
        canonical = canonical_of("review", row)
        assert canonical
        before = chain_hash(before, event_hash(canonical), row["position"], row["seq"])
        await conn.execute("update chain set hash = $1 where position = $2", before, row["position"])


async def test_a_chain_computed_anew_does_not_fit_what_was_signed(found: History) -> None:
    blind = await found.attacked(_rebuild_hashes, Trust(keys=None, public_keys=None))
    assert FaultKind.CHECKPOINT_CHANGED in {fault.kind for fault in blind.faults}
    fault = (await found.attacked(_rebuild_hashes)).faults[0]
    assert (fault.kind, fault.position) == (FaultKind.CHAIN_CHANGED, 5)


@pytest.mark.parametrize(
    "change",
    [
        "update checkpoints set head = sha256('x')",
        "update checkpoints set root = sha256('x')",
        "update checkpoints set day = day - 1",
        "update checkpoints set position = 8",
        "update checkpoints set signature = decode(repeat('00', 64), 'hex')",
        "update checkpoints set number = 2",
        "delete from chain where position > 8; delete from links where position > 8; "
        "delete from events where seq > 8",
    ],
)
async def test_a_checkpoint_holds_against_changes(found: History, change: str) -> None:
    assert (await found.attacked(lambda conn: conn.execute(change))).faults[0].checkpoint is not None


async def test_changed_roots_of_buckets_are_not_signed(own: History) -> None:
    await own.sign()
    await own.attack(lambda conn: conn.execute("update checkpoint_buckets set root = sha256('x')"))
    await own.record(MatterMoved(step=1))
    await own.chain()
    assert await own.sign()
    assert not (await own.verify()).faults


async def test_a_root_that_was_signed_and_does_not_fit_the_rows_is_named(own: History) -> None:
    made = await own.sign()
    assert made
    wrong = replace(made, root=bytes(32))
    signature = SIGNER.sign(wrong.message("review"))
    report = await own.attacked(
        lambda conn: conn.execute(
            "update checkpoints set root = $1, signature = $2 where number = 2", wrong.root, signature
        )
    )
    [fault] = report.faults
    assert (fault.kind, fault.checkpoint) == (FaultKind.CHECKPOINT_CHANGED, 2)


async def test_only_a_known_key_signs(found: History) -> None:
    stranger = Signer("22" * 32)
    trust = Trust(keys=None, public_keys=frozenset({stranger.public_key}))
    [fault] = (await found.verify(trust)).faults
    assert (fault.kind, fault.checkpoint) == (FaultKind.CHECKPOINT_CHANGED, 1)


async def test_a_link_too_many_is_named(found: History) -> None:
    subject = found.subjects[0]
    report = await found.attacked(
        lambda conn: conn.execute(
            "insert into links select $1, 99, gen_random_uuid(), 99, bucket, hash from links "
            "where position = 1",
            subject,
        )
    )
    [fault] = report.faults
    assert fault.kind is FaultKind.LINK_CHANGED


async def test_one_subject_is_verified_by_itself(found: History) -> None:
    for subject in found.subjects:
        report = await found.attacked(_edit("rule = null", 5), subject=subject)
        assert [fault.position for fault in report.faults] == ([5] if subject == found.subjects[1] else [])


async def _named(found: History) -> UUID:
    event_id = await found.record(PersonNamed(full_name="Nông Văn Mẫu", birth_year=1985, place="Cao Bằng"))
    await found.chain()
    return event_id


async def test_a_personal_value_is_kept_apart_and_fits_its_digest(own: History) -> None:
    event_id = await _named(own)
    detail = await own.database.pool.fetchval("select detail from events where event_id = $1", event_id)
    assert detail["place"] == "Cao Bằng"
    assert set(detail["full_name"]) == set(detail["birth_year"]) == {"digest"}
    assert not (await own.verify()).faults
    await own.attack(
        lambda conn: conn.execute("update event_values set value = '1986' where field = 'birth_year'")
    )
    [fault] = (await own.verify()).faults
    assert (fault.kind, fault.event_id) == (FaultKind.VALUE_CHANGED, event_id)


async def test_erased_personal_values_leave_the_chain_whole(own: History) -> None:
    event_id = await _named(own)
    async with own.database.transaction() as tx:
        erased = await erase_personal_values(
            tx, [event_id], about=own.subjects[0], grounds="hết hạn lưu", actor=Actor(person_id=uuid4())
        )
    assert erased
    async with own.database.transaction() as tx:
        again = await erase_personal_values(
            tx, [event_id], about=own.subjects[0], grounds="lần nữa", actor=Actor(person_id=uuid4())
        )
    assert again is None
    assert not await own.database.pool.fetch("select from event_values")
    assert not (await own.verify()).faults, "before the erasure has its place in the chain"
    forged = await own.attacked(
        lambda conn: conn.execute("update events set rule = 'x' where detail ? 'grounds'")
    )
    assert FaultKind.VALUE_CHANGED in {fault.kind for fault in forged.faults}, "vouched for by nobody"
    await own.chain()
    await own.sign()
    assert not (await own.verify()).faults


async def test_a_personal_value_does_not_vanish_without_an_erasure(own: History) -> None:
    event_id = await _named(own)
    await own.attack(lambda conn: conn.execute("delete from event_values"))
    [fault] = (await own.verify()).faults
    assert (fault.kind, fault.event_id) == (FaultKind.VALUE_CHANGED, event_id)


async def test_the_product_itself_changes_nothing(own: History) -> None:
    await own.record(MatterMoved(step=1))
    await _named(own)
    for table in ("events", "chain", "links", "checkpoints"):
        for statement in (
            f"update {table} set {'kind = kind' if table == 'events' else 'position = position'}",
            f"delete from {table}",
        ):
            await _refused(own, statement)
    await _refused(own, "update event_values set value = '1'")


async def _refused(own: History, statement: str) -> None:
    """The role may not; and were it let, the trigger would stop it."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await own.database.pool.execute(statement)
    conn = await asyncpg.connect(own.admin_url, server_settings={"search_path": own.service})
    try:
        with pytest.raises(asyncpg.RaiseError):
            await conn.execute(statement)
    finally:
        await conn.close()
