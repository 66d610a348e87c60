"""Whether a row of the chain fits the event it names, the row before it, and the subject's links."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from casework.history.faults import Fault, FaultKind
from casework.history.hashing import (
    bucket_of,
    chain_hash,
    chain_start,
    event_hash,
    link_hash,
    link_start,
)
from casework.history.keys import HistoryKeys, chain_message, event_message
from casework.history.sealed import EVENT_COLUMNS, Recorded, document_of
from kit.db import Row
from kit.rows import RowDoesNotFit, read
from language.events.canonical import NotCanonical, canonical_bytes

JUDGED: Final = f"""
select c.position, c.event_id as chained_id, c.hash, c.key_id as chain_key_id, c.mac as chain_mac,
  earlier.hash as hash_before, e.seq, e.key_id, e.mac, {EVENT_COLUMNS},
  l.subject_id as linked_subject, l.ordinal, l.position as linked_position, l.bucket, l.hash as link,
  previous.hash as link_before, previous.position as position_before
from chain c
left join lateral (select hash from chain where position = c.position - 1 offset 0) earlier on true
left join lateral (select * from events where event_id = c.event_id offset 0) e on true
left join lateral (select * from links where event_id = c.event_id offset 0) l on true
left join lateral (
  select hash, position from links where subject_id = l.subject_id and ordinal = l.ordinal - 1 offset 0
) previous on true
"""
"""A chained event with its neighbours; what is missing is null. `offset 0`: a batch looks its rows up, lest
each batch read whole tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chained:
    """The chain's own part of such a row."""

    position: int
    chained_id: UUID
    hash: bytes
    chain_key_id: str
    chain_mac: bytes
    hash_before: bytes | None
    seq: int | None
    key_id: str | None
    mac: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Linked:
    """The links' part of such a row."""

    linked_subject: UUID | None
    ordinal: int | None
    linked_position: int | None
    bucket: int | None
    link: bytes | None
    link_before: bytes | None
    position_before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Judges the rows of one service. What lies up to `signed_to` is also held by a signature, so a key that
    was put away is no fault there. Without keys, codes are not looked at."""

    service: str
    keys: HistoryKeys | None
    signed_to: int

    def judge(self, row: Row) -> Fault | None:
        """The first fault of this row."""
        chained = read(_Chained, row)
        kind = self._kind_of_fault(row, chained)
        return Fault(kind=kind, position=chained.position, event_id=chained.chained_id) if kind else None

    def _kind_of_fault(self, row: Row, chained: _Chained) -> FaultKind | None:
        if chained.seq is None or chained.key_id is None or chained.mac is None:
            return FaultKind.EVENT_DELETED
        canonical = canonical_of(self.service, row)
        if canonical is None:
            return FaultKind.EVENT_CHANGED
        message = event_message(canonical)
        position, event = chained.position, event_hash(canonical)
        if kind := self._doubt(position, message, chained.key_id, chained.mac):
            return FaultKind.EVENT_CHANGED if kind is FaultKind.CHAIN_CHANGED else kind
        if kind := self._doubt_place(chained, event, chained.seq):
            return kind
        fits = self._links_fit(read(_Linked, row), row["subject_id"], event, position)
        return None if fits else FaultKind.LINK_CHANGED

    def _doubt_place(self, chained: _Chained, event: bytes, seq: int) -> FaultKind | None:
        position = chained.position
        if chained.hash_before is None and position != 1:
            return FaultKind.POSITION_MISSING
        before = chained.hash_before or chain_start(self.service)
        if chained.hash != chain_hash(before, event, position, seq):
            return FaultKind.CHAIN_CHANGED
        message = chain_message(self.service, position, chained.hash)
        return self._doubt(position, message, chained.chain_key_id, chained.chain_mac)

    def _doubt(self, position: int, message: bytes, key_id: str, mac: bytes) -> FaultKind | None:
        if self.keys is None:
            return None
        if not self.keys.knows(key_id):
            return None if position <= self.signed_to else FaultKind.KEY_UNKNOWN
        return None if self.keys.fits(message, key_id, mac) else FaultKind.CHAIN_CHANGED

    def _links_fit(self, linked: _Linked, subject_id: UUID, event: bytes, position: int) -> bool:
        if linked.linked_subject != subject_id or linked.linked_position != position:
            return False
        if linked.bucket != bucket_of(subject_id):
            return False
        if linked.ordinal == 1:
            before = link_start(self.service, subject_id)
        elif linked.link_before is None or (linked.position_before or 0) >= position:
            return False
        else:
            before = linked.link_before
        return linked.link == link_hash(before, event, position)


def canonical_of(service: str, row: Row) -> bytes | None:
    """The canonical bytes of the event in a row; None where no event of ours can look like that."""
    try:
        return canonical_bytes(document_of(service, read(Recorded, row)))
    except (NotCanonical, RowDoesNotFit, UnicodeEncodeError):
        return None


def digests_in(detail: dict[str, Any]) -> dict[str, str]:
    """The digests that stand in the place of personal values, by field."""
    return {
        name: value["digest"]
        for name, value in detail.items()
        if isinstance(value, dict) and value.keys() == {"digest"}
    }
