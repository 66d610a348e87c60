"""What intake refuses."""

from language.refusals import OWN_WORDS, ListRefused, Refusal


class DossierIncomplete(Refusal):
    """A statutory field is missing (decree 13/2012, charter, article 5.3; circular 18/2013, article 5)."""

    status = 422
    longest_fact = OWN_WORDS
    vi = "Hồ sơ còn thiếu: {missing}. Hãy bổ sung rồi nộp lại."
    en = "The dossier lacks: {missing}. Add these and file again."


class SharesNotHundred(Refusal):
    """The authors' shares do not sum to 100."""

    status = 422
    vi = "Tổng tỷ lệ đóng góp là {total} %, phải đúng 100 %. Hãy sửa các tỷ lệ."
    en = "The contributions sum to {total} %; they must be exactly 100 %. Correct the shares."


class AuthorTwice(Refusal):
    """An author is named twice."""

    status = 422
    vi = "Một tác giả được ghi hai lần. Hãy bỏ dòng trùng."
    en = "An author is named twice. Remove the repeated line."


class FiledLate(Refusal):
    """More than a year since the first application (decree 13/2012, charter, article 5.2)."""

    status = 422
    vi = (
        "Sáng kiến áp dụng lần đầu ngày {first}, hạn nộp là {limit}: đã quá một năm (khoản 2 Điều 5 "
        "Điều lệ Sáng kiến). "
        "Hãy kiểm tra lại ngày áp dụng lần đầu."
    )
    en = (
        "First applied on {first}, so it had to be filed by {limit}: more than a year has passed "
        "(charter, article 5.2). "
        "Check the day of the first application."
    )


class FirstApplicationAhead(Refusal):
    """The first application lies in the future."""

    status = 422
    vi = (
        "Ngày áp dụng lần đầu {first} còn ở phía trước. Sáng kiến phải được áp dụng hoặc áp dụng thử "
        "trước khi nộp."
    )
    en = (
        "The first application on {first} lies ahead. An initiative must have been applied or tried "
        "before it is filed."
    )


class NotAnAuthor(Refusal):
    """The caller is no author of the dossier."""

    status = 403
    vi = "Chỉ tác giả có tên trong hồ sơ mới được làm việc này. Hãy nhờ tác giả."
    en = "Only an author named in the dossier may do this. Ask an author."


class NotTheFiler(Refusal):
    """Only the author who filed may file, supplement or withdraw, for all authors."""

    status = 403
    vi = "Chỉ tác giả đã lập hồ sơ mới được nộp, bổ sung hoặc rút hồ sơ. Hãy nhờ tác giả đó."
    en = "Only the author who made the dossier may file, supplement or withdraw it. Ask that author."


class FilingNotAgreed(Refusal):
    """A clerk files for an author who has agreed to the draft as it stands."""

    status = 409
    vi = (
        "Tác giả chưa đồng ý nộp hồ sơ như hiện nay. Hãy đề nghị tác giả đọc lại và đồng ý; nếu tác giả vắng "
        "hoặc không có tài khoản, hãy tiếp nhận hồ sơ kèm lý do."
    )
    en = (
        "The author has not agreed to the filing of the dossier as it stands. Have it read and agreed to; "
        "where the author is away or has no account, take the dossier over with a reason."
    )


class NothingToAgree(Refusal):
    """The author's own draft needs nobody's agreement."""

    status = 409
    vi = "Hồ sơ này do chính tác giả lập: hãy tự nộp."
    en = "Nobody prepared this dossier for its author: file it yourself."


class AuthorNotOfUnit(Refusal):
    """A draft is prepared for somebody of the unit who can agree to it."""

    status = 422
    vi = (
        "Chỉ lập được hồ sơ cho người đang giữ vị trí ở đơn vị này và có tài khoản để đồng ý. Hãy chọn đúng "
        "người, hoặc lập hồ sơ ở đơn vị của người đó."
    )
    en = (
        "A draft is prepared for somebody who holds a post in this unit and can sign in to agree to it. "
        "Choose the right person, or prepare it in that person's unit."
    )


class OwnDossier(Refusal):
    """An officer may not check their own dossier."""

    status = 403
    vi = "Bạn là tác giả của hồ sơ này nên không được xem xét hồ sơ. Hãy để người khác xem xét."
    en = "You are an author of this dossier and may not act on it as an officer. Leave it to somebody else."


class WrongState(Refusal):
    """The dossier is not in a state in which this can be done."""

    status = 409
    vi = (
        "Hồ sơ đang ở trạng thái {state} nên không thực hiện được việc này. Hãy đọc lại hồ sơ để xem "
        "việc nào còn làm được."
    )
    en = "The dossier is {state}, so this cannot be done. Read the dossier again to see what can be done."


class SeasonUnknown(Refusal):
    """The dossier was begun for a season that the rulebook does not have."""

    status = 422
    vi = "Đợt xét của hồ sơ không có trong danh mục. Hãy lập hồ sơ trong một đợt xét đang mở."
    en = "The rulebook has no such season. Begin the dossier in a season that is open."


class SeasonClosed(Refusal):
    """The season takes no dossiers on the day of filing."""

    status = 409
    vi = "Đợt xét nhận hồ sơ từ {opens_on} đến hết {closes_on}. Hãy nộp trong thời gian đó hoặc ở đợt khác."
    en = (
        "The season takes dossiers from {opens_on} to {closes_on}. File within these days, or in another one."
    )


class RoundClosed(Refusal):
    """No round of the season that is for such dossiers takes them at the instant of filing."""

    status = 409
    longest_fact = OWN_WORDS
    vi = (
        "Hồ sơ thuộc các đợt sau, hiện không đợt nào nhận: {rounds}. Hãy nộp trong thời gian đó, hoặc đề "
        "nghị đơn vị cấp trên cho phép nộp muộn."
    )
    en = (
        "The dossier belongs in these rounds, none of which takes dossiers now: {rounds}. File within their "
        "time, or ask the unit above to let yours file late."
    )


class NoPolicyInForce(Refusal):
    """No published pack covers the day, or it has no level for this unit."""

    status = 409
    vi = (
        "Chưa có bộ quy định nào có hiệu lực ngày {day} cho đơn vị này nên chưa nộp được. Hãy đề nghị quản "
        "trị viên công bố bộ quy định, rồi nộp lại."
    )
    en = (
        "No policy pack is in force on {day} for this unit, so nothing can be filed. Ask an administrator to "
        "publish one, then file again."
    )


class NothingToGiveBack(Refusal):
    """No change of rules has moved the dossier, so there are no earlier rules."""

    status = 409
    vi = "Hồ sơ chưa từng chuyển sang quy định khác nên không có quy định cũ để trả lại."
    en = "The dossier was never moved to other rules, so there are none to give back."


class WithdrawalPending(Refusal):
    """A withdrawal was asked for already."""

    status = 409
    vi = "Đã có yêu cầu rút hồ sơ, đang chờ xử lý. Hãy chờ kết quả, không cần gửi lại."
    en = (
        "A withdrawal was asked for already and is being handled. Wait for the outcome; there is no need "
        "to ask again."
    )


class AttachmentTypeRefused(Refusal):
    """The content is of no accepted kind, or not what its name says."""

    status = 415
    vi = (
        "Tệp không phải PDF, DOC, DOCX, XLSX, PPTX, PNG, JPEG, HEIC hoặc MP4, hoặc nội dung không đúng với "
        "đuôi tên tệp. Hãy lưu lại đúng dạng rồi tải lên."
    )
    en = (
        "The file is no PDF, DOC, DOCX, XLSX, PPTX, PNG, JPEG, HEIC or MP4, or its content is not what its "
        "name says. Save it in one of these forms and upload it again."
    )


class AttachmentActive(Refusal):
    """The file would do something by itself when it is opened."""

    status = 415
    vi = (
        "Tệp có nội dung tự chạy hoặc tệp khác nằm bên trong (macro, mã lệnh, trường DDE, tệp nhúng hoặc "
        "đính kèm, khuôn mẫu, hình hoặc bảng tính lấy từ nơi khác) nên không nhận. Hãy bỏ phần đó, hoặc in "
        "ra PDF rồi tải lên; tệp nằm bên trong thì tải lên riêng."
    )
    en = (
        "The file does something by itself when it is opened, or holds another file (macros, scripts, DDE "
        "fields, embedded or attached files, a template, picture or workbook from elsewhere), so it is not "
        "taken. Remove that, or print it to PDF, and upload it again; upload a file that is inside by itself."
    )


class AttachmentLocked(Refusal):
    """The file is encrypted: nobody can look inside, and readers could not open it."""

    status = 415
    vi = "Tệp được mã hóa hoặc đặt mật khẩu nên không nhận. Hãy bỏ mật khẩu và bảo vệ, lưu lại rồi tải lên."
    en = "The file is encrypted or has a password, so it is not taken. Take both off and upload it again."


class AttachmentLost(Refusal):
    """The file is on record, and its content is not where attachments are kept."""

    status = 404
    vi = (
        "Tệp có trong hồ sơ nhưng kho lưu trữ không còn nội dung của tệp. Hãy báo quản trị viên khôi phục "
        "kho từ bản sao lưu."
    )
    en = (
        "The dossier has this file, but its content is gone from the store. Tell an administrator to restore "
        "the store from its backup."
    )


class AttachmentInfected(Refusal):
    """The scanner found something in the file."""

    status = 415
    vi = "Tệp bị phần mềm quét phát hiện mã độc nên không nhận. Hãy quét máy của bạn rồi tải tệp khác."
    en = "The scanner found malware in the file, so it is not taken. Scan your computer; upload another file."


class DossierFull(Refusal):
    """The files of the dossier, those removed among them, are as large as they may be together."""

    status = 409
    vi = "Các tệp của hồ sơ (kể cả tệp đã bỏ) đã đủ {limit} MB. Hãy nén hoặc chọn tệp nhỏ hơn."
    en = "The files of the dossier, removed ones among them, have reached {limit} MB. Use smaller files."


class PersonFull(Refusal):
    """The files that the person has uploaded within a year are as large as they may be together."""

    status = 409
    vi = "Các tệp bạn tải lên trong một năm đã đủ {limit} MB. Hãy liên hệ quản trị viên nếu cần thêm."
    en = "Your uploads of a year have reached {limit} MB. Ask the administrator if you need more."


class AttachmentTooLarge(Refusal):
    """The file is larger than allowed."""

    status = 413
    vi = "Tệp lớn hơn {limit} MB. Hãy nén hoặc chia nhỏ."
    en = "The file is larger than {limit} MB. Compress or split it."


class TooManyAttachments(Refusal):
    """The dossier has as many files as it may have."""

    status = 409
    vi = "Hồ sơ đã có {most} tệp, là số tệp tối đa. Hãy gộp tệp hoặc bỏ tệp không cần."
    en = "The dossier has {most} files, the most it may have. Merge files, or remove those it does not need."


class AttachmentEmpty(Refusal):
    """The file holds nothing."""

    status = 422
    vi = "Tệp rỗng. Hãy chọn tệp khác."
    en = "The file is empty. Choose another file."


class ListNotConfirmed(Refusal):
    """Nothing of a list is written before somebody has seen and confirmed what was read."""

    status = 409
    vi = (
        "Danh sách chưa được xác nhận, hoặc đã khác lần xem trước. Hãy xem trước (chạy thử), kiểm "
        "tra các "
        "ô được nêu, rồi gửi lại với “confirmed” là giá trị “digest” nhận được."
    )
    en = (
        "The list was not confirmed, or reads otherwise than in its preview. Preview it "
        "(dry_run=true), look at "
        "the cells it names, and send it again with the preview's “digest” as “confirmed”."
    )


class ListHasQuestions(ListRefused):
    """Cells of the list have to be answered first."""

    status = 422
    vi = (
        "Danh sách còn {count} chỗ phải trả lời: {first_vi}. Chưa có gì được ghi. Hãy sửa tệp hoặc gửi "
        "kèm câu "
        "trả lời; hoặc chọn bỏ các sáng kiến đó lại."
    )
    en = (
        "{count} places of the list have to be answered: {first_en}. Nothing was written. Correct the "
        "file or "
        "send the answers with it; or choose to leave those initiatives out (leave_doubtful)."
    )


class CheckRulesNotMet(Refusal):
    """The request does not meet a rule that the plan has for accepting it."""

    status = 409
    longest_fact = OWN_WORDS
    vi = "Chưa thể chấp nhận đơn: {unmet_vi} (quy định {rules}). Hãy yêu cầu bổ sung hoặc từ chối."
    en = "The request cannot be accepted: {unmet_en} (rules {rules}). Ask for a supplement, or reject it."


class AuthorUnknown(Refusal):
    """An author's id is nobody's whom the organisation knows."""

    status = 422
    vi = (
        "Tác giả thứ {numbers} không có trong danh bạ của tổ chức. Hãy chọn đúng người, hoặc ghi là tác giả "
        "ngoài hệ thống."
    )
    en = (
        "The organisation knows nobody by the id of author number {numbers}. Choose the right person, or "
        "name the author as one from outside."
    )


class SharesNotConfirmed(Refusal):
    """A co-author has not confirmed the own share, or has declined it."""

    status = 409
    vi = (
        "Chưa nộp được: {names} chưa xác nhận tỷ lệ đóng góp của mình. Hãy nhờ họ xác nhận, hoặc sửa danh "
        "sách tác giả."
    )
    en = (
        "This cannot be handed in yet: {names} have not confirmed their own shares. Ask them to, or change "
        "the authors."
    )


class ShareChanged(Refusal):
    """The share that the author answers is no longer the one in the dossier."""

    status = 409
    vi = "Tỷ lệ đóng góp của bạn trong hồ sơ hiện là {percent} %. Hãy đọc lại hồ sơ rồi trả lời."
    en = "Your share in the dossier is {percent} % now. Read the dossier again, then answer."


class FilerIsThere(Refusal):
    """Whoever files for all authors is at work, and nothing has to be taken over."""

    status = 409
    vi = (
        "Người đang phụ trách hồ sơ vẫn làm việc bình thường nên chưa thể tiếp nhận thay. Hãy liên hệ người "
        "đó."
    )
    en = "Whoever files for this dossier is at work, so it cannot be taken over. Turn to that person."


class GroundNotInFile(Refusal):
    """The ground of the rejection is a matter of dates or of what was asked for, and the file says
    otherwise."""

    status = 422
    vi = (
        "Căn cứ “{ground}” trái với hồ sơ: {found}. Hãy nêu căn cứ đúng với hồ sơ; nếu điều hồ sơ ghi không "
        "đúng thì yêu cầu tác giả bổ sung trước."
    )
    en = (
        "The ground “{ground}” contradicts the file: {found}. Give the ground that the file bears out; where "
        "the file is wrong, ask the author for a supplement first."
    )
