"""A notice of every kind, as its reader sees it."""

from datetime import UTC, datetime
from uuid import uuid4

from language.messages.notices import NoticeKind
from services.postroom.domain.letters import LetterItem

_DETAILS = {
    NoticeKind.TASK_OPENED: "MARK",
    NoticeKind.STAGE_DECIDED: "RECOGNISED",
    NoticeKind.PACK_PUBLISHED: "2027-01-01",
    NoticeKind.QUORUM_LOWERED: "1/2",
    NoticeKind.ACCOUNT_CHANGED: "PASSWORD_SET",
    NoticeKind.UNITS_CHANGED: "IN_FORCE",
    NoticeKind.RECORDS_JOINED: "IN_FORCE",
    NoticeKind.FILING_WINDOW_CHANGED: "EXTENDED",
    NoticeKind.DECISION_ACTED_ON: "CORRECTION",
    NoticeKind.TASK_TAKEN: "FORMAL_CHECK",
    NoticeKind.SUPERIOR_TOLD: "NOBODY_THERE",
    NoticeKind.ALARM_RAISED: "RUN_FAILS",
    NoticeKind.REQUEST_REJECTED: "INCOMPLETE",
    NoticeKind.CLOCK_SUSPENDED: "COMPLAINT",
    NoticeKind.RULES_CHANGED: "UNDER_CHECK",
    NoticeKind.ACT_QUESTIONED: "HOLDING_ENDED",
    NoticeKind.QUESTION_DECIDED: "STANDS",
    NoticeKind.WORK_DELEGATED: "DECIDE=2,MARK=1",
    NoticeKind.COMPLAINT_ENDED: "DISMISSED",
    NoticeKind.ENTERED_ABOUT_YOU: "POST_TAKEN=COUNCIL_MEMBER,MAIL_CHANGED",
}


def told(kind: NoticeKind) -> LetterItem:
    """Of this kind, with a value in every field."""
    return LetterItem(
        kind=kind,
        subject_id=uuid4(),
        subject_code="SK-2026-00007",
        level="UNIT",
        due_at=datetime(2026, 3, 31, 16, 59, 59, tzinfo=UTC),
        detail=_DETAILS.get(kind),
        reference="12/QĐ-2026",
        reason="Thiếu bản vẽ.\nThiếu minh chứng.",
        amount_dong=1_500_000,
    )
