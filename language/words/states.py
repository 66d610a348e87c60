"""What people call the states that services keep, by the name of their enum: services know the language, not
the other way round."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from language.words.base import Words

STATES: Final[Mapping[str, Mapping[str, Words]]] = MappingProxyType(
    {
        "DossierState": {
            "DRAFT": Words("bản nháp", "a draft"),
            "FILED": Words("đã nộp, đang xem xét đơn", "filed"),
            "SUPPLEMENT_REQUESTED": Words("chờ bổ sung", "waiting for a supplement"),
            "ACCEPTED": Words("đã chấp nhận đơn, đang xét công nhận", "accepted"),
            "REQUEST_REJECTED": Words("không được chấp nhận đơn", "rejected"),
            "RECOGNISED": Words("đã được công nhận", "recognised"),
            "REFUSED": Words("không được công nhận", "refused"),
            "RECOGNITION_CANCELLED": Words("việc công nhận đã bị hủy bỏ", "recognised no longer"),
            "WITHDRAWN": Words("đã rút", "withdrawn"),
        },
        "InitiativeKind": {
            "TECHNICAL": Words("giải pháp kỹ thuật", "technical"),
            "MANAGEMENT": Words("giải pháp quản lý", "management"),
            "OPERATIONAL": Words("giải pháp tác nghiệp", "operational"),
            "TECHNICAL_PROGRESS_APPLICATION": Words(
                "ứng dụng tiến bộ kỹ thuật", "application of technical progress"
            ),
        },
        "DraftState": {
            "DRAFT": Words("đang soạn", "a draft"),
            "CHECKED": Words("đã kiểm tra", "checked"),
            "PUBLISHED": Words("đã công bố", "published"),
            "DROPPED": Words("đã bỏ", "dropped"),
        },
        "TransitionState": {
            "DRAFT": Words("dự thảo", "a draft"),
            "APPROVED": Words("đã duyệt", "approved"),
            "RUNNING": Words("đang thực hiện", "running"),
            "DONE": Words("đã xong", "done"),
            "CANCELLED": Words("đã bỏ", "cancelled"),
            "REVERTED": Words("đã trả lại quy định cũ", "reverted"),
        },
        "SuccessionState": {
            "DRAFT": Words("dự thảo", "a draft"),
            "APPROVED": Words("đã duyệt", "approved"),
            "IN_FORCE": Words("đã có hiệu lực", "in force"),
            "CANCELLED": Words("đã hủy", "cancelled"),
        },
        "JoiningState": {
            "PROPOSED": Words("đã đề xuất", "proposed"),
            "APPROVED": Words("đã duyệt", "approved"),
            "IN_FORCE": Words("đã gộp", "in force"),
            "CANCELLED": Words("đã bỏ", "cancelled"),
        },
        "Answer": {
            "CONFIRMED": Words("đồng ý", "confirmed"),
            "DECLINED": Words("không đồng ý", "declined"),
        },
        "LedgerAccount": {
            "AWARD_EXPENSE": Words("chi tiền thưởng", "expense of awards"),
            "AUTHORS_PAYABLE": Words("phải trả tác giả", "owed to authors"),
            "TREASURY": Words("Kho bạc", "treasury"),
        },
        "ListState": {
            "DRAFT": Words("đang lập", "a draft"),
            "SENT": Words("đã gửi Kho bạc", "sent to the treasury"),
            "CONFIRMED": Words("đã chi trả", "paid"),
            "CANCELLED": Words("đã hủy", "cancelled"),
        },
        "StageState": {
            "OPEN": Words("đang xét", "open"),
            "DECIDED": Words("đã quyết định", "decided"),
            "WITHDRAWN": Words("đã rút", "withdrawn"),
            "MOVED": Words("đã chuyển nơi khác xét", "moved"),
        },
        "SeatState": {
            "ACTIVE": Words("đang tham gia", "active"),
            "VACANT": Words("đang khuyết", "vacant"),
            "REPLACED": Words("đã thay", "replaced"),
            "RECUSED": Words("xin không tham gia xét", "recused"),
        },
        "SheetState": {
            "DRAFT": Words("đang chấm", "a draft"),
            "SUBMITTED": Words("đã nộp", "submitted"),
            "VOID": Words("hết hiệu lực", "void"),
        },
        "LookedAt": {
            "DOSSIER": Words("hồ sơ", "the dossier"),
            "VERSION": Words("bản đã nộp", "what was handed in"),
            "FILE": Words("tệp đính kèm", "a file"),
            "HISTORY": Words("lịch sử", "the history"),
            "PROOF": Words("bằng chứng", "the proof"),
        },
        "DeliveryState": {
            "WAITING": Words("chờ gửi", "waiting"),
            "DELIVERED": Words("đã nhận", "delivered"),
            "FAILED": Words("không gửi được", "given up"),
        },
        "TaskState": {
            "WAITING": Words("chưa làm được", "waiting"),
            "OPEN": Words("đang chờ làm", "open"),
            "DONE": Words("đã xong", "done"),
            "CANCELLED": Words("không còn phải làm", "cancelled"),
        },
    }
)
