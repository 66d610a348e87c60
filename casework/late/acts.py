"""The acts that papers put into question, found in the history of a service: in its own by the service, in
those of all by whoever previews."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from casework.joined import records_of_all, stand_for
from kit.db import Tx
from kit.rows import read_all
from language.cases import DoubtCause
from language.deadline.arithmetic import LOCAL_ZONE, local_day
from language.events.work import CARRIED_ALONG, is_work
from language.ids import PersonId, PostId
from language.posts.doubt import Paper, PastAct, is_in_question
from language.views import View

_NOTHING_BEFORE: Final = date(2000, 1, 1)
OWN_ACTS: Final = "acts_v1"
"""As a service reads its own history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePaper:
    """A paper, and the change that it belongs to."""

    change_id: UUID
    paper: Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAct:
    """An act through a post, with what people know it by and the way to the unit of the post."""

    event_id: UUID
    subject_id: UUID
    subject_code: str
    kind: str
    occurred_at: datetime
    actor_id: UUID
    on_behalf_of: UUID | None
    post_id: UUID
    holding_id: UUID | None
    delegation_id: UUID | None
    in_post: bool
    acting: bool
    unit_path: tuple[UUID, ...]

    @property
    def past(self) -> PastAct:
        """What the rule asks of it."""
        return PastAct(
            day=local_day(self.occurred_at),
            person_id=PersonId(self.actor_id),
            on_behalf_of=PersonId(self.on_behalf_of) if self.on_behalf_of else None,
            post_id=PostId(self.post_id),
            holding_id=self.holding_id,
            delegation_id=self.delegation_id,
            in_post=self.in_post,
            acting=self.acting,
            is_work=is_work(self.kind),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Questioned:
    """An act, and the paper that puts it into question."""

    act: FoundAct
    late: LatePaper


def _find(view: str) -> str:
    return f"""
    select a.event_id, a.subject_id, coalesce(a.subject_code, u.code) as subject_code, a.kind, a.occurred_at,
      a.actor_id, a.on_behalf_of, a.post_id, a.holding_id, a.delegation_id, p.unit_path,
      coalesce(h.post_id = a.post_id, false) as in_post, coalesce(h.acting, false) as acting
    from {view} a join {View.POSTS} p on p.id = a.post_id join {View.UNITS} u on u.id = p.unit_id
    left join {View.HOLDINGS} h on h.id = a.holding_id
    where a.occurred_at >= $1 and a.occurred_at <= $2 and a.kind <> all($5)
      and (a.actor_id = any($3) or a.on_behalf_of = any($3) or a.post_id = any($4))
    order by a.occurred_at, a.event_id
    """


_OF_POSTS: Final = frozenset({DoubtCause.HOLDING_BEGUN, DoubtCause.UNIT_ENDED})


def _people(paper: Paper) -> frozenset[PersonId]:
    return paper.from_ids | {paper.person_id}


def _post(paper: Paper) -> PostId | None:
    """The post whose acts are looked at, whoever did them."""
    return paper.post_id if paper.cause in _OF_POSTS else None


class _Papers:
    """Papers by those of whose acts they may speak."""

    def __init__(self, papers: Iterable[LatePaper]) -> None:
        self._by: dict[UUID, list[LatePaper]] = {}
        for late in papers:
            post = _post(late.paper)
            for key in (post,) if post else _people(late.paper):
                self._by.setdefault(key, []).append(late)

    def that_question(self, act: FoundAct) -> list[Questioned]:
        """By each change once, however many papers it has."""
        past = act.past
        keys = dict.fromkeys(key for key in (act.actor_id, act.on_behalf_of, act.post_id) if key)
        found: dict[UUID, Questioned] = {}
        for late in (late for key in keys for late in self._by.get(key, ())):
            if is_in_question(late.paper, past):
                found.setdefault(late.change_id, Questioned(act=act, late=late))
        return list(found.values())


async def acts_in_question(tx: Tx, view: str, papers: Sequence[LatePaper]) -> list[Questioned]:
    """Every act in this history that one of the papers puts into question, in order of time."""
    if not papers:
        return []
    papers = await _of_those_that_stand(tx, papers)
    today = local_day(tx.now)
    first = min(late.paper.first_day for late in papers)
    last = max(min(late.paper.last_day or today, today) for late in papers)
    people = {person for late in papers for person in _people(late.paper) if not _post(late.paper)}
    posts = {post for late in papers if (post := _post(late.paper))}
    rows = await tx.conn.fetch(
        _find(view),
        datetime.combine(max(first, _NOTHING_BEFORE), time.min, LOCAL_ZONE),
        datetime.combine(last, time.max, LOCAL_ZONE),
        list(await records_of_all(tx, people)),
        list(posts),
        [fact.__name__ for fact in CARRIED_ALONG],
    )
    known = _Papers(papers)
    acts = await _by_whoever_stands_for_them(tx, read_all(FoundAct, rows))
    return [one for act in acts for one in known.that_question(act)]


async def _of_those_that_stand(tx: Tx, papers: Sequence[LatePaper]) -> list[LatePaper]:
    """A paper may have been published of a record that was joined to another before it is read."""
    people = {person for late in papers for person in _named(late.paper)}
    now = {PersonId(old): PersonId(new) for old, new in (await stand_for(tx, people)).items()}
    return [
        replace(
            late,
            paper=replace(
                late.paper,
                person_id=now[late.paper.person_id],
                delegate_id=now[late.paper.delegate_id] if late.paper.delegate_id else None,
                from_ids=frozenset(now[person] for person in late.paper.from_ids),
                to_ids=frozenset(now[person] for person in late.paper.to_ids),
            ),
        )
        for late in papers
    ]


def _named(paper: Paper) -> frozenset[PersonId]:
    """Everybody of whom the paper speaks."""
    delegates = [paper.delegate_id] if paper.delegate_id else []
    return paper.from_ids.union(paper.to_ids, delegates, [paper.person_id])


async def _by_whoever_stands_for_them(tx: Tx, acts: Sequence[FoundAct]) -> list[FoundAct]:
    """Events keep the ids of their day; papers speak of the record that stands for a person now."""
    people = {person for act in acts for person in (act.actor_id, act.on_behalf_of) if person}
    now = await stand_for(tx, people)
    return [
        replace(
            act,
            actor_id=now[act.actor_id],
            on_behalf_of=now[act.on_behalf_of] if act.on_behalf_of else None,
        )
        for act in acts
    ]
