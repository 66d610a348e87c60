"""How acts in question are shown to whoever previews a change, and to who decides about them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, Self
from uuid import UUID

from casework.late.acts import Questioned
from casework.late.questions import Question
from kit.http.models import Out
from language.cases import DoubtCause, QuestionState
from language.words.late import say_act, say_way
from language.words.said import say

_SHOWN: Final = 200


class ThroughOut(Out):
    """What gave the right to act in the post."""

    holding_id: UUID | None
    delegation_id: UUID | None


class PutInQuestionOut(Out):
    """An act that the change puts into question: what was done (`act` is the kind of its event), on which
    case, by whom, for whom, through which post and by what right, when."""

    event_id: UUID
    act: str
    act_vi: str
    act_en: str
    subject_id: UUID
    subject_code: str
    person_id: UUID
    on_behalf_of: UUID | None
    post_id: UUID
    through: ThroughOut
    acted_at: datetime
    doubt: DoubtCause

    @classmethod
    def of(cls, value: Questioned) -> Self:
        """The act in words."""
        act, said = value.act, say_act(value.act.kind)
        return cls(
            event_id=act.event_id,
            act=act.kind,
            act_vi=said.vi,
            act_en=said.en,
            subject_id=act.subject_id,
            subject_code=act.subject_code,
            person_id=act.actor_id,
            on_behalf_of=act.on_behalf_of,
            post_id=act.post_id,
            through=ThroughOut(holding_id=act.holding_id, delegation_id=act.delegation_id),
            acted_at=act.occurred_at,
            doubt=value.late.paper.cause,
        )


class QuestionedOut(Out):
    """How many acts a change puts into question, and the first 200 of them. Each is marked in the history of
    its case, and the unit above decides about it; nothing is undone."""

    count: int
    acts: list[PutInQuestionOut]

    @classmethod
    def of(cls, value: Sequence[Questioned]) -> Self:
        """The first of them."""
        return cls(count=len(value), acts=[PutInQuestionOut.of(one) for one in value[:_SHOWN]])


class QuestionOut(Out):
    """An act in question: done by nobody (`actor_id` null) the clock acted. `doubt` is what became known
    afterwards of the days from `first_day` to `last_day`; `change_id` is the same for all that one change put
    into question. `unit_id` decides. `way` says by which acts it is undone where it is to be done again."""

    id: UUID
    change_id: UUID
    doubt: DoubtCause
    doubt_vi: str
    doubt_en: str
    first_day: date
    last_day: date | None
    act_id: UUID
    act: str
    act_vi: str
    act_en: str
    acted_at: datetime
    actor_id: UUID | None
    on_behalf_of: UUID | None
    post_id: UUID | None
    subject_id: UUID
    subject_code: str
    unit_id: UUID
    raised_at: datetime
    state: QuestionState
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str | None
    way_vi: str
    way_en: str

    @classmethod
    def of(cls, value: Question) -> Self:
        """The question in words."""
        doubt, act, way = say(value.doubt), say_act(value.act), say_way(value.act)
        return cls(
            id=value.id,
            change_id=value.change_id,
            doubt=value.doubt,
            doubt_vi=doubt.vi,
            doubt_en=doubt.en,
            first_day=value.first_day,
            last_day=value.last_day,
            act_id=value.act_id,
            act=value.act,
            act_vi=act.vi,
            act_en=act.en,
            acted_at=value.acted_at,
            actor_id=value.actor_id,
            on_behalf_of=value.on_behalf_of,
            post_id=value.post_id,
            subject_id=value.subject_id,
            subject_code=value.subject_code,
            unit_id=value.unit_id,
            raised_at=value.raised_at,
            state=value.state,
            decided_by=value.decided_by,
            decided_at=value.decided_at,
            reason=value.reason,
            way_vi=way.vi,
            way_en=way.en,
        )
