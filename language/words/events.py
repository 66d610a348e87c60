"""Histories in words: a sentence for every kind of event, and what the fields of events are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from language.events import casework, history, intake, payout, review
from language.events.base import Fact
from language.words.base import Words

_SENTENCES: Final[Mapping[type[Fact], Words]] = MappingProxyType(
    {
        casework.RungFired: Words("Bậc nhắc việc", "A rung fired"),
        casework.WorkGivenOut: Words("Giao việc", "The work was given out"),
        casework.ClockSuspended: Words("Tạm dừng tính hạn", "The clock was suspended"),
        casework.ClockResumed: Words("Tính hạn trở lại", "The clock goes on"),
        casework.ClockExtended: Words("Gia hạn", "The deadline was extended"),
        casework.ClockCalendarChanged: Words(
            "Tính lại hạn theo lịch mới", "The deadline is counted by a new calendar"
        ),
        casework.TaskHandedOver: Words(
            "Chuyển việc cho người đang làm thay", "The work went to whoever acts for its holder"
        ),
        casework.TaskTaken: Words("Đồng nghiệp nhận việc", "A colleague took the work"),
        casework.TaskUnreachable: Words("Việc chưa có ai làm được", "Nobody is there to do the work"),
        casework.AlarmRaised: Words("Đưa vào danh sách cảnh báo", "An alarm was raised"),
        casework.AlarmCleared: Words("Đã khắc phục, bỏ cảnh báo", "An alarm was mended"),
        history.PersonalValuesErased: Words(
            "Xoá giá trị cá nhân trong lịch sử", "Personal values in the history were erased"
        ),
        intake.DraftCreated: Words("Lập bản nháp", "A draft was begun"),
        intake.ContentChanged: Words("Sửa nội dung", "The content was changed"),
        intake.AttachmentAdded: Words("Thêm tệp đính kèm", "A file was added"),
        intake.AttachmentRemoved: Words("Bỏ tệp đính kèm", "A file was taken off"),
        intake.DossierFiled: Words("Nộp hồ sơ", "The dossier was filed"),
        intake.FormalCheckOpened: Words("Bắt đầu xem xét đơn", "The formal check began"),
        intake.SupplementRequested: Words("Yêu cầu bổ sung", "A supplement was requested"),
        intake.DossierSupplemented: Words("Đã bổ sung hồ sơ", "The dossier was supplemented"),
        intake.RequestAccepted: Words("Chấp nhận đơn", "The request was accepted"),
        intake.RequestRejected: Words("Từ chối chấp nhận đơn", "The request was rejected"),
        intake.DossierWithdrawn: Words("Rút hồ sơ", "The dossier was withdrawn"),
        intake.WithdrawalRequested: Words("Xin rút hồ sơ", "Its withdrawal was asked for"),
        intake.WithdrawalCameTooLate: Words(
            "Xin rút sau khi đã có quyết định", "The withdrawal came after the decision"
        ),
        intake.DossierClosed: Words("Kết thúc hồ sơ", "The dossier was closed"),
        intake.RulesChanged: Words("Chuyển sang quy định mới", "Other rules hold from now on"),
        intake.RulesChangeDeclined: Words(
            "Không chuyển sang quy định mới", "Other rules did not fit and were declined"
        ),
        review.StageOpened: Words("Mở xét công nhận", "The examination was opened"),
        review.ScoreSheetSubmitted: Words("Nộp phiếu chấm", "A score sheet was submitted"),
        review.StageDecided: Words("Quyết định của cấp xét", "The level decided"),
        review.StageWithdrawn: Words(
            "Dừng xét do tác giả rút hồ sơ", "The examination ended: the author withdrew"
        ),
        review.StageMoved: Words(
            "Dừng xét, chuyển theo quy định mới", "The examination ended: other rules moved the dossier"
        ),
        payout.AwardAssessed: Words("Lập khoản thưởng", "The award was assessed"),
        payout.AwardVerified: Words("Kế toán kiểm tra", "The award was verified"),
        payout.AwardApproved: Words("Duyệt khoản thưởng", "The award was approved"),
        payout.AwardRejected: Words("Từ chối khoản thưởng", "The award was rejected"),
        payout.AwardListed: Words("Đưa vào danh sách chi trả", "The award was put on a payment list"),
        payout.AwardSent: Words("Gửi Kho bạc", "The award was sent to the treasury"),
        payout.AwardPaid: Words("Đã chi trả", "The award was paid"),
        payout.AwardReversed: Words("Hủy khoản thưởng bằng bút toán ngược", "The award was reversed"),
        payout.PaymentListMade: Words("Lập danh sách chi trả", "A payment list was made"),
        payout.PaymentListSent: Words("Gửi danh sách cho Kho bạc", "The list was sent to the treasury"),
        payout.PaymentListConfirmed: Words("Kho bạc đã chi trả danh sách", "The treasury paid the list"),
        payout.PaymentListCancelled: Words(
            "Hủy danh sách: mọi khoản đã bị hủy", "The list was cancelled: every award on it was reversed"
        ),
    }
)


def say_event(kind: type[Fact]) -> Words:
    """What happened, in one sentence."""
    return _SENTENCES[kind]


PARTS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "REMINDED": Words("đã nhắc", "reminded"),
        "SILENCE_REPORTED": Words("đã báo gộp", "reported who is silent"),
        "SUPERIOR_TOLD": Words("đã báo cấp trên", "told the superior"),
        "WORK_GIVEN": Words("đã giao việc", "gave the work"),
        "HANDED_UP": Words("đã chuyển việc lên", "handed up"),
        "MEMBERS_REPLACED": Words("đã thay thành viên", "replaced members"),
        "SEATS_FILLED": Words("đã có người cho ghế trống", "filled empty seats"),
        "QUORUM_LOWERED": Words("đã hạ túc số", "lowered the quorum"),
        "CHAIR_FREED": Words("cho Chủ tịch quyết định", "let the chair decide"),
    }
)
"""The parts of what a rung did, by their `did`."""
FIELDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "acts_as": Words("làm thay ở vị trí", "acts as"),
        "action": Words("hệ quả", "action"),
        "alarm": Words("cảnh báo", "alarm"),
        "amount": Words("số lượng", "amount"),
        "amount_dong": Words("số tiền (đồng)", "amount (đồng)"),
        "answer_due_on": Words("ngày trả lời", "answer due on"),
        "approvals": Words("phiếu đồng ý", "approvals"),
        "approvals_needed": Words("phiếu đồng ý cần có", "approvals needed"),
        "approver_id": Words("người duyệt", "approver"),
        "average": Words("điểm trung bình", "average"),
        "budget": Words("thời gian", "time"),
        "calendar_version": Words("phiên bản lịch", "version of the calendar"),
        "case": Words("việc", "case"),
        "cause": Words("nguyên nhân", "cause"),
        "chain": Words("qua các lượt ủy quyền", "through delegations"),
        "chains": Words("qua các lượt ủy quyền", "through delegations"),
        "chair_id": Words("Chủ tịch", "chair"),
        "changes": Words("thay đổi", "changes"),
        "code": Words("mã hồ sơ", "code"),
        "content": Words("nội dung", "content"),
        "count": Words("số phiếu", "count"),
        "days": Words("số ngày", "days"),
        "decided_alone": Words("Chủ tịch quyết định khi còn thiếu phiếu", "decided without missing sheets"),
        "decider_id": Words("người quyết định", "decider"),
        "decision_number": Words("số quyết định", "decision number"),
        "defects": Words("thiếu sót", "defects"),
        "deviation": Words("chênh lệch điểm", "deviation"),
        "did": Words("đã làm", "did"),
        "due_at": Words("hạn", "due"),
        "exceeded": Words("vượt mức", "exceeded"),
        "field": Words("mục", "field"),
        "fields": Words("mục đã sửa", "fields"),
        "finding": Words("kết quả", "finding"),
        "found": Words("hiện trạng", "found"),
        "from_id": Words("từ", "from"),
        "from_ids": Words("từ", "from"),
        "grade": Words("xếp loại", "grade"),
        "ground": Words("căn cứ từ chối", "ground"),
        "handed_up": Words("đã chuyển lên cấp trên", "handed up"),
        "kept_ids": Words("giữ lại vì hết dự khuyết", "kept for want of substitutes"),
        "level": Words("cấp", "level"),
        "levels": Words("kết quả các cấp", "levels"),
        "lowered_by": Words("hạ theo", "lowered by"),
        "lowered_to": Words("đã hạ xuống", "lowered to"),
        "media_type": Words("loại tệp", "media type"),
        "members": Words("thành viên", "members"),
        "most": Words("tối đa", "most"),
        "needed": Words("cần", "needed"),
        "new": Words("mới", "new"),
        "number": Words("số", "number"),
        "officer_id": Words("cán bộ tiếp nhận", "officer"),
        "old": Words("cũ", "old"),
        "on_behalf_of": Words("thay cho", "on behalf of"),
        "outcome": Words("kết quả", "outcome"),
        "owed": Words("còn thiếu phiếu", "sheets owed"),
        "pass_threshold": Words("ngưỡng đạt", "pass threshold"),
        "person_id": Words("người", "person"),
        "person_ids": Words("người", "persons"),
        "planned_at": Words("thời điểm định trước", "planned at"),
        "previous_decision_number": Words("quyết định cấp dưới", "decision of the level below"),
        "proposed": Words("đề nghị lên cấp trên", "proposed upward"),
        "quorum": Words("túc số", "quorum"),
        "quorum_rule": Words("theo", "by"),
        "raised_at": Words("cảnh báo từ", "raised at"),
        "reason": Words("lý do", "reason"),
        "event_ids": Words("các sự kiện", "events"),
        "grounds": Words("căn cứ", "grounds"),
        "reasons": Words("lý do", "reasons"),
        "register_number": Words("số tiếp nhận", "number in the register"),
        "register_year": Words("năm tiếp nhận", "year of the register"),
        "replaced": Words("đã thay", "replaced"),
        "requested_at": Words("xin rút lúc", "requested at"),
        "role": Words("vai trò", "role"),
        "rule": Words("theo", "by"),
        "rule_version": Words("quy định", "rules"),
        "rules_met": Words("điều kiện đã kiểm tra", "rules met"),
        "rung_id": Words("bậc", "rung"),
        "seats": Words("số ghế", "seats"),
        "sha256": Words("mã kiểm tra tệp (SHA-256)", "SHA-256 of the file"),
        "sheets": Words("phiếu", "sheets"),
        "sheets_in": Words("phiếu đã nộp", "sheets in"),
        "sheets_owed": Words("còn thiếu phiếu", "sheets owed"),
        "silent": Words("chưa làm", "silent"),
        "silent_ids": Words("chưa làm", "silent"),
        "since": Words("từ", "since"),
        "size_bytes": Words("dung lượng (byte)", "size (bytes)"),
        "spread": Words("mức chênh", "spread"),
        "stage": Words("giai đoạn đang xét", "stage"),
        "statement_reference": Words("số sao kê", "reference of the statement"),
        "superior_id": Words("cấp trên", "superior"),
        "task": Words("việc", "task"),
        "to_id": Words("cho", "to"),
        "to_level": Words("đến cấp", "to level"),
        "to_secretary": Words("cho thư ký", "to the secretary"),
        "told_ids": Words("đã báo về túc số", "told of the quorum"),
        "total_dong": Words("tổng số tiền (đồng)", "total (đồng)"),
        "unit": Words("đơn vị tính", "unit"),
        "vacant": Words("ghế trống", "vacant"),
        "verdict": Words("hướng xử lý", "verdict"),
        "verdict_reason": Words("vì", "because"),
        "verifier_id": Words("người kiểm tra", "verifier"),
        "void_sheets": Words("phiếu hết hiệu lực", "void sheets"),
        "vote": Words("ý kiến", "vote"),
        "votes": Words("phiếu bầu", "votes"),
        "voting": Words("cách bỏ phiếu", "voting"),
        "waived": Words("được miễn", "waived"),
        "waives_quorum": Words("không cần túc số", "waives the quorum"),
        "without_ids": Words("còn thiếu phiếu của", "without"),
        "year": Words("năm", "year"),
    }
)
UNSAID: Final = frozenset(
    {"about_id", "attachment_id", "award_id", "award_ids", "digest", "list_id", "post_id", "season_id"}
    | {"sheet_id", "stage_id", "transition_id", "unit_id"}
)
"""Ids and digests that say nothing to people: the history is of the thing itself."""
