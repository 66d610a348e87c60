"""What of a mail is still worth telling when it goes out: a task that is done, or an alarm that is mended, is
not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from language.cases import AlarmKind
from language.messages.notices import Asked, NoticeKind
from language.posts.kinds import OwnTask
from services.postroom.domain.letters import LetterItem
from services.postroom.domain.telling import brings_link

_OF_WORK: Final = frozenset({NoticeKind.TASK_OPENED, NoticeKind.REMINDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Matters:
    """How the thing that a notice is about stands now: the reader's own open tasks, the work that anybody has
    about it, the alarms that stand, what the reader is asked for about it that is no task; whether the reader
    was told since how it has gone on; and whether the link that it brings may be used."""

    own_tasks: Sequence[str]
    all_tasks: Sequence[str]
    alarms: Sequence[str]
    asked: Sequence[str]
    has_gone_on: bool
    has_link: bool


_IsOpen: TypeAlias = Callable[[LetterItem, Matters], bool]


def _alarm_stands(item: LetterItem, now: Matters) -> bool:
    """A superior is told of an alarm, or, without a code, of work that is late."""
    return bool(now.all_tasks) if item.detail is None else item.detail in now.alarms


def _work_goes_on(_: LetterItem, now: Matters) -> bool:
    return bool(now.all_tasks)


_OPEN: Final[Mapping[NoticeKind, _IsOpen]] = {
    NoticeKind.TASK_OPENED: lambda item, now: item.detail in now.own_tasks,
    NoticeKind.REMINDED: lambda _, now: bool(now.own_tasks),
    NoticeKind.ALARM_RAISED: lambda item, now: item.detail is None or item.detail in now.alarms,
    NoticeKind.SUPERIOR_TOLD: _alarm_stands,
    NoticeKind.SECRETARY_TOLD: _work_goes_on,
    NoticeKind.QUORUM_LOWERED: _work_goes_on,
    NoticeKind.SUPPLEMENT_REQUESTED: lambda _, now: OwnTask.SUPPLEMENT in now.all_tasks,
    NoticeKind.ACT_QUESTIONED: lambda _, now: AlarmKind.ACT_IN_QUESTION in now.alarms,
    NoticeKind.WEBHOOK_OFF: lambda _, now: AlarmKind.WEBHOOK_OFF in now.alarms,
    NoticeKind.SHARE_TO_CONFIRM: lambda _, now: Asked.SHARE in now.asked,
    NoticeKind.DRAFT_PREPARED: lambda _, now: Asked.AGREEMENT in now.asked,
    NoticeKind.DRAFT_BEGUN: lambda _, now: Asked.AGREEMENT in now.asked,
    NoticeKind.FILING_AGREED: lambda _, now: Asked.FILING in now.asked,
    NoticeKind.ACCOUNT_CHANGED: lambda item, now: now.has_link or not brings_link(item.kind, item.detail),
    NoticeKind.RECORDS_JOINED: lambda item, now: item.detail != "PROPOSED" or not now.has_gone_on,
    NoticeKind.UNITS_CHANGED: lambda item, now: item.detail != "HELD_UP" or not now.has_gone_on,
}
"""What somebody is asked to do something about; of all else it is told that it happened, and that stays."""


def is_open(item: LetterItem, now: Matters) -> bool:
    """There is still something in it for its reader."""
    rule = _OPEN.get(item.kind)
    return rule is None or rule(item, now)


def still_open(found: Sequence[tuple[LetterItem, Matters]]) -> tuple[LetterItem, ...]:
    """What is left of these, in their order; of work that came, went and came again the last word."""
    kept: dict[object, LetterItem] = {}
    for place, (item, now) in enumerate(found):
        if is_open(item, now):
            is_work = item.kind in _OF_WORK
            same = (item.kind, item.subject_id, item.detail) if is_work else place
            kept.pop(same, None)
            kept[same] = item
    return tuple(kept.values())
