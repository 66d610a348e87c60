"""A change of rules over running dossiers: a plan, a second person, the words to the journeys, and the way
back."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.events import rulebook as facts
from language.events.base import Change
from language.ids import DossierId, TransitionId, UnitId
from language.messages.journey import LevelStop, Route
from language.messages.transition import (
    AnswersCollected,
    ChangeRules,
    CollectAnswers,
    DossierStep,
    FinishTransition,
    Marks,
    PackRef,
    Passage,
    SortDossiers,
    Standing,
    TellDossiers,
    TransitionChoice,
    TransitionClass,
    TransitionReason,
)
from language.names import TaskQueue
from language.posts.kinds import PostKind
from services.intake.store.rules_changes import insert_change
from services.rulebook.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.history_cases import told_of
from tests.provinces import organised

NOW = datetime.now(UTC)
PACK: dict[str, Any] = {"pack": "two-tier-since-2025-07-01", "version": 1}
BEFORE = "three-tier-until-2025-06-30"
T1 = UnitId(uuid4())
PLAN = "insert into plans (hash, version, body, frozen_at) values ('x', 1, '{}', now())"
FILE = f"""
insert into dossiers (id, code, state, season_id, unit_id, unit_path, created_by, created_at, content,
  filed_at, plan_hash, rule_version)
values ($1::uuid, 'SK-' || $1::text, $2, $3, $4, array[$4::uuid], gen_random_uuid(), $5, '{{}}', $5, 'x',
  '{BEFORE}@1')
"""
OPEN = """
insert into stages (id, dossier_id, dossier_code, level, unit_id, unit_path, plan, plan_hash, rule_version,
  last_level, opened_at, due_at)
values ($1, $2, 'SK', $3, $4, array[$4::uuid], '{}', 'x', 'x@1', false, clock_timestamp(), now())
"""
SEAT = """
insert into seats (stage_id, seat_no, role, person_id, post_id)
values ($1, $2, 'MEMBER', $3, gen_random_uuid())
"""
SHEET = """
insert into score_sheets (id, stage_id, person_id, state, vote, total, submitted_at)
values (gen_random_uuid(), $1, $2, $3, 'APPROVE', 80, now())
"""
DECIDE = """
update stages set state = 'DECIDED', outcome = 'RECOGNISED', proposed = $2, decided_at = clock_timestamp(),
  decision_number = id::text, decision_event_id = gen_random_uuid() where id = $1
"""
MOVE = """
update stages set state = 'MOVED', moved_to_level = 'COMMUNE', moved_by = $2, decided_at = clock_timestamp()
where dossier_id = $1 and state = 'OPEN'
"""
UNITS = {"H1": "DISTRICT", "X1": "COMMUNE", "X2": "COMMUNE", "T1": "SCHOOL"}


@dataclass
class Case:
    """A province whose school lies under its commune already, and two administrators."""

    service: TestService
    root: UUID
    units: dict[str, UUID]
    season: UUID = field(default_factory=uuid4)
    first: UUID = field(default_factory=uuid4)
    second: UUID = field(default_factory=uuid4)

    async def send(
        self, method: str, path: str, person: UUID, body: Any = None, etag: str = ""
    ) -> httpx.Response:
        """As an administrator of the province."""
        headers = self.service.headers(person, held(PostKind.ADMIN, self.root)) | (
            {"If-Match": etag} if etag else {}
        )
        return await self.service.http.request(method, f"/v1{path}", json=body, headers=headers)

    async def plan(self) -> UUID:
        """The first administrator plans; whatever else was open is cancelled."""
        for one in (await self.send("GET", "/transitions", self.first)).json()["items"]:
            if one["state"] == "DRAFT":
                await self.send(
                    "POST", f"/transitions/{one['id']}/cancellation", self.first, etag=f'"v{one["version"]}"'
                )
        made = await self.send("POST", "/transitions", self.first, PACK)
        assert made.status_code == 201, made.text
        return UUID(made.json()["id"])

    async def read(self, plan: UUID) -> tuple[Any, str]:
        """The plan and its ETag."""
        found = await self.send("GET", f"/transitions/{plan}", self.second)
        return found.json(), found.headers["etag"]

    async def settle(self, plan: UUID, person: UUID, how: str = "approval") -> httpx.Response:
        """Approve, or cancel, what is there now."""
        return await self.send("POST", f"/transitions/{plan}/{how}", person, etag=(await self.read(plan))[1])

    async def file(self, *standings: Standing) -> list[DossierId]:
        """Dossiers that stand so, and no other that is open."""
        intake = await self.service.shared.database(TaskQueue.INTAKE)
        await intake.pool.execute(
            "update dossiers set state = 'WITHDRAWN', closed_at = $1 where closed_at is null", NOW
        )
        ids = [DossierId(uuid4()) for _ in standings]
        for one, standing in zip(ids, standings, strict=True):
            is_checked = standing.step is not DossierStep.FORMAL_CHECK
            state = "ACCEPTED" if is_checked else "FILED"
            await intake.pool.execute(FILE, one, state, self.season, self.units["T1"], NOW)
            for level in standing.decided:
                await self.decided(one, level, proposed=standing.step is not DossierStep.ENDING)
            if standing.step is DossierStep.EXAMINATION:
                await self.opened(one, standing)
        return ids

    async def opened(self, dossier: DossierId, standing: Standing) -> UUID:
        """A stage of it is open."""
        review = await self.service.shared.database(TaskQueue.REVIEW)
        stage = uuid4()
        await review.pool.execute(OPEN, stage, dossier, standing.level, standing.unit_id)
        marks = {Marks.NONE: ("DRAFT",), Marks.SOME: ("DRAFT", "SUBMITTED"), Marks.ALL: ("SUBMITTED",)}
        for number, state in enumerate(marks[standing.marks]):
            member = uuid4()
            await review.pool.execute(SEAT, stage, number, member)
            await review.pool.execute(SHEET, stage, member, state)
        return stage

    async def decided(self, dossier: DossierId, level: str, *, proposed: bool = True) -> None:
        """A level has spoken."""
        stage = await self.opened(dossier, Standing(step=DossierStep.EXAMINATION, level=level, unit_id=T1))
        review = await self.service.shared.database(TaskQueue.REVIEW)
        await review.pool.execute(DECIDE, stage, proposed)

    async def moved_on(self, dossier: DossierId, plan: UUID, marks: Marks = Marks.NONE) -> None:
        """Its open stage was closed, and one at the commune is open instead."""
        review = await self.service.shared.database(TaskQueue.REVIEW)
        await review.pool.execute(MOVE, dossier, plan)
        await self.opened(
            dossier,
            Standing(
                step=DossierStep.EXAMINATION, level="COMMUNE", unit_id=UnitId(self.units["X1"]), marks=marks
            ),
        )

    async def sort(self, plan: UUID, *standings: Standing, last: bool = True) -> list[DossierId]:
        """The workflow has the open dossiers sorted, which stand so; all pages, or but the first."""
        ids = await self.file(*standings)
        await self.sort_open(plan, last=last)
        return ids

    async def sort_open(self, plan: UUID, *, last: bool = True) -> None:
        """What is open now."""
        after: DossierId | None = None
        while True:
            command = SortDossiers(transition_id=TransitionId(plan), after=after, limit=2 if last else 1)
            for _ in range(2):  # an activity may be repeated
                found = await self.service.activities["sort_dossiers"](command)
            after = found.last
            if not last or after is None:
                return

    def at_school(self, unit: str = "T1", marks: Marks = Marks.NONE) -> Standing:
        """A stage at school."""
        return Standing(
            step=DossierStep.EXAMINATION, level="UNIT", unit_id=UnitId(self.units[unit]), marks=marks
        )

    def at_district(self) -> Standing:
        """Half marked at district."""
        unit = UnitId(self.units["H1"])
        return Standing(
            step=DossierStep.EXAMINATION, decided=("UNIT",), level="DISTRICT", unit_id=unit, marks=Marks.SOME
        )

    async def choosers(self, plan: UUID) -> list[UUID]:
        """Who chose for a row of the plan."""
        query = (
            "select distinct chosen_by from transition_dossiers where transition_id = $1 and chosen_by "
            "is not null"
        )
        return [row["chosen_by"] for row in await self.service.database.pool.fetch(query, plan)]

    async def carry_out(self, plan: UUID) -> list[DossierId]:
        """The workflow tells everybody, finds what became of them, and ends. Who was told."""
        work, transition = self.service.activities, TransitionId(plan)
        while (await work["tell_dossiers"](TellDossiers(transition_id=transition, limit=1))).told:
            pass
        rows = await self.service.database.pool.fetch(
            "select dossier_id from transition_dossiers where transition_id = $1 and told_at is not null",
            plan,
        )
        told = [DossierId(row["dossier_id"]) for row in rows]
        assert await self.collect(plan) == len(told)
        await self.answer(plan, told)
        for _ in range(2):
            assert await self.collect(plan) == 0
            await work["finish_transition"](FinishTransition(transition_id=transition))
        return told

    async def collect(self, plan: UUID) -> int:
        """How many have not answered, page by page."""
        missing = 0
        after: DossierId | None = None
        while True:
            command = CollectAnswers(transition_id=TransitionId(plan), after=after, limit=1)
            found: AnswersCollected = await self.service.activities["collect_answers"](command)
            missing, after = missing + found.missing, found.last
            if after is None:
                return missing

    async def answer(self, plan: UUID, dossiers: Sequence[DossierId]) -> None:
        """Their journeys take the rules, and intake keeps what became of them."""
        revision = await self.service.database.pool.fetchval(
            "select revision from transitions where id = $1", plan
        )
        intake = await self.service.shared.database(TaskQueue.INTAKE)
        before = tuple(
            LevelStop(level=level, unit_id=UnitId(self.units[code]))
            for level, code in (("UNIT", "T1"), ("DISTRICT", "H1"))
        )
        async with intake.transaction() as tx:
            for dossier in dossiers:
                change = ChangeRules(
                    dossier_id=dossier,
                    transition_id=TransitionId(plan),
                    revision=revision,
                    pack=PackRef(name=PACK["pack"], version=1),
                    passage=Passage(kind=TransitionClass.MOVED, reason=TransitionReason.LEVEL_MOVES),
                    from_level="DISTRICT",
                    route_before=Route(plan_hash="x", rule_version=f"{BEFORE}@1", levels=before),
                )
                await insert_change(tx, change, f"{PACK['pack']}@1")
            await tx.conn.execute(
                "update dossiers set rule_version = $2 where id = any($1)", dossiers, f"{PACK['pack']}@1"
            )

    async def words(self, dossier_id: UUID) -> list[dict[str, Any]]:
        """What the outbox holds for a dossier."""
        rows = await self.service.database.pool.fetch(
            "select name, payload from outbox where workflow_id = $1", f"initiative:{dossier_id}"
        )
        return [dict(row) for row in rows]


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
        Standing(step=DossierStep.FORMAL_CHECK),
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
        plan, *(case.at_district() for _ in range(5)), Standing(step=DossierStep.ENDING, decided=("UNIT",))
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
        plan, case.at_school(), case.at_district(), Standing(step=DossierStep.ENDING, decided=("UNIT",))
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
