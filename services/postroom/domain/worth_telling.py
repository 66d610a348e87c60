"""What of a mail is still worth telling when it goes out: a task that is done, or an alarm that is mended, is
not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from language.messages.notices import NoticeKind
from language.posts.kinds import OwnTask
from services.postroom.domain.letters import LetterItem

_OF_OTHERS: Final = frozenset(
    {NoticeKind.SECRETARY_TOLD, NoticeKind.SUPERIOR_TOLD, NoticeKind.QUORUM_LOWERED}
)
_OF_ALARMS: Final = frozenset({NoticeKind.ALARM_RAISED, NoticeKind.SUPERIOR_TOLD})
_OF_WORK: Final = frozenset({NoticeKind.TASK_OPENED, NoticeKind.REMINDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Matters:
    """How the thing that a notice is about stands now: the reader's own open tasks, the work that anybody has
    about it, the alarms that stand."""

    own_tasks: Sequence[str]
    all_tasks: Sequence[str]
    alarms: Sequence[str]


def is_open(item: LetterItem, now: Matters) -> bool:
    """There is still something in it for its reader. What has happened to a dossier stays told."""
    if item.kind is NoticeKind.TASK_OPENED:
        return item.detail in now.own_tasks
    if item.kind is NoticeKind.REMINDED:
        return bool(now.own_tasks)
    if item.kind in _OF_ALARMS and item.detail is not None:
        return item.detail in now.alarms
    if item.kind in _OF_OTHERS:
        return bool(now.all_tasks)
    if item.kind is NoticeKind.SUPPLEMENT_REQUESTED:
        return OwnTask.SUPPLEMENT in now.all_tasks
    return True


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
