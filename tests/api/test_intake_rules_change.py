"""What intake keeps of a change of rules: the journey's answer, and the plan that holds from then on."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import TypeAdapter

from casework.plans import plan_named
from kit.db import Row
from language.ids import DossierId, TransitionId
from language.messages.intake import RulesKept
from language.messages.journey import JourneyOutcome, Route, StageOutcome
from language.messages.transition import ChangeRules, PackRef, Passage, TransitionClass, TransitionReason
from language.names import TaskQueue
from services.intake.app import SERVICE
from services.intake.domain.refusals import NoPolicyInForce, NothingToGiveBack
from tests.conftest import MovableClock, ServiceOpener
from tests.intake_cases import LAST_DAY, RULES, Case, publish_pack, sample_pack

NEW = "new@1"
HERE = PackRef(name="new", version=1)


@pytest.fixture
async def case(open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[Case]:
    """A filed dossier, and a pack that may replace its own: without the commune's level, and with two
    authors at most."""
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock, blob_dir=tmp_path) as service:
        filed = Case(service, clock)
        await filed.file()
        pack = sample_pack("new", LAST_DAY, ())
        levels = [level for level in pack["levels"] if level["level"] != "COMMUNE"]
        await publish_pack(
            await service.shared.database(TaskQueue.RULEBOOK),
            pack | {"levels": levels, "effective_from": "2000-01-01"},
        )
        yield filed


async def holds(case: Case) -> Route:
    """The way as the journey began with it."""
    [start, *_] = await case.words()
    return TypeAdapter(Route).validate_python(start["payload"]["route"])


async def change(
    case: Case,
    kind: TransitionClass = TransitionClass.MOVED,
    *,
    pack: PackRef | None = HERE,
    revision: int = 1,
    **more: Any,
) -> RulesKept:
    """The journey's answer, which comes twice."""
    answer = ChangeRules(
        dossier_id=DossierId(case.id),
        transition_id=TransitionId(UUID(int=revision)),
        revision=revision,
        pack=pack,
        passage=Passage(kind=kind, reason=TransitionReason.LEVEL_GOES_ON, to_level=more.get("to", "UNIT")),
        from_level="UNIT",
        route_before=more.get("before") or await holds(case),
    )
    first: RulesKept = await case.service.activities["change_rules"](answer)
    assert await case.service.activities["change_rules"](answer) == first
    return first


async def published(case: Case) -> Row:
    """What the rulebook and review read of it."""
    review = await case.service.shared.database(TaskQueue.REVIEW)
    row = await review.pool.fetchrow("select * from intake.dossiers_v1 where id = $1", case.id)
    assert row
    return row


async def test_a_moved_dossier_goes_by_the_plan_of_its_new_rules_and_says_so_once(case: Case) -> None:
    before = await holds(case)
    kept = await change(case)
    assert (kept.route.rule_version, [stop.level for stop in kept.route.levels]) == (
        NEW,
        ["UNIT", "PROVINCE"],
    )
    row = await published(case)
    assert (row["plan_hash"], row["rule_version"]) == (kept.route.plan_hash, NEW)
    assert (row["rules_revision"], row["transition_id"], row["passage"]["kind"]) == (1, UUID(int=1), "MOVED")
    assert (row["moved_revision"], row["route_before"]["plan_hash"]) == (1, before.plan_hash)
    async with case.service.database.reading() as tx:
        assert (await plan_named(tx, kept.route.plan_hash)).rule_version == NEW
    [event] = [event for event in await case.events() if event["kind"] == "RulesChanged"]
    assert event["detail"]["rule_version"] == {"old": RULES, "new": NEW}


async def test_the_check_goes_on_as_it_was_opened(case: Case) -> None:
    columns = (
        "select check_officers, supplement_budget, check_rules, check_due_at from dossiers where id = $1"
    )
    before = await case.service.database.pool.fetchrow(columns, case.id)
    await change(case)
    assert await case.service.database.pool.fetchrow(columns, case.id) == before
    assert (await case.act("acceptance", case.officer)).status_code == 200


async def test_what_is_given_back_are_the_rules_of_before(case: Case) -> None:
    before = await holds(case)
    moved = await change(case)
    back = await change(case, pack=None, revision=2, before=moved.route)
    assert back.route == before
    row = await published(case)
    assert (row["plan_hash"], row["rule_version"]) == (before.plan_hash, RULES)
    assert (row["rules_revision"], row["moved_revision"]) == (2, 2)


async def test_where_nothing_was_changed_nothing_is_given_back(case: Case) -> None:
    with pytest.raises(NothingToGiveBack):
        await change(case, pack=None)


async def test_a_pack_that_is_not_published_changes_nothing(case: Case) -> None:
    with pytest.raises(NoPolicyInForce):
        await change(case, pack=PackRef(name="nowhere", version=1))
    assert ((await published(case))["rule_version"], "RulesChanged" in await case.kinds()) == (RULES, False)


async def test_a_dossier_that_declines_keeps_its_rules_and_the_word_of_its_last_move(case: Case) -> None:
    moved = await change(case)
    declined = await change(case, TransitionClass.BLOCKED, revision=2, before=moved.route)
    assert declined == moved
    row = await published(case)
    assert (row["plan_hash"], row["rules_revision"], row["passage"]["kind"], row["moved_revision"]) == (
        moved.route.plan_hash,
        2,
        "BLOCKED",
        1,
    )
    assert (await case.kinds())[-1] == "RulesChangeDeclined"


async def test_a_journey_that_new_rules_end_is_closed_with_what_was_decided(case: Case) -> None:
    await case.act("acceptance", case.officer)
    await case.stage("UNIT", StageOutcome.RECOGNISED, proposed=True)
    assert (await case.close()).outcome is None
    await change(case, to=None)
    assert (await case.close()).outcome is JourneyOutcome.RECOGNISED


async def test_a_change_for_a_dossier_that_is_not_there_is_refused(case: Case) -> None:
    before = await holds(case)
    case.id = uuid4()
    with pytest.raises(Exception, match="NotFound"):
        await change(case, before=before)
