"""Checkpoints: a signature a day over the head of the chain and over the newest event of every subject.

The newest events hang in a Merkle tree of two floors: a tree in each of 4,096 buckets, by the first bits of
the subject's hash, and one over the buckets. A day's checkpoint computes only the buckets that changed, and
one subject is proved by two short paths."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from casework.history.chain import chain_head
from casework.history.hashing import (
    BUCKETS,
    NO_CHECKPOINT,
    bucket_leaf,
    bucket_root,
    checkpoint_hash,
    head_leaf,
)
from casework.history.keys import Signer
from casework.history.merkle import EMPTY, root_of
from casework.history.sealed import FORMAT, service_of
from kit.db import Connection, Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from language.deadline.arithmetic import local_day
from language.events.canonical import canonical_bytes, plain

_BUCKETS_AT_ONCE = 64
SIGNED: Final = b"sangkien checkpoint 1\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What is signed, and the signature."""

    number: int
    position: int
    day: date
    made_at: datetime
    head: bytes
    root: bytes
    previous: bytes
    public_key: bytes
    signature: bytes

    def statement(self, service: str) -> dict[str, Any]:
        """What the signature says."""
        return {
            "format": FORMAT,
            "service": service,
            "number": self.number,
            "position": self.position,
            "day": plain(self.day),
            "made_at": plain(self.made_at),
            "head": self.head.hex(),
            "root": self.root.hex(),
            "previous": self.previous.hex(),
            "public_key": self.public_key.hex(),
        }

    def message(self, service: str) -> bytes:
        """The bytes that are signed."""
        return SIGNED + canonical_bytes(self.statement(service))

    def hash(self, service: str) -> bytes:
        """What the next checkpoint names."""
        return checkpoint_hash(canonical_bytes(self.statement(service)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectHead:
    """The newest event of a subject at a position."""

    bucket: int
    subject_id: UUID
    ordinal: int
    hash: bytes

    @property
    def leaf(self) -> bytes:
        """In the tree of its bucket."""
        return head_leaf(self.subject_id, self.ordinal, self.hash)


CHECKPOINT_COLUMNS: Final = "number, position, day, made_at, head, root, previous, public_key, signature"
NEWEST = f"select {CHECKPOINT_COLUMNS} from checkpoints order by number desc limit 1"


async def newest_checkpoint(tx: Tx) -> Checkpoint | None:
    """The last one that was signed."""
    row = await tx.conn.fetchrow(NEWEST)
    return read(Checkpoint, row) if row else None


LOCK = "select pg_advisory_xact_lock(hashtextextended('checkpoint:' || current_schema(), 0))"
INSERT = Insert("checkpoints", CHECKPOINT_COLUMNS)


async def make_checkpoint(tx: Tx, signer: Signer, made_at: datetime) -> Checkpoint | None:
    """Sign where the chain stands; None when nothing was chained since the last one.

    What lies up to a position never changes, so the tree is computed without holding up who chains."""
    await tx.conn.execute(LOCK)
    service = await service_of(tx.conn)
    last = await newest_checkpoint(tx)
    head = await chain_head(tx, service)
    if head.position == (last.position if last else 0):
        return None
    roots = await _bring_roots_forward(tx, last, head.position)
    unsigned = Checkpoint(
        number=last.number + 1 if last else 1,
        position=head.position,
        day=local_day(tx.now),
        made_at=made_at,
        head=head.hash,
        root=root_of_buckets(roots),
        previous=last.hash(service) if last else NO_CHECKPOINT,
        public_key=signer.public_key,
        signature=b"",
    )
    made = replace(unsigned, signature=signer.sign(unsigned.message(service)))
    await tx.conn.execute(INSERT.statement, *INSERT.row(made))
    return made


CHANGED = "select distinct bucket from links where position > $1 and position <= $2 order by bucket"
ROOTS = "select bucket, root from checkpoint_buckets"
FORGET_ROOTS = "delete from checkpoint_buckets"
KEEP_ROOTS = """
insert into checkpoint_buckets (bucket, root) select * from unnest($1::smallint[], $2::bytea[])
on conflict (bucket) do update set root = excluded.root
"""


async def _bring_roots_forward(tx: Tx, last: Checkpoint | None, position: int) -> dict[int, bytes]:
    """Compute the buckets that changed; all of them where those that are kept are not what was signed."""
    roots = {int(row["bucket"]): bytes(row["root"]) for row in await tx.conn.fetch(ROOTS)}
    since = last.position if last else 0
    if last and root_of_buckets(roots) != last.root:
        roots, since = {}, 0
        await tx.conn.execute(FORGET_ROOTS)
    changed = [int(row["bucket"]) for row in await tx.conn.fetch(CHANGED, since, position)]
    for start in range(0, len(changed), _BUCKETS_AT_ONCE):
        fresh = await roots_of(tx.conn, changed[start : start + _BUCKETS_AT_ONCE], position)
        await tx.conn.execute(KEEP_ROOTS, list(fresh), list(fresh.values()))
        roots |= fresh
    return roots


def heads_statement(links: str) -> str:
    """Each subject of the buckets $1 with its newest link up to the position $2, from a table or view of
    links."""
    return f"""
select first.bucket, first.subject_id, newest.ordinal, newest.hash from {links} first
cross join lateral (
  select ordinal, hash from {links} l where l.subject_id = first.subject_id and l.position <= $2
  order by l.ordinal desc limit 1
) newest
where first.bucket = any($1::smallint[]) and first.ordinal = 1 and first.position <= $2
order by first.bucket, first.subject_id
"""


HEADS = heads_statement("links")


async def roots_of(conn: Connection, buckets: Sequence[int], position: int) -> dict[int, bytes]:
    """The roots of these buckets as of the position, where they are not empty."""
    leaves: dict[int, list[bytes]] = {}
    for head in read_all(SubjectHead, await conn.fetch(HEADS, buckets, position)):
        leaves.setdefault(head.bucket, []).append(head.leaf)
    return {bucket: root_of_bucket(found) for bucket, found in leaves.items()}


def root_of_bucket(leaves: Sequence[bytes]) -> bytes:
    """The root of the bucket in which these heads lie."""
    return bucket_root(len(leaves), root_of(leaves))


def leaves_of_buckets(roots: Mapping[int, bytes]) -> list[bytes]:
    """All leaves of the tree over the buckets; an empty bucket has the root over nothing."""
    return [bucket_leaf(bucket, roots.get(bucket, EMPTY)) for bucket in range(BUCKETS)]


def root_of_buckets(roots: Mapping[int, bytes]) -> bytes:
    """The root that is signed."""
    return root_of(leaves_of_buckets(roots))


async def root_at(conn: Connection, position: int, buckets: Iterable[int] = range(BUCKETS)) -> bytes:
    """The root as of a position, computed anew from all links."""
    wanted = list(buckets)
    roots: dict[int, bytes] = {}
    for start in range(0, len(wanted), _BUCKETS_AT_ONCE):
        roots |= await roots_of(conn, wanted[start : start + _BUCKETS_AT_ONCE], position)
    return root_of_buckets(roots)
