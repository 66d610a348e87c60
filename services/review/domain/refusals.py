"""What review refuses."""

from language.refusals import OWN_WORDS, Refusal


class OwnDossier(Refusal):
    """An author neither marks nor decides their own dossier."""

    status = 403
    vi = (
        "Bạn là tác giả của hồ sơ này nên không được chấm hay quyết định. Hãy để người khác chấm và "
        "quyết định."
    )
    en = "You are an author of this dossier and may neither mark nor decide it. Leave it to others."


class AlreadyDecided(Refusal):
    """The stage is over: decided or withdrawn."""

    status = 409
    vi = "Hồ sơ đã có kết quả ở cấp này ({outcome}, quyết định số {decision_number}). Không thể sửa thêm."
    en = (
        "The dossier has its result at this level ({outcome}, decision {decision_number}). Nothing can "
        "be changed any more."
    )


class StageMovedAway(Refusal):
    """Other rules hold: the level is examined elsewhere."""

    status = 409
    vi = (
        "Quy định đã thay đổi, hồ sơ chuyển sang cấp hoặc đơn vị khác xét; phiếu ở đây không còn hiệu "
        "lực. Hãy xem việc mới trong hộp việc."
    )
    en = (
        "The rules have changed and the dossier is examined elsewhere; nothing can be done here any "
        "more. Look for new work in your inbox."
    )


class SeatReplaced(Refusal):
    """The member was replaced by a substitute."""

    status = 409
    vi = "Bạn đã được thay bằng ủy viên dự khuyết ở hồ sơ này, phiếu chấm không còn hiệu lực."
    en = "A substitute has taken your seat for this dossier; the sheet is void."


class SeatRecused(Refusal):
    """Whoever has recused themselves has nothing to do with the dossier at this level any more."""

    status = 409
    vi = "Bạn đã xin không tham gia xét hồ sơ này, phiếu chấm không còn hiệu lực."
    en = "You have recused yourself from this dossier; the sheet is void."


class RecusedFromDossier(Refusal):
    """Whoever stayed out of the examination does nothing about its decision either."""

    status = 403
    vi = (
        "Bạn đã xin không tham gia xét hồ sơ này nên không làm gì với quyết định về hồ sơ. Hãy để người khác "
        "cùng thẩm quyền."
    )
    en = (
        "You have recused yourself from this dossier, so you do nothing about its decision. Leave it to "
        "somebody else in authority."
    )


class SheetNotSubmitted(Refusal):
    """Only a sheet that was submitted can be taken back."""

    status = 409
    vi = "Phiếu chấm này chưa nộp nên không có gì để rút lại; hãy sửa rồi nộp."
    en = "This sheet is not submitted, so there is nothing to take back; edit it, then submit."


class BallotStands(Refusal):
    """A secret vote that was cast can be told from no other, so it cannot be taken out of the count."""

    status = 409
    vi = (
        "Hội đồng bỏ phiếu kín: lá phiếu đã bỏ không thể tách ra để rút lại nên phiếu đã nộp giữ nguyên. "
        "Nếu có sai sót, hãy báo Chủ tịch hội đồng trước khi quyết định."
    )
    en = (
        "The ballot is secret: a vote that was cast can be told from no other and taken out, so the "
        "submitted sheet stands. If something is wrong with it, tell the chair before the decision."
    )


class SheetAlreadySubmitted(Refusal):
    """A submitted sheet is not edited; until the decision it can be taken back."""

    status = 409
    vi = "Phiếu chấm đã nộp nên không sửa được. Trước khi có quyết định, hãy rút lại phiếu kèm lý do rồi sửa."
    en = (
        "The sheet is submitted and cannot be changed. Until the decision, take it back with a reason, then "
        "edit it."
    )


class CriterionUnknown(Refusal):
    """The plan has no such criterion."""

    status = 422
    longest_fact = OWN_WORDS
    vi = "Không có tiêu chí {criterion} trong phiếu chấm này. Các tiêu chí: {known}. Hãy bỏ tiêu chí lạ."
    en = "This sheet has no criterion {criterion}. Its criteria: {known}. Leave the unknown one out."


class MarkOutOfRange(Refusal):
    """A score below zero, above the maximum, or between two steps."""

    status = 422
    vi = "Điểm {score} của tiêu chí {criterion} không hợp lệ: từ 0 đến {max}, bội của {step}."
    en = "The score {score} of criterion {criterion} is not possible: from 0 to {max} in steps of {step}."


class SheetIncomplete(Refusal):
    """A sheet is submitted whole."""

    status = 422
    longest_fact = OWN_WORDS
    vi = "Phiếu chấm còn thiếu: {missing}. Hãy điền đủ rồi nộp."
    en = "The sheet lacks: {missing}. Fill these in, then submit."


class RemarkRequired(Refusal):
    """A vote other than APPROVE says why."""

    status = 422
    vi = "Phiếu ghi ý kiến “{vote}” phải có nhận xét nêu lý do."
    en = "A vote {vote} needs a remark that says why."


class RemarkRequiredForMark(Refusal):
    """The plan asks for a remark on such a mark."""

    status = 422
    longest_fact = OWN_WORDS
    vi = "Phải có nhận xét cho điểm của tiêu chí: {criteria} (quy định {rules})."
    en = "The marks of these criteria need a remark each: {criteria} (rule {rules})."


class QuorumNotReached(Refusal):
    """Too few members have marked."""

    status = 409
    vi = "Chưa đủ số thành viên chấm: cần {needed}, mới có {present} trên {members}. Hãy chờ thêm phiếu."
    en = (
        "The quorum is not reached: {needed} sheets are needed, {present} of {members} members have "
        "marked. Wait for more sheets."
    )


class PassRuleNotMet(Refusal):
    """The council's marks or votes do not carry a recognition."""

    status = 409
    longest_fact = OWN_WORDS
    vi = (
        "Chưa đủ điều kiện công nhận: điểm trung bình {average} (cần {threshold}), đồng ý "
        "{approvals} (cần {approvals_needed}), "
        "tiêu chí dưới điểm sàn: {below_floor}. "
        "Hãy chờ thêm phiếu, hoặc quyết định không công nhận kèm căn cứ và lý do."
    )
    en = (
        "The rule for recognition is not met: average {average} ({threshold} needed), approvals "
        "{approvals} ({approvals_needed} needed), "
        "criteria below their floor: {below_floor}. "
        "Wait for more sheets, or refuse with ground and reasons."
    )


class ReasonsRequired(Refusal):
    """A refusal of recognition is given in writing with its ground. Decree 13/2012, Statute, article 7.1."""

    status = 422
    vi = "Quyết định không công nhận phải nêu căn cứ và lý do."
    en = "A decision that refuses recognition needs its ground and its reasons."


class GroundDoesNotFit(Refusal):
    """A recognition has no ground; NOT_EXAMINED stands exactly where no sheet is in."""

    status = 422
    vi = (
        "Căn cứ “{ground}” không phù hợp: công nhận thì không nêu căn cứ; căn cứ “không có phiếu chấm nào” "
        "chỉ dùng, và bắt buộc dùng, khi chưa có phiếu chấm nào."
    )
    en = (
        "The ground {ground} does not fit: a recognition has none; NOT_EXAMINED is for, and only for, a "
        "stage in which no sheet is in."
    )


class GroundNotInMarks(Refusal):
    """The ground of the refusal is a matter of counting, and the marks say otherwise."""

    status = 422
    vi = (
        "Căn cứ {ground} trái với phiếu chấm: điểm trung bình {average} (ngưỡng {threshold}), đồng ý "
        "{approvals} (cần {approvals_needed}), tiêu chí dưới điểm sàn: {below_floor}. Hãy nêu căn cứ đúng "
        "với kết quả chấm, hoặc căn cứ khác kèm lý do."
    )
    en = (
        "The ground {ground} contradicts the marks: average {average} (threshold {threshold}), approvals "
        "{approvals} ({approvals_needed} needed), criteria below their floor: {below_floor}. Give the ground "
        "that the marks bear out, or another with its reasons."
    )


class OwnSheetOwed(Refusal):
    """Who decides by the marks has marked first: the answer would tell how the others have."""

    status = 409
    vi = (
        "Bạn chưa nộp phiếu chấm của mình ở hồ sơ này. Hãy nộp phiếu trước rồi quyết định, để việc chấm được "
        "độc lập."
    )
    en = (
        "You have not submitted your own sheet for this dossier. Submit it before you decide: marking "
        "is independent."
    )


class SheetsOwed(Refusal):
    """Sheets are missing, and until they are in nobody learns by a dry run how the others have marked."""

    status = 409
    vi = (
        "Còn {owed} phiếu chưa nộp nên chưa thử được quyết định theo phiếu chấm. Hãy chờ đủ phiếu, hoặc "
        "quyết định thật nếu đã đủ túc số."
    )
    en = (
        "{owed} sheets are missing, so a decision by the marks cannot be tried out yet. Wait for them, or "
        "decide if the quorum is reached."
    )


class PromotionNotAllowed(Refusal):
    """The marks do not reach the proposal's average, or there is no level above."""

    status = 409
    vi = (
        "Không đủ điều kiện đề nghị lên cấp trên: điểm trung bình {average}, cần {needed}; chỉ "
        "áp dụng khi công nhận và còn cấp trên. "
        "Hãy quyết định mà không đề nghị lên cấp trên."
    )
    en = (
        "It cannot be proposed to the next level: average {average}, needed {needed}; only a "
        "recognition below the last level goes up. "
        "Decide without `propose`."
    )


class NotDecidedYet(Refusal):
    """There is no decision to act on."""

    status = 409
    vi = "Hồ sơ chưa có quyết định ở cấp này. Hãy chờ có quyết định."
    en = "The dossier has no decision at this level yet. Wait for one."


class DecisionNoLongerStands(Refusal):
    """The recognition was cancelled, or the refusal is examined again."""

    status = 409
    vi = "Quyết định này đã bị hủy bỏ hoặc đang được xét lại. Hãy xem quyết định sau trong lịch sử hồ sơ."
    en = "This decision was cancelled, or is examined anew. See the later decision in the dossier's history."


class ActDoesNotFit(Refusal):
    """Only a recognition is cancelled, only a refusal examined again."""

    status = 409
    vi = "Chỉ hủy bỏ việc công nhận, và chỉ xét lại quyết định không công nhận. Hãy chọn đúng việc."
    en = "Only a recognition can be cancelled, and only a refusal examined again (this is {outcome})."


class PaperEntered(Refusal):
    """The office's number stands; a wrong one is corrected."""

    status = 409
    vi = "Số, ngày và người ký đã được ghi. Nếu ghi sai, hãy đính chính bằng một quyết định nêu số đầu."
    en = "Number, date and signer are entered. Correct a wrong one by a second decision that names the first."


class NothingToCorrect(Refusal):
    """A correction says what is right."""

    status = 422
    vi = "Đính chính phải nêu nội dung đúng: số, ngày, người ký hoặc lý do của quyết định."
    en = "A correction says what is right: number, date and signer (paper), or the reasons."


class PaperDateImpossible(Refusal):
    """The paper is dated before the examination or in the future."""

    status = 422
    vi = "Ngày ban hành phải từ {earliest} đến {latest}. Hãy ghi đúng ngày trên văn bản."
    en = "The paper is dated between {earliest} and {latest}. Enter the date that it bears."


class ActTooLate(Refusal):
    """The rules say for how long a decision can be acted on."""

    status = 409
    vi = "Thời hạn đã hết ngày {until} ({rule}). Hãy đề nghị cấp trên xem xét."
    en = "The time for this ended on {until} (rule {rule}). Ask the level above."


class LevelAboveDecided(Refusal):
    """What has gone on to another level is no longer examined again here."""

    status = 409
    vi = "Hồ sơ đã được xét ở giai đoạn sau, không xét lại ở đây được. Hãy xử lý quyết định sau trước."
    en = "The dossier has been examined further since; deal with the later decision first."


class JourneyNotOver(Refusal):
    """The refusal was made a moment ago, and the dossier is only being closed."""

    status = 409
    vi = "Hồ sơ đang được kết thúc. Hãy thử lại sau ít phút."
    en = "The dossier is just being closed. Try again in a few minutes."


class LadderMakesNoSense(Refusal):
    """The ladder to be tried would not pass in a pack."""

    status = 422
    longest_fact = OWN_WORDS
    vi = "Thang nhắc việc chưa hợp lý: {faults}. Hãy sửa rồi thử lại."
    en = "The ladder makes no sense: {faults}. Mend it and try again."


class DeviationUnexplained(Refusal):
    """The totals lie too far apart for a decision without reasons."""

    status = 422
    vi = "Điểm các phiếu chênh lệch {spread}, quá mức {most} (quy định {rule}). Quyết định phải nêu lý do."
    en = "The totals lie {spread} apart, more than {most} (rule {rule}). The decision needs reasons."


class PromotionQuotaUsedUp(Refusal):
    """The unit has proposed as many dossiers of the season as it may."""

    status = 409
    vi = (
        "Đơn vị đã đề nghị lên cấp trên đủ {most} hồ sơ của đợt này (quy định {rule}). Có thể công nhận "
        "mà không đề nghị."
    )
    en = (
        "The unit has proposed all {most} dossiers that it may in this season (rule {rule}). It can be "
        "recognised without a proposal."
    )
