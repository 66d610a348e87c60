"""What signing in refuses."""

from language.refusals import Refusal


class SignInRefused(Refusal):
    """Wrong name or password; which of them is not told."""

    status = 401
    vi = "Tên đăng nhập hoặc mật khẩu không đúng. Hãy nhập lại, hoặc nhờ quản trị viên đặt lại mật khẩu."
    en = "The user name or the password is wrong. Try again, or ask an administrator for a new password."


class TooManyAttempts(Refusal):
    """Too many wrong passwords in a short time."""

    status = 429
    vi = "Đã nhập sai quá nhiều lần. Hãy thử lại sau 5 phút."
    en = "Too many wrong passwords. Try again in 5 minutes."


class GrantInvalid(Refusal):
    """The token request does not fit what was granted."""

    status = 400
    vi = (
        "Yêu cầu cấp phiên đăng nhập không hợp lệ ({reason}). Hãy sửa tham số được nêu, hoặc bắt đầu "
        "đăng nhập lại."
    )
    en = "The token request is not valid ({reason}). Correct the parameter named, or start the sign-in again."
