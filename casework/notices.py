"""Telling people: a notice is a fact of the service, written in the transaction of what it tells of, and
published; the postroom reads it from there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never
from uuid import UUID

from casework.authors_told import Told, told_to_authors
from kit.db import Tx
from kit.ids import new_id
from kit.inserts import Insert
from language.cases import QuestionOutcome
from language.events.base import Fact
from language.events.casework import AlarmRaised, RunAlarmRaised, RungFired, TaskReminded, TaskTaken
from language.events.intake import AuthorHoldsPost, DraftBegun, DraftPrepared, FilingAgreed
from language.events.late import ActQuestioned, QuestionedActStands, QuestionedActToBeRedone
from language.events.payout import PayeeTied
from language.events.postroom import WebhookTurnedOff
from language.events.review import (
    DecisionCorrected,
    MemberRecused,
    RecognitionCancelled,
    RefusalReopened,
    ScoreSheetTakenBack,
    StageOpenedAnew,
)
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
from language.plan.rule_kinds import DecisionActKind


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
    reason: str | None = None
    amount_dong: int | None = None


TAKE_NUMBER = "select pg_current_xact_id()"
INSERT = Insert(
    "notices",
    "id, event_id, person_id, kind, subject_id, subject_code, level, due_at, detail, reference, happened_at, "
    "reason, amount_dong",
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
    """Whom a fact concerns, and as what it is told. See `Notice` for `detail`, `reference` and `reason`."""

    person_id: UUID
    kind: NoticeKind
    detail: str | None = None
    reference: str | None = None
    reason: str | None = None


_TOLD_PLAINLY: Final[Mapping[type[Fact], NoticeKind]] = {
    DraftPrepared: NoticeKind.DRAFT_PREPARED,
    DraftBegun: NoticeKind.DRAFT_BEGUN,
    FilingAgreed: NoticeKind.FILING_AGREED,
    ScoreSheetTakenBack: NoticeKind.SHEET_TAKEN_BACK,
    MemberRecused: NoticeKind.MEMBER_RECUSED,
    StageOpenedAnew: NoticeKind.COUNCIL_RELIEVED,
    WebhookTurnedOff: NoticeKind.WEBHOOK_OFF,
}
"""Facts of which those concerned are told that they happened, and nothing more."""
_ACTS: Final[Mapping[type[Fact], DecisionActKind]] = {
    DecisionCorrected: DecisionActKind.CORRECTION,
    RecognitionCancelled: DecisionActKind.CANCELLATION,
    RefusalReopened: DecisionActKind.REOPENING,
}
_QUESTIONS: Final[Mapping[type[Fact], QuestionOutcome]] = {
    QuestionedActStands: QuestionOutcome.STANDS,
    QuestionedActToBeRedone: QuestionOutcome.DO_AGAIN,
}


def notices_of(  # noqa: C901, PLR0911 - a flat dispatch
    fact: Fact, concerned: Iterable[UUID] = ()
) -> tuple[Addressee, ...]:
    """Who is told what of a fact. `concerned` are those the fact is about and does not name: authors, payees,
    heads above. Who got work learns it from the task."""
    match fact:
        case RungFired():
            return tuple(one for part in fact.did for one in _notices_of_part(part))
        case TaskTaken():
            return _all((fact.from_id,), NoticeKind.TASK_TAKEN, fact.task)
        case TaskReminded():
            return _all((fact.person_id,), NoticeKind.REMINDED, fact.task)
        case AlarmRaised():
            return _all(concerned, NoticeKind.SUPERIOR_TOLD, fact.alarm)
        case RunAlarmRaised():
            return _all(concerned, NoticeKind.ALARM_RAISED, fact.alarm)
        case PayeeTied():
            return _all((fact.person_id,), NoticeKind.PAYEE_TIED)
        case AuthorHoldsPost():
            return _all(concerned, NoticeKind.AUTHOR_HOLDS_POST, fact.post_kind)
        case ActQuestioned():
            return _all(concerned, NoticeKind.ACT_QUESTIONED, fact.doubt)
        case QuestionedActStands() | QuestionedActToBeRedone():
            return tuple(
                Addressee(
                    person_id=person,
                    kind=NoticeKind.QUESTION_DECIDED,
                    detail=_QUESTIONS[type(fact)],
                    reason=fact.reason,
                )
                for person in concerned
            )
        case DecisionCorrected() | RecognitionCancelled() | RefusalReopened():
            return _all(concerned, NoticeKind.DECISION_ACTED_ON, _ACTS[type(fact)], fact.decision_number)
        case _ if plain := _TOLD_PLAINLY.get(type(fact)):
            return _all(concerned, plain)
        case _:
            told = told_to_authors(fact)
            return tuple(_to(person, one) for person in concerned for one in told)


def _to(person: UUID, told: Told) -> Addressee:
    return Addressee(
        person_id=person, kind=told.kind, detail=told.detail, reference=told.reference, reason=told.reason
    )


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
    tx: Tx,
    event_id: UUID,
    fact: Fact,
    matter: Matter,
    concerned: Iterable[UUID] | Mapping[UUID, int | None] = (),
) -> None:
    """Write the notices of a fact, in its transaction. Where it is about money, `concerned` says whose share
    is how much; None for who has none."""
    shares = concerned if isinstance(concerned, Mapping) else {}
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
                reason=one.reason,
                amount_dong=shares.get(one.person_id),
            )
            for one in notices_of(fact, concerned)
        ],
    )
