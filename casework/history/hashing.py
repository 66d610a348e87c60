"""The hashes of a history. Every use of SHA-256 has a beginning of its own, so that no value made for one
purpose is ever right for another."""

from hashlib import sha256
from typing import Final
from uuid import UUID

BUCKETS: Final = 4_096
_POSITION_BYTES = 8
_ORDINAL_BYTES = 4
_BUCKET_BYTES = 2


def _number(value: int, size: int = _POSITION_BYTES) -> bytes:
    return value.to_bytes(size, "big")


def event_hash(canonical: bytes) -> bytes:
    """Of an event's canonical bytes."""
    return sha256(b"sangkien event 1\n" + canonical).digest()


def chain_start(service: str) -> bytes:
    """What stands before the first event of a service."""
    return sha256(b"sangkien chain 1 start\n" + service.encode()).digest()


def chain_hash(before: bytes, event: bytes, position: int, seq: int) -> bytes:
    """The hash at a position: covers the event, its place in the table and everything before."""
    return sha256(b"sangkien chain 1\n" + before + event + _number(position) + _number(seq)).digest()


def link_start(service: str, subject_id: UUID) -> bytes:
    """What stands before the first event of a subject in a service."""
    return sha256(b"sangkien link 1 start\n" + service.encode() + b"\n" + subject_id.bytes).digest()


def link_hash(before: bytes, event: bytes, position: int) -> bytes:
    """The hash of a subject's next event: covers the event, its position and the subject's events before."""
    return sha256(b"sangkien link 1\n" + before + event + _number(position)).digest()


def checkpoint_hash(statement: bytes) -> bytes:
    """Of what a checkpoint says; the next checkpoint names it."""
    return sha256(b"sangkien checkpoint 1\n" + statement).digest()


NO_CHECKPOINT: Final = sha256(b"sangkien checkpoint 1 start\n").digest()
"""What the first checkpoint names as the one before."""


def value_digest(salt: bytes, canonical: bytes) -> str:
    """Of a personal value, in hexadecimal. Without the salt nobody can try which value it was."""
    return sha256(salt + canonical).hexdigest()


def bucket_of(subject_id: UUID) -> int:
    """In which of the buckets the subject's head lies."""
    return int.from_bytes(sha256(subject_id.bytes).digest()[:2], "big") >> 4


def head_leaf(subject_id: UUID, ordinal: int, link: bytes) -> bytes:
    """A leaf of a bucket's tree: the newest event of a subject."""
    return sha256(b"\x00" + subject_id.bytes + _number(ordinal, _ORDINAL_BYTES) + link).digest()


def bucket_root(count: int, tree: bytes) -> bytes:
    """The root of a bucket: its tree, and how many heads hang in it."""
    return sha256(b"\x04" + _number(count, _ORDINAL_BYTES) + tree).digest()


def bucket_leaf(bucket: int, root: bytes) -> bytes:
    """A leaf of the tree over the buckets."""
    return sha256(b"\x03" + _number(bucket, _BUCKET_BYTES) + root).digest()
