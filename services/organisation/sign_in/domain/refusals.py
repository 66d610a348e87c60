"""What signing in refuses."""

from typing import ClassVar

from language.refusals import Refusal


class GrantRefusal(Refusal):
    """Base of what the token endpoint refuses: `error` is the name that OAuth gives it (RFC 6749, 5.2)."""

    status = 400
    error: ClassVar[str] = "invalid_grant"


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


class OneTimeCodeMissing(Refusal):
    """The password is right, and the account has one-time codes."""

    status = 401
    vi = "Tài khoản này có mã dùng một lần. Hãy nhập mã đang hiện trên ứng dụng, hoặc một mã khôi phục."
    en = "This account has one-time codes. Type the one that your application shows, or a recovery code."


class OneTimeCodeWrong(Refusal):
    """No code of now, or one that was taken already."""

    status = 403
    vi = "Mã không đúng hoặc đã dùng. Hãy đợi ứng dụng hiện mã mới rồi nhập lại."
    en = "The code is wrong or was used already. Wait for the next one and type that."


class OneTimeCodesDemanded(Refusal):
    """A post of the person is for people with one-time codes only, and there are none."""

    status = 403
    vi = (
        "Vị trí của bạn chỉ được đăng nhập bằng mã dùng một lần, mà tài khoản chưa có. Hãy lập mã trên trang "
        "đăng nhập."
    )
    en = (
        "Your post signs in with one-time codes only, and the account has none. Set them up on the sign-in "
        "page."
    )


class OneTimeCodesInUse(Refusal):
    """They are changed by removing them first, with a code."""

    status = 409
    vi = "Tài khoản đã có mã dùng một lần. Muốn đổi thiết bị, hãy bỏ mã hiện có bằng một mã rồi lập lại."
    en = "The account has one-time codes. To change the device, remove them with a code and set up new ones."


class NoOneTimeCodes(Refusal):
    """There are none, or none that were begun."""

    status = 404
    vi = "Tài khoản này chưa có mã dùng một lần. Hãy lập mã trước."
    en = "This account has no one-time codes. Set them up first."


class OneTimeCodeKeyMissing(Refusal):
    """What one-time codes are made of cannot be sealed or read."""

    status = 409
    vi = "Chưa có khóa để giữ mã dùng một lần. Hãy nhờ người vận hành đặt khóa rồi thử lại."
    en = (
        "There is no key to keep one-time codes with. Have the operator set ONE_TIME_CODE_KEYS, then try "
        "again."
    )


class FormFromElsewhere(Refusal):
    """Another site sent the form."""

    status = 403
    vi = "Biểu mẫu đăng nhập được gửi từ một trang khác. Hãy mở lại trang đăng nhập."
    en = "The sign-in form was sent from another site. Open the sign-in page again."


class GrantInvalid(GrantRefusal):
    """The token request does not fit what was granted."""

    vi = (
        "Yêu cầu cấp phiên đăng nhập không hợp lệ ({reason}). Hãy sửa tham số được nêu, hoặc bắt đầu "
        "đăng nhập lại."
    )
    en = "The token request is not valid ({reason}). Correct the parameter named, or start the sign-in again."


class ClientUnauthorized(GrantRefusal):
    """No such program, or it may not ask for a sign-in on another machine."""

    error = "unauthorized_client"
    vi = "Chương trình này không được đăng nhập bằng mã thiết bị. Hãy đăng nhập bằng trình duyệt."
    en = "This program may not sign in by a device code. Sign in by a browser."


class AuthorizationPending(GrantRefusal):
    """Nobody has confirmed the sign-in yet."""

    error = "authorization_pending"
    vi = "Chưa ai đồng ý lượt đăng nhập này. Hãy mở trang đã nêu, nhập mã rồi đồng ý."
    en = "Nobody has confirmed this sign-in yet. Open the page named, type the code and confirm."


class SlowDown(GrantRefusal):
    """The program asks too often."""

    error = "slow_down"
    vi = "Chương trình hỏi quá dày. Hãy hỏi lại sau {seconds} giây."
    en = "The program asks too often. Ask again in {seconds} seconds."


class DeviceRefused(GrantRefusal):
    """Somebody has said no to the sign-in."""

    error = "access_denied"
    vi = "Lượt đăng nhập này đã bị từ chối. Nếu chính bạn cần đăng nhập, hãy bắt đầu lại."
    en = "This sign-in was refused. Begin again if it is yours."


class DeviceCodeExpired(GrantRefusal):
    """Nobody has confirmed the sign-in in time."""

    error = "expired_token"
    vi = "Mã đã hết hạn mà chưa ai đồng ý. Hãy bắt đầu đăng nhập lại."
    en = "The code has expired before anybody confirmed. Begin the sign-in again."


class DeviceCodeUnknown(Refusal):
    """There is no sign-in of this code that waits for a word."""

    status = 404
    vi = "Mã này không đúng, đã dùng hoặc đã hết hạn. Hãy nhập lại đúng mã mà máy kia hiện, hoặc lấy mã mới."
    en = "This code is wrong, used or expired. Type it as the other machine shows it, or get a new one there."


class TooManyDevices(Refusal):
    """Too many sign-ins were begun from one address."""

    status = 429
    vi = "Từ địa chỉ này đã xin mã quá nhiều lần. Hãy thử lại sau {seconds} giây."
    en = "Too many codes were asked for from this address. Try again in {seconds} seconds."


class LinkUnknown(Refusal):
    """No mail has brought this."""

    status = 404
    vi = (
        "Đường dẫn hoặc mã này không đúng. Hãy mở lại đường dẫn trong thư mới nhất, hoặc chép đủ cả mã trong "
        "thư."
    )
    en = "This link or code is wrong. Open the link of the newest mail again, or copy the whole code of it."


class LinkUsed(Refusal):
    """It is good once."""

    status = 410
    vi = (
        "Đường dẫn này đã được dùng. Nếu chính bạn đã đặt mật khẩu, hãy đăng nhập; nếu không, hãy xin đường "
        "dẫn mới bằng “Quên mật khẩu?” và báo quản trị viên."
    )
    en = (
        "This link was used. If you have chosen your password by it, sign in; if not, ask for another link "
        "by “Forgot the password?”, and tell an administrator."
    )


class LinkOld(Refusal):
    """Its time is over."""

    status = 410
    vi = (
        "Đường dẫn này đã hết hạn. Hãy xin đường dẫn mới bằng “Quên mật khẩu?” ở trang đăng nhập, hoặc nhờ "
        "quản trị viên mời lại."
    )
    en = (
        "The time of this link is over. Ask for another by “Forgot the password?” on the sign-in page, or "
        "have an administrator invite you again."
    )


class LinkReplaced(Refusal):
    """A later link, another password or another address stands in its place."""

    status = 410
    vi = (
        "Đường dẫn này không còn dùng được vì đã có đường dẫn, mật khẩu hoặc địa chỉ thư mới hơn. Hãy mở thư "
        "mới nhất, hoặc xin đường dẫn mới bằng “Quên mật khẩu?”."
    )
    en = (
        "A later link, password or mail address stands in the place of this link. Open the newest mail, or "
        "ask for another link by “Forgot the password?”."
    )


class InvitedWithPassword(Refusal):
    """Who is invited chooses the password."""

    status = 422
    vi = "Người được mời tự chọn mật khẩu. Hãy để trống mật khẩu, hoặc không gửi thư mời."
    en = "Who is invited chooses the password. Leave the password empty, or send no invitation."


class NowhereToInvite(Refusal):
    """The office knows no mail address of the person."""

    status = 409
    vi = "Chưa có địa chỉ thư của người này. Hãy nhập địa chỉ thư trước, hoặc tự đặt mật khẩu."
    en = "The person has no mail address. Enter one first, or set a password."


class InvitedToClosed(Refusal):
    """Nobody is invited to an account that is closed."""

    status = 409
    vi = "Tài khoản này đã đóng nên không gửi thư mời được. Hãy mở lại tài khoản trước."
    en = "This account is closed, so nobody is invited to it. Open it again first."


class AddressByAppointer(Refusal):
    """Whoever entered the mail address may read what goes there, and may not open a way into this account."""

    status = 409
    vi = (
        "Địa chỉ thư của người này do người đã giao vị trí quyết định, ký hoặc quản trị cho họ nhập, nên "
        "không gửi đường dẫn tới đó. Hãy nhờ quản trị viên khác xóa rồi nhập lại địa chỉ thư, hoặc đặt mật "
        "khẩu."
    )
    en = (
        "The mail address was entered by whoever gave this person a post that decides, signs or administers, "
        "so no link goes there. Have another administrator take it off and enter it anew, or set a password."
    )
