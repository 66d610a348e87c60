"""Every rule of a pack in words: where it holds, what it is about, what it says, on which basis."""

from collections.abc import Iterator

from language.words.base import Words, same
from language.words.said import say
from language.words.values import say_level
from packs.checks import CheckIn
from packs.form import (
    BandIn,
    CriterionIn,
    GradeIn,
    SeatIn,
)
from packs.freezing import PolicyPack
from packs.levels import LevelIn
from packs.money import PayoutIn, RateIn
from packs.passage import DocumentIn, TransitionIn
from packs.said import DONG, Said, Scope
from packs.spans import about_complaints, say_budget, say_extension, say_ladder, say_share
from packs.terms import DelegationIn
from packs.vocabulary import basis_words, day, dong, number

_POINTS = Words("điểm", "points")
_NONE = Words("không có", "none")


def sentences_of(pack: PolicyPack) -> list[Said]:
    """The whole pack, in the order in which a dossier meets it."""
    return [
        *_about_pack(pack),
        *_about_days_off(pack),
        *_about_check(pack.formal_check),
        *(said for number_, level in enumerate(pack.levels, 1) for said in _about_level(level, number_)),
        *_about_payout(pack.payout),
        *_about_delegation(pack.delegation),
        *(_about_rate(rate) for rate in pack.rates),
        *(_about_document(document) for document in pack.documents),
        *(_about_transition(pack.transition) if pack.transition else ()),
    ]


def _about_pack(pack: PolicyPack) -> Iterator[Said]:
    scope = Scope(path="", title=Words("Bộ quy định", "Pack"))
    yield scope.says("title", Words("tên", "title"), Words(pack.title_vi, pack.title_en), None)
    yield scope.says(
        "authority", Words("cơ quan ban hành", "authority"), Words(pack.authority_vi, pack.authority_en), None
    )
    yield scope.says(
        "effective_from", Words("ngày có hiệu lực", "day of effect"), day(pack.effective_from), None
    )
    yield scope.says(
        "effective_to", Words("ngày hết hiệu lực", "last day of effect"), day(pack.effective_to), None
    )


def _about_days_off(pack: PolicyPack) -> Iterator[Said]:
    rule = pack.day_off
    scope = Scope(path="day_off", title=Words("Thời hạn", "Terms"))
    subject = Words("khi ngày cuối là ngày nghỉ, hạn kết thúc", "when the last day is a day off, the end")
    yield scope.says("end", subject, say(rule.end), rule.basis)
    breaks = Scope(path="breaks", title=Words("Kỳ nghỉ của đơn vị", "Breaks of units"))
    yield breaks.counts(
        "most_days_a_year",
        Words("số ngày nghỉ nhiều nhất trong một năm", "most days in a year"),
        (pack.breaks.most_days_a_year, Words("ngày", "days")),
        pack.breaks.basis,
    )
    spread = Scope(path="spread", title=Words("Bậc nhắc việc", "Rungs"))
    yield spread.counts(
        "minutes",
        Words("các việc đến hạn cùng lúc được giãn ra trong", "those of one instant are spread over"),
        (pack.spread.minutes, Words("phút", "minutes")),
        pack.spread.basis,
    )
    ends = Scope(path="units_that_end", title=Words("Đơn vị kết thúc", "Units that end"))
    yield ends.says(
        "open_stages",
        Words("hồ sơ đang xét", "what is under examination"),
        say(pack.units_that_end.open_stages),
        pack.units_that_end.basis,
    )


def _about_check(check: CheckIn) -> Iterator[Said]:
    scope = Scope(path="formal_check", title=Words("Xem xét đơn", "Formal check"))
    yield scope.says(
        "officers", Words("người xem xét", "officers"), say(check.officers), check.officers_basis
    )
    yield say_budget(
        scope, "check", Words("thời hạn xem xét", "time to check"), check.check, check.check_basis
    )
    yield from say_extension(scope, check.extension)
    yield say_budget(
        scope,
        "supplement",
        Words("thời hạn bổ sung", "time to supplement"),
        check.supplement,
        check.supplement_basis,
    )
    for rule in check.rules:
        unit = same("%") if rule.kind.value.endswith("PERCENT") else same("")
        yield scope.counts(f"rules.{rule.id}", say(rule.kind), (rule.limit, unit), rule.basis)
    yield from say_ladder(scope, check.ladder)
    yield from about_complaints(scope, check.complaint, check.complaint_again)


def _about_level(level: LevelIn, place: int) -> Iterator[Said]:
    scope = Scope(path=level.level, title=Words(level.title_vi, level.title_en))
    unit = say_level(level.unit_level)
    holder = Words(
        f", cấp thứ {place}, do đơn vị cấp {unit.vi} giữ",
        f", number {place}, held by units of level {unit.en}",
    )
    yield scope.says("level", Words("vị trí trong lộ trình", "place on the way"), scope.title + holder, None)
    yield scope.says("seats", Words("thành phần hội đồng", "council"), _seats(level.seats), level.seats_basis)
    yield scope.says(
        "substitutes", Words("người dự khuyết", "substitutes"), say(level.substitutes), level.seats_basis
    )
    for criterion in level.criteria:
        yield from _about_criterion(scope, criterion)
    yield from _about_counting(scope, level)
    for grade in level.grades:
        yield scope.says(
            f"grades.{grade.id}",
            Words(f"xếp {grade.title_vi}", grade.title_en),
            _grade(grade, level),
            grade.basis,
        )
    yield say_share(scope, "quorum", Words("túc số", "quorum"), level.quorum)
    yield say_share(scope, "approval", Words("tỷ lệ đồng ý", "approvals"), level.approval)
    yield scope.says(
        "voting", Words("cách biểu quyết", "way of voting"), say(level.voting.method), level.voting.basis
    )
    if level.early_sight:
        yield scope.says(
            "early_sight",
            Words("thư ký xem điểm trước khi đủ phiếu", "secretary sees marks before all are in"),
            Words("có, sau khi đã nộp phiếu của mình", "yes, once the own sheet is in"),
            level.early_sight,
        )
    yield say_budget(
        scope,
        "examination",
        Words("thời hạn xét", "time to examine"),
        level.examination,
        level.examination_basis,
    )
    yield from say_extension(scope, level.extension)
    yield from say_ladder(scope, level.ladder)
    yield from _about_promotion(scope, level)
    for rule in level.acts:
        value = say(rule.post) + Words(", trong ", ", within ") + number(rule.within.amount)
        value += same(" ") + say(rule.within.unit)
        yield scope.says(f"acts.{rule.id}", say(rule.id), value, rule.basis)
    yield from about_complaints(scope, level.complaint, level.complaint_again)
    yield scope.counts("award", Words("mức thưởng", "award"), (level.award_dong, DONG), level.award_basis)


def _seats(seats: list[SeatIn]) -> Words:
    said = [
        number(seat.count) + same(" ") + say(seat.role) + same(" (") + say(seat.post) + same(")")
        for seat in seats
    ]
    return Words(", ".join(one.vi for one in said), ", ".join(one.en for one in said))


def _about_criterion(scope: Scope, criterion: CriterionIn) -> Iterator[Said]:
    inner = Scope(path=f"{scope.path}.criteria.{criterion.id}", title=scope.title)
    vi, en = f"tiêu chí {criterion.title_vi}", f"criterion {criterion.title_en}"
    for name, figure, subject in (
        ("max_score", criterion.max_score, Words("điểm tối đa", "highest mark")),
        ("floor", criterion.floor, Words("điểm sàn", "floor")),
        ("step", criterion.step, Words("bước điểm", "step")),
    ):
        yield inner.counts(
            name, Words(f"{vi}: {subject.vi}", f"{en}: {subject.en}"), (figure, _POINTS), criterion.basis
        )
    for band in criterion.bands:
        yield inner.says(
            f"bands.{band.id}", Words(f"{vi}: khung điểm", f"{en}: band"), _band(band), band.basis
        )
    if criterion.remark:
        below = criterion.remark.below
        asked = (
            Words("mọi điểm", "every mark")
            if below is None
            else Words("điểm dưới ", "marks below ") + number(below)
        )
        yield inner.says(
            "remark", Words(f"{vi}: phải nhận xét", f"{en}: remark needed"), asked, criterion.remark.basis
        )


def _band(band: BandIn) -> Words:
    return (
        number(band.lowest)
        + same("–")
        + number(band.highest)
        + Words(f" ({band.title_vi})", f" ({band.title_en})")
    )


def _about_counting(scope: Scope, level: LevelIn) -> Iterator[Said]:
    how, rounding = level.aggregation, level.rounding
    count = number(how.from_sheets or 0)
    enough = (
        Words(f", khi có từ {count.vi} phiếu", f", from {count.en} sheets on")
        if how.from_sheets
        else same("")
    )
    yield scope.says(
        "aggregation", Words("cách tổng hợp điểm", "aggregation"), say(how.method) + enough, how.basis
    )
    places = number(rounding.places)
    digits = Words(f"{places.vi} chữ số thập phân, ", f"{places.en} decimals, ") + say(rounding.mode)
    yield scope.says("rounding", Words("làm tròn", "rounding"), digits, rounding.basis)
    if level.deviation:
        most = (
            Words("quá ", "more than ")
            + number(level.deviation.most)
            + Words(" điểm thì ", " points: ")
            + say(level.deviation.action)
        )
        yield scope.says(
            "deviation",
            Words("chênh lệch giữa các phiếu", "deviation between sheets"),
            most,
            level.deviation.basis,
        )
    yield scope.counts(
        "pass", Words("ngưỡng đạt", "pass threshold"), (level.pass_threshold, _POINTS), level.pass_basis
    )


def _grade(grade: GradeIn, level: LevelIn) -> Words:
    titles = {criterion.id: Words(criterion.title_vi, criterion.title_en) for criterion in level.criteria}
    span = Words("từ ", "from ") + number(grade.lowest)
    span += (
        Words(" đến dưới ", " to below ") + number(grade.below)
        if grade.below is not None
        else Words(" trở lên", " up")
    )
    for floor in grade.floors:
        span += same(", ") + titles[floor.criterion] + Words(" từ ", " at least ") + number(floor.least)
    return span


def _about_promotion(scope: Scope, level: LevelIn) -> Iterator[Said]:
    subject = Words("điểm để đề nghị lên cấp trên", "average to be proposed upward")
    if level.promotion_average is None:
        yield scope.says(
            "promotion", subject, Words("không có cấp trên", "no level above"), level.promotion_basis
        )
    else:
        yield scope.counts("promotion", subject, (level.promotion_average, _POINTS), level.promotion_basis)
    if level.promotion_quota:
        most = (level.promotion_quota.most, Words("hồ sơ mỗi đợt", "dossiers a season"))
        yield scope.counts(
            "promotion_quota",
            Words("hạn mức đề nghị lên cấp trên", "quota of proposals"),
            most,
            level.promotion_quota.basis,
        )


def _about_payout(payout: PayoutIn) -> Iterator[Said]:
    scope = Scope(path="payout", title=Words("Chi trả", "Payout"))
    yield scope.says(
        "verifier", Words("người kiểm tra", "verifier"), say(payout.verifier), payout.signers_basis
    )
    yield scope.says("approver", Words("người duyệt", "approver"), say(payout.approver), payout.signers_basis)
    yield say_budget(
        scope, "approval", Words("thời hạn duyệt", "time to approve"), payout.approval, payout.approval_basis
    )
    yield from say_extension(scope, payout.extension)
    yield from say_ladder(scope, payout.ladder)
    lists = Scope(path="payout", title=Words("Danh sách chi trả", "Payment lists"))
    spent = Words(
        "thời hạn lập danh sách kể từ khoản thưởng đầu tiên được duyệt, và cũng là thời hạn gửi và xác nhận",
        "time to make a list from the first approved award, and again to send and confirm it",
    )
    yield say_budget(lists, "payment", spent, payout.payment, payout.payment_basis)
    yield from say_ladder(lists, payout.list_ladder, "list_ladder")
    yield lists.counts(
        "payment_people",
        Words("số người khác nhau để gửi và xác nhận", "people who send and confirm it"),
        (payout.payment_people, Words("người", "people")),
        payout.payment_people_basis,
    )


def _about_delegation(delegation: DelegationIn) -> Iterator[Said]:
    scope = Scope(path="delegation", title=Words("Ủy quyền", "Delegations"))
    for task, posts in delegation.rules().items():
        subject = Words("người được nhận việc ", "who may be given: ") + say(task)
        said = [say(post) for post in sorted(posts)]
        value = Words(", ".join(one.vi for one in said), ", ".join(one.en for one in said))
        yield scope.says(f"trusted.{task}", subject, value, delegation.basis)


def _about_rate(rate: RateIn) -> Said:
    scope = Scope(path="rates", title=Words("Mức chi", "Rates"))
    value = (
        dong(rate.amount_dong) + same("/") + say(rate.per) + Words(" từ ", " from ") + day(rate.valid_from)
    )
    if rate.valid_to:
        value += Words(" đến ", " to ") + day(rate.valid_to)
    if rate.cap_dong is not None and rate.cap_basis:
        value += (
            Words(", tối đa ", ", at most ")
            + dong(rate.cap_dong)
            + same(" (")
            + basis_words(rate.cap_basis)
            + same(")")
        )
    where = Words("mọi cấp", "every level") if rate.level is None else same(rate.level)
    return scope.says(rate.id, say(rate.role) + same(", ") + where, value, rate.basis)


def _about_document(document: DocumentIn) -> Said:
    scope = Scope(path="documents", title=Words("Văn bản", "Documents"))
    level = say_level(document.level) if document.level else None
    where = Words(f" (cấp {level.vi})", f" ({level.en})") if level else Words(" (mọi cấp)", " (every level)")
    return scope.says(
        document.id, say(document.kind) + where, Words(document.title_vi, document.title_en), document.basis
    )


def _about_transition(transition: TransitionIn) -> Iterator[Said]:
    scope = Scope(path="transition", title=Words("Chuyển tiếp", "Transition"))
    yield scope.says(
        "replaces", Words("thay thế", "replaces"), same(f"“{transition.replaces}”"), transition.basis
    )
    for move in transition.level_moves:
        old, new = say_level(move.from_level), say_level(move.to_level)
        subject = Words(f"hồ sơ đang ở cấp {old.vi}", f"dossiers at level {old.en}")
        yield scope.says(
            f"level_moves.{move.from_level}",
            subject,
            Words(f"chuyển sang cấp {new.vi}", f"go on at {new.en}"),
            transition.basis,
        )
