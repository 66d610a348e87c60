"""Where a dossier stands, in words: who has it, since when and until when, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from language.events.intake import Defect
from language.ids import StageId, UnitId
from language.journey.route import level_after
from language.messages.journey import Route, StageOutcome
from language.words.base import Words
from language.words.said import say
from language.words.values import say_instant, say_level
from services.intake.domain.dossier import Dossier, DossierState


@dataclass(frozen=True, slots=True, kw_only=True)
class StageNow:
    """The stage that is open; `is_suspended`: its clock stands still."""

    id: StageId
    level: str
    unit_id: UnitId
    opened_at: datetime
    due_at: datetime
    is_suspended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelDecided:
    """What a level has said."""

    level: str
    outcome: StageOutcome
    proposed: bool
    decision_number: str | None
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`where` and `next_step` are sentences; `until` is None while the clock stands still, and where nothing
    is awaited."""

    where: Words
    next_step: Words
    level: str | None
    unit_id: UnitId | None
    since: datetime
    until: datetime | None
    is_suspended: bool
    decided: Sequence[LevelDecided]
    defects: Sequence[Defect]


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known beside the dossier itself."""

    stage: StageNow | None
    decided: Sequence[LevelDecided]
    route: Route | None
    is_check_suspended: bool
    defects: Sequence[Defect] = ()


_ENDED: Final = {
    DossierState.REQUEST_REJECTED: Words("đơn không được chấp nhận", "the request was rejected"),
    DossierState.RECOGNISED: Words("được công nhận sáng kiến", "recognised as an initiative"),
    DossierState.REFUSED: Words("không được công nhận", "not recognised"),
    DossierState.RECOGNITION_CANCELLED: Words("việc công nhận đã bị hủy bỏ", "its recognition was cancelled"),
    DossierState.WITHDRAWN: Words("đã rút", "withdrawn"),
}
_NOTHING: Final = Words("Không còn bước nào.", "Nothing is to follow.")
_COMPLAINT: Final = Words(
    "Không còn bước nào, trừ khi tác giả khiếu nại.", "Nothing is to follow, unless an author complains."
)
_COMPLAINABLE: Final = frozenset({DossierState.REQUEST_REJECTED, DossierState.REFUSED})


def standing_of(dossier: Dossier, around: Around) -> Standing:
    """Where it stands now."""
    match dossier.state:
        case DossierState.DRAFT:
            where = Words("Bản nháp, chưa nộp.", "A draft, not filed.")
            return _standing(dossier, around, where, _of_draft(dossier))
        case DossierState.FILED:
            return _under_check(dossier, around)
        case DossierState.SUPPLEMENT_REQUESTED:
            where = Words("Chờ tác giả bổ sung hồ sơ.", "It waits for the author's supplement.")
            step = Words("Tác giả bổ sung và gửi lại", "The author supplements it and sends it again")
            until = dossier.supplement_due_at
            return _standing(dossier, around, where, _by(step, until), until)
        case DossierState.ACCEPTED:
            return _examined(dossier, around) if around.stage else _between(dossier, around)
        case _:
            ended = _ENDED[dossier.state]
            where = Words(f"Đã kết thúc: {ended.vi}.", f"It is over: {ended.en}.")
            step = _COMPLAINT if dossier.state in _COMPLAINABLE else _NOTHING
            return _standing(dossier, around, where, step, since=dossier.closed_at)


def _of_draft(dossier: Dossier) -> Words:
    if dossier.prepared_by is None:
        return Words("Tác giả hoàn thiện và nộp hồ sơ.", "The author completes and files it.")
    if dossier.agreed_at is None:
        return Words(
            "Tác giả hoàn thiện rồi nộp, hoặc đồng ý để đơn vị nộp thay.",
            "The author completes and files it, or agrees that the office files it.",
        )
    return Words(
        "Đơn vị nộp thay, vì tác giả đã đồng ý; tác giả cũng có thể tự nộp.",
        "The office files it, since the author has agreed; the author may file it, too.",
    )


def _standing(
    dossier: Dossier,
    around: Around,
    where: Words,
    step: Words,
    until: datetime | None = None,
    since: datetime | None = None,
) -> Standing:
    stage = around.stage
    return Standing(
        where=where,
        next_step=step,
        level=stage.level if stage else None,
        unit_id=stage.unit_id if stage else UnitId(dossier.unit_id),
        since=since or dossier.moved_at or dossier.filed_at or dossier.created_at,
        until=until,
        is_suspended=stage.is_suspended if stage else around.is_check_suspended,
        decided=around.decided,
        defects=around.defects,
    )


def _by(step: Words, until: datetime | None) -> Words:
    if until is None:
        return step + Words(".", ".")
    said = say_instant(until)
    return step + Words(f", chậm nhất {said.vi}.", f", by {said.en}.")


def _still(step: Words) -> Words:
    return step + Words("; thời hạn đang tạm dừng.", "; the clock stands still.")


def _under_check(dossier: Dossier, around: Around) -> Standing:
    where = Words(
        "Cán bộ tiếp nhận của đơn vị đang xem xét đơn.", "The unit's intake officer checks the request."
    )
    step = Words("Đơn vị chấp nhận đơn, hoặc báo lý do", "The unit accepts the request, or says why not")
    if around.is_check_suspended:
        return _standing(dossier, around, where, _still(step))
    until = dossier.check_due_at
    return _standing(dossier, around, where, _by(step, until), until)


def _examined(dossier: Dossier, around: Around) -> Standing:
    stage = around.stage
    if stage is None:
        raise AssertionError("asked of a dossier that is being examined")
    level = say_level(stage.level)
    where = Words(
        f"Hội đồng sáng kiến cấp {level.vi} đang xét.", f"The council of the level {level.en} examines it."
    )
    step = Words("Hội đồng xét và ra quyết định", "The council examines it and decides")
    if stage.is_suspended:
        return _standing(dossier, around, where, _still(step), since=stage.opened_at)
    return _standing(dossier, around, where, _by(step, stage.due_at), stage.due_at, stage.opened_at)


def _between(dossier: Dossier, around: Around) -> Standing:
    """Accepted, and no stage is open: the next one is opened by itself, or the journey ends."""
    last = around.decided[-1] if around.decided else None
    if last is None:
        first = around.route.levels[0].level if around.route and around.route.levels else None
        where = Words("Đơn đã được chấp nhận.", "The request was accepted.")
        return _standing(dossier, around, where, _opens(first))
    said, level = say(last.outcome), say_level(last.level)
    number = f" (Quyết định số {last.decision_number})" if last.decision_number else ""
    where = Words(
        f"Cấp {level.vi} đã có quyết định: {said.vi}{number}.",
        f"The level {level.en} has decided: {said.en}.",
    )
    above = level_after(around.route, last.level) if around.route and last.proposed else None
    step = _opens(above.level) if above else Words("Kết thúc hồ sơ.", "The dossier is closed.")
    return _standing(dossier, around, where, step, since=last.decided_at)


def _opens(level: str | None) -> Words:
    if level is None:
        return Words("Mở xét ở Hội đồng.", "A council opens its examination.")
    said = say_level(level)
    return Words(
        f"Hội đồng sáng kiến cấp {said.vi} mở xét.",
        f"The council of the level {said.en} opens its examination.",
    )
