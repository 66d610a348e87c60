"""What signing in refuses."""

from language.refusals import Refusal


class SignInRefused(Refusal):
    """Wrong name or password; which of them is not told."""

    status = 401
    vi = "Tên đăng nhập hoặc mật khẩu không đúng. Hãy nhập lại, hoặc nhờ quản trị viên đặt lại mật khẩu."
    en = "The user name or the password is wrong. Try again, or ask an administrator for a new password."


class TooManyAttempts(Refusal):
    """Too many wrong passwords in a short time; the wait grows with each."""

    status = 429
    vi = "Đã nhập sai quá nhiều lần. Hãy thử lại sau {seconds} giây."
    en = "Too many wrong passwords. Try again in {seconds} seconds."


class AccountClosed(Refusal):
    """The password is right, and the account is closed."""

    status = 403
    vi = "Tài khoản này đã bị đóng. Hãy hỏi quản trị viên của đơn vị."
    en = "This account is closed. Ask the administrator of your unit."


class PasswordMustChange(Refusal):
    """Somebody else has set or seen the password."""

    status = 403
    vi = "Mật khẩu này do người khác đặt. Hãy nhập lại và chọn mật khẩu mới chỉ mình bạn biết."
    en = "Somebody else set this password. Type it once more, and choose a new one that only you know."


class PasswordWrong(Refusal):
    """The old password is not that of the account."""

    status = 403
    vi = "Mật khẩu hiện tại không đúng. Hãy nhập lại."
    en = "The old password is wrong. Type it again."


class PasswordTooEasy(Refusal):
    """A password that others would guess."""

    status = 422
    vi = (
        "Mật khẩu này dễ đoán. Hãy chọn mật khẩu ít nhất 12 ký tự, không chỉ gồm số, không phải mật khẩu "
        "phổ biến hay tên đăng nhập."
    )
    en = (
        "This password is easy to guess. Choose one of at least 12 characters that is no number, no common "
        "password and not the user name."
    )


class PasswordUnchanged(Refusal):
    """The new password is the old one."""

    status = 422
    vi = "Mật khẩu mới trùng mật khẩu hiện tại. Hãy chọn mật khẩu khác."
    en = "The new password is the old one. Choose another."


class NewPasswordsDiffer(Refusal):
    """The new password was not typed twice alike."""

    status = 422
    vi = "Hai lần nhập mật khẩu mới không giống nhau. Hãy nhập lại."
    en = "The new password was not typed twice alike. Type it again."


class FormFromElsewhere(Refusal):
    """Another site sent the form."""

    status = 403
    vi = "Biểu mẫu đăng nhập được gửi từ một trang khác. Hãy mở lại trang đăng nhập."
    en = "The sign-in form was sent from another site. Open the sign-in page again."


class GrantInvalid(Refusal):
    """The token request does not fit what was granted."""

    status = 400
    vi = (
        "Yêu cầu cấp phiên đăng nhập không hợp lệ ({reason}). Hãy sửa tham số được nêu, hoặc bắt đầu "
        "đăng nhập lại."
    )
    en = "The token request is not valid ({reason}). Correct the parameter named, or start the sign-in again."
