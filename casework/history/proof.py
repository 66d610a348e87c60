"""The proof of one subject's history in a service: its events, their links, and the path from the newest
signed link to the root under the signature. Read from published views, so that one service can put together
what all have recorded."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg

from casework.history.checkpoints import (
    CHECKPOINT_COLUMNS,
    Checkpoint,
    SubjectHead,
    heads_statement,
    leaves_of_buckets,
    root_of_bucket,
)
from casework.history.hashing import bucket_of
from casework.history.merkle import path_of
from casework.history.sealed import EVENT_COLUMNS, PersonalValue, Recorded, document_of
from kit.db import Tx
from kit.rows import read, read_all
from language.events.intake import AttachmentAdded
from language.names import TaskQueue
from language.refusals import Refusal

BUNDLE_FORMAT: Final = "sangkien-proof/1"
VIEWS: Final = (
    "events_v1",
    "event_values_v1",
    "chain_v1",
    "links_v1",
    "checkpoints_v1",
    "checkpoint_buckets_v1",
)
"""What a service publishes of its history."""
_AWAY = (
    asyncpg.InsufficientPrivilegeError,
    asyncpg.UndefinedTableError,
    asyncpg.InvalidSchemaNameError,
)


class HistoryNotPublished(Refusal):
    """Another service has not published its history to this one yet."""

    status = 503
    vi = "Chưa đọc được lịch sử của dịch vụ {service}. Hãy thử lại sau ít phút, hoặc báo người quản trị."
    en = "The history of the service {service} cannot be read yet. Try again later, or tell the operator."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """Where an event stands in its subject's links."""

    event_id: UUID
    ordinal: int
    position: int
    hash: bytes


async def prove(tx: Tx, services: tuple[TaskQueue, ...], subject_id: UUID) -> dict[str, Any]:
    """One bundle of what these services have recorded about the subject. The transaction must see one
    state."""
    parts: dict[str, dict[str, Any]] = {}
    for service in services:
        try:
            parts[service.value] = await _prove_in(tx, service.value, subject_id)
        except _AWAY as error:
            raise HistoryNotPublished(service=service.value) from error
    checkpoints = [part["checkpoint"] for part in parts.values() if part["checkpoint"]]
    return {
        "format": BUNDLE_FORMAT,
        "subject_id": str(subject_id),
        "public_keys": sorted({checkpoint["public_key"] for checkpoint in checkpoints}),
        "attachments": _attached(parts),
        "services": parts,
    }


def _attached(parts: dict[str, dict[str, Any]]) -> list[str]:
    """The hashes of all files that were ever attached."""
    documents = (event["document"] for part in parts.values() for event in part["events"])
    found = {
        document["detail"].get("sha256")
        for document in documents
        if document["kind"] == AttachmentAdded.__name__
    }
    return sorted(found - {None})


async def _prove_in(tx: Tx, service: str, subject_id: UUID) -> dict[str, Any]:
    newest = await tx.conn.fetchrow(
        f"select {CHECKPOINT_COLUMNS} from {service}.checkpoints_v1 order by number desc limit 1"
    )
    checkpoint = read(Checkpoint, newest) if newest else None
    rows = await tx.conn.fetch(
        f"""
        select l.ordinal, l.position, l.hash, {EVENT_COLUMNS}
        from {service}.links_v1 l join {service}.events_v1 e on e.event_id = l.event_id
        where l.subject_id = $1 order by l.ordinal
        """,
        subject_id,
    )
    links = read_all(_Link, rows)
    events = [
        {
            "ordinal": link.ordinal,
            "position": link.position,
            "link": link.hash.hex(),
            "document": document_of(service, read(Recorded, row)),
        }
        for link, row in zip(links, rows, strict=True)
    ]
    covered = checkpoint and any(link.position <= checkpoint.position for link in links)
    return {
        "events": events,
        "personal": await _personal_values(tx, service, [link.event_id for link in links]),
        "checkpoint": _shown(service, checkpoint) if checkpoint else None,
        "proof": await _path(tx, service, subject_id, checkpoint.position)
        if checkpoint and covered
        else None,
    }


def _shown(service: str, checkpoint: Checkpoint) -> dict[str, Any]:
    return {**checkpoint.statement(service), "signature": checkpoint.signature.hex()}


async def _personal_values(tx: Tx, service: str, event_ids: list[UUID]) -> list[dict[str, Any]]:
    rows = await tx.conn.fetch(
        f"""
        select event_id, field, salt, value from {service}.event_values_v1
        where event_id = any($1::uuid[]) order by event_id, field
        """,
        event_ids,
    )
    return [
        {
            "event_id": str(row["event_id"]),
            "field": value.field,
            "salt": value.salt.hex(),
            "value": value.value,
        }
        for row, value in zip(rows, read_all(PersonalValue, rows), strict=True)
    ]


async def _path(tx: Tx, service: str, subject_id: UUID, position: int) -> dict[str, Any]:
    """From the subject's newest signed link to the signed root: in its bucket, then over the buckets."""
    bucket = bucket_of(subject_id)
    found = await tx.conn.fetch(heads_statement(f"{service}.links_v1"), [bucket], position)
    heads = read_all(SubjectHead, found)
    index = next(place for place, head in enumerate(heads) if head.subject_id == subject_id)
    leaves = [head.leaf for head in heads]
    rows = await tx.conn.fetch(f"select bucket, root from {service}.checkpoint_buckets_v1")
    roots = {int(row["bucket"]): bytes(row["root"]) for row in rows} | {bucket: root_of_bucket(leaves)}
    return {
        "ordinal": heads[index].ordinal,
        "index": index,
        "size": len(leaves),
        "path": [step.hex() for step in path_of(leaves, index)],
        "bucket_path": [step.hex() for step in path_of(leaves_of_buckets(roots), bucket)],
    }
