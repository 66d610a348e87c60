"""What becomes of an open dossier when other rules hold: its acts are replayed under them. Planning and
execution run this same rule."""

from collections.abc import Sequence

from language.messages.journey import LevelStop
from language.messages.transition import (
    DossierPosition,
    DossierStep,
    LevelMove,
    Marks,
    Passage,
    StageFate,
    TransitionChoice,
    TransitionClass,
    TransitionReason,
)

_GONE = -1
"""The place of a level that the new rules do not have."""

SENTENCES: dict[TransitionReason, tuple[str, str]] = {
    TransitionReason.JOURNEY_ENDS: (
        "Đã có kết quả cuối cùng, không còn cấp nào phía trên.",
        "The last level has decided; no level follows.",
    ),
    TransitionReason.LAST_LEVEL: (
        "Đang ở cấp cuối; xét xong theo quy định cũ.",
        "At the last level; examined to its end under the old rules.",
    ),
    TransitionReason.UNDER_CHECK: (
        "Đang xem xét đơn; kiểm tra tiếp như cũ, sau đó theo quy định mới.",
        "Under formal check; it goes on as opened, then the new rules hold.",
    ),
    TransitionReason.LEVEL_GOES_ON: (
        "Cấp đang xét vẫn còn; xét tiếp như cũ, lên cấp trên theo quy định mới.",
        "The level goes on; the stage is kept, levels above follow the new rules.",
    ),
    TransitionReason.LEVEL_MOVES: (
        "Cấp đang xét kết thúc, điều khoản chuyển tiếp nêu cấp thay thế; phiếu cũ không còn hiệu lực.",
        "The level ends and the transitional rule names its successor; earlier sheets are void.",
    ),
    TransitionReason.UNIT_CHANGES: (
        "Cấp đang xét do đơn vị khác đảm nhận; mở lại ở đơn vị đó.",
        "Another unit holds the level; it is opened anew there.",
    ),
    TransitionReason.GOES_UP: (
        "Các cấp đã quyết định giữ nguyên; lên cấp tiếp theo của quy định mới.",
        "What was decided stands; it goes up by the new rules.",
    ),
    TransitionReason.ENDS_HERE: (
        "Công nhận đã có giữ nguyên, hồ sơ kết thúc.",
        "The recognition stands and the journey ends.",
    ),
    TransitionReason.MARKS_GIVEN: (
        "Đơn vị xét thay đổi nhưng đã có phiếu chấm: chọn giữ hội đồng cũ hay chấm lại.",
        "Another unit holds the level, but there are marks: choose to keep the council or to mark anew.",
    ),
    TransitionReason.LEVEL_HAS_SPOKEN: (
        "Cấp chuyển đến đã có quyết định: chọn lên cấp trên hay kết thúc.",
        "The level it would move to has decided: choose to go on above or to end.",
    ),
    TransitionReason.NO_LEVEL_ABOVE: (
        "Đã đề nghị lên cấp trên nhưng quy định mới không còn cấp trên: xác nhận kết thúc.",
        "It was proposed upward, but the new rules have no level above: confirm that it ends.",
    ),
    TransitionReason.LEVEL_ENDED: (
        "Cấp đang xét không còn và không có điều khoản chuyển tiếp: bổ sung vào bộ quy định mới.",
        "The level is gone and no transitional rule names a successor: add one to the new pack.",
    ),
    TransitionReason.DECIDED_LEVEL_ENDED: (
        "Cấp đã quyết định không còn và không có điều khoản chuyển tiếp: bổ sung vào bộ quy định mới.",
        "A level that has decided is gone and no transitional rule names a successor: add one to "
        "the new pack.",
    ),
    TransitionReason.NO_RULES: (
        "Quy định mới không có cấp nào cho đơn vị này.",
        "The new rules have no level for this unit.",
    ),
    TransitionReason.ACTED_SINCE: (
        "Đã có việc làm theo quy định mới nên không quay lại được.",
        "Something was done under the new rules; it cannot go back.",
    ),
}
"""Reason → the sentence for people, in Vietnamese and in English."""


def turned_round(moves: Sequence[LevelMove]) -> tuple[LevelMove, ...]:
    """The moves of the way back; where several levels had become one, the first of them."""
    back = {move.to_level: move.from_level for move in reversed(moves)}
    return tuple(LevelMove(from_level=now, to_level=before) for now, before in back.items())


def passage(
    position: DossierPosition,
    route: Sequence[LevelStop],
    moves: Sequence[LevelMove],
    choice: TransitionChoice | None = None,
) -> Passage:
    """What the new rules, whose levels are `route`, make of a dossier that stands there."""
    if position.step is DossierStep.ENDING:
        return Passage(kind=TransitionClass.UNCHANGED, reason=TransitionReason.JOURNEY_ENDS)
    if not route:
        return _blocked(TransitionReason.NO_RULES)
    renamed = {move.from_level: move.to_level for move in moves}
    numbers = {stop.level: number for number, stop in enumerate(route)}
    decided = [numbers.get(renamed.get(level, level), _GONE) for level in position.decided]
    if _GONE in decided:
        return _blocked(TransitionReason.DECIDED_LEVEL_ENDED)
    above = max(decided, default=-1) + 1
    if position.step is DossierStep.EXAMINATION:
        level = position.level or ""
        return _leave_stage(position, route, (numbers.get(renamed.get(level, level), _GONE), above), choice)
    return _go_on(position.step, route, above, choice)


def _go_on(
    step: DossierStep, route: Sequence[LevelStop], above: int, choice: TransitionChoice | None
) -> Passage:
    """No stage is open."""
    if step is DossierStep.FORMAL_CHECK:
        return _moved(TransitionReason.UNDER_CHECK, route[0].level)
    return _go_up(route, above, choice)


def _leave_stage(
    position: DossierPosition,
    route: Sequence[LevelStop],
    places: tuple[int, int],
    choice: TransitionChoice | None,
) -> Passage:
    """A stage is open: its level's place in the new rules, and the place above all that have decided."""
    target, above = places
    if target == _GONE:
        return _blocked(TransitionReason.LEVEL_ENDED)
    return _pass_on(position, route[target], choice) if target >= above else _beyond(route, above, choice)


def _blocked(reason: TransitionReason) -> Passage:
    return Passage(kind=TransitionClass.BLOCKED, reason=reason)


def _moved(reason: TransitionReason, to_level: str | None, stage: StageFate = StageFate.NONE) -> Passage:
    return Passage(kind=TransitionClass.MOVED, reason=reason, to_level=to_level, stage=stage)


def _ask(reason: TransitionReason, *choices: TransitionChoice) -> Passage:
    return Passage(kind=TransitionClass.NEEDS_CHOICE, reason=reason, choices=choices)


def _go_up(route: Sequence[LevelStop], above: int, choice: TransitionChoice | None) -> Passage:
    """Decided and proposed: the next level of the new rules."""
    if above < len(route):
        return _moved(TransitionReason.GOES_UP, route[above].level)
    if choice is TransitionChoice.END_HERE:
        return _moved(TransitionReason.ENDS_HERE, None)
    return _ask(TransitionReason.NO_LEVEL_ABOVE, TransitionChoice.END_HERE)


def _beyond(route: Sequence[LevelStop], above: int, choice: TransitionChoice | None) -> Passage:
    """The level that the open stage would move to has decided already."""
    has_above = above < len(route)
    if choice is TransitionChoice.GO_ON_ABOVE and has_above:
        return _moved(TransitionReason.GOES_UP, route[above].level, StageFate.MOVED)
    if choice is TransitionChoice.END_HERE:
        return _moved(TransitionReason.ENDS_HERE, None, StageFate.MOVED)
    further = (TransitionChoice.GO_ON_ABOVE,) if has_above else ()
    return _ask(TransitionReason.LEVEL_HAS_SPOKEN, *further, TransitionChoice.END_HERE)


def _pass_on(position: DossierPosition, target: LevelStop, choice: TransitionChoice | None) -> Passage:
    """The open stage: kept where its level goes on in the same unit, else opened anew where it goes on."""
    if target.level != position.level:
        return _moved(TransitionReason.LEVEL_MOVES, target.level, StageFate.MOVED)
    if target.unit_id == position.unit_id:
        if position.last_level:
            return Passage(
                kind=TransitionClass.UNCHANGED,
                reason=TransitionReason.LAST_LEVEL,
                to_level=target.level,
                stage=StageFate.KEPT,
            )
        return _moved(TransitionReason.LEVEL_GOES_ON, target.level, StageFate.KEPT)
    if choice is TransitionChoice.KEEP_STAGE:
        return _moved(TransitionReason.LEVEL_GOES_ON, target.level, StageFate.KEPT)
    if position.marks is Marks.NONE or choice is TransitionChoice.OPEN_ANEW:
        return _moved(TransitionReason.UNIT_CHANGES, target.level, StageFate.MOVED)
    return _ask(TransitionReason.MARKS_GIVEN, TransitionChoice.KEEP_STAGE, TransitionChoice.OPEN_ANEW)
