"""What payout refuses."""

from language.refusals import OWN_WORDS, Refusal


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


class SenderConfirms(Refusal):
    """Who sent the list says neither that the treasury paid it nor that it gave the money back."""

    status = 403
    vi = (
        "Bạn đã gửi danh sách này đến Kho bạc nên không tự xác nhận hay hủy nó. Hãy để người khác đối chiếu "
        "sao kê và thực hiện."
    )
    en = (
        "You sent this list to the treasury, so you neither confirm nor cancel it. Leave it to somebody "
        "else, who holds it against the statement."
    )


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


class PayeesNotTied(Refusal):
    """Some awards have an author outside the organisation, and nobody has said yet who is paid."""

    status = 409
    longest_fact = OWN_WORDS
    vi = (
        "Có {count} khoản thưởng của tác giả ngoài đơn vị chưa xác định người nhận tiền (hồ sơ {codes}). Hãy "
        "xác định người nhận, hoặc để các khoản này lại cho danh sách sau."
    )
    en = (
        "{count} awards have an author outside the organisation of whom nobody has said who is paid "
        "(dossiers {codes}). Say who, or leave these awards out for a later list."
    )


class NotOutside(Refusal):
    """The award has no author outside the organisation by this id."""

    status = 409
    vi = "Khoản thưởng này không có tác giả ngoài đơn vị với mã đã nêu."
    en = "This award has no author outside the organisation by this id."


class PayeeUnknown(Refusal):
    """The person is not in the organisation, or is an author of the dossier already."""

    status = 422
    vi = "Người nhận tiền phải có trong danh sách người của tổ chức và chưa có phần trong khoản thưởng này."
    en = "Who is paid must be known to the organisation, and have no part in this award yet."


class ListNotThere(Refusal):
    """The payment list is not in a state in which this can be done."""

    status = 409
    vi = (
        "Danh sách chi trả đang ở trạng thái {state} nên không thực hiện được việc này. Hãy đọc lại danh "
        "sách để xem bước tiếp theo."
    )
    en = "The payment list is {state}, so this cannot be done. Read the list again to see its next step."


class AlreadyTakenUp(Refusal):
    """Another award stands in the place of this one."""

    status = 409
    vi = "Khoản thưởng này đã được xem lại: hãy xử lý khoản thay thế nó."
    en = "This award was taken up again already: go on with the one that stands in its place."


class AwardNotOnList(Refusal):
    """An award that was named is not on the list."""

    status = 409
    vi = "Có khoản thưởng được nêu không nằm trong danh sách chi trả này. Hãy đọc lại danh sách."
    en = "An award that you name is not on this payment list. Read the list again."


class AwardNotWaiting(Refusal):
    """An award that is to go on a list, or to be left out of it, does not wait for one in this unit."""

    status = 409
    vi = "Có khoản không còn nằm trong số đang chờ lập danh sách. Hãy xem lại các khoản đã duyệt."
    en = "An award that you name does not wait for a list here. Look at the approved awards again."


class NothingPaid(Refusal):
    """A list of which nothing was paid is cancelled, not confirmed."""

    status = 409
    vi = "Kho bạc không chi khoản nào: hãy hủy danh sách thay vì xác nhận."
    en = "The treasury paid nothing of it: cancel the list instead of confirming it."


class AlreadySent(Refusal):
    """A listed award whose list went to the treasury cannot be reversed before the statement is in."""

    status = 409
    vi = "Danh sách chi trả đã gửi Kho bạc. Hãy chờ sao kê rồi mới điều chỉnh."
    en = "The payment list went to the treasury. Wait for the statement before reversing."
