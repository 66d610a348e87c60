"""What the rulebook refuses."""

from language.refusals import OWN_WORDS, Refusal


class BreakIsOver(Refusal):
    """The break was ended already."""

    vi = "Kỳ nghỉ này đã được hủy. Hãy xem lại lịch của đơn vị."
    en = "This break was ended already. Look at the unit's calendar."


class BreaksTooLong(Refusal):
    """The breaks of a unit would take more days of a year than the rules in force allow."""

    status = 422
    vi = (
        "Năm {year}, các kỳ nghỉ của đơn vị và các cấp trên sẽ là {days} ngày, quá mức {most} ngày. Hãy rút "
        "ngắn kỳ nghỉ."
    )
    en = (
        "In {year} the breaks of the unit and of those above it would take {days} days, more than the {most} "
        "that are allowed. Make it shorter."
    )


class BreakTouchesClocks(Refusal):
    """Deadlines that run are moved by the unit above, not by the one that has to keep them."""

    status = 403
    vi = (
        "Kỳ nghỉ này làm thay đổi {clocks} thời hạn đang chạy của đơn vị. Hãy đề nghị quản trị viên của đơn "
        "vị cấp trên nhập."
    )
    en = (
        "This break moves {clocks} running deadlines of the unit. Ask an administrator of the unit above to "
        "enter it."
    )


class WindowIsClosed(Refusal):
    """A season or round that is over is neither extended nor closed."""

    vi = "Đợt {code_of_window} đã kết thúc. Hãy mở lại nếu còn cần nhận hồ sơ."
    en = "{code_of_window} is over. Open it again if dossiers shall still be taken."


class WindowIsOpen(Refusal):
    """A season or round that takes dossiers, or will, is not opened again."""

    vi = "Đợt {code_of_window} chưa kết thúc nên không cần mở lại. Hãy gia hạn nếu cần thêm thời gian."
    en = "{code_of_window} is not over, so there is nothing to open again. Extend it if more time is needed."


class ClosingOutOfOrder(Refusal):
    """The new end lies before the old one or before now, or a round reaches out of its season."""

    status = 422
    vi = (
        "Thời điểm kết thúc phải sau thời điểm hiện tại và sau hạn cũ, và đợt phải nằm trong mùa của "
        "nó. Hãy gia hạn mùa xét trước nếu cần."
    )
    en = (
        "The end has to lie after now and after the old one, and a round within its season. Extend the "
        "season first if need be."
    )


class PackRefused(Refusal):
    """A pack that does not pass its checks, or a version that is published already."""

    status = 422
    longest_fact = OWN_WORDS
    vi = "Bộ quy định chưa đạt: {reason}. Hãy sửa rồi gửi lại."
    en = "The policy pack is refused: {reason}. Mend it and send it again."


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
    vi = "Bản dự thảo chưa được kiểm tra sau lần sửa cuối. Hãy kiểm tra bản dự thảo rồi mới công bố."
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
    """The pack has no transitional rule, and no earlier version."""

    status = 422
    vi = (
        "Bộ quy định {pack} không có điều khoản chuyển tiếp (transition) và không có phiên bản trước. Hãy "
        "công bố phiên bản có điều khoản này."
    )
    en = (
        "The pack {pack} has no transitional rule and no earlier version. Publish a version that has such a "
        "rule."
    )


class OtherTransitionOpen(Refusal):
    """One change of rules at a time: two would move the same dossiers."""

    status = 409
    vi = "Đang có một kế hoạch chuyển tiếp chưa kết thúc. Hãy hủy hoặc chờ kế hoạch đó xong."
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
    vi = "Hệ thống còn đang phân loại hồ sơ. Hãy đợi phân loại xong rồi phê duyệt."
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


class UnitLevelUnknown(Refusal):
    """A round is for units of a level that no unit has: it would bind nobody, and nobody would notice."""

    status = 422
    vi = (
        "Tỉnh không có đơn vị nào thuộc cấp {level}; hiện có: {known}. Hãy chọn một trong các cấp này, hoặc "
        "bỏ trống nếu đợt dành cho mọi cấp."
    )
    en = (
        "No unit is of level {level}; there are {known}. Choose one of these, or none if the round is for "
        "every level."
    )
