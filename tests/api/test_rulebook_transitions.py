"""A change of rules over running dossiers: a plan, a second person, the words to the journeys, and the way
back."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from language.events import rulebook as facts
from language.events.base import Change
from language.ids import TransitionId
from language.messages.transition import (
    DossierPosition,
    DossierStep,
    FinishTransition,
    Marks,
    TellDossiers,
    TransitionChoice,
)
from language.names import TaskQueue
from language.posts.kinds import PostKind
from services.rulebook.app import SERVICE
from tests.conftest import ServiceOpener, held
from tests.history_cases import told_of
from tests.provinces import organised
from tests.rulebook_cases import NOW, PACK, PLAN, UNITS, Case

NEXT_VERSION = """
insert into policy_packs (name, version, content, effective_from, effective_to, published_at)
select name, $2, content || jsonb_build_object('version', $2::int, 'transition', null), effective_from,
  effective_to, now()
from policy_packs where name = $1 and version = 1 on conflict do nothing
"""


@pytest.fixture(scope="module")
async def case(open_service: ServiceOpener) -> AsyncIterator[Case]:
    async with open_service(SERVICE) as service:
        beside = await organised(service)
        units: dict[str, UUID] = {}
        for code, level in UNITS.items():
            units[code] = await beside.unit(code, level, units["X1"] if code == "T1" else None)
        await (await service.shared.database(TaskQueue.INTAKE)).pool.execute(PLAN)
        yield Case(service, beside.root, units)


async def test_a_plan_is_a_dry_run_with_reasons_and_moves_nobody(case: Case) -> None:
    plan = await case.plan()
    ids = await case.sort(
        plan,
        DossierPosition(step=DossierStep.FORMAL_CHECK),
        case.at_school(),
        case.at_district(),
        case.at_district(),
    )
    seen, _ = await case.read(plan)
    assert seen["state"] == "DRAFT"
    assert {
        (count["kind"], count["reason"], count["from_level"], count["to_level"], count["count"])
        for count in seen["counts"]
    } == {
        ("MOVED", "UNDER_CHECK", None, "UNIT", 1),
        ("MOVED", "LEVEL_GOES_ON", "UNIT", "UNIT", 1),
        ("MOVED", "LEVEL_MOVES", "DISTRICT", "COMMUNE", 2),
    }
    assert all(count["sentence_vi"] and count["sentence_en"] for count in seen["counts"])
    assert not [word for one in ids for word in await case.words(one)]


async def test_the_rows_of_a_plan_are_listed_by_class_and_page(case: Case) -> None:
    plan = await case.plan()
    ids = await case.sort(
        plan,
        *(case.at_district() for _ in range(5)),
        DossierPosition(step=DossierStep.ENDING, decided=("UNIT",)),
    )
    found: list[str] = []
    after = ""
    while True:
        page = (
            await case.send("GET", f"/transitions/{plan}/dossiers?class=MOVED&limit=2{after}", case.first)
        ).json()
        found += [row["dossier_id"] for row in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == sorted(str(one) for one in ids[:5])


async def test_whoever_planned_may_not_approve(case: Case) -> None:
    plan = await case.plan()
    await case.sort(plan, case.at_school())
    assert (await case.settle(plan, case.first)).json()["code"] == "SecondPersonNeeded"


async def test_nothing_is_approved_before_every_dossier_is_sorted(case: Case) -> None:
    plan = await case.plan()
    await case.sort(plan, case.at_school(), last=False)
    assert (await case.settle(plan, case.second)).json()["code"] == "TransitionNotPlanned"


async def test_an_approved_plan_sends_every_moved_dossier_its_new_rules_once(case: Case) -> None:
    plan = await case.plan()
    ids = await case.sort(
        plan,
        case.at_school(),
        case.at_district(),
        DossierPosition(step=DossierStep.ENDING, decided=("UNIT",)),
    )
    assert (await case.settle(plan, case.second)).status_code == 200
    assert (await case.settle(plan, case.second)).json()["code"] == "TransitionSettledAlready"
    assert set(await case.carry_out(plan)) == set(ids[:2])
    [word] = await case.words(ids[1])
    assert word["name"] == "rules_changed"
    assert word["payload"]["pack"] == {"name": PACK["pack"], "version": 1}
    assert [level["level"] for level in word["payload"]["levels"]] == ["UNIT", "COMMUNE", "PROVINCE"]
    assert word["payload"]["levels"][1]["unit_id"] == str(case.units["X1"])
    assert {level["pays"] for level in word["payload"]["levels"]} == {True}
    assert not await case.words(ids[2])
    seen, _ = await case.read(plan)
    assert (seen["state"], sum(count["moved"] for count in seen["counts"])) == ("DONE", 2)


async def test_a_choice_is_made_before_the_approval_by_somebody_else_than_the_approver(case: Case) -> None:
    plan = await case.plan()
    [dossier] = await case.sort(plan, case.at_school(unit="X2", marks=Marks.ALL))
    assert (await case.settle(plan, case.second)).json()["code"] == "ChoicesMissing"
    for choice, chosen in (("END_HERE", 0), ("KEEP_STAGE", 1)):
        body = {"choice": choice, "dossier_ids": [str(dossier)]}
        answer = await case.send(
            "POST", f"/transitions/{plan}/choices", case.second, body, etag=(await case.read(plan))[1]
        )
        assert [count["chosen"] for count in answer.json()["counts"]] == [chosen]
    assert (await case.settle(plan, case.second)).json()["code"] == "SecondPersonNeeded"
    third = uuid4()
    assert (await case.settle(plan, third)).status_code == 200
    assert await case.carry_out(plan) == [dossier]
    assert (await case.words(dossier))[0]["payload"]["choice"] == "KEEP_STAGE"
    [begun, chosen, *_] = [event.fact for event in await told_of(case.service.database, plan)]
    assert isinstance(begun, facts.TransitionPlanned)
    keep = Change(old=None, new=TransitionChoice.KEEP_STAGE)
    assert isinstance(chosen, facts.TransitionChoiceMade)
    assert chosen.dossiers == (facts.DossierChoice(dossier_id=dossier, choice=keep),)


async def test_a_dry_run_of_a_choice_shows_the_rows_as_they_would_be_and_chooses_nothing(case: Case) -> None:
    plan = await case.plan()
    offered, other, certain = await case.sort(
        plan, *(case.at_school(unit="X2", marks=Marks.ALL) for _ in range(2)), case.at_school()
    )
    before, etag = await case.read(plan)
    body = {"choice": "KEEP_STAGE", "dossier_ids": [str(offered), str(certain), str(uuid4())]}
    tried = await case.send("POST", f"/transitions/{plan}/choices?dry_run=true", case.second, body, etag=etag)
    assert tried.status_code == 200, tried.text
    assert {row["dossier_id"]: row["choice"] for row in tried.json()["dossiers"]} == {
        str(offered): "KEEP_STAGE",
        str(certain): None,
    }
    assert (tried.json()["choices_missing"], tried.json()["dry_run"]) == (1, True)
    assert await case.read(plan) == (before, etag)
    events = "select count(*) from events where subject_id = $1 and kind = 'TransitionChoiceMade'"
    assert await case.service.database.pool.fetchval(events, plan) == 0
    stale = await case.send(
        "POST", f"/transitions/{plan}/choices?dry_run=true", case.second, body, etag='"v99"'
    )
    assert stale.json()["code"] == "EditConflict"
    headers = case.service.headers(uuid4(), held(PostKind.ADMIN, case.root, case.units["X1"])) | {
        "If-Match": etag
    }
    refused = await case.service.http.post(
        f"/v1/transitions/{plan}/choices?dry_run=true", json=body, headers=headers
    )
    assert refused.status_code == 403
    both = {"choice": "KEEP_STAGE", "dossier_ids": [str(offered), str(other)]}
    chosen = await case.send("POST", f"/transitions/{plan}/choices", case.first, both, etag=etag)
    assert (chosen.json()["choices_missing"], await case.choosers(plan)) == (0, [case.first])


async def test_an_approval_of_a_plan_that_changed_meanwhile_is_refused(case: Case) -> None:
    plan = await case.plan()
    [dossier] = await case.sort(plan, case.at_school(unit="X2", marks=Marks.ALL))
    _, seen = await case.read(plan)
    body = {"choice": "OPEN_ANEW", "dossier_ids": [str(dossier)]}
    assert (
        await case.send("POST", f"/transitions/{plan}/choices", case.first, body, etag=seen)
    ).status_code == 200
    assert (await case.send("POST", f"/transitions/{plan}/approval", case.second, etag=seen)).json()[
        "code"
    ] == "EditConflict"


async def test_there_is_one_transition_at_a_time_and_a_cancelled_one_makes_room(case: Case) -> None:
    plan = await case.plan()
    assert (await case.send("POST", "/transitions", case.second, PACK)).json()[
        "code"
    ] == "OtherTransitionOpen"
    assert (await case.settle(plan, case.first, "cancellation")).json()["state"] == "CANCELLED"
    assert (await case.send("POST", "/transitions", case.second, PACK)).status_code == 201


async def test_a_pack_without_a_transitional_rule_replaces_nothing(case: Case) -> None:
    asked = {"pack": "three-tier-until-2025-06-30", "version": 1}
    assert (await case.send("POST", "/transitions", case.first, asked)).json()["code"] == "NothingToReplace"
    assert (await case.send("POST", "/transitions", case.first, {**PACK, "version": 77})).status_code == 404


async def test_the_way_back_leaves_dossiers_on_which_something_was_done(case: Case) -> None:
    plan = await case.plan()
    untouched, spoken, marked = await case.sort(plan, *(case.at_district() for _ in range(3)))
    assert (await case.send("POST", f"/transitions/{plan}/reversal", case.first)).json()[
        "code"
    ] == "TransitionSettledAlready"
    await case.settle(plan, case.second)
    assert set(await case.carry_out(plan)) == {untouched, spoken, marked}
    await case.moved_on(untouched, plan)
    await case.moved_on(spoken, plan)
    await case.decided(spoken, "PROVINCE")
    await case.moved_on(marked, plan, Marks.SOME)
    made = await case.send("POST", f"/transitions/{plan}/reversal", case.first)
    back = UUID(made.json()["id"])
    await case.sort_open(back)
    seen, _ = await case.read(back)
    sorts = {(count["kind"], count["reason"], count["to_level"]) for count in seen["counts"]}
    assert sorts == {("MOVED", "LEVEL_MOVES", "DISTRICT"), ("BLOCKED", "ACTED_SINCE", None)}
    assert sum(count["count"] for count in seen["counts"] if count["kind"] == "BLOCKED") == 2
    assert (await case.settle(back, case.first)).json()["code"] == "SecondPersonNeeded"
    assert (await case.settle(back, case.second)).status_code == 200
    assert await case.carry_out(back) == [untouched]
    word = (await case.words(untouched))[-1]
    assert (word["payload"]["pack"], word["payload"]["levels"]) == (None, [])
    assert word["payload"]["level_moves"] == [{"from_level": "COMMUNE", "to_level": "DISTRICT"}]
    assert [len(await case.words(one)) for one in (spoken, marked)] == [1, 1]
    assert (await case.read(plan))[0]["state"] == "REVERTED"


async def test_a_dossier_that_was_closed_before_it_could_answer_holds_up_nothing(case: Case) -> None:
    plan = await case.plan()
    closed, open_still = await case.sort(plan, case.at_school(), case.at_district())
    await case.settle(plan, case.second)
    work = case.service.activities
    assert (await work["tell_dossiers"](TellDossiers(transition_id=TransitionId(plan), limit=9))).told == 2
    intake = await case.service.shared.database(TaskQueue.INTAKE)
    await intake.pool.execute(
        "update dossiers set state = 'WITHDRAWN', closed_at = $2 where id = $1", closed, NOW
    )
    assert await case.collect(plan) == 1
    await case.answer(plan, [open_still])
    assert await case.collect(plan) == 0
    seen, _ = await case.read(plan)
    assert sum(count["closed"] for count in seen["counts"]) == 1
    assert sum(count["moved"] for count in seen["counts"]) == 1
    await work["finish_transition"](FinishTransition(transition_id=TransitionId(plan)))


async def test_only_dossiers_under_the_pack_that_is_replaced_are_sorted(case: Case) -> None:
    plan = await case.plan()
    here, elsewhere = await case.file(case.at_school(), case.at_school())
    intake = await case.service.shared.database(TaskQueue.INTAKE)
    await intake.pool.execute("update dossiers set rule_version = 'another@1' where id = $1", elsewhere)
    await case.sort_open(plan)
    page = (await case.send("GET", f"/transitions/{plan}/dossiers", case.first)).json()
    assert [row["dossier_id"] for row in page["items"]] == [str(here)]


async def test_only_administrators_of_the_province_see_transitions(case: Case) -> None:
    plan = await case.plan()
    for posts in (
        (),
        (held(PostKind.ADMIN, case.root, case.units["X1"]),),
        (held(PostKind.UNIT_HEAD, case.root),),
    ):
        for path in ("", f"/{plan}", f"/{plan}/dossiers"):
            answer = await case.service.http.get(
                f"/v1/transitions{path}", headers=case.service.headers(uuid4(), *posts)
            )
            assert answer.status_code == 403


async def test_a_new_version_of_a_pack_sorts_what_runs_under_its_earlier_ones(case: Case) -> None:
    await case.plan()  # cancels what is open
    third = {**PACK, "version": 3}
    rulebook = case.service.database
    await rulebook.pool.execute(NEXT_VERSION, PACK["pack"], 3)
    plan = await case.plan(third)
    ids = await case.file(case.at_school(), case.at_school(), case.at_school())
    intake = await case.service.shared.database(TaskQueue.INTAKE)
    for one, rule_version in zip(
        ids, (f"{PACK['pack']}@1", f"{PACK['pack']}@3", f"{PACK['pack']}@12"), strict=True
    ):
        await intake.pool.execute("update dossiers set rule_version = $2 where id = $1", one, rule_version)
    await case.sort_open(plan)
    rows = (await case.send("GET", f"/transitions/{plan}/dossiers", case.first)).json()["items"]
    assert [(row["dossier_id"], row["kind"]) for row in rows] == [(str(ids[0]), "MOVED")]


async def test_a_first_version_that_replaces_nothing_has_nothing_to_sort(case: Case) -> None:
    await case.plan()
    old = {"pack": "three-tier-until-2025-06-30", "version": 1}
    refused = await case.send("POST", "/transitions", case.first, old)
    assert (refused.status_code, refused.json()["code"]) == (422, "NothingToReplace")
