"""Every page of the portal with something to show, and who looks at it: the ground of the walk over all of
them. Each thing bears a mark that stands nowhere else, so that one sees where its facts get to."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

from starlette.routing import Route

from cli.browsing import Browser
from cli.people_api import PeopleApi, Refused
from services.portal.pages import (
    ROUTES,
    administration_people,
    council_decisions,
    dossiers_acts,
    money_awards,
    money_list,
)
from tests.intake_cases import today
from tests.pages.carrying import begin, file
from tests.pages.clerk_cases import one
from tests.pages.conftest import World
from tests.pages.council_cases import AUTHOR, CHAIR, COUNCIL, MEMBER, OFFICER, POOR, SECRETARY
from tests.pages.money_cases import ACCOUNTANT, CHIEF, MoneyCase
from tests.workbooks import HEADER, workbook

STRANGER, AUDITOR, ADMIN = "tacgia0004", "kiemtoan", "admin"
ROLES: Final = (AUTHOR, STRANGER, OFFICER, MEMBER, SECRETARY, CHAIR, ACCOUNTANT, CHIEF, AUDITOR, ADMIN)
SCRIPT: Final = (
    "\"'><script>document.title='stolen'</script><img src=x onerror=\"document.title='stolen'\">{{7*7}}"
)
STEPS: Final = ("idea", "problem", "solution", "trial", "effect", "authors", "files", "review")
_PDF: Final = b"%PDF-1.4\n%%EOF\n"
_LONG: Final = (
    "Một số biện pháp rèn kỹ năng đọc hiểu văn bản cho học sinh lớp 4 người dân tộc Tày, Nùng thông qua "
    "thư viện góc lớp và sổ tay đọc sách song ngữ tại các điểm trường lẻ vùng cao"
)


def mark() -> str:
    """A word that stands nowhere else."""
    return f"mốc{uuid4().hex[:10]}"


@dataclass(frozen=True, slots=True)
class Thing:
    """A fact, by its mark, and the resources that tell it: whoever gets it from none of them must not see it
    on any page."""

    mark: str
    resources: Sequence[tuple[str, str]]


@dataclass(slots=True, kw_only=True)
class Ground:
    """What there is, by the names that addresses use."""

    ids: dict[str, str] = field(default_factory=dict)
    things: list[Thing] = field(default_factory=list)

    async def seen_by(self, api: PeopleApi, account: str) -> frozenset[str]:
        """The marks that the APIs tell this account."""

        async def told(thing: Thing) -> str | None:
            for service, path in thing.resources:
                try:
                    if thing.mark in str(await api.get(account, service, path)):
                        return thing.mark
                except Refused:
                    continue
            return None

        found = await asyncio.gather(*(told(thing) for thing in self.things))
        return frozenset(one for one in found if one)


def routes() -> list[str]:
    """The address of every page, as it stands in its route."""
    return [route.path for module in ROUTES for route in module() if isinstance(route, Route)]


def samples(ground: Ground) -> dict[str, list[str]]:
    """Every route with addresses of it: what has no place in it stands for itself, the rest is told here."""
    found = {path: [path] for path in routes() if "{" not in path}
    found |= {path: [one.format_map(ground.ids) for one in told] for path, told in _told().items()}
    for path, queries in _QUERIES.items():
        found[path] = [*found.get(path, []), *(f"{path}?{one}" for one in queries)]
    return found


_QUERIES: Final[Mapping[str, Sequence[str]]] = {
    "/": ["scope=office"],
    "/dossiers": ["scope=all&q=khong+co", "filed_from=45/1/2026", "state=NONSENSE"],
    "/stages": ["state=WITHDRAWN&sort=due"],
    "/search": ["q=mốc", "q=khong+co+gi", f"q={quote(SCRIPT[:90])}"],
    "/marking/table": ["state=DRAFT"],
    "/administration/people": ["q=nguyen", "q=zzzz"],
    "/administration/units": ["q=quang+trung"],
    "/administration/system": ["state=ALL"],
    "/administration/forecast": ["part=review&days=90"],
    "/register": ["year=2019"],
    "/money": ["state=PAID"],
}
"""Lists with filters: nothing found, something wrong, another half."""


def _told() -> dict[str, list[str]]:
    return {
        **_told_of_dossiers(),
        **_told_of_offices(),
        **_told_of_money(),
        **_told_of_administration(),
        **_told_of_the_rest(),
    }


def _told_of_dossiers() -> dict[str, list[str]]:
    dossier = "/dossiers/{dossier_id:uuid}"
    all_dossiers = ("draft", "filed", "asked", "owed", "refused", "paid")
    acts = [one for one in dossiers_acts.ACTS if not one.startswith("complaint")]
    return {
        dossier: [f"/dossiers/{{{one}}}" for one in all_dossiers],
        f"{dossier}/history": [f"/dossiers/{{{one}}}/history" for one in ("draft", "refused", "paid")],
        f"{dossier}/versions/{{number:int}}": ["/dossiers/{filed}/versions/1", "/dossiers/{owed}/versions/9"],
        f"{dossier}/attachments/{{file_id:uuid}}": ["/dossiers/{owed}/attachments/{file}"],
        f"{dossier}/versions/{{number:int}}/attachments/{{file_id:uuid}}": [
            "/dossiers/{owed}/versions/1/attachments/{file}"
        ],
        f"{dossier}/edit/{{step}}": [
            *(f"/dossiers/{{draft}}/edit/{step}" for step in STEPS),
            "/dossiers/{asked}/edit/idea",
            "/dossiers/{draft}/edit/authors?q=hoa",
            "/dossiers/{filed}/edit/idea",
        ],
        f"{dossier}/uploads": ["/dossiers/{draft}/uploads"],
        f"{dossier}/acts/{{act}}": [
            *(f"/dossiers/{{{one}}}/acts/{act}" for one in ("draft", "filed") for act in acts),
            "/dossiers/{refused}/acts/complaint?about={refused_stage}",
            "/dossiers/{refused}/acts/complaint-withdrawal?about={complaint}",
        ],
    }


def _told_of_offices() -> dict[str, list[str]]:
    return {
        "/dossiers/table.{kind}": ["/dossiers/table.csv", "/dossiers/table.pdf"],
        "/checking/table.{kind}": ["/checking/table.csv"],
        "/lists/drafts/table.{kind}": ["/lists/drafts/table.csv"],
        "/register/table.{kind}": ["/register/table.csv"],
        "/lists/{list_id:uuid}": ["/lists/{list}", "/lists/{list}?show=all"],
        "/lists/{list_id:uuid}/marked.xlsx": ["/lists/{list}/marked.xlsx"],
        "/marking/{stage_id:uuid}": ["/marking/{owed_stage}", "/marking/{ready_stage}"],
        "/marking/{stage_id:uuid}/recusal": ["/marking/{owed_stage}/recusal"],
        "/marking/{stage_id:uuid}/retraction": ["/marking/{ready_stage}/retraction"],
        "/marking/{stage_id:uuid}/files/{file_id:uuid}": ["/marking/{owed_stage}/files/{file}"],
        "/stages/{stage_id:uuid}": [
            "/stages/{owed_stage}",
            "/stages/{ready_stage}",
            "/stages/{refused_stage}",
        ],
        "/decisions/{stage_id:uuid}": ["/decisions/{refused_stage}", "/decisions/{paid_stage}"],
        "/decisions/{stage_id:uuid}/{act}": [
            *(f"/decisions/{{refused_stage}}/{act}" for act in council_decisions.ACTS),
            "/decisions/{paid_stage}/cancellation",
        ],
        "/complaints/{complaint_id:uuid}": ["/complaints/{complaint}"],
        "/help/pictures/{name}": ["/help/pictures/none.png"],
        "/help/{name}": ["/help/author-guide", "/help/none"],
        "/tasks/{service}/{task_id:uuid}": ["/tasks/review/{task}", "/tasks/nobody/{task}"],
        "/kept/{form_id}": ["/kept/none", "/kept/{nobody}"],
    }


def _told_of_money() -> dict[str, list[str]]:
    award, paylist = "/money/awards/{award_id:uuid}", "/money/lists/{list_id:uuid}"
    return {
        award: ["/money/awards/{award}", "/money/awards/{paid_award}"],
        f"{award}/payees": ["/money/awards/{award}/payees?q=hoa", "/money/awards/{paid_award}/payees"],
        f"{award}/{{act}}": [f"/money/awards/{{award}}/{act}" for act in money_awards.ACTS],
        paylist: ["/money/lists/{made}", "/money/lists/{sent}"],
        f"{paylist}/history": ["/money/lists/{sent}/history"],
        f"{paylist}/sending": ["/money/lists/{made}/sending"],
        f"{paylist}/confirmation": ["/money/lists/{sent}/confirmation", "/money/lists/{made}/confirmation"],
        f"{paylist}/{{act}}": [
            *(f"/money/lists/{{sent}}/{act}?award_id={{paid_award}}" for act in money_list.ACTS),
            "/money/lists/{made}/removal",
        ],
    }


def _told_of_administration() -> dict[str, list[str]]:
    people, units = "/administration/people", "/administration/units"
    return {
        "/administration/alarms/{part}/{kind}/{alarm_id:uuid}/{act}": [
            "/administration/alarms/review/MESSAGE_DOES_NOT_ARRIVE/{nobody}/retry",
            "/administration/alarms/review/NONSENSE/{nobody}/retry",
        ],
        "/administration/questions/{part}/{question_id:uuid}": ["/administration/questions/review/{nobody}"],
        f"{people}/{{person_id:uuid}}": [f"{people}/{{person}}", f"{people}/{{nobody}}"],
        f"{people}/{{person_id:uuid}}/{{act}}": [
            *(f"{people}/{{person}}/{act}" for act in (*administration_people.ACTS, "delegation")),
            f"{people}/{{person}}/nonsense",
        ],
        f"{people}/{{person_id:uuid}}/{{thing}}/{{id:uuid}}/{{act}}": [
            f"{people}/{{person}}/leaves/{{leave}}/cancel",
            f"{people}/{{person}}/delegations/{{delegation}}/cancel",
            f"{people}/{{person}}/delegations/{{delegation}}/end",
        ],
        f"{units}/{{unit_id:uuid}}": [f"{units}/{{unit}}", f"{units}/{{nobody}}"],
        f"{units}/{{unit_id:uuid}}/{{act}}": [
            f"{units}/{{unit}}/{act}" for act in ("edit", "move", "unit", "post")
        ],
        f"{units}/{{unit_id:uuid}}/posts/{{post_id:uuid}}/appoint": [
            f"{units}/{{unit}}/posts/{{post}}/appoint"
        ],
        f"{units}/{{unit_id:uuid}}/holdings/{{holding_id:uuid}}/end": [
            f"{units}/{{unit}}/holdings/{{holding}}/end"
        ],
        "/administration/packs/{name}/{version:int}": [
            "/administration/packs/{pack}/{pack_version}",
            "/administration/packs/none/1",
        ],
        "/administration/proposals/{kind}/{proposal_id:uuid}/{act}": [
            "/administration/proposals/accounts/{proposal}/approve",
            "/administration/proposals/accounts/{proposal}/drop",
        ],
        "/administration/mails/{mail_id:uuid}/resend": ["/administration/mails/{nobody}/resend"],
        "/administration/webhooks/{webhook_id:uuid}/{act}": [
            "/administration/webhooks/{webhook}/turning-on",
            "/administration/webhooks/{webhook}/turning-off",
        ],
        "/administration/webhooks/{webhook_id:uuid}/deliveries/{delivery_id:uuid}": [
            "/administration/webhooks/{webhook}/deliveries/{nobody}"
        ],
    }


def _told_of_the_rest() -> dict[str, list[str]]:
    season, draft = "/administration/seasons/{season_id:uuid}", "/administration/drafts/{draft_id:uuid}"
    moved, joined = "/administration/successions", "/administration/joinings/{joining_id:uuid}"
    changed = "/administration/transitions/{transition_id:uuid}"
    hook = "/administration/webhooks/{webhook_id:uuid}"
    return {
        "/about/{subject_id:uuid}": ["/about/{owed}", "/about/{nobody}"],
        "/overview/table/{table}.{kind}": ["/overview/table/funnel.csv"],
        "/audit/units/{unit_id:uuid}": ["/audit/units/{unit}"],
        "/audit/dossiers/{dossier_id:uuid}": ["/audit/dossiers/{refused}"],
        "/audit/dossiers/{dossier_id:uuid}/proof": ["/audit/dossiers/{refused}/proof"],
        "/audit/dossiers/{dossier_id:uuid}/history-{part}.{kind}": [
            "/audit/dossiers/{refused}/history-intake.csv"
        ],
        "/administration/calendar/days/{year:int}": ["/administration/calendar/days/2026"],
        "/administration/calendar/breaks/{break_id:uuid}/end": [
            "/administration/calendar/breaks/{nobody}/end"
        ],
        season: ["/administration/seasons/{season}"],
        f"{season}/rounds/new": ["/administration/seasons/{season}/rounds/new"],
        f"{season}/late": ["/administration/seasons/{season}/late"],
        f"{season}/{{act}}": ["/administration/seasons/{season}/closing"],
        f"{season}/rounds/{{round_id:uuid}}/{{act}}": [
            "/administration/seasons/{season}/rounds/{nobody}/edit"
        ],
        draft: ["/administration/drafts/{nobody}"],
        f"{draft}/numbers": ["/administration/drafts/{nobody}/numbers"],
        f"{draft}/text": ["/administration/drafts/{nobody}/text"],
        f"{draft}/{{act}}": ["/administration/drafts/{nobody}/publication"],
        "/administration/packs/{name}/{version:int}/draft": [
            "/administration/packs/{pack}/{pack_version}/draft"
        ],
        "/administration/rows/{list_id:uuid}": ["/administration/rows/{nobody}"],
        "/administration/rows/{list_id:uuid}/marked.xlsx": ["/administration/rows/{nobody}/marked.xlsx"],
        changed: ["/administration/transitions/{nobody}"],
        f"{changed}/{{act}}": ["/administration/transitions/{nobody}/start"],
        f"{moved}/sheets/{{sheet_id:uuid}}": ["/administration/successions/sheets/{nobody}"],
        f"{moved}/{{succession_id:uuid}}": ["/administration/successions/{nobody}"],
        f"{moved}/{{succession_id:uuid}}/{{act}}": ["/administration/successions/{nobody}/approval"],
        joined: ["/administration/joinings/{nobody}"],
        f"{joined}/{{act}}": ["/administration/joinings/{nobody}/approval"],
        hook: ["/administration/webhooks/{webhook}"],
        f"{hook}/secret": ["/administration/webhooks/{webhook}/secret"],
        f"{hook}/period": ["/administration/webhooks/{webhook}/period"],
    }


class Laying:
    """Makes the ground through the APIs."""

    def __init__(self, api: PeopleApi) -> None:
        self.api = api
        self.money = MoneyCase(api)
        self.ground = Ground(ids={"nobody": str(uuid4())})

    async def lay(self) -> Ground:
        """All of it."""
        await self._requests()
        await self._councils()
        await self._awards()
        await self._people()
        await self._rest()
        return self.ground

    def _title(self, begins: str = _LONG) -> tuple[str, str]:
        made = mark()
        return f"{begins} {made} {SCRIPT}", made

    def _add(self, name: str, dossier_id: str, made: str, *more: tuple[str, str]) -> None:
        self.ground.ids[name] = dossier_id
        paths = [("intake", f"/v1/dossiers/{dossier_id}"), *more]
        self.ground.things.append(Thing(made, paths))

    async def _requests(self) -> None:
        for name, act in (("draft", begin), ("filed", file), ("asked", file)):
            title, made = self._title()
            self._add(name, await act(self.api, AUTHOR, title=title, text=SCRIPT), made)
        path = f"/v1/dossiers/{self.ground.ids['asked']}/supplement-notice"
        defects = [{"content_field": "description", "what": SCRIPT}, SCRIPT]
        await self.api.post(OFFICER, "intake", path, {"defects": defects})

    async def _councils(self) -> None:
        council, ids = self.money.council, self.ground.ids
        for name in ("owed", "ready", "refused"):
            title, made = self._title()
            prose = dict.fromkeys(("problem_solved", "description", "applicability"), f"{SCRIPT}\nMô tả dài")
            opened = await council.opened(title, **prose)
            ids[f"{name}_stage"] = opened.stage_id
            self._add(name, opened.dossier_id, made, ("review", f"/v1/stages/{opened.stage_id}"))
        files = await self.api.get(AUTHOR, "intake", f"/v1/dossiers/{ids['owed']}/attachments")
        ids["file"] = files["items"][0]["id"]
        await council.mark_all(ids["ready_stage"])
        await self._remark("owed_stage", "submit-not")
        for account in COUNCIL:
            await self._hand_in(account, ids["refused_stage"], SCRIPT, submit=True)
        body = {"outcome": "REFUSED", "ground": "BELOW_THRESHOLD", "reasons": SCRIPT}
        path = f"/v1/stages/{ids['refused_stage']}"
        await self.api.post(CHAIR, "review", f"{path}/decision", body)
        made = mark()
        reason = {"reason": f"{made} {SCRIPT}"}
        complaint = await self.api.post(AUTHOR, "review", f"{path}/complaints", reason)
        ids["complaint"] = complaint["id"]
        about = f"/v1/complaints/{complaint['id']}"
        self.ground.things.append(Thing(made, [("review", about), ("review", f"{path}/complaints")]))

    async def _remark(self, stage: str, _: str) -> None:
        """A sheet that was begun is its member's own affair."""
        stage_id, made = self.ground.ids[stage], mark()
        sheet_id = await self._hand_in(MEMBER, stage_id, f"{made} {SCRIPT}", submit=False)
        self.ground.things.append(Thing(made, [("review", f"/v1/score-sheets/{sheet_id}")]))

    async def _hand_in(self, account: str, stage_id: str, remark: str, *, submit: bool) -> str:
        sheet, _ = await self.money.council.sheet(account, stage_id)
        item = {"id": sheet["id"], "version": sheet["version"], "scores": POOR, "vote": "REJECT"}
        item |= {"remark": remark, "remarks": {"novelty": remark}, "submit": submit}
        done = await self.api.post(account, "review", "/v1/batch/score-sheets", {"items": [item]})
        assert done["refused"] == 0, done
        return str(sheet["id"])

    async def _awards(self) -> None:
        ids = self.ground.ids
        paid = await self._award("paid", self.money.approved)
        ids["paid_award"], ids["paid_stage"] = paid["id"], paid["stage_id"]
        ids["sent"] = (await self.money.sent(paid["id"]))["id"]
        held = await self._award("held", self.money.approved)
        ids["made"] = (await self.money.made(held["id"]))["id"]
        ids["award"] = (await self._award("award_of", self.money.award))["id"]

    async def _award(self, name: str, make: Any) -> dict[str, Any]:
        title, made = self._title()
        award: dict[str, Any] = await make(title)
        stages = await self.api.get(CHAIR, "review", "/v1/stages", dossier_id=award["dossier_id"])
        award["stage_id"] = stages["items"][0]["id"]
        paths = (("payout", f"/v1/awards/{award['id']}"), ("review", f"/v1/stages/{award['stage_id']}"))
        self._add(name, award["dossier_id"], made, *paths)
        return award

    async def _people(self) -> None:
        api, ids = self.api, self.ground.ids
        made = mark()
        person = {"code": f"cb{uuid4().hex[:8]}", "full_name": f"Nguyễn Thị Hoài {SCRIPT}"[:100]}
        mail = f"{uuid4().hex[:10]}@truong.example"
        born = await api.post(ADMIN, "organisation", "/v1/people", {**person, "mail_address": mail})
        ids["unit"] = (await api.get(CHAIR, "organisation", "/v1/me"))["posts"][0]["unit_id"]
        post = {"unit_id": ids["unit"], "kind": "STAFF", "title": f"{made} {SCRIPT}"}
        ids["person"], ids["post"] = (
            born["id"],
            (await api.post(ADMIN, "organisation", "/v1/posts", post))["id"],
        )
        path = f"/v1/people/{born['id']}"
        since = {"person_id": born["id"], "held_from": str(today() - timedelta(days=90))}
        holding = await api.post(ADMIN, "organisation", f"/v1/posts/{ids['post']}/holdings", since)
        ids["holding"] = holding["id"]
        days = {"starts_on": str(today() + timedelta(days=9)), "ends_on": str(today() + timedelta(days=12))}
        ids["leave"] = (await api.post(ADMIN, "organisation", f"{path}/leaves", days))["id"]
        deputy = (await api.get(CHAIR, "organisation", "/v1/me"))["person_id"]
        given = {**days, "delegate_id": deputy, "unit_id": ids["unit"], "reason": SCRIPT}
        ids["delegation"] = (await api.post(ADMIN, "organisation", f"{path}/delegations", given))["id"]
        self.ground.things.append(Thing(mail, [("organisation", path)]))

    async def _rest(self) -> None:
        api, ids = self.api, self.ground.ids
        tasks = await api.get(MEMBER, "review", "/v1/tasks", kind="MARK")
        ids["task"] = tasks["items"][0]["id"]
        packs = await api.get(ADMIN, "rulebook", "/v1/policy-packs")
        ids["pack"], ids["pack_version"] = packs["items"][0]["name"], str(packs["items"][0]["version"])
        ids["season"] = (await api.get(ADMIN, "rulebook", "/v1/seasons"))["items"][0]["id"]
        other = await api.get(ADMIN, "organisation", "/v1/people", q="quantri2")
        path = f"/v1/people/{other['items'][0]['id']}/account/proposals"
        made = mark()
        proposed = {"act": "CLOSE_ACCOUNT", "reason": f"{made} {SCRIPT}"[:200]}
        ids["proposal"] = (await api.post(ADMIN, "organisation", path, proposed))["id"]
        self.ground.things.append(Thing(made, [("organisation", "/v1/account-proposals")]))
        hook = {"url": "https://may-chu.example/nhan", "kinds": ["TASK_OPENED"]}
        ids["webhook"] = (await api.post(ADMIN, "postroom", "/v1/webhooks", hook))["id"]


async def send_list(world: World, ground: Ground) -> None:
    """A clerk sends a list in Excel by its page, with doubts in it."""
    rows = [one(1, f"{_LONG} {SCRIPT}", share="01a"), one(2, SCRIPT, name=SCRIPT[:60]), [SCRIPT[:50]]]
    content = workbook([["DANH SÁCH SÁNG KIẾN"], HEADER, *rows])
    async with await as_person(world, OFFICER) as browser:
        seen = await browser.get("/lists")
        form = seen.form(asks="file")
        assert form is not None
        sent = await browser.send(seen, form, files={"file": ("danh-sach.xlsx", content)})
        ground.ids["list"] = sent.path.rsplit("/", 1)[1]


async def as_person(world: World, account: str, language: str = "vi") -> Browser:
    """This person's browser, signed in."""
    browser = Browser(world.base, language)
    await browser.sign_in(account, await world.password(account))
    return browser
