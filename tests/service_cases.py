"""All services opened alike, for the tests that walk all of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from casework.late.questions import NewQuestion, keep
from casework.runs.alarms import raise_alarms
from kit.clock import Clock
from language.cases import AlarmKind, DoubtCause
from language.events.intake import RequestAccepted
from language.ids import DossierId, EventId, NoticeId, PersonId
from language.messages.notices import Notice, NoticeKind
from language.names import TaskQueue, initiative_workflow_id
from language.posts.kinds import PostKind
from processes.bootstrap import shipped_packs
from services.intake.app import SERVICE as INTAKE
from services.organisation.app import SERVICE as ORGANISATION
from services.payout.app import SERVICE as PAYOUT
from services.postroom.app import SERVICE as POSTROOM
from services.postroom.operations.telling import accept_notices
from services.review.app import SERVICE as REVIEW
from services.rulebook.app import SERVICE as RULEBOOK
from tests.complaint_cases import complained, refuse
from tests.conftest import HeldPost, MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import PDF
from tests.intake_cases import Case as IntakeCase
from tests.payout_cases import Case as PayoutCase
from tests.provinces import bare_province
from tests.review_cases import Case as ReviewCase

SERVICES = {
    service.name.value: service for service in (ORGANISATION, RULEBOOK, INTAKE, REVIEW, PAYOUT, POSTROOM)
}


COMPARISON = "insert into run_comparisons (id, asked_at) values ($1, now()) returning id"
TWIN = "insert into people (id, code, full_name, folded_name) values ($1, $2, 'x', 'x') returning id"
LINKED = """
insert into identities (issuer, subject, person_id, linked_by, linked_at)
values ('https://accounts.example.vn', 'clerk', $1, $1, now()) returning id
"""


@dataclass
class Opened:
    """A service with something in it: the unit and the person the rows belong to, and ids to put into
    addresses."""

    service: TestService
    name: str
    path: tuple[UUID, ...]
    person: UUID
    ids: dict[str, UUID] = field(default_factory=dict)


async def _organisation(service: TestService) -> Opened:
    root = (await bare_province(service)).root
    [held_post] = await service.database.pool.fetch(
        "select id, person_id, post_id from holdings order by id limit 1"
    )
    ids = {
        "unit_id": root,
        "person_id": held_post["person_id"],
        "post_id": held_post["post_id"],
        "holding_id": held_post["id"],
    }
    person = ids["person_id"]
    leave = {"starts_on": "2026-07-01", "ends_on": "2026-07-02"}
    async with service.database.transaction() as tx:
        clerk = await tx.conn.fetchval(
            "insert into people (id, code, full_name, folded_name) values ($1, 'clerk', 'x', "
            "'x') returning id",
            uuid4(),
        )
        await tx.conn.execute("insert into accounts (username, person_id) values ('clerk', $1)", clerk)
        for name in ("kept_id", "twin_id", "other_kept_id", "other_twin_id"):
            ids[name] = await tx.conn.fetchval(TWIN, uuid4(), name)
        ids["identity_id"] = await tx.conn.fetchval(LINKED, clerk)
    ids["delegate_id"] = clerk
    given = {"delegate_id": str(clerk), "unit_id": str(root), **leave, "reason": "Nghỉ phép"}
    shall_administer = {"person_id": str(clerk), "held_from": "2026-07-01"}
    new_password = {"act": "SET_PASSWORD", "reason": "x", "password": "Cầu Kỳ Cùng 1954"}
    renaming = {
        "document": "x",
        "from_day": "2999-01-01",
        "steps": [{"kind": "RENAMES", "unit_id": str(root), "name": "x"}],
    }
    joining = {
        "kept_id": str(ids["other_kept_id"]),
        "joined_id": str(ids["other_twin_id"]),
        "document": "x",
        "reason": "x",
        "from_day": "2999-01-01",
    }
    made_here = {
        "leave_id": (f"/v1/people/{person}/leaves", leave),
        "delegation_id": (f"/v1/people/{person}/delegations", given),
        "succession_id": ("/v1/successions", renaming),
        "joining_id": ("/v1/joinings", joining),
        "proposal_id": (f"/v1/posts/{ids['post_id']}/proposals", shall_administer),
        "account_proposal_id": (f"/v1/people/{clerk}/account/proposals", new_password),
    }
    ids |= await _made(service, person, root, made_here)
    ids |= await _questioned(service, root)
    return Opened(service, "organisation", (root,), person, ids)


async def _made(
    service: TestService, person: UUID, root: UUID, asked: dict[str, tuple[str, dict[str, Any]]]
) -> dict[str, UUID]:
    """The id of everything that an administrator of the province makes so."""
    ids = {}
    for name, (path, body) in asked.items():
        headers = service.headers(person, held(PostKind.ADMIN, root))
        ids[name] = UUID((await service.http.post(path, json=body, headers=headers)).json()["id"])
    return ids


async def _stuck(service: TestService, workflow_id: str) -> dict[str, UUID]:
    """Messages do not arrive at this run: its alarm."""
    async with service.database.transaction() as tx:
        await raise_alarms(tx, {(workflow_id, AlarmKind.MESSAGE_DOES_NOT_ARRIVE): "FAULT"})
    pool = service.database.pool
    return {
        "alarm_id": await pool.fetchval("select id from run_alarms"),
        "comparison_id": await pool.fetchval(COMPARISON, uuid4()),
    }


async def _questioned(service: TestService, unit: UUID) -> dict[str, UUID]:
    """An act is in question, and this unit decides."""
    new = NewQuestion(
        change_id=uuid4(),
        doubt=DoubtCause.HOLDING_ENDED,
        first_day=date(2026, 7, 1),
        last_day=None,
        act_id=uuid4(),
        act=RequestAccepted.__name__,
        acted_at=service.database.clock.now(),
        actor_id=uuid4(),
        on_behalf_of=None,
        post_id=uuid4(),
        subject_id=uuid4(),
        subject_code="SK-2026-00001",
        unit_path=(unit,),
    )
    async with service.database.transaction() as tx:
        await keep(tx, [new])
    return {"question_id": await service.database.pool.fetchval("select id from questioned_acts")}


async def _rulebook(service: TestService) -> Opened:
    root, person = (await bare_province(service)).root, uuid4()
    draft = {**shipped_packs()[-1].model_dump(mode="json"), "name": "drafted-for-tests"}
    pause = {
        "unit_id": str(root),
        "first_day": "2030-06-01",
        "last_day": "2030-06-02",
        "name": "Nghỉ hè",
        "reason": "x",
    }
    season = {"code": "2026", "name": "Đợt 2026", "opens_on": "2026-01-01", "closes_on": "2099-12-31"}
    made_here: dict[str, tuple[str, dict[str, Any]]] = {
        "season_id": ("/v1/seasons", season),
        "draft_id": ("/v1/policy-packs", draft),
        "break_id": ("/v1/calendar/breaks", pause),
        "transition_id": ("/v1/transitions", {"pack": "two-tier-since-2025-07-01", "version": 1}),
    }
    ids = {"unit_id": root, "person_id": person, **await _made(service, person, root, made_here)}
    time = {"opens_at": "2026-01-05T08:00:00+07:00", "closes_at": "2099-06-30T17:00:00+07:00"}
    rounds = (f"/v1/seasons/{ids['season_id']}/rounds", {"code": "D1", **time})
    ids |= await _made(service, person, root, {"round_id": rounds})
    ids["about_id"] = ids["transition_id"]
    ids |= await _stuck(service, f"transition:{ids['transition_id']}")
    ids |= await _questioned(service, root)
    return Opened(service, "rulebook", (root,), person, ids)


async def _postroom(service: TestService) -> Opened:
    root = (await bare_province(service)).root
    organisation = await service.shared.database(TaskQueue.ORGANISATION)
    person = UUID(str(await organisation.pool.fetchval("select person_id from accounts")))
    ids = {"person_id": person, **await _told(service, person, held(PostKind.ADMIN, root))}
    ids |= await _questioned(service, root)
    return Opened(service, "postroom", (root,), person, ids)


async def _told(service: TestService, person: UUID, post: HeldPost) -> dict[str, UUID]:
    """The person is told of something, by mail and webhook."""
    hook = {"url": "https://hooks.example.vn/", "kinds": ["REMINDED"]}
    made = await service.http.post("/v1/webhooks", json=hook, headers=service.headers(person, post))
    settings = {"mail_address": "a@sk.test", "quiet_from": None, "quiet_to": None}
    path, headers = f"/v1/people/{person}/notice-settings", {**service.headers(person), "If-Match": '"v0"'}
    assert (await service.http.put(path, json=settings, headers=headers)).status_code == 200
    notice = Notice(
        id=NoticeId(uuid4()),
        event_id=EventId(uuid4()),
        person_id=PersonId(person),
        kind=NoticeKind.REMINDED,
        subject_id=DossierId(uuid4()),
        subject_code="SK-2026-00001",
        happened_at=Clock().now(),
    )
    async with service.database.transaction() as tx:
        await accept_notices(tx, TaskQueue.REVIEW, [notice], mails_go_out=True)
    ids = {
        "webhook_id": UUID(made.json()["id"]),
        "mail_id": await service.database.pool.fetchval("select id from mails"),
    }
    return {**ids, "delivery_id": await service.database.pool.fetchval("select id from webhook_deliveries")}


async def _intake(service: TestService, clock: MovableClock) -> Opened:
    case = IntakeCase(service, clock)
    await case.draft()
    attached = await case.send(
        "POST", f"/dossiers/{case.id}/attachments?filename=a.pdf", case.author, content=PDF
    )
    begun = await case.send(
        "POST",
        f"/dossiers/{case.id}/uploads",
        case.author,
        json={"filename": "a.pdf", "size_bytes": len(PDF)},
    )
    await case.act("filing", case.author)
    task = await service.database.pool.fetchval("select id from tasks where about_id = $1", case.id)
    ids = {
        "person_id": case.author,
        "task_id": task,
        "about_id": case.id,
        "dossier_id": case.id,
        "attachment_id": UUID(attached.json()["id"]),
        "upload_id": UUID(begun.json()["id"]),
        "unit_id": case.school,
        **await _stuck(service, initiative_workflow_id(DossierId(case.id))),
    }
    ids |= await _questioned(service, ids["unit_id"])
    return Opened(service, "intake", case.path, case.officer, ids)


async def _review(service: TestService) -> Opened:
    case = ReviewCase(service)
    await case.open()
    await case.mark_all(case.members[1:])
    sheet = UUID((await case.own_sheet(case.chair))["id"])
    task = await service.database.pool.fetchval(
        "select id from tasks where about_id = $1 and state = 'OPEN' limit 1", case.stage
    )
    refusal = await refuse(case.another())
    complaint = await complained(refusal)
    ids = {
        "person_id": case.chair,
        "complaint_id": complaint,
        "complaint_task_id": await service.database.pool.fetchval(
            "select id from tasks where about_id = $1", complaint
        ),
        "task_id": task,
        "about_id": case.stage,
        "dossier_id": case.dossier,
        "stage_id": case.stage,
        "sheet_id": sheet,
        "unit_id": case.unit,
        **await _stuck(service, initiative_workflow_id(DossierId(case.dossier))),
    }
    ids |= await _questioned(service, ids["unit_id"])
    return Opened(service, "review", (case.root, case.unit), case.chair, ids)


async def _payout(service: TestService) -> Opened:
    case = PayoutCase(service)
    sent = UUID(await case.sent())
    case.dossier = uuid4()
    await case.approved()
    case.dossier = uuid4()
    await case.assess()
    task = await service.database.pool.fetchval(
        "select id from tasks where about_id = $1 and kind = 'VERIFY_AWARD'", case.award
    )
    ids = {
        "person_id": case.verifier,
        "task_id": task,
        "about_id": case.award,
        "dossier_id": case.dossier,
        "award_id": case.award,
        "list_id": sent,
        "unit_id": case.unit,
        **await _stuck(service, initiative_workflow_id(DossierId(case.dossier))),
    }
    ids |= await _questioned(service, ids["unit_id"])
    return Opened(service, "payout", case.path, case.verifier, ids)


_FILLED = {
    "organisation": _organisation,
    "rulebook": _rulebook,
    "review": _review,
    "payout": _payout,
    "postroom": _postroom,
}


@asynccontextmanager
async def opened(open_service: ServiceOpener, name: str, blobs: Path) -> AsyncIterator[Opened]:
    """The service of this name, with a few rows. In payout one list is sent, one award waits for a list, and
    `award_id` is assessed."""
    clock = MovableClock() if name == "intake" else Clock()
    own: dict[str, dict[str, Any]] = {
        "intake": {"blob_dir": blobs},
        "postroom": {"smtp_url": "smtp://127.0.0.1:9"},
    }
    settings = own.get(name, {})
    async with open_service(SERVICES[name], clock=clock, **settings) as service:
        if isinstance(clock, MovableClock):
            yield await _intake(service, clock)
        else:
            yield await _FILLED[name](service)
