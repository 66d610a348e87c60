"""A change of rules over running dossiers: a plan, a second person, the words to the journeys, and the way
back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.ids import DossierId, SeasonId, TransitionId, UnitId
from language.messages.transition import (
    ClassifyDossiers,
    DossierStep,
    FinishTransition,
    LevelStop,
    ListTold,
    Marks,
    NoteAnswers,
    OpenDossier,
    Passage,
    RulesAnswer,
    StageStanding,
    Standing,
    TellDossiers,
    TransitionClass,
    TransitionReason,
)
from language.posts.kinds import PostKind
from services.rulebook.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.provinces import organised

NOW = datetime.now(UTC)
PACK = {"pack": "two-tier-since-2025-07-01", "version": 1}
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

    async def sort(
        self, plan: UUID, *standings: Standing, last: bool = True, moved_at: datetime | None = None
    ) -> list[DossierId]:
        """The workflow brings a page of dossiers that stand so."""
        ids = [DossierId(uuid4()) for _ in standings]
        back = tuple(
            LevelStop(level=level, unit_id=UnitId(self.units[code]))
            for level, code in (("UNIT", "T1"), ("DISTRICT", "H1"))
        )
        dossiers = tuple(
            OpenDossier(
                dossier_id=one,
                code=f"SK-{number}",
                unit_id=UnitId(self.units["T1"]),
                season_id=SeasonId(self.season),
                filed_at=NOW,
                step=standing.step,
                acted_at=NOW,
                moved_at=moved_at,
                route_before=back if moved_at else (),
            )
            for number, (one, standing) in enumerate(zip(ids, standings, strict=True))
        )
        stages = tuple(
            StageStanding(dossier_id=one, standing=standing, acted_at=NOW)
            for one, standing in zip(ids, standings, strict=True)
            if standing.step not in {DossierStep.FORMAL_CHECK, DossierStep.WAITS_FOR_RULES}
        )
        command = ClassifyDossiers(
            transition_id=TransitionId(plan), dossiers=dossiers, stages=stages, last=last
        )
        for _ in range(2):  # an activity may be repeated
            await self.service.activities["classify_dossiers"](command)
        return ids

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
        """The workflow tells everybody, hears that they moved, and ends. Who was told."""
        told: list[DossierId] = []
        while (
            await self.service.activities["tell_dossiers"](
                TellDossiers(transition_id=TransitionId(plan), limit=1)
            )
        ).told:
            pass
        listing = ListTold(transition_id=TransitionId(plan), after=None, limit=100)
        told += (await self.service.activities["list_told"](listing)).dossier_ids
        passage = Passage(kind=TransitionClass.MOVED, reason=TransitionReason.LEVEL_MOVES)
        answers = tuple(RulesAnswer(dossier_id=one, passage=passage, at=NOW) for one in told)
        for _ in range(2):
            await self.service.activities["note_answers"](
                NoteAnswers(transition_id=TransitionId(plan), answers=answers)
            )
            await self.service.activities["finish_transition"](
                FinishTransition(transition_id=TransitionId(plan))
            )
        return told

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
    assert [level["level"] for level in word["payload"]["plan"]["levels"]] == ["UNIT", "COMMUNE", "PROVINCE"]
    assert word["payload"]["plan"]["levels"][1]["unit_id"] == str(case.units["X1"])
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
    await case.sort(plan, case.at_district())
    assert (await case.send("POST", f"/transitions/{plan}/reversal", case.first)).json()[
        "code"
    ] == "TransitionSettledAlready"
    await case.settle(plan, case.second)
    await case.carry_out(plan)
    made = await case.send("POST", f"/transitions/{plan}/reversal", case.first)
    back = UUID(made.json()["id"])
    at_commune = Standing(
        step=DossierStep.EXAMINATION, decided=("UNIT",), level="COMMUNE", unit_id=UnitId(case.units["X1"])
    )
    [untouched] = await case.sort(back, at_commune, moved_at=NOW + timedelta(minutes=1), last=False)
    [touched] = await case.sort(back, at_commune, moved_at=NOW - timedelta(minutes=1))
    seen, _ = await case.read(back)
    assert {(count["kind"], count["reason"], count["to_level"]) for count in seen["counts"]} == {
        ("MOVED", "LEVEL_MOVES", "DISTRICT"),
        ("BLOCKED", "ACTED_SINCE", None),
    }
    assert (await case.settle(back, case.first)).json()["code"] == "SecondPersonNeeded"
    assert (await case.settle(back, case.second)).status_code == 200
    assert await case.carry_out(back) == [untouched]
    [word] = await case.words(untouched)
    assert word["payload"]["plan"] is None
    assert word["payload"]["level_moves"] == [{"from_level": "COMMUNE", "to_level": "DISTRICT"}]
    assert not await case.words(touched)
    assert (await case.read(plan))[0]["state"] == "REVERTED"


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
