"""What helps against each kind of alarm."""

from typing import Final

from language.cases import AlarmKind
from language.words.base import Words

CLOSED_ACCOUNT: Final = Words(
    "Tài khoản của người được giao việc đã đóng: hãy mở lại tài khoản, ủy quyền công việc của người ấy, hoặc "
    "bổ nhiệm người khác vào vị trí.",
    "The account of whoever has the work is closed: open it again, delegate that person's work, or appoint "
    "another to the post.",
)
"""What helps where work is with somebody whose account is closed."""
REMEDIES: Final = {
    AlarmKind.NOBODY_THERE: Words(
        "Hãy cử người giữ quyền, cấp phó hoặc bổ nhiệm người vào vị trí.",
        "Name an acting holder, a deputy or a delegate, or appoint somebody to the post.",
    ),
    AlarmKind.COUNCIL_TOO_SMALL: Words(
        "Hãy bổ nhiệm người vào các ghế còn trống hoặc làm ủy viên dự khuyết; hồ sơ được xem lại mỗi ngày.",
        "Appoint people to the empty seats, or as substitutes; the case is looked at again each day.",
    ),
    AlarmKind.NOBODY_ACTS: Words(
        "Người đang giữ việc phải xử lý, hoặc hãy bổ nhiệm người khác vào vị trí đó.",
        "Whoever has the work must act, or appoint another to that post.",
    ),
    AlarmKind.MONEY_TO_CLAIM_BACK: Words(
        "Kế toán trưởng không duyệt khoản này hãy hủy khoản thưởng và thu hồi số đã chi.",
        "A chief accountant who did not approve the award reverses it, and claims back what was paid.",
    ),
    AlarmKind.HISTORY_DOES_NOT_FIT: Words(
        "Báo người vận hành chạy ./sangkien verify, giữ nguyên dữ liệu và so với bản sao lưu; được xem lại "
        "mỗi mười phút.",
        "Have the operator run ./sangkien verify, leave the data as it is and compare it with the backups; "
        "it is looked at again every ten minutes.",
    ),
    AlarmKind.MESSAGE_DOES_NOT_ARRIVE: Words(
        "Khắc phục nguyên nhân rồi cho gửi lại (POST /v1/run-alarms/{id}/retry), hoặc bỏ qua kèm lý do "
        "(POST /v1/run-alarms/{id}/dismissal).",
        "Mend the cause and have it sent again (POST /v1/run-alarms/{id}/retry), or dismiss it with a reason "
        "(POST /v1/run-alarms/{id}/dismissal).",
    ),
    AlarmKind.RUN_ENDED: Words(
        "Cho chạy lại từ dữ liệu của các dịch vụ (POST /v1/runs/{about_id}/restart, hoặc "
        "./sangkien restart).",
        "Start it anew from what the services know (POST /v1/runs/{about_id}/restart, or "
        "./sangkien restart).",
    ),
    AlarmKind.RUN_FAILS: Words(
        "Báo người vận hành xem nhật ký của bộ xử lý quy trình; sửa xong, quy trình tự chạy tiếp.",
        "Have the operator look into the log of the workflow worker; once mended it goes on by itself.",
    ),
    AlarmKind.CALL_REFUSED: Words(
        "Khắc phục nguyên nhân được nêu; mỗi phút hệ thống thử lại một lần.",
        "Mend the cause that is named; it is tried again every minute.",
    ),
    AlarmKind.ACT_IN_QUESTION: Words(
        "Xem các việc cần xem lại (GET /v1/questioned-acts) rồi quyết định giữ nguyên hay làm lại, kèm lý do "
        "(POST /v1/questioned-acts/{id}/decision).",
        "See the acts in question (GET /v1/questioned-acts) and say of each, with a reason, whether it "
        "stands or is to be done again (POST /v1/questioned-acts/{id}/decision).",
    ),
    AlarmKind.WEBHOOK_OFF: Words(
        "Sửa chương trình nhận rồi bật lại (POST /v1/webhooks/{about_id}/turning-on) và gửi lại những gì đã "
        "lỡ (POST /v1/webhooks/{about_id}/replay); không dùng nữa thì tắt hẳn "
        "(POST /v1/webhooks/{about_id}/turning-off).",
        "Mend the receiver, turn it on again (POST /v1/webhooks/{about_id}/turning-on) and have sent what it "
        "missed (POST /v1/webhooks/{about_id}/replay); if nobody needs it any more, turn it off for good "
        "(POST /v1/webhooks/{about_id}/turning-off).",
    ),
}
