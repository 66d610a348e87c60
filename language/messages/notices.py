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
    AWARD_REJECTED = "AWARD_REJECTED"
    AWARD_REVERSED = "AWARD_REVERSED"
    AWARD_TAKEN_UP = "AWARD_TAKEN_UP"
    AWARD_UNPAID = "AWARD_UNPAID"
    PAYEE_TIED = "PAYEE_TIED"
    PACK_PUBLISHED = "PACK_PUBLISHED"
    QUORUM_LOWERED = "QUORUM_LOWERED"
    ALARM_RAISED = "ALARM_RAISED"
    ACCOUNT_CHANGED = "ACCOUNT_CHANGED"
    UNITS_CHANGED = "UNITS_CHANGED"
    RECORDS_JOINED = "RECORDS_JOINED"
    FILING_WINDOW_CHANGED = "FILING_WINDOW_CHANGED"
    DRAFT_PREPARED = "DRAFT_PREPARED"
    SHEET_TAKEN_BACK = "SHEET_TAKEN_BACK"
    MEMBER_RECUSED = "MEMBER_RECUSED"
    COUNCIL_RELIEVED = "COUNCIL_RELIEVED"
    DECISION_ACTED_ON = "DECISION_ACTED_ON"
    DOSSIER_FILED = "DOSSIER_FILED"
    EXAMINATION_OPENED = "EXAMINATION_OPENED"
    PROPOSED_UPWARD = "PROPOSED_UPWARD"
    DEADLINE_EXTENDED = "DEADLINE_EXTENDED"
    CLOCK_SUSPENDED = "CLOCK_SUSPENDED"
    CLOCK_RESUMED = "CLOCK_RESUMED"
    RULES_CHANGED = "RULES_CHANGED"
    DOSSIER_WITHDRAWN = "DOSSIER_WITHDRAWN"
    WITHDRAWAL_TOO_LATE = "WITHDRAWAL_TOO_LATE"
    SHARE_TO_CONFIRM = "SHARE_TO_CONFIRM"
    SHARE_ANSWERED = "SHARE_ANSWERED"
    AUTHOR_DROPPED = "AUTHOR_DROPPED"
    DOSSIER_TAKEN_OVER = "DOSSIER_TAKEN_OVER"
    AUTHOR_HOLDS_POST = "AUTHOR_HOLDS_POST"
    ACT_QUESTIONED = "ACT_QUESTIONED"
    QUESTION_DECIDED = "QUESTION_DECIDED"
    WORK_DELEGATED = "WORK_DELEGATED"
    DELEGATION_TAKEN_BACK = "DELEGATION_TAKEN_BACK"
    DRAFT_BEGUN = "DRAFT_BEGUN"
    FILING_AGREED = "FILING_AGREED"
    COMPLAINT_FILED = "COMPLAINT_FILED"
    COMPLAINT_ENDED = "COMPLAINT_ENDED"
    ENTERED_ABOUT_YOU = "ENTERED_ABOUT_YOU"
    WEBHOOK_OFF = "WEBHOOK_OFF"


class LinkSent(StrEnum):
    """That a mail brings its reader a link to choose a password by: on the invitation of an administrator, or
    because somebody who has the name of the account asked for it. The detail of ACCOUNT_CHANGED."""

    INVITED = "INVITED"
    LINK_ASKED = "LINK_ASKED"


class Asked(StrEnum):
    """What somebody is asked for that is no task: to stand by the own share, to agree to the filing of what a
    clerk has prepared, to file what its author has agreed to."""

    SHARE = "SHARE"
    AGREEMENT = "AGREEMENT"
    FILING = "FILING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One fact for one person: ids, codes and instants, never a name of ours.

    The subject is a dossier; of PACK_PUBLISHED it is the draft that became the pack, and its code the pack's
    (name@version); of ACCOUNT_CHANGED and ENTERED_ABOUT_YOU it is the person, by the office's number; of
    UNITS_CHANGED the act, by its document; of RECORDS_JOINED the joining, by both of the office's numbers; of
    FILING_WINDOW_CHANGED it is the season, by its code and its round's, and `due_at` the new end; of
    WEBHOOK_OFF it is the webhook, by its host; of a
    delegation it is the reader's own person or the grantor's, by the grantor's number; a draft has no code
    yet, and DRAFT_PREPARED names the row of the list. `detail` is a code that says more (the task's kind, the
    decision's outcome, the day from which a pack is in force, the share that is enough now, the kind of an
    alarm, what was done to an account, a round, a decision, or of an act about units, the ground of a
    rejection, the cause of a suspension, why rules moved a dossier, what puts an act into question, what was
    decided about it; of what others entered each code, of a post with its kind, between commas), `reference`
    a number people quote (of the decision, of the rules), or the days of a delegation, a leave or a post.
    `reason` is what whoever acted wrote for those it concerns, and `amount_dong` the reader's own share: both
    for the reader's eyes only, so no webhook is told them."""

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
    reason: str | None = None
    amount_dong: int | None = None
