"""Rungs of ladders in words: what they do to which kind of case, and when they come."""

from typing import Final

from language.cases import CaseType
from language.plan.review_plan import BudgetUnit, RungAction, RungRule
from language.plan.rule_kinds import RungAnchor
from language.words.base import Words
from language.words.said import say

OF_COUNCILS: Final = {
    RungAction.REMIND: Words(
        "nhắc thành viên chưa chấm; đã đủ phiếu thì nhắc người quyết định",
        "reminds the silent; with all sheets in, the decider",
    ),
    RungAction.DIGEST: Words(
        "báo gộp cho thư ký Hội đồng: ai chưa làm, đã bao lâu",
        "tells the secretary in one message who is silent and how long",
    ),
    RungAction.TELL_SUPERIOR: Words("báo người đứng đầu cấp trên gần nhất", "tells the nearest head above"),
    RungAction.REPLACE_SILENT: Words(
        "thay thành viên chưa chấm bằng ủy viên dự khuyết ít việc nhất, không phải tác giả và "
        "chưa từng ngồi Hội đồng này",
        "gives silent members' seats to the substitutes with the least to do who are no authors "
        "and never sat there",
    ),
    RungAction.LOWER_QUORUM: Words(
        "hạ túc số xuống tỷ lệ ghi ở bậc này, báo người quyết định và thư ký",
        "lowers the quorum to its share and tells the decider and the secretary",
    ),
    RungAction.DECIDE_ALONE: Words(
        "cho Chủ tịch quyết định khi còn thiếu phiếu; quyết định được đánh dấu",
        "lets the chair decide without the missing sheets; the decision is marked",
    ),
    RungAction.HAND_UP: Words(
        "chuyển việc quyết định lên người đứng đầu cấp trên",
        "hands the decision to the head above",
    ),
    RungAction.LOOK_AGAIN: Words(
        "xem lại đã có người cho ghế còn trống chưa", "looks whether somebody is there for the empty seats"
    ),
}
OF_OFFICES: Final = {
    RungAction.REMIND: Words("nhắc người đang giữ việc", "reminds whoever has the work"),
    RungAction.DIGEST: Words(
        "báo gộp cho người đứng đầu: ai chưa làm, đã bao lâu",
        "tells the head in one message who is silent and how long",
    ),
    RungAction.TELL_SUPERIOR: Words("báo người đứng đầu gần nhất", "tells the nearest head"),
    RungAction.HAND_UP: Words(
        "chuyển việc lên người đứng đầu gần nhất", "hands the work to the nearest head"
    ),
    RungAction.LOOK_AGAIN: Words(
        "xem lại đã có người nhận việc chưa", "looks whether somebody is there for the work"
    ),
}
_NOTHING: Final = Words("không làm gì: bậc này chỉ dùng cho hội đồng", "does nothing: this is for councils")
_ANCHORS: Final = {
    RungAnchor.START: Words("ngày mở", "the opening"),
    RungAnchor.DUE: Words("hạn", "the due day"),
}


def say_what(action: RungAction, case: CaseType) -> Words:
    """What a rung of this action does to such a case."""
    if case is CaseType.EXAMINATION:
        return OF_COUNCILS[action]
    return OF_OFFICES.get(action, _NOTHING)


def say_when(rule: RungRule) -> Words:
    """When a rung comes, relative to its clock."""
    return say_moment(rule.anchor, rule.offset, rule.unit)


def say_moment(anchor: RungAnchor, offset: int, unit: BudgetUnit) -> Words:
    """So much before or after where the clock begins or ends."""
    place, of, amount = _ANCHORS[anchor], say(unit), abs(offset)
    if amount == 0:
        return Words(f"hết {place.vi}", f"at the end of {place.en}")
    side = Words("trước", "before") if offset < 0 else Words("sau", "after")
    return Words(f"{amount} {of.vi} {side.vi} {place.vi}", f"{amount} {of.en} {side.en} {place.en}")


COUNTED: Final = {
    RungAction.REMIND: Words("{} lượt nhắc", "{} reminders"),
    RungAction.DIGEST: Words("{} lần báo gộp cho thư ký", "{} digests to the secretary"),
    RungAction.TELL_SUPERIOR: Words("{} lần báo cấp trên", "superiors told {} times"),
    RungAction.LOWER_QUORUM: Words("{} lần hạ túc số", "{} quorums lowered"),
    RungAction.DECIDE_ALONE: Words("{} lần Chủ tịch được quyết định một mình", "{} chairs let decide alone"),
    RungAction.HAND_UP: Words("{} lần chuyển lên cấp trên", "{} decisions handed up"),
}
"""How often rungs of a council would have fired; replaced members are told by themselves."""


def say_count(action: RungAction, count: int) -> Words | None:
    """So many rungs of this action; nothing, if there were none."""
    said = COUNTED[action]
    return Words(said.vi.format(count), said.en.format(count)) if count else None
