"""What mails say, in both languages: code, level, due date, what to do and where; no name, no amount, nothing
of what somebody wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from string import Template
from uuid import UUID

from language.deadline.arithmetic import LOCAL_ZONE
from language.messages.notices import NoticeKind
from language.telling import Language
from services.postroom.domain.telling import STATUTORY


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterItem:
    """A notice as its reader sees it."""

    kind: NoticeKind
    subject_id: UUID
    subject_code: str
    level: str | None
    due_at: datetime | None
    detail: str | None
    reference: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail's subject and text."""

    subject: str
    text: str


_TEXTS: dict[NoticeKind, dict[Language, tuple[str, str]]] = {
    NoticeKind.TASK_OPENED: {
        Language.VI: ("Việc mới: $task, hồ sơ $code", "Mở hộp việc, làm trước hạn."),
        Language.EN: ("New task: $task, dossier $code", "Open your tasks and act before it is due."),
    },
    NoticeKind.TASK_TAKEN: {
        Language.VI: ("Đồng nghiệp đã nhận việc: $task, hồ sơ $code", "Việc không còn ở hộp việc của bạn."),
        Language.EN: ("A colleague took over: $task, dossier $code", "It is no longer among your tasks."),
    },
    NoticeKind.REMINDED: {
        Language.VI: ("Nhắc việc: hồ sơ $code đang chờ bạn", "Mở hộp việc và hoàn tất trước hạn."),
        Language.EN: (
            "Reminder: dossier $code waits for you",
            "Open your tasks and finish before it is due.",
        ),
    },
    NoticeKind.SUPERIOR_TOLD: {
        Language.VI: (
            "Hồ sơ $code đang chậm ở đơn vị bạn phụ trách",
            "Hãy đôn đốc người được giao; nếu vẫn chậm, việc có thể chuyển lên bạn.",
        ),
        Language.EN: (
            "Dossier $code is held up in a unit you head",
            "Urge those who have it; the work may come to you if nothing happens.",
        ),
    },
    NoticeKind.ALARM_RAISED: {
        Language.VI: (
            "Cảnh báo: $code không tự chạy tiếp",
            "Xem danh sách cảnh báo: vì sao, từ bao giờ, và cần làm gì.",
        ),
        Language.EN: (
            "Alarm: $code does not go on by itself",
            "See the list of alarms: why, since when, and what can be done.",
        ),
    },
    NoticeKind.SECRETARY_TOLD: {
        Language.VI: (
            "Hội đồng xét hồ sơ $code còn người chưa làm",
            "Xem ai chưa làm, đã bao lâu trong lịch sử hồ sơ, và đôn đốc.",
        ),
        Language.EN: (
            "Somebody in the council on dossier $code is silent",
            "See in its history who, and how long, and urge them.",
        ),
    },
    NoticeKind.MEMBER_REPLACED: {
        Language.VI: ("Bạn đã được thay trong Hội đồng xét hồ sơ $code", "Bạn không cần chấm hồ sơ này nữa."),
        Language.EN: (
            "You were replaced in the council on dossier $code",
            "You need not mark this dossier any more.",
        ),
    },
    NoticeKind.DECISION_HANDED_UP: {
        Language.VI: ("Hồ sơ $code đã chuyển lên cấp trên của bạn", "Việc không còn ở hộp việc của bạn."),
        Language.EN: ("Dossier $code was handed up to your superior", "It is no longer among your tasks."),
    },
    NoticeKind.QUORUM_LOWERED: {
        Language.VI: (
            "Hội đồng xét hồ sơ $code: túc số hạ còn $share",
            "Đủ số phiếu này thì được quyết định; xem còn thiếu ai trong lịch sử hồ sơ.",
        ),
        Language.EN: (
            "Council on dossier $code: $share is now quorum",
            "With so many sheets it may be decided; see in its history who is missing.",
        ),
    },
    NoticeKind.SUPPLEMENT_REQUESTED: {
        Language.VI: (
            "Hồ sơ $code cần sửa chữa, bổ sung",
            "Xem các thiếu sót trong lịch sử hồ sơ, sửa và gửi lại trước hạn.",
        ),
        Language.EN: (
            "Dossier $code needs a supplement",
            "Read the defects in its history, correct them and send it again before it is due.",
        ),
    },
    NoticeKind.REQUEST_ACCEPTED: {
        Language.VI: (
            "Đơn của hồ sơ $code đã được chấp nhận",
            "Hội đồng sẽ xét; bạn không phải làm gì thêm.",
        ),
        Language.EN: (
            "The request of dossier $code was accepted",
            "The council examines it; there is nothing you need to do.",
        ),
    },
    NoticeKind.REQUEST_REJECTED: {
        Language.VI: ("Đơn của hồ sơ $code bị từ chối chấp nhận", "Xem lý do trong lịch sử hồ sơ."),
        Language.EN: ("The request of dossier $code was rejected", "Read the reasons in its history."),
    },
    NoticeKind.STAGE_DECIDED: {
        Language.VI: ("Hồ sơ $code: $outcome", "Xem quyết định và lý do trong lịch sử hồ sơ."),
        Language.EN: ("Dossier $code: $outcome", "Read the decision and its reasons in the history."),
    },
    NoticeKind.AWARD_APPROVED: {
        Language.VI: (
            "Tiền thưởng của hồ sơ $code đã được duyệt",
            "Bạn không phải làm gì thêm; sẽ có báo khi đã chi.",
        ),
        Language.EN: (
            "The award of dossier $code was approved",
            "There is nothing you need to do; you are told when it is paid.",
        ),
    },
    NoticeKind.AWARD_PAID: {
        Language.VI: (
            "Tiền thưởng của hồ sơ $code đã được chi",
            "Kiểm tra tài khoản nhận tiền; nếu chưa thấy, hỏi kế toán đơn vị.",
        ),
        Language.EN: (
            "The award of dossier $code was paid",
            "Look at your account; ask your unit's accountant if it is not there.",
        ),
    },
    NoticeKind.ACCOUNT_CHANGED: {
        Language.VI: (
            "Tài khoản của bạn ($code): $what",
            "Nếu bạn không yêu cầu việc này, hãy báo ngay quản trị viên cấp trên.",
        ),
        Language.EN: (
            "Your account ($code): $what",
            "If you have not asked for this, tell the administrator above at once.",
        ),
    },
    NoticeKind.SHARE_TO_CONFIRM: {
        Language.VI: (
            "Bạn được ghi tên là tác giả của hồ sơ $code",
            "Đọc hồ sơ rồi xác nhận hoặc từ chối tỷ lệ đóng góp của mình; chưa có trả lời thì chưa nộp được.",
        ),
        Language.EN: (
            "You were named as an author of dossier $code",
            "Read it, then confirm or decline your share; it cannot be filed before.",
        ),
    },
    NoticeKind.SHARE_ANSWERED: {
        Language.VI: (
            "Một đồng tác giả $what tỷ lệ đóng góp trong hồ sơ $code",
            "Xem trả lời của các tác giả trong hồ sơ.",
        ),
        Language.EN: (
            "A co-author $what the own share in dossier $code",
            "See in the dossier what its authors say.",
        ),
    },
    NoticeKind.AUTHOR_DROPPED: {
        Language.VI: (
            "Bạn không còn là tác giả của hồ sơ $code",
            "Bản đã nộp có tên bạn vẫn đọc được; nếu không đồng ý, hãy báo cho nơi tiếp nhận hồ sơ.",
        ),
        Language.EN: (
            "You are no longer an author of dossier $code",
            "Versions filed with your name stay readable; if you object, tell the office that received it.",
        ),
    },
    NoticeKind.DOSSIER_TAKEN_OVER: {
        Language.VI: (
            "Hồ sơ $code có người phụ trách mới thay người nộp",
            "Xem lý do trong lịch sử hồ sơ; người này bổ sung hoặc rút hồ sơ thay các tác giả.",
        ),
        Language.EN: (
            "Somebody else files for dossier $code now",
            "Read the reason in its history; this person supplements or withdraws for all authors.",
        ),
    },
    NoticeKind.AUTHOR_HOLDS_POST: {
        Language.VI: (
            "Hồ sơ $code: tác giả đang giữ vị trí tham gia xét",
            "Người này bị loại khỏi việc xét; hãy bảo đảm còn đủ người làm việc.",
        ),
        Language.EN: (
            "Dossier $code: an author holds a post that would act in it",
            "The author is left out; see to it that enough others are there.",
        ),
    },
    NoticeKind.PACK_PUBLISHED: {
        Language.VI: (
            "Bộ quy định $code đã được công bố, áp dụng từ $day",
            "Đọc từng điều bằng lời tại địa chỉ trên; bản này không còn sửa được.",
        ),
        Language.EN: (
            "Rules $code were published, in force from $day",
            "Read them in sentences at the address above; what is published stays.",
        ),
    },
}
_WORDS: dict[Language, dict[str, str]] = {
    Language.VI: {
        "MARK": "chấm điểm",
        "DECIDE": "ra quyết định",
        "FORMAL_CHECK": "xem xét đơn",
        "SUPPLEMENT": "bổ sung hồ sơ",
        "VERIFY_AWARD": "kiểm tra khoản thưởng",
        "APPROVE_AWARD": "duyệt khoản thưởng",
        "RECOGNISED": "được công nhận sáng kiến",
        "REFUSED": "không được công nhận",
        "PASSWORD_SET": "quản trị viên đã đặt mật khẩu mới",
        "LINKED": "đã gắn tài khoản của nhà cung cấp khác",
        "UNLINKED": "đã bỏ gắn tài khoản của nhà cung cấp khác",
        "CLOSED": "đã bị đóng",
        "REOPENED": "đã được mở lại",
        "SIGNED_OUT": "quản trị viên đã đăng xuất mọi nơi",
        "CONFIRMED": "đã xác nhận",
        "DECLINED": "không xác nhận",
        "account": "Tài khoản",
        "level": "Cấp",
        "due": "Hạn",
        "reference": "Quyết định số",
        "dossier": "Hồ sơ",
        "pack": "Quy định",
        "alarms": "Cảnh báo",
        "inbox": "Hộp thông báo",
        "digest": "$count thông báo từ Sáng Kiến",
        "turn_off": "Không muốn nhận thư loại này: sửa tại",
        "statutory": "Thông báo này do quy định nên không tắt được.",
    },
    Language.EN: {
        "MARK": "mark",
        "DECIDE": "decide",
        "FORMAL_CHECK": "check the request",
        "SUPPLEMENT": "supplement the dossier",
        "VERIFY_AWARD": "verify the award",
        "APPROVE_AWARD": "approve the award",
        "RECOGNISED": "recognised as an initiative",
        "REFUSED": "not recognised",
        "PASSWORD_SET": "an administrator set a new password",
        "LINKED": "an account of another provider was linked",
        "UNLINKED": "an account of another provider was unlinked",
        "CLOSED": "it was closed",
        "REOPENED": "it was opened again",
        "SIGNED_OUT": "an administrator signed it out everywhere",
        "CONFIRMED": "confirmed",
        "DECLINED": "declined",
        "account": "Account",
        "level": "Level",
        "due": "Due",
        "reference": "Decision no.",
        "dossier": "Dossier",
        "pack": "Rules",
        "alarms": "Alarms",
        "inbox": "Inbox of notices",
        "digest": "$count notices from Sáng Kiến",
        "turn_off": "To get no more mails of this kind, change",
        "statutory": "You have to be told of this, so it cannot be turned off.",
    },
}


def _fill(template: str, item: LetterItem, language: Language) -> str:
    detail = item.detail or ""
    word = _WORDS[language].get(detail, detail)
    day = date.fromisoformat(detail).strftime("%d/%m/%Y") if item.kind is NoticeKind.PACK_PUBLISHED else ""
    filled = Template(template).substitute(
        code=item.subject_code, task=word, outcome=word, share=word, what=word, day=day
    )
    # A draft has no code yet.
    return filled.rstrip()


def _where(item: LetterItem) -> tuple[str, str]:
    """What the notice is about, and where it is to be read."""
    if item.kind is NoticeKind.PACK_PUBLISHED:
        return "pack", f"/v1/policy-packs/{item.subject_code.replace('@', '/')}/explanation"
    if item.kind is NoticeKind.ALARM_RAISED:
        return "alarms", "/v1/alarms"
    if item.kind is NoticeKind.ACCOUNT_CHANGED:
        return "account", f"/v1/people/{item.subject_id}/account"
    return "dossier", f"/v1/dossiers/{item.subject_id}"


def headline(item: LetterItem, language: Language) -> str:
    """The notice in one line."""
    return _fill(_TEXTS[item.kind][language][0], item, language)


def _paragraph(item: LetterItem, language: Language) -> str:
    words = _WORDS[language]
    what, address = _where(item)
    facts = {
        words["level"]: item.level,
        words["due"]: item.due_at.astimezone(LOCAL_ZONE).strftime("%H:%M %d/%m/%Y") if item.due_at else None,
        words["reference"]: item.reference,
        words[what]: address,
    }
    lines = [headline(item, language), *(f"{name}: {value}" for name, value in facts.items() if value)]
    return "\n".join([*lines, _fill(_TEXTS[item.kind][language][1], item, language)])


def compose(items: Sequence[LetterItem], language: Language, address: str, person_id: UUID) -> Letter:
    """One mail of one notice or of many. `address` is where the postroom is found from outside."""
    words = _WORDS[language]
    subject = (
        headline(items[0], language)
        if len(items) == 1
        else Template(words["digest"]).substitute(count=len(items))
    )
    tail = [f"{words['inbox']}: {address}/v1/notices"]
    if any(notice.kind not in STATUTORY for notice in items):
        tail.append(f"{words['turn_off']} {address}/v1/people/{person_id}/notice-settings")
    if any(notice.kind in STATUTORY for notice in items):
        tail.append(words["statutory"])
    return Letter(
        subject=subject,
        text="\n\n".join([*(_paragraph(notice, language) for notice in items), "\n".join(tail)]) + "\n",
    )
