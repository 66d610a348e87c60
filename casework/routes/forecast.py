"""`GET /v1/forecast`, the same in every service with clocks: which rung fires when, and what it would do as
things stand."""

from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from fastapi import Query

from casework import rights
from casework.case import Cases
from casework.forecast import Foreseen, RungAhead, rungs_ahead
from casework.ladder import foresee
from kit.http.commands import Caller, Db
from kit.http.cursors import key_by_rung
from kit.http.models import Cursor, InDigits, Out, Page, PageSize, page_of
from kit.http.routers import Router
from language.cases import CaseType
from language.events.rungs import Did, RungEffect
from language.messages.clock import RungFinding
from language.plan.review_plan import BudgetUnit, RungAction, RungRule
from language.plan.rule_kinds import RungAnchor
from language.posts.kinds import PostKind
from language.refusals import Forbidden
from language.words.rungs import say_what, say_when


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
    def of_rule(cls, rule: RungRule, case: CaseType) -> Self:
        """The rung of this kind of case."""
        does, when = say_what(rule.action, case), say_when(rule)
        basis = rule.basis
        return cls(
            id=rule.id,
            action=rule.action,
            anchor=rule.anchor,
            offset=rule.offset,
            unit=rule.unit,
            when_vi=when.vi,
            when_en=when.en,
            does_vi=does.vi,
            does_en=does.en,
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

    `finding`, `told` and `did` say what it would do as things stand; `posts_as_of` is when the service
    last heard who is in the posts."""

    at: datetime
    fires_at: datetime
    overdue: bool
    subject_id: UUID
    subject_code: str
    about_id: UUID
    kind: CaseType
    level: str | None
    unit_id: UUID
    due_at: datetime
    rule_version: str
    rung: LadderRungOut
    finding: RungFinding
    told: list[UUID]
    did: list[Did]
    posts_as_of: datetime | None


def _shown(ahead: RungAhead, foreseen: Foreseen, now: datetime) -> ForecastOut:
    if ahead.is_suspended:
        foreseen = Foreseen(finding=RungFinding.NOT_YET, effect=RungEffect(), as_of=foreseen.as_of)
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
        rung=LadderRungOut.of_rule(ahead.rule, ahead.kind),
        finding=foreseen.finding,
        told=list(foreseen.effect.told),
        did=list(foreseen.effect.did),
        posts_as_of=foreseen.as_of,
    )


def forecast_router(watchers: frozenset[PostKind], cases: Cases) -> Router:
    """The forecast, for posts of the watchers' kinds: what lies under the units of such posts."""
    router = Router(prefix="/v1/forecast", tags=["forecast"])

    @router.get("")
    async def read_forecast(
        caller: Caller,
        database: Db,
        days: Annotated[int, Query(ge=1, le=366, description="How far to look ahead"), InDigits] = 7,
        limit: PageSize = 50,
        after: Cursor = None,
    ) -> Page[ForecastOut]:
        """Rungs in the order of their instants, overdue ones first; each with what it would do as things
        stand."""
        async with database.reading() as tx:
            units = await rights.units_of(tx, caller, watchers)
            if not units:
                raise Forbidden
            found = await rungs_ahead(tx, units, tx.now + timedelta(days=days), key_by_rung(after), limit + 1)
            foreseen = await foresee(tx, cases, found[:limit])
        page = page_of(found, limit, lambda ahead: ahead.key, after)
        items = [_shown(ahead, foreseen[ahead.key], tx.now) for ahead in page.items]
        return Page(items=items, next=page.next, count=page.count, more=page.more)

    return router
