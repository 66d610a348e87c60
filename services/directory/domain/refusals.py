"""What the directory refuses."""

from language.refusals import Refusal


class UnitUnknown(Refusal):
    """The unit of a dossier is not in the directory."""

    status = 422
    vi = "Đơn vị không có trong danh bạ. Hãy kiểm tra mã đơn vị."
    en = "The unit is not in the directory. Check its id."


class NoPolicyInForce(Refusal):
    """No published pack covers the day, or it has no level for this unit."""

    status = 409
    vi = (
        "Chưa có bộ quy định nào có hiệu lực ngày {day} cho đơn vị này. Quản trị viên cần công bố bộ quy "
        "định."
    )
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
    vi = "Bộ quy định chưa đạt: {reason}. Hãy sửa rồi gửi lại."
    en = "The policy pack is refused: {reason}. Mend it and send it again."


class ImportRefused(Refusal):
    """A row of an import names something unknown."""

    status = 422
    vi = (
        "Danh sách nhập có dòng sai: {reason}. Chưa có gì được ghi. Hãy sửa dòng đó rồi nhập lại cả danh "
        "sách."
    )
    en = (
        "A row of the import is wrong: {reason}. Nothing was written. Mend that row and send the whole "
        "list again."
    )


class HoldingOverlaps(Refusal):
    """The person holds the post in that time already."""

    status = 409
    vi = "Người này đã giữ vị trí đó trong thời gian ấy. Hãy sửa ngày, hoặc kết thúc lần giữ trước."
    en = "The person holds that post in that time already. Change the days, or end the earlier holding first."


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


class DraftClosed(Refusal):
    """The draft was published or dropped."""

    status = 409
    vi = (
        "Bản dự thảo đã kết thúc ({state}) nên không sửa, kiểm tra hay công bố được nữa. Hãy lập bản dự "
        "thảo mới."
    )
    en = "The draft is {state}, so nothing can be done with it any more. Make a new one."


class DraftNotChecked(Refusal):
    """A draft is published as it was checked."""

    status = 409
    vi = "Bản dự thảo chưa được kiểm tra sau lần sửa cuối. Hãy kiểm tra (check) rồi mới công bố."
    en = "The draft has not been checked since its last edit. Check it, then publish it."


class SecondPersonNeeded(Refusal):
    """Four eyes: rules are published, and changes of rules approved, by somebody who did not write or plan
    them."""

    status = 403
    vi = (
        "Việc này cần người thứ hai: người soạn, sửa hoặc lập kế hoạch không được tự công bố hay tự "
        "duyệt. Hãy nhờ một quản trị viên cấp tỉnh khác."
    )
    en = (
        "A second person is needed: whoever drafted, edited or planned it may not publish or approve it. "
        "Ask another administrator of the province."
    )


class NothingToReplace(Refusal):
    """The pack has no transitional rule."""

    status = 422
    vi = (
        "Bộ quy định {pack} không có điều khoản chuyển tiếp (transition). Hãy công bố phiên bản có điều "
        "khoản này."
    )
    en = "The pack {pack} has no transitional rule. Publish a version that has one."


class OtherTransitionOpen(Refusal):
    """One change of rules at a time: two would move the same dossiers."""

    status = 409
    vi = "Đang có một kế hoạch chuyển tiếp chưa kết thúc. Hãy huỷ hoặc chờ kế hoạch đó xong."
    en = "Another transition is not over. Cancel it, or wait until it is done."


class TransitionSettledAlready(Refusal):
    """The plan is not in a state that allows this."""

    status = 409
    vi = (
        "Kế hoạch chuyển tiếp đang ở trạng thái {state} nên không làm được việc này. Hãy đọc lại kế "
        "hoạch; nếu còn cần, lập kế hoạch mới."
    )
    en = (
        "The transition is {state}, so this cannot be done. Read it again, and plan a new one if it is "
        "still needed."
    )


class TransitionNotPlanned(Refusal):
    """Dossiers are still being sorted."""

    status = 409
    vi = "Hệ thống còn đang phân loại hồ sơ. Hãy đợi đến khi có planned_at rồi phê duyệt."
    en = "Dossiers are still being sorted. Wait until planned_at is set, then approve."


class TransitionTooEarly(Refusal):
    """A plan from before the new pack is in force misses dossiers that were filed since."""

    status = 409
    vi = "Kế hoạch lập trước ngày {day} chỉ để xem trước. Từ ngày đó hãy lập kế hoạch mới rồi phê duyệt."
    en = "A plan made before {day} is a preview. Make a new one from that day on and approve it."


class ChoicesMissing(Refusal):
    """Some dossiers need a choice."""

    status = 409
    vi = "Còn {missing} hồ sơ cần chọn hướng xử lý. Hãy chọn đủ rồi phê duyệt."
    en = "{missing} dossiers need a choice. Choose for all of them, then approve."


class MoveIntoItself(Refusal):
    """A unit cannot lie below itself, and the root lies below nothing."""

    status = 409
    vi = (
        "Không thể chuyển đơn vị gốc, hoặc chuyển một đơn vị vào chính nó hay cấp dưới của nó. Hãy chọn "
        "đơn vị cấp trên khác."
    )
    en = (
        "The root cannot be moved, nor a unit into itself or below itself. Choose another unit to put it "
        "under."
    )


class DelegatedToOneself(Refusal):
    """Grantor and delegate are one person."""

    status = 422
    vi = "Không thể ủy quyền cho chính mình. Hãy chọn người khác."
    en = "Nobody delegates to themselves. Choose somebody else."


class DelegateCannotSignIn(Refusal):
    """The delegate is unknown or has no account, so the work would reach nobody."""

    status = 422
    vi = (
        "Người được ủy quyền chưa có tài khoản nên không nhận được việc. Hãy chọn người khác hoặc nhờ "
        "quản trị viên cấp tài khoản."
    )
    en = (
        "The delegate has no account, so the work would reach nobody. Choose somebody else, or ask an "
        "administrator for an account."
    )


class NothingToDelegate(Refusal):
    """The grantor holds no post of these kinds in these units in that time."""

    status = 422
    vi = (
        "Trong thời gian ấy người ủy quyền không giữ vị trí nào thuộc phạm vi đã chọn. Hãy sửa ngày, đơn "
        "vị hoặc loại vị trí."
    )
    en = (
        "In that time the grantor holds no post in the chosen scope. Change the days, the unit or the "
        "kinds of post."
    )


class PostNotVacant(Refusal):
    """Somebody is appointed to the post in that time, so nobody is needed to act in it."""

    status = 409
    vi = (
        "Vị trí này đã có người được bổ nhiệm trong thời gian ấy. Chỉ giao quyền khi vị trí còn trống; "
        "khi người giữ vắng mặt, hãy ủy quyền."
    )
    en = (
        "Somebody is appointed to the post in that time. People act in vacant posts only; while a holder "
        "is away, delegate."
    )


class NoticeIsStatutory(Refusal):
    """Settings that turn off what the law has the person told."""

    status = 422
    vi = (
        "Không tắt được thông báo {kinds}: pháp luật quy định phải báo cho bạn. Hãy chọn NOW hoặc DIGEST "
        "cho các loại này."
    )
    en = "The notices {kinds} cannot be turned off: the law has you told. Choose NOW or DIGEST for them."


class WebhookAddressRefused(Refusal):
    """An address that we do not call."""

    status = 422
    vi = "Địa chỉ nhận webhook không được phép. Hãy dùng địa chỉ https công khai trên Internet."
    en = "The webhook's address is not allowed. Use an https address that is public on the Internet."


class WebhookIsOff(Refusal):
    """Nothing is sent to a webhook that is off."""

    status = 409
    vi = "Webhook đang tắt. Hãy bật lại trước khi gửi lại."
    en = "The webhook is off. Turn it on before you replay."


class MailNotStuck(Refusal):
    """Only a mail that was given up can be sent again."""

    status = 409
    vi = "Thư đang ở trạng thái {state}. Chỉ gửi lại được thư FAILED hoặc UNSURE."
    en = "The mail is {state}. Only a FAILED or UNSURE mail can be sent again."
