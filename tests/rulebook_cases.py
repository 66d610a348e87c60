"""A province in which the rules change, and what its administrators do about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx

from language.ids import DossierId, TransitionId, UnitId
from language.messages.journey import LevelStop, Route
from language.messages.transition import (
    AnswersCollected,
    ChangeRules,
    CollectAnswers,
    DossierPosition,
    DossierStep,
    FinishTransition,
    Marks,
    PackRef,
    Passage,
    SortDossiers,
    TellDossiers,
    TransitionClass,
    TransitionReason,
)
from language.names import TaskQueue
from language.posts.kinds import PostKind
from services.intake.store.rules_changes import insert_change
from tests.conftest import TestService, held

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

    async def plan(self, pack: dict[str, Any] = PACK) -> UUID:
        """The first administrator plans; whatever else was open is cancelled."""
        for one in (await self.send("GET", "/transitions", self.first)).json()["items"]:
            if one["state"] == "DRAFT":
                await self.send(
                    "POST", f"/transitions/{one['id']}/cancellation", self.first, etag=f'"v{one["version"]}"'
                )
        made = await self.send("POST", "/transitions", self.first, pack)
        assert made.status_code == 201, made.text
        return UUID(made.json()["id"])

    async def read(self, plan: UUID) -> tuple[Any, str]:
        """The plan and its ETag."""
        found = await self.send("GET", f"/transitions/{plan}", self.second)
        return found.json(), found.headers["etag"]

    async def settle(self, plan: UUID, person: UUID, how: str = "approval") -> httpx.Response:
        """Approve, or cancel, what is there now."""
        return await self.send("POST", f"/transitions/{plan}/{how}", person, etag=(await self.read(plan))[1])

    async def file(self, *positions: DossierPosition) -> list[DossierId]:
        """Dossiers that stand so, and no other that is open."""
        intake = await self.service.shared.database(TaskQueue.INTAKE)
        await intake.pool.execute(
            "update dossiers set state = 'WITHDRAWN', closed_at = $1 where closed_at is null", NOW
        )
        ids = [DossierId(uuid4()) for _ in positions]
        for one, position in zip(ids, positions, strict=True):
            is_checked = position.step is not DossierStep.FORMAL_CHECK
            state = "ACCEPTED" if is_checked else "FILED"
            await intake.pool.execute(FILE, one, state, self.season, self.units["T1"], NOW)
            for level in position.decided:
                await self.decided(one, level, proposed=position.step is not DossierStep.ENDING)
            if position.step is DossierStep.EXAMINATION:
                await self.opened(one, position)
        return ids

    async def opened(self, dossier: DossierId, position: DossierPosition) -> UUID:
        """A stage of it is open."""
        review = await self.service.shared.database(TaskQueue.REVIEW)
        stage = uuid4()
        await review.pool.execute(OPEN, stage, dossier, position.level, position.unit_id)
        marks = {Marks.NONE: ("DRAFT",), Marks.SOME: ("DRAFT", "SUBMITTED"), Marks.ALL: ("SUBMITTED",)}
        for number, state in enumerate(marks[position.marks]):
            member = uuid4()
            await review.pool.execute(SEAT, stage, number, member)
            await review.pool.execute(SHEET, stage, member, state)
        return stage

    async def decided(self, dossier: DossierId, level: str, *, proposed: bool = True) -> None:
        """A level has spoken."""
        stage = await self.opened(
            dossier, DossierPosition(step=DossierStep.EXAMINATION, level=level, unit_id=T1)
        )
        review = await self.service.shared.database(TaskQueue.REVIEW)
        await review.pool.execute(DECIDE, stage, proposed)

    async def moved_on(self, dossier: DossierId, plan: UUID, marks: Marks = Marks.NONE) -> None:
        """Its open stage was closed, and one at the commune is open instead."""
        review = await self.service.shared.database(TaskQueue.REVIEW)
        await review.pool.execute(MOVE, dossier, plan)
        await self.opened(
            dossier,
            DossierPosition(
                step=DossierStep.EXAMINATION, level="COMMUNE", unit_id=UnitId(self.units["X1"]), marks=marks
            ),
        )

    async def sort(self, plan: UUID, *positions: DossierPosition, last: bool = True) -> list[DossierId]:
        """The workflow has the open dossiers sorted, which stand so; all pages, or but the first."""
        ids = await self.file(*positions)
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

    def at_school(self, unit: str = "T1", marks: Marks = Marks.NONE) -> DossierPosition:
        """A stage at school."""
        return DossierPosition(
            step=DossierStep.EXAMINATION, level="UNIT", unit_id=UnitId(self.units[unit]), marks=marks
        )

    def at_district(self) -> DossierPosition:
        """Half marked at district."""
        unit = UnitId(self.units["H1"])
        return DossierPosition(
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
