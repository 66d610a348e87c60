"""`GET /v1/forecast`, the same in every service with clocks: which rung fires when, and what it would do as
things stand."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Self
from uuid import UUID

from fastapi import APIRouter, Query
from language.messages.rung import RungFinding

from casework.forecast import Foresee, Foreseen, RungAhead, rungs_ahead
from kit.http.commands import Caller, Db
from kit.http.cursors import key_by_rung
from kit.http.models import Cursor, Out, Page, PageSize, page_of
from language.plan.review_plan import BudgetUnit, RungAction, RungAnchor, RungRule
from language.posts.kinds import PostKind
from language.refusals import Forbidden

_DEEDS_OF_COUNCILS: Final = {
    RungAction.REMIND: (
        "nhắc thành viên chưa chấm; đã đủ phiếu thì nhắc người quyết định",
        "reminds the silent; with all sheets in, the decider",
    ),
    RungAction.DIGEST: (
        "báo gộp cho thư ký Hội đồng: ai chưa làm, đã bao lâu",
        "tells the secretary in one word who is silent and how long",
    ),
    RungAction.TELL_SUPERIOR: ("báo người đứng đầu cấp trên gần nhất", "tells the nearest head above"),
    RungAction.REPLACE_SILENT: (
        "thay thành viên chưa chấm bằng uỷ viên dự khuyết ít việc nhất, không phải tác giả và "
        "chưa từng ngồi Hội đồng này",
        "gives silent members' seats to the substitutes with the least to do who are no authors "
        "and never sat there",
    ),
    RungAction.LOWER_QUORUM: (
        "hạ túc số xuống tỷ lệ ghi ở bậc này, báo người quyết định và thư ký",
        "lowers the quorum to its share and tells the decider and the secretary",
    ),
    RungAction.DECIDE_ALONE: (
        "cho Chủ tịch quyết định khi còn thiếu phiếu; quyết định được đánh dấu",
        "lets the chair decide without the missing sheets; the decision is marked",
    ),
    RungAction.HAND_UP: (
        "chuyển việc quyết định lên người đứng đầu cấp trên",
        "hands the decision to the head above",
    ),
}
_DEEDS_OF_OFFICES: Final = {
    RungAction.REMIND: ("nhắc người đang giữ việc", "reminds whoever has the work"),
    RungAction.DIGEST: (
        "báo gộp cho người đứng đầu: ai chưa làm, đã bao lâu",
        "tells the head in one word who is silent and how long",
    ),
    RungAction.TELL_SUPERIOR: ("báo người đứng đầu gần nhất", "tells the nearest head"),
    RungAction.HAND_UP: ("chuyển việc lên người đứng đầu gần nhất", "hands the work to the nearest head"),
}
_NO_DEED: Final = ("không làm gì: bậc này chỉ dùng cho hội đồng", "does nothing: this is for councils")
_UNITS: Final = {
    BudgetUnit.WORKING_DAYS: ("ngày làm việc", "working days"),
    BudgetUnit.CALENDAR_DAYS: ("ngày", "days"),
    BudgetUnit.CALENDAR_MONTHS: ("tháng", "months"),
}
_ANCHORS: Final = {RungAnchor.START: ("ngày mở", "the opening"), RungAnchor.DUE: ("hạn", "the due day")}


def when_of(rule: RungRule) -> tuple[str, str]:
    """When a rung comes, relative to its clock, in both languages."""
    anchor, unit, amount = _ANCHORS[rule.anchor], _UNITS[rule.unit], abs(rule.offset)
    if amount == 0:
        return f"hết {anchor[0]}", f"at the end of {anchor[1]}"
    side = ("trước", "before") if rule.offset < 0 else ("sau", "after")
    return f"{amount} {unit[0]} {side[0]} {anchor[0]}", f"{amount} {unit[1]} {side[1]} {anchor[1]}"


class LadderRungOut(Out):
    """A rung as the rules have it: when it comes, where that is written, what it does and whom it tells."""

    id: str
    action: RungAction
    anchor: RungAnchor
    offset: int
    unit: BudgetUnit
    when_vi: str
    when_en: str
    does_vi: str
    does_en: str
    quorum: str | None
    rule: str
    document: str
    article: str
    confidence: str
    sample: bool

    @classmethod
    def of_rule(cls, rule: RungRule, *, of_council: bool) -> Self:
        """The rung of a council's ladder, or of an office's."""
        does_vi, does_en = (_DEEDS_OF_COUNCILS if of_council else _DEEDS_OF_OFFICES).get(
            rule.action, _NO_DEED
        )
        when_vi, when_en = when_of(rule)
        basis = rule.basis
        return cls(
            id=rule.id,
            action=rule.action,
            anchor=rule.anchor,
            offset=rule.offset,
            unit=rule.unit,
            when_vi=when_vi,
            when_en=when_en,
            does_vi=does_vi,
            does_en=does_en,
            quorum=str(rule.quorum) if rule.quorum else None,
            rule=basis.rule,
            document=basis.document,
            article=basis.article,
            confidence=basis.confidence,
            sample=basis.sample,
        )


class ForecastOut(Out):
    """A rung ahead. `at` is its instant, `fires_at` adds the dossier's delay; `overdue`: it should have fired
    and will at once.

    `finding`, `told` and `detail` say what it would do as things stand; `posts_as_of` is when the service
    last heard who is in the posts."""

    at: datetime
    fires_at: datetime
    overdue: bool
    subject_id: UUID
    subject_code: str
    about_id: UUID
    kind: str
    level: str | None
    unit_id: UUID
    due_at: datetime
    rule_version: str
    rung: LadderRungOut
    finding: RungFinding
    told: list[UUID]
    detail: dict[str, Any]
    posts_as_of: datetime | None


def _shown(ahead: RungAhead, foreseen: Foreseen, now: datetime, *, of_council: bool) -> ForecastOut:
    if ahead.is_standing:
        foreseen = Foreseen(finding=RungFinding.NOT_YET, told=(), detail={}, as_of=foreseen.as_of)
    return ForecastOut(
        at=ahead.at,
        fires_at=ahead.fires_at,
        overdue=ahead.fires_at < now,
        subject_id=ahead.subject_id,
        subject_code=ahead.subject_code,
        about_id=ahead.about_id,
        kind=ahead.kind,
        level=ahead.level,
        unit_id=ahead.unit_id,
        due_at=ahead.due_at,
        rule_version=ahead.rule_version,
        rung=LadderRungOut.of_rule(ahead.rule, of_council=of_council),
        finding=foreseen.finding,
        told=list(foreseen.told),
        detail=dict(foreseen.detail),
        posts_as_of=foreseen.as_of,
    )


def forecast_router(
    watchers: frozenset[PostKind], foresee: Foresee, *, of_council: bool = False
) -> APIRouter:
    """The forecast, for posts of the watchers' kinds: what lies under the units of such posts."""
    router = APIRouter(prefix="/v1/forecast", tags=["forecast"])

    @router.get("")
    async def read_forecast(
        caller: Caller,
        database: Db,
        days: Annotated[int, Query(ge=1, le=366, description="How far to look ahead")] = 7,
        limit: PageSize = 50,
        after: Cursor = None,
    ) -> Page[ForecastOut]:
        """Rungs in the order of their instants, overdue ones first; each with what it would do as things
        stand."""
        async with database.reading() as tx:
            units = caller.units_of(watchers, tx.now)
            if not units:
                raise Forbidden
            found = await rungs_ahead(tx, units, tx.now + timedelta(days=days), key_by_rung(after), limit + 1)
            foreseen = await foresee(tx, found[:limit])
        page = page_of(found, limit, lambda ahead: ahead.key)
        items = [_shown(ahead, foreseen[ahead.key], tx.now, of_council=of_council) for ahead in page.items]
        return Page(items=items, next=page.next)

    return router
