"""The frozen plans of dossiers, as intake publishes them: content-addressed, so that a process reads each
once."""

from collections import OrderedDict
from hashlib import sha256
from typing import Any, Final

from pydantic import TypeAdapter

from kit.db import Tx, to_json
from language.messages.journey import LevelStop, Route
from language.plan.review_plan import LevelPlan, ReviewPlan
from language.plan.versions import level_body, plan_body
from language.refusals import Refusal

_PLAN: Final = TypeAdapter(ReviewPlan)
_LEVEL: Final = TypeAdapter(LevelPlan)
_KEPT: Final = 512
_known: OrderedDict[str, ReviewPlan] = OrderedDict()


class PlanUnknown(Refusal):
    """Intake has published no plan of this hash: a restore has taken it away, or the hash was forged."""

    status = 409
    vi = "Chưa có bộ quy định đã chốt của hồ sơ này. Hãy báo quản trị viên hệ thống."
    en = "The frozen rules of this dossier are not there. Tell the system's administrator."


def hash_of(plan: ReviewPlan) -> str:
    """The name of a plan: what its content is, says its name."""
    return sha256(to_json(plan)).hexdigest()


def route_of(plan: ReviewPlan, plan_hash: str) -> Route:
    """The way by this plan."""
    return Route(
        plan_hash=plan_hash,
        rule_version=plan.rule_version,
        levels=tuple(
            LevelStop(level=level.level, unit_id=level.unit_id, pays=level.award_dong > 0)
            for level in plan.levels
        ),
    )


GET = "select version, body from intake.plans_v1 where hash = $1"


async def plan_named(tx: Tx, plan_hash: str) -> ReviewPlan:
    """The plan of this hash; `PlanUnknown` when there is none."""
    if plan_hash in _known:
        _known.move_to_end(plan_hash)
        return _known[plan_hash]
    row = await tx.conn.fetchrow(GET, plan_hash)
    if row is None:
        raise PlanUnknown
    return remember(plan_hash, read_plan(row["body"], row["version"]))


def remember(plan_hash: str, plan: ReviewPlan) -> ReviewPlan:
    """A plan never changes, so it may be kept as long as there is room."""
    _known[plan_hash] = plan
    if len(_known) > _KEPT:
        _known.popitem(last=False)
    return plan


def read_plan(body: dict[str, Any], version: int) -> ReviewPlan:
    """A plan that was written in this version."""
    return _PLAN.validate_python(plan_body(body, version))


def read_level(body: dict[str, Any], version: int) -> LevelPlan:
    """The rules of one level that were written in this version."""
    return _LEVEL.validate_python(level_body(body, version))
