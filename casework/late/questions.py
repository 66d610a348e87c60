"""Acts in question: kept once for each change, marked in the history of what they are about, told to the unit
above, and decided by it. Nothing is undone by any of this."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Final, TypeAlias
from uuid import UUID

from casework import rights
from casework.history.record import record
from casework.joined import records_of
from casework.late.acts import Questioned
from casework.notices import Matter, notify_of
from casework.roster import has_closed_account
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from kit.inserts import Insert
from kit.rows import read, read_all
from kit.sorting import ListPlace, Sort, Sorts
from language.cases import DoubtCause, QuestionOutcome, QuestionState
from language.deadline.arithmetic import local_day
from language.events.actor import CLOCK_ACTED
from language.events.late import ActQuestioned, QuestionedActStands, QuestionedActToBeRedone
from language.posts.kinds import ADMINS, PostKind
from language.refusals import Forbidden, NotFound, Refusal
from language.views import View

DECIDERS: Final = ADMINS | {PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD}
"""Who answers for a unit: in the unit above, or over it."""


class QuestionClosed(Refusal):
    """The unit above has decided about this act already."""

    status = 409
    vi = "Việc này đã được quyết định. Hãy tải lại danh sách."
    en = "It was decided about this act already. Load the list again."


class OwnActInQuestion(Refusal):
    """Who did the act, or for whom it was done, does not decide whether it stands."""

    status = 403
    vi = "Việc này do bạn làm hoặc làm thay bạn, nên bạn không quyết định được. Hãy để người khác quyết định."
    en = "You did this act, or it was done for you. Leave it to somebody else to decide."


class OwnMatterInQuestion(Refusal):
    """An author, a payee or the person whom the act is about does not decide whether it stands."""

    status = 403
    vi = "Việc này liên quan đến chính bạn, nên bạn không quyết định được. Hãy để người khác quyết định."
    en = "This is a matter of your own. Leave it to somebody else to decide."


Interested: TypeAlias = Callable[[Tx, UUID], Awaitable[Collection[UUID]]]
"""Whose matter the subject of an act is: authors, payees, the person."""


async def nobody(tx: Tx, subject_id: UUID) -> Collection[UUID]:
    """What the service does is a matter of nobody in particular."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuestion:
    """An act that a paper puts into question; `unit_path` leads to the unit where it was done. Without an
    actor the clock acted."""

    change_id: UUID
    doubt: DoubtCause
    first_day: date
    last_day: date | None
    act_id: UUID
    act: str
    acted_at: datetime
    actor_id: UUID | None
    on_behalf_of: UUID | None
    post_id: UUID | None
    subject_id: UUID
    subject_code: str
    unit_path: Sequence[UUID]

    @property
    def decided_in(self) -> UUID:
        """The unit above; of the highest unit itself."""
        return self.unit_path[-2] if len(self.unit_path) > 1 else self.unit_path[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An act in question as it is kept. `unit_id` is the unit that decides."""

    id: UUID
    change_id: UUID
    doubt: DoubtCause
    first_day: date
    last_day: date | None
    act_id: UUID
    act: str
    acted_at: datetime
    actor_id: UUID | None
    on_behalf_of: UUID | None
    post_id: UUID | None
    subject_id: UUID
    subject_code: str
    unit_id: UUID
    unit_path: tuple[UUID, ...]
    raised_at: datetime
    state: QuestionState
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str | None


def of_paper(found: Questioned) -> NewQuestion:
    """The question that a paper of the organisation makes of an act."""
    act, paper = found.act, found.late.paper
    return NewQuestion(
        change_id=found.late.change_id,
        doubt=paper.cause,
        first_day=paper.first_day,
        last_day=paper.last_day,
        act_id=act.event_id,
        act=act.kind,
        acted_at=act.occurred_at,
        actor_id=act.actor_id,
        on_behalf_of=act.on_behalf_of,
        post_id=act.post_id,
        subject_id=act.subject_id,
        subject_code=act.subject_code,
        unit_path=act.unit_path,
    )


_OWN = (
    "id, change_id, doubt, first_day, last_day, act_id, act, acted_at, actor_id, on_behalf_of, post_id, "
    "subject_id, subject_code, unit_id, raised_at"
)
INSERT = Insert("questioned_acts", _OWN, "on conflict (act_id, change_id) do nothing returning true")


async def keep(tx: Tx, found: Iterable[NewQuestion]) -> int:
    """Write these down, mark the histories, and tell the unit above, of each case once; how many were
    new."""
    told: set[tuple[UUID, UUID]] = set()
    kept = 0
    for new in found:
        question_id = new_id()
        row = INSERT.row(new, id=question_id, unit_id=new.decided_in, raised_at=tx.now)
        if not await tx.conn.fetchval(INSERT.statement, *row):
            continue
        kept += 1
        fact = ActQuestioned(
            question_id=question_id,
            act_id=new.act_id,
            act=new.act,
            acted_by=new.actor_id,
            acted_at=new.acted_at,
            doubt=new.doubt,
            first_day=new.first_day,
            last_day=new.last_day,
            decided_in=new.decided_in,
        )
        event_id = await record(tx, fact, about=new.subject_id, actor=CLOCK_ACTED)
        if (new.subject_id, new.change_id) not in told:
            told.add((new.subject_id, new.change_id))
            matter = Matter(subject_id=new.subject_id, subject_code=new.subject_code)
            await notify_of(tx, event_id, fact, matter, await _deciders(tx, new))
    return kept


# Of the nearest unit that has any.
DECIDERS_ABOVE = f"""
select coalesce(array_agg(distinct near.person_id), '{{}}') from (
  select h.person_id, rank() over (order by cardinality(p.unit_path) desc) as place
  from {View.UNITS} u join {View.POSTS} p on p.unit_id = any(u.path) and p.kind = any($2)
  join {View.HOLDINGS} h on h.post_id = p.id and h.held_from <= $3 and (h.held_to is null or h.held_to >= $3)
  where u.id = $1 and h.person_id <> all($4) and not {has_closed_account("h.person_id")}
) near where near.place = 1
"""


async def _deciders(tx: Tx, new: NewQuestion) -> Collection[UUID]:
    involved = [person for person in (new.actor_id, new.on_behalf_of) if person]
    found: list[UUID] = await tx.conn.fetchval(
        DECIDERS_ABOVE, new.decided_in, sorted(DECIDERS), local_day(tx.now), involved
    )
    return found


_COLUMNS = ", ".join(f"q.{name}" for name in _OWN.split(", ")) + (
    ", q.state, q.decided_by, q.decided_at, q.reason, u.path as unit_path"
)
_FROM = f"from questioned_acts q join {View.UNITS} u on u.id = q.unit_id"
SORTS: Final = Sorts(
    "raised", Sort(name="raised", column="q.raised_at", shown=attrgetter("raised_at")), row_id="q.id"
)
LIST = SORTS.statements(
    lambda order: (
        f"""
select {_COLUMNS} {_FROM}
where u.path && $1 and ($2::text is null or q.state = $2) and ($3::uuid is null or u.path @> array[$3])
  and ($4::uuid is null or q.change_id = $4) and {order.behind(5)}
{order.by()} limit $7
"""
    )
)
GET = f"select {_COLUMNS} {_FROM} where q.id = $1"
LOCK = f"{GET} for update of q"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFilter:
    """Which questions: in which state, decided under which unit, raised by which paper."""

    state: QuestionState | None = None
    unit_id: UUID | None = None
    change_id: UUID | None = None


async def list_questions(
    tx: Tx, caller: Principal, match: QuestionFilter, place: ListPlace, limit: int
) -> list[Question]:
    """Acts in question that units of the caller's posts decide about, or units below."""
    units = await rights.units_of(tx, caller, DECIDERS)
    if not units:
        raise Forbidden
    asked = (list(units), match.state, match.unit_id, match.change_id, *place.arguments, limit)
    return read_all(Question, await tx.conn.fetch(LIST[place.order], *asked))


async def read_question(tx: Tx, caller: Principal, question_id: UUID) -> Question:
    """One of those; `NotFound` for anybody else."""
    row = await tx.conn.fetchrow(GET, question_id)
    if row is None:
        raise NotFound
    question = read(Question, row)
    if await rights.post_over(tx, caller, DECIDERS, question.unit_path) is None:
        raise NotFound
    return question


DECIDE = """
update questioned_acts set state = $2, decided_by = $3, decided_at = $4, reason = $5 where id = $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the unit above says of an act, and why."""

    outcome: QuestionOutcome
    reason: str


async def decide(
    tx: Tx, caller: Principal, question_id: UUID, answer: Answer, interested: Interested
) -> Question:
    """Say that the act stands, or that it is to be done again; whoever did it is told. Nobody says it in a
    matter of their own."""
    row = await tx.conn.fetchrow(LOCK, question_id)
    if row is None:
        raise NotFound
    question = read(Question, row)
    post = await rights.post_over(tx, caller, DECIDERS, question.unit_path)
    if post is None:
        raise NotFound
    involved = {person for person in (question.actor_id, question.on_behalf_of) if person}
    if involved & await records_of(tx, caller.person_id):
        raise OwnActInQuestion
    if caller.person_id in await interested(tx, question.subject_id):
        raise OwnMatterInQuestion
    if question.state is not QuestionState.OPEN:
        raise QuestionClosed
    state = QuestionState(answer.outcome.value)
    await tx.conn.execute(DECIDE, question_id, state, caller.person_id, tx.now, answer.reason)
    kind = QuestionedActStands if answer.outcome is QuestionOutcome.STANDS else QuestionedActToBeRedone
    fact = kind(question_id=question_id, act_id=question.act_id, act=question.act, reason=answer.reason)
    event_id = await record(tx, fact, about=question.subject_id, actor=rights.in_post(caller, post))
    matter = Matter(subject_id=question.subject_id, subject_code=question.subject_code)
    await notify_of(tx, event_id, fact, matter, sorted(involved))
    return replace(
        question, state=state, decided_by=caller.person_id, decided_at=tx.now, reason=answer.reason
    )
