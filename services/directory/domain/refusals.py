"""What the directory refuses."""

from workflows.contracts.refusals import Refusal


class UnitUnknown(Refusal):
    """The unit of a dossier is not in the directory."""

    status = 422
    vi = "Đơn vị không có trong danh bạ. Hãy kiểm tra mã đơn vị."
    en = "The unit is not in the directory. Check its id."


class NoPolicyInForce(Refusal):
    """No published pack covers the day, or it has no level for this unit."""

    status = 409
    vi = "Chưa có bộ quy định nào có hiệu lực ngày {day} cho đơn vị này. Quản trị viên cần công bố bộ quy định."
    en = "No policy pack is in force on {day} for this unit. An administrator must publish one."


class BreakIsOver(Refusal):
    """The break was ended already."""

    vi = "Kỳ nghỉ này đã được huỷ. Hãy xem lại lịch của đơn vị."
    en = "This break was ended already. Look at the unit's calendar."


class CodeTaken(Refusal):
    """Another row has this code."""

    status = 409
    vi = "Mã {code} đã được dùng. Hãy chọn mã khác."
    en = "The code {code} is taken. Choose another."


class PackRefused(Refusal):
    """A pack that does not pass its checks, or a version that is published already."""

    status = 422
    vi = "Bộ quy định chưa đạt: {reason}."
    en = "The policy pack is refused: {reason}."


class ImportRefused(Refusal):
    """A row of an import names something unknown."""

    status = 422
    vi = "Danh sách nhập có dòng sai: {reason}. Chưa có gì được ghi."
    en = "A row of the import is wrong: {reason}. Nothing was written."


class HoldingOverlaps(Refusal):
    """The person holds the post in that time already."""

    status = 409
    vi = "Người này đã giữ vị trí đó trong thời gian ấy."
    en = "The person holds that post in that time already."


class SignInRefused(Refusal):
    """Wrong name or password; which of them is not told."""

    status = 401
    vi = "Tên đăng nhập hoặc mật khẩu không đúng."
    en = "The user name or the password is wrong."


class TooManyAttempts(Refusal):
    """Too many wrong passwords in a short time."""

    status = 429
    vi = "Đã nhập sai quá nhiều lần. Hãy thử lại sau 5 phút."
    en = "Too many wrong passwords. Try again in 5 minutes."


class GrantInvalid(Refusal):
    """The token request does not fit what was granted."""

    status = 400
    vi = "Yêu cầu cấp phiên đăng nhập không hợp lệ ({reason})."
    en = "The token request is not valid ({reason})."
