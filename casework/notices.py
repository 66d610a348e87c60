"""Telling people: a notice is a fact of the service, written in the transaction of what it tells of, and
published; the postroom reads it from there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from uuid import UUID

from kit.db import Tx
from kit.ids import new_id
from kit.inserts import Insert
from language.events.base import Fact
from language.events.casework import AlarmRaised, RunAlarmRaised, RungFired, TaskTaken
from language.events.intake import (
    AuthorHoldsPost,
    DossierTakenOver,
    RequestAccepted,
    RequestRejected,
    ShareConfirmed,
    ShareDeclined,
    SupplementRequested,
)
from language.events.payout import AwardApproved, AwardPaid
from language.events.review import StageDecided
from language.events.rungs import (
    ChairFreed,
    Did,
    HandedUp,
    MembersReplaced,
    QuorumLowered,
    Reminded,
    SeatsFilled,
    SilenceReported,
    SuperiorTold,
    WorkGiven,
)
from language.messages.notices import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a notice is about, in the words that people know it by."""

    subject_id: UUID
    subject_code: str
    level: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """Something one person is to be told. See `Notice` for `detail` and `reference`."""

    event_id: UUID
    person_id: UUID
    kind: NoticeKind
    matter: Matter
    detail: str | None = None
    reference: str | None = None


TAKE_NUMBER = "select pg_current_xact_id()"
INSERT = Insert(
    "notices",
    "id, event_id, person_id, kind, subject_id, subject_code, level, due_at, detail, reference, happened_at",
    "on conflict (event_id, person_id, kind) do nothing",
)


async def notify(tx: Tx, new: Iterable[NewNotice]) -> None:
    """Write notices down; the same event tells the same person of a kind once."""
    rows = [
        INSERT.row(
            notice,
            id=new_id(),
            subject_id=notice.matter.subject_id,
            subject_code=notice.matter.subject_code,
            level=notice.matter.level,
            due_at=notice.matter.due_at,
            happened_at=tx.now,
        )
        for notice in new
    ]
    if rows:
        # Who reads by position waits for every transaction that has a number: so this one has its number
        # before it takes a position.
        await tx.conn.execute(TAKE_NUMBER)
        await tx.conn.executemany(INSERT.statement, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Whom a fact concerns, and as what it is told. See `Notice` for `detail` and `reference`."""

    person_id: UUID
    kind: NoticeKind
    detail: str | None = None
    reference: str | None = None


def notices_of(  # noqa: C901, PLR0911, PLR0912 - a flat dispatch
    fact: Fact, concerned: Iterable[UUID] = ()
) -> tuple[Addressee, ...]:
    """Who is told what of a fact. `concerned` are those the fact is about and does not name: authors, payees,
    heads above. Who got work learns it from the task."""
    match fact:
        case RungFired():
            return tuple(one for part in fact.did for one in _notices_of_part(part))
        case TaskTaken():
            return _all((fact.from_id,), NoticeKind.TASK_TAKEN, fact.task)
        case AlarmRaised():
            return _all(concerned, NoticeKind.SUPERIOR_TOLD)
        case RunAlarmRaised():
            return _all(concerned, NoticeKind.ALARM_RAISED, fact.alarm)
        case SupplementRequested():
            return _all(concerned, NoticeKind.SUPPLEMENT_REQUESTED)
        case RequestAccepted():
            return _all(concerned, NoticeKind.REQUEST_ACCEPTED)
        case RequestRejected():
            return _all(concerned, NoticeKind.REQUEST_REJECTED)
        case ShareConfirmed():
            return _all(concerned, NoticeKind.SHARE_ANSWERED, "CONFIRMED")
        case ShareDeclined():
            return _all(concerned, NoticeKind.SHARE_ANSWERED, "DECLINED")
        case DossierTakenOver():
            return _all(concerned, NoticeKind.DOSSIER_TAKEN_OVER)
        case AuthorHoldsPost():
            return _all(concerned, NoticeKind.AUTHOR_HOLDS_POST, fact.post_kind)
        case StageDecided():
            return _all(concerned, NoticeKind.STAGE_DECIDED, fact.outcome, fact.decision_number)
        case AwardApproved():
            return _all(concerned, NoticeKind.AWARD_APPROVED, reference=fact.decision_number)
        case AwardPaid():
            return _all(concerned, NoticeKind.AWARD_PAID, reference=fact.decision_number)
        case _:
            return ()


def _all(
    people: Iterable[UUID], kind: NoticeKind, detail: str | None = None, reference: str | None = None
) -> tuple[Addressee, ...]:
    return tuple(
        Addressee(person_id=person, kind=kind, detail=detail, reference=reference) for person in people
    )


def _notices_of_part(part: Did) -> tuple[Addressee, ...]:  # noqa: PLR0911 - a flat dispatch
    """Whom a rung reminded, put in the picture or took work from."""
    match part:
        case Reminded():
            return _all(part.person_ids, NoticeKind.REMINDED)
        case SuperiorTold():
            return _all((part.superior_id,), NoticeKind.SUPERIOR_TOLD)
        case SilenceReported():
            return _all(
                (part.to_id,), NoticeKind.SECRETARY_TOLD if part.to_secretary else NoticeKind.SUPERIOR_TOLD
            )
        case MembersReplaced():
            return _all((seat.from_id for seat in part.replaced), NoticeKind.MEMBER_REPLACED)
        case HandedUp():
            lost = (person for person in part.from_ids if person != part.to_id)
            return _all(lost, NoticeKind.DECISION_HANDED_UP)
        case QuorumLowered():
            return _all(part.told_ids, NoticeKind.QUORUM_LOWERED, part.quorum.new)
        case WorkGiven() | SeatsFilled() | ChairFreed():
            # They get work, and learn it from the task.
            return ()
        case _:
            assert_never(part)


async def notify_of(
    tx: Tx, event_id: UUID, fact: Fact, matter: Matter, concerned: Iterable[UUID] = ()
) -> None:
    """Write the notices of a fact, in its transaction."""
    await notify(
        tx,
        [
            NewNotice(
                event_id=event_id,
                person_id=one.person_id,
                kind=one.kind,
                matter=matter,
                detail=one.detail,
                reference=one.reference,
            )
            for one in notices_of(fact, concerned)
        ],
    )
