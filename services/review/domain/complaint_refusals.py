"""What is refused about complaints."""

from language.refusals import Refusal


class OnlyAuthorsComplain(Refusal):
    """A refusal concerns its authors; a complaint is taken back by who made it."""

    status = 403
    vi = "Chỉ tác giả của hồ sơ được khiếu nại, và chỉ người đã khiếu nại được rút khiếu nại của mình."
    en = "Only an author of the dossier may complain, and only who complained may take that back."


class ComplaintThere(Refusal):
    """One complaint at a time, and none about what no longer stands."""

    status = 409
    vi = "Việc này đã có khiếu nại. Hãy xem khiếu nại đó và kết quả giải quyết."
    en = "There is a complaint about this already. See it, and how it was settled."


class ComplainedTwice(Refusal):
    """The second answer is the last one here."""

    status = 409
    vi = "Việc này đã được giải quyết khiếu nại hai lần. Nếu chưa đồng ý, hãy khởi kiện hành chính ở Tòa án."
    en = "A complaint about this was settled twice. Whoever disagrees goes to the administrative court."


class NoUnitAbove(Refusal):
    """The first answer was given in the highest unit there is."""

    status = 409
    vi = (
        "Khiếu nại lần đầu đã do cấp cao nhất trong hệ thống giải quyết. Hãy gửi đơn khiếu nại lần hai đến "
        "cơ quan cấp trên, hoặc khởi kiện hành chính ở Tòa án."
    )
    en = (
        "The highest unit known here settled the first complaint. Complain on paper to the authority above "
        "it, or go to the administrative court."
    )


class RequestNotRejected(Refusal):
    """There is nothing to complain about."""

    status = 409
    vi = "Đơn của hồ sơ này không ở trạng thái bị từ chối, nên không có gì để khiếu nại."
    en = "The request of this dossier does not stand rejected, so there is nothing to complain about."


class PaperNotTaken(Refusal):
    """Only the second decision about an examination has a paper of its own."""

    status = 422
    vi = (
        "Chỉ khi khiếu nại đúng và hồ sơ được Hội đồng xét lại thì mới có quyết định thứ hai để ghi số. Hãy "
        "bỏ phần số quyết định."
    )
    en = "Only what a council examines again has a second decision with a paper. Leave the paper out."


class ComplaintOver(Refusal):
    """What was settled or taken back stays so."""

    status = 409
    vi = "Khiếu nại này đã kết thúc ({ended}), không xử lý thêm được."
    en = "This complaint is over ({ended}); nothing more can be done about it."
