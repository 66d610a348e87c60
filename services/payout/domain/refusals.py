"""What payout refuses."""

from language.refusals import Refusal


class AwardNotAssessable(Refusal):
    """The amount is not above zero, or the shares are no whole."""

    status = 422
    vi = "Không lập được khoản thưởng: số tiền phải lớn hơn 0 và các tỷ lệ không âm, tổng đúng 100 %."
    en = (
        "The award cannot be assessed: the amount must be above zero and the shares, none negative, must "
        "sum to 100 %."
    )


class AwardNotThere(Refusal):
    """The award is not in a state in which this can be done."""

    status = 409
    vi = (
        "Khoản thưởng đang ở trạng thái {state} nên không thực hiện được việc này. Hãy đọc lại khoản "
        "thưởng để xem bước tiếp theo."
    )
    en = "The award is {state}, so this cannot be done. Read the award again to see its next step."


class SamePersonTwice(Refusal):
    """Four eyes: who verified may not approve, who approved may not reverse."""

    status = 403
    vi = (
        "Cần hai người khác nhau: bạn đã thực hiện bước trước của khoản này. Hãy để người khác thực hiện "
        "bước này."
    )
    en = "Two different people are needed: you did the step before. Leave this step to somebody else."


class OwnAward(Refusal):
    """A payee may not decide on their own money."""

    status = 403
    vi = "Bạn được hưởng khoản này nên không được xử lý nó. Hãy để người khác xử lý."
    en = "You are a payee of this award and may not act on it. Leave it to somebody else."


class NothingToPay(Refusal):
    """No approved award waits for a payment list in this unit."""

    status = 409
    vi = (
        "Đơn vị này chưa có khoản thưởng nào đã duyệt mà chưa vào danh sách chi trả. Hãy duyệt khoản "
        "thưởng trước rồi lập danh sách."
    )
    en = "No approved award of this unit waits for a payment list. Approve awards first, then make the list."


class ListNotThere(Refusal):
    """The payment list is not in a state in which this can be done."""

    status = 409
    vi = (
        "Danh sách chi trả đang ở trạng thái {state} nên không thực hiện được việc này. Hãy đọc lại danh "
        "sách để xem bước tiếp theo."
    )
    en = "The payment list is {state}, so this cannot be done. Read the list again to see its next step."


class AlreadySent(Refusal):
    """A listed award whose list went to the treasury cannot be reversed before the statement is in."""

    status = 409
    vi = "Danh sách chi trả đã gửi Kho bạc. Hãy chờ sao kê rồi mới điều chỉnh."
    en = "The payment list went to the treasury. Wait for the statement before reversing."


class PayeeNotTied(Refusal):
    """A payee from outside has not been tied to a person of the organisation."""

    status = 409
    vi = (
        "Khoản thưởng có {count} tác giả ngoài hệ thống chưa được gắn với người nhận. Hãy gắn từng người rồi "
        "mới kiểm tra."
    )
    en = (
        "The award has {count} payees from outside who are not tied to a person. Tie each of them, then "
        "verify."
    )


class PayeeUnknown(Refusal):
    """The person is nobody whom the organisation knows."""

    status = 422
    vi = "Người nhận không có trong danh bạ của tổ chức. Hãy thêm người đó vào danh bạ trước."
    en = "The organisation does not know the payee. Have the person added first."
