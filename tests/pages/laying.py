"""Lays the ground through the APIs, and a list through its page."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from cli.browsing import Browser
from cli.people_api import PeopleApi
from tests.intake_cases import today
from tests.pages.carrying import begin, file
from tests.pages.clerk_cases import one
from tests.pages.conftest import World
from tests.pages.council_cases import AUTHOR, CHAIR, COUNCIL, MEMBER, OFFICER, POOR
from tests.pages.ground import ADMIN, SCRIPT, Ground, Thing, mark
from tests.pages.money_cases import MoneyCase
from tests.pages.steering_ground import SteeringGround
from tests.workbooks import HEADER, workbook

_PDF: Final = b"%PDF-1.4\n%%EOF\n"
_LONG: Final = (
    "Một số biện pháp rèn kỹ năng đọc hiểu văn bản cho học sinh lớp 4 người dân tộc Tày, Nùng thông qua "
    "thư viện góc lớp và sổ tay đọc sách song ngữ tại các điểm trường lẻ vùng cao"
)


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
        await SteeringGround(self.api, self.ground).lay()
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
        ids["season"] = (await api.get(ADMIN, "rulebook", "/v1/seasons"))["items"][0]["id"]
        other = await api.get(ADMIN, "organisation", "/v1/people", q="quantri2")
        path = f"/v1/people/{other['items'][0]['id']}/account/proposals"
        made = mark()
        proposed = {"act": "CLOSE_ACCOUNT", "reason": f"{made} {SCRIPT}"[:200]}
        ids["proposal"] = (await api.post(ADMIN, "organisation", path, proposed))["id"]
        self.ground.things.append(Thing(made, [("organisation", "/v1/account-proposals")]))
        hook = {"url": "https://may-chu.example/nhan", "kinds": ["TASK_OPENED"]}
        ids["webhook"] = (await api.post(ADMIN, "postroom", "/v1/webhooks", hook))["id"]


async def send_lists(world: World, ground: Ground) -> None:
    """Lists in Excel by their pages: a clerk's of initiatives, with doubts in it, an administrator's of units
    and of what becomes of them."""
    listed = [one(1, f"{_LONG} {SCRIPT}", share="01a"), one(2, SCRIPT, name=SCRIPT[:60]), [SCRIPT[:50]]]
    rows = [["DANH SÁCH SÁNG KIẾN"], HEADER, *listed]
    ground.ids["list"] = await _send(world, OFFICER, "/lists", rows)
    rows = [["Mã đơn vị", "Mã đơn vị cấp trên", "Tên đơn vị", "Cấp"], ["T971", "H1", SCRIPT, "trường"]]
    ground.ids["rows"] = await _send(world, ADMIN, "/administration/rows", rows, valid_from="2998-01-01")
    heads = ["Mã đơn vị cũ", "Cách sắp xếp", "Mã đơn vị mới", "Tên mới", "Gồm"]
    rows, path = [heads, ["T009", "đổi tên", "", SCRIPT, ""]], "/administration/successions/new"
    ground.ids["sheet"] = await _send(world, ADMIN, path, rows, document=SCRIPT, from_day="2999-01-01")


async def _send(world: World, account: str, path: str, rows: Sequence[Sequence[str]], **given: str) -> str:
    """The id under which the list is kept."""
    async with await as_person(world, account) as browser:
        seen = await browser.get(path)
        form = seen.form(asks="file")
        assert form is not None
        files = {"file": ("danh-sach.xlsx", workbook(rows))}
        sent = await browser.send(seen, form, given, files=files)
        assert sent.done, sent.texts
        return sent.path.rsplit("/", 1)[1]


async def as_person(world: World, account: str, language: str = "vi") -> Browser:
    """This person's browser, signed in."""
    browser = Browser(world.base, language)
    await browser.sign_in(account, await world.password(account))
    return browser
