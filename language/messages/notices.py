"""What people are told: notices on their way from the service in which something happened to the postroom,
which knows how to reach people."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from language.ids import DossierId, EventId, NoticeId, PersonId


class NoticeKind(StrEnum):
    """What a person may be told of."""

    TASK_OPENED = "TASK_OPENED"
    TASK_TAKEN = "TASK_TAKEN"
    REMINDED = "REMINDED"
    SUPERIOR_TOLD = "SUPERIOR_TOLD"
    SECRETARY_TOLD = "SECRETARY_TOLD"
    MEMBER_REPLACED = "MEMBER_REPLACED"
    DECISION_HANDED_UP = "DECISION_HANDED_UP"
    SUPPLEMENT_REQUESTED = "SUPPLEMENT_REQUESTED"
    REQUEST_ACCEPTED = "REQUEST_ACCEPTED"
    REQUEST_REJECTED = "REQUEST_REJECTED"
    STAGE_DECIDED = "STAGE_DECIDED"
    AWARD_APPROVED = "AWARD_APPROVED"
    AWARD_PAID = "AWARD_PAID"
    PACK_PUBLISHED = "PACK_PUBLISHED"
    QUORUM_LOWERED = "QUORUM_LOWERED"
    ALARM_RAISED = "ALARM_RAISED"
    ACCOUNT_CHANGED = "ACCOUNT_CHANGED"
    SHARE_TO_CONFIRM = "SHARE_TO_CONFIRM"
    SHARE_ANSWERED = "SHARE_ANSWERED"
    AUTHOR_DROPPED = "AUTHOR_DROPPED"
    DOSSIER_TAKEN_OVER = "DOSSIER_TAKEN_OVER"
    AUTHOR_HOLDS_POST = "AUTHOR_HOLDS_POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One fact for one person: ids, codes and instants, never a name.

    The subject is a dossier; of PACK_PUBLISHED it is the draft that became the pack, and its code the pack's
    (name@version); of ACCOUNT_CHANGED it is the person, by the office's number. `detail` is a code that says
    more (the task's kind, the decision's outcome, the day from which a pack is in force, the share that is
    enough now, the kind of an alarm, what was done to an account), `reference` a number people quote (of the
    decision)."""

    id: NoticeId
    event_id: EventId
    person_id: PersonId
    kind: NoticeKind
    subject_id: DossierId
    subject_code: str
    happened_at: datetime
    level: str | None = None
    due_at: datetime | None = None
    detail: str | None = None
    reference: str | None = None
