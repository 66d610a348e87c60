"""What payout refuses."""

from workflows.contracts.refusals import Refusal


class SharesInvalid(Refusal):
    """The authors' shares do not make a whole."""

    status = 422
    vi = "Tỷ lệ đóng góp phải lớn hơn 0, không trùng tác giả và có tổng đúng 100 (hiện là {total})."
    en = "Shares must be above 0, one for each author, and sum to 100 (they sum to {total})."


class AmountInvalid(Refusal):
    """Nothing to pay."""

    status = 422
    vi = "Số tiền thưởng phải lớn hơn 0."
    en = "The amount of an award must be above 0."


class AwardStateForbids(Refusal):
    """The award is in a state from which this step cannot be taken."""

    status = 409
    vi = "Khoản thưởng đang ở trạng thái {state}, không thể chuyển sang {wanted}. Hãy tải lại để xem trạng thái mới nhất."
    en = "The award is {state} and cannot become {wanted}. Read it again to see where it stands."


class SamePersonTwice(Refusal):
    """Four eyes are two persons."""

    status = 403
    vi = "Người đã ký bước trước không được ký bước này. Cần một người khác thực hiện."
    en = "Whoever signed the step before may not sign this one. Another person must."


class OwnAward(Refusal):
    """Nobody signs for money to themselves."""

    status = 403
    vi = "Bạn là người được nhận khoản thưởng này nên không được thẩm tra, duyệt, từ chối hoặc đảo bút toán."
    en = "You are a payee of this award and may not verify, approve, reject or reverse it."


class NothingToPay(Refusal):
    """The unit has no approved award that is not on a list."""

    status = 409
    vi = "Đơn vị không có khoản thưởng đã duyệt nào chờ lập danh sách chi trả."
    en = "The unit has no approved award waiting for a payment list."


class ListStateForbids(Refusal):
    """The payment list is in a state from which this step cannot be taken."""

    status = 409
    vi = "Danh sách chi trả đang ở trạng thái {state}, không thể chuyển sang {wanted}. Hãy tải lại để xem trạng thái mới nhất."
    en = "The payment list is {state} and cannot become {wanted}. Read it again to see where it stands."
