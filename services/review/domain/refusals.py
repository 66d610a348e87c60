"""What review refuses."""

from language.refusals import Refusal


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


class SheetAlreadySubmitted(Refusal):
    """A submitted sheet is final."""

    status = 409
    vi = "Phiếu chấm đã nộp nên không sửa được nữa."
    en = "The sheet is submitted and cannot be changed."


class CriterionUnknown(Refusal):
    """The plan has no such criterion."""

    status = 422
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


class LadderMakesNoSense(Refusal):
    """The ladder to be tried would not pass in a pack."""

    status = 422
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
