"""Why intake says no."""

from workflows.contracts.refusals import Refusal


class NotInThisUnit(Refusal):
    """A request is filed at the author's own unit (Decree 13/2012, article 5.1)."""

    status = 403
    vi = "Bạn không giữ vị trí nào ở đơn vị này. Hãy nộp hồ sơ tại đơn vị nơi bạn công tác."
    en = "You hold no post in this unit. File at the unit where you work."


class NotLeadAuthor(Refusal):
    """Only the lead author files, supplements and withdraws, for all authors."""

    status = 403
    vi = "Chỉ tác giả chính (người lập hồ sơ) được nộp, bổ sung hoặc rút hồ sơ."
    en = "Only the lead author, who made the dossier, may file, supplement or withdraw it."


class OwnDossier(Refusal):
    """An author never acts as an official on the own dossier."""

    status = 403
    vi = "Bạn là tác giả của hồ sơ này nên không được xem xét nó."
    en = "You are an author of this dossier, so you may not check it."


class DossierIncomplete(Refusal):
    """Fields that the form requires are missing."""

    status = 422
    vi = "Hồ sơ còn thiếu: {missing}. Hãy điền đủ rồi nộp."
    en = "The dossier lacks: {missing}. Fill them in, then file."


class DeclarationMissing(Refusal):
    """The author has not declared that the request is true."""

    status = 422
    vi = "Hãy cam đoan nội dung đơn là trung thực (declaration_of_truth) trước khi nộp."
    en = "Declare that the request is true (declaration_of_truth) before filing."


class AuthorTwice(Refusal):
    """The same person stands twice among the authors."""

    status = 422
    vi = "Một người được ghi hai lần trong danh sách tác giả (dòng {position}). Hãy bỏ dòng trùng."
    en = "The same person stands twice among the authors (line {position}). Remove one of the lines."


class SharesNotHundred(Refusal):
    """The contributions do not sum to 100 percent."""

    status = 422
    vi = "Tổng tỷ lệ đóng góp là {total} %, phải bằng 100 %. Hãy sửa tỷ lệ của các tác giả."
    en = "The contributions sum to {total} percent; they must sum to 100. Correct the authors' shares."


class ShareOutOfRange(Refusal):
    """A contribution is not above zero, or has more than two decimals."""

    status = 422
    vi = "Tỷ lệ đóng góp của tác giả ở dòng {position} phải lớn hơn 0, không quá 100 và có tối đa hai chữ số thập phân."
    en = "The contribution of the author in line {position} must be above 0, at most 100, with at most two decimals."


class FilerNotAuthor(Refusal):
    """Who files must be one of the authors."""

    status = 422
    vi = "Người nộp phải là một trong các tác giả. Hãy thêm bạn vào danh sách tác giả."
    en = "Who files must be one of the authors. Add yourself to the authors."


class FirstApplicationInFuture(Refusal):
    """The solution must have been applied or tried already (Decree 13/2012, article 3.1)."""

    status = 422
    vi = "Ngày áp dụng lần đầu {first_applied_on} sau ngày nộp. Giải pháp phải được áp dụng hoặc áp dụng thử trước khi nộp."
    en = "The first application on {first_applied_on} lies after the filing. The solution must have been applied or tried before."


class FiledLate(Refusal):
    """More than a year has passed since the first application (Decree 13/2012, article 5.2)."""

    status = 422
    vi = "Đã quá một năm kể từ ngày áp dụng lần đầu: hạn nộp là hết ngày {last_day} (Điều lệ Sáng kiến, Điều 5.2)."
    en = "More than one year has passed since the first application: the last day to file was {last_day} (Decree 13/2012, article 5.2)."


class AlreadyFiled(Refusal):
    """A dossier is filed once."""

    vi = "Hồ sơ đã được nộp hoặc đã rút (trạng thái {state}) nên không nộp lại được."
    en = "The dossier was filed or withdrawn already (state {state}) and cannot be filed again."


class NotFiledYet(Refusal):
    """A draft has no receipt and no formal check."""

    vi = "Hồ sơ chưa được nộp nên chưa có giấy biên nhận và chưa được xem xét."
    en = "The dossier has not been filed, so there is no receipt and no formal check yet."


class NotEditable(Refusal):
    """Only a draft, or a request sent back for supplement, can be changed."""

    vi = "Hồ sơ ở trạng thái {state} không sửa được. Chỉ sửa được bản nháp hoặc khi cơ sở yêu cầu bổ sung."
    en = "A dossier in state {state} cannot be changed; only a draft, or one sent back for supplement, can."


class NotDraft(Refusal):
    """What was filed stays in the file."""

    vi = "Hồ sơ đã nộp (trạng thái {state}): tài liệu đã nộp được lưu, không xoá. Có thể nộp tệp mới cùng tên khi bổ sung."
    en = "The dossier was filed (state {state}): what was filed is kept. A new file of the same name may be sent with a supplement."


class CheckNotOpen(Refusal):
    """There is no formal check to act on."""

    vi = "Hồ sơ không ở bước xem xét đơn (trạng thái {state}). Hãy tải lại hộp việc."
    en = "The dossier is not in formal check (state {state}). Reload your inbox."


class SupplementNeverRequested(Refusal):
    """A request cannot be rejected for a supplement that nobody asked for (Decree 13/2012, article 6.2)."""

    vi = "Chưa gửi thông báo bổ sung nên không thể từ chối với lý do không bổ sung. Hãy gửi thông báo sai sót trước."
    en = "No supplement was requested, so its lack is no ground for rejection. Send a supplement notice first."


class NoSupplementAwaited(Refusal):
    """Nobody waits for a supplement."""

    vi = "Cơ sở không chờ bổ sung cho hồ sơ này (trạng thái {state})."
    en = "No supplement is awaited for this dossier (state {state})."


class SupplementLate(Refusal):
    """The time to supplement is over (Decree 13/2012, article 6.2)."""

    vi = "Đã hết hạn bổ sung ({due_at}). Đơn sẽ bị từ chối chấp nhận; bạn có thể lập hồ sơ mới nếu còn trong thời hạn một năm."
    en = "The time to supplement ended at {due_at}. The request will be rejected; a new dossier may be filed within the one-year limit."


class NothingToWithdraw(Refusal):
    """The dossier has its final state."""

    vi = "Hồ sơ đã kết thúc (trạng thái {state}) nên không rút được."
    en = "The dossier has its final state ({state}) and cannot be withdrawn."


class WithdrawalAlreadyRequested(Refusal):
    """One request to withdraw is enough."""

    vi = "Yêu cầu rút hồ sơ đã được ghi nhận và đang chờ xử lý."
    en = "The withdrawal was requested already and is being handled."


class AttachmentTypeRefused(Refusal):
    """The content is none of the accepted types, or not what the file's name says."""

    status = 415
    vi = "Nội dung tệp không phải {accepted}, hoặc không khớp với đuôi tên tệp. Hãy gửi đúng tệp."
    en = "The content is not one of {accepted}, or is not what the file's name says. Send the right file."


class AttachmentNameRefused(Refusal):
    """The file's name holds what a name must not hold."""

    status = 422
    vi = "Tên tệp có ký tự không dùng được (dấu gạch chéo hoặc ký tự điều khiển). Hãy đổi tên tệp."
    en = "The file's name holds a slash or a control character. Rename the file."


class TooManyAttachments(Refusal):
    """A dossier holds a limited number of files."""

    vi = "Hồ sơ chỉ chứa tối đa {most} tệp. Hãy xoá hoặc thay một tệp đã có."
    en = "A dossier holds at most {most} files. Delete or replace one."
