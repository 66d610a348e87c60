"""What stands for the `detail` of a notice in its headline, in both languages."""

from typing import Final

from language.words.base import Words

ACCOUNT_CHANGES: Final = {
    "MADE": Words("quản trị viên đã lập tài khoản", "an administrator made it"),
    "PASSWORD_SET": Words("quản trị viên đã đặt mật khẩu mới", "an administrator set a new password"),
    "LINKED": Words("đã gắn tài khoản của nhà cung cấp khác", "an account of another provider was linked"),
    "UNLINKED": Words(
        "đã bỏ gắn tài khoản của nhà cung cấp khác", "an account of another provider was unlinked"
    ),
    "CLOSED": Words("đã bị đóng", "it was closed"),
    "REOPENED": Words("đã được mở lại", "it was opened again"),
    "SIGNED_OUT": Words("quản trị viên đã đăng xuất mọi nơi", "an administrator signed it out everywhere"),
    "CODES_CONFIRMED": Words("đã bật mã dùng một lần", "one-time codes are in use now"),
    "CODES_REMOVED": Words("đã bỏ mã dùng một lần", "the one-time codes were removed"),
    "CODES_GUESSED": Words(
        "có người biết mật khẩu và đang thử mã dùng một lần",
        "somebody who knows the password tries one-time codes",
    ),
    "RECOVERY_USED": Words("đã dùng một mã khôi phục", "a recovery code was used"),
    "RECOVERY_RENEWED": Words("đã lập lại mã khôi phục", "there are new recovery codes"),
    "SET_PASSWORD_PROPOSED": Words(
        "quản trị viên đề nghị đặt mật khẩu mới", "an administrator proposes to set a new password"
    ),
    "LINK_IDENTITY_PROPOSED": Words(
        "quản trị viên đề nghị gắn tài khoản của nhà cung cấp khác",
        "an administrator proposes to link an account of another provider",
    ),
    "REMOVE_CODES_PROPOSED": Words(
        "quản trị viên đề nghị bỏ mã dùng một lần", "an administrator proposes to remove the one-time codes"
    ),
    "UNLINK_IDENTITY_PROPOSED": Words(
        "quản trị viên đề nghị bỏ gắn tài khoản của nhà cung cấp khác",
        "an administrator proposes to unlink an account of another provider",
    ),
    "CLOSE_ACCOUNT_PROPOSED": Words(
        "quản trị viên đề nghị đóng tài khoản", "an administrator proposes to close it"
    ),
    "REOPEN_ACCOUNT_PROPOSED": Words(
        "quản trị viên đề nghị mở lại tài khoản", "an administrator proposes to open it again"
    ),
    "PROPOSAL_DROPPED": Words("đề nghị đã được bỏ", "the proposal was dropped"),
    "INVITED": Words(
        "quản trị viên mời bạn chọn mật khẩu, qua đường dẫn trong thư",
        "an administrator invites you to choose a password, by the link in the mail",
    ),
    "LINK_ASKED": Words(
        "có người xin đặt lại mật khẩu, đường dẫn nằm trong thư",
        "somebody asked to choose another password; the link is in the mail",
    ),
    "LINK_USED": Words(
        "đã chọn mật khẩu mới bằng đường dẫn trong thư, mọi nơi đã đăng xuất",
        "a new password was chosen by the link in the mail, and it is signed out everywhere",
    ),
    "DEVICE_SIGNED_IN": Words(
        "một máy khác đã được đăng nhập bằng mã; nếu bạn không tự lấy mã này, hãy đăng xuất mọi nơi",
        "another machine was signed in by a code; if it was not you who asked for it, sign out everywhere",
    ),
}
NOTHING_MOVES: Final = Words("hiện không chuyển việc nào", "no open work moves")
ACTS_ABOUT_UNITS: Final = {
    "APPROVED": Words("phương án đã được duyệt", "the act was approved"),
    "CANCELLED": Words("phương án đã hủy", "the act was taken back"),
    "HELD_UP": Words(
        "chưa thực hiện được, còn việc chưa có nơi nhận",
        "the act waits, for something has no place to go",
    ),
    "IN_FORCE": Words("phương án đã có hiệu lực", "the act is in force"),
}
JOININGS: Final = {
    "PROPOSED": Words("đã đề xuất, chờ người thứ hai duyệt", "proposed; a second administrator decides"),
    "APPROVED": Words("đã duyệt", "approved"),
    "CANCELLED": Words("đã rút lại", "taken back"),
    "IN_FORCE": Words("đã gộp", "they are joined"),
}
SHARE_ANSWERS: Final = {
    "CONFIRMED": Words("đã xác nhận", "confirmed"),
    "DECLINED": Words("không xác nhận", "declined"),
}
WINDOW_CHANGES: Final = {
    "EXTENDED": Words("được gia hạn", "there is more time"),
    "CLOSED": Words("đã đóng", "it was closed"),
    "REOPENED": Words("đã mở lại", "it was opened again"),
    "LATE": Words("đơn vị được phép nộp muộn", "the unit may file late"),
}
ACTS_ON_DECISIONS: Final = {
    "CORRECTION": Words("quyết định được đính chính", "its decision was corrected"),
    "CANCELLATION": Words("việc công nhận bị hủy bỏ", "its recognition was cancelled"),
    "REOPENING": Words("được xét lại theo khiếu nại", "it is examined anew after a complaint"),
}
