"""Where a page lets somebody do nothing, the API is asked whether it is right: a task may have gone to
somebody else meanwhile, or the rules may be against it. Where the API would take it, the page is at fault."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from cli.people_api import PeopleApi, Refused
from rehearsal.hands import NEXT_ATTEMPT, Task, Verdict

NO_WAY: Final = "NoWayOnThePages"
"""A task is due and the pages do not let it be done: a violation, told by then."""
NOTHING_OFFERED: Final = "a page offered nothing to do for a task that is due"
WhyNot: TypeAlias = Callable[[], Awaitable[str]]
"""The code with which the API would refuse it, too; empty if it would take it."""
_TRIED: Final[Sequence[Verdict]] = (
    {"outcome": "REFUSED", "ground": "NOT_EXAMINED", "reasons": "Hội đồng không gửi phiếu nào."},
    {"outcome": "RECOGNISED", "propose": False, "reasons": "Hội đồng đã xem xét phiếu chấm."},
)
_OF_THE_VERDICT: Final = NEXT_ATTEMPT | {"SheetsOwed"}
"""They speak of what was tried, and of trying; another verdict may be taken."""
_OVER: Final = "NotYourTask"
_DONE_BY: Final[Mapping[str, tuple[str, str, str]]] = {
    "FORMAL_CHECK": ("intake", "/v1/dossiers/{subject_id}", "rejection"),
    "SUPPLEMENT": ("intake", "/v1/dossiers/{subject_id}", "supplement"),
    "VERIFY_AWARD": ("payout", "/v1/awards/{about_id}", "verification"),
    "APPROVE_AWARD": ("payout", "/v1/awards/{about_id}", "approval"),
    "SEND_LIST": ("payout", "/v1/payment-lists/{about_id}", "sending"),
    "CONFIRM_LIST": ("payout", "/v1/payment-lists/{about_id}", "confirmation"),
}
"""By kind of task the service, the resource and the command that do it."""
_SERVICES: Final[Mapping[str, str]] = {
    **{kind: service for kind, (service, _, _) in _DONE_BY.items()},
    "MARK": "review",
    "DECIDE": "review",
    "MAKE_LIST": "payout",
}


def service_of(task: Task) -> str:
    """Who keeps the task."""
    return _SERVICES[task["kind"]]


class StuckAtPage(Exception):
    """What somebody wanted to do, the page did not let them do; `said` is what it says of that."""

    def __init__(self, where: str, said: str) -> None:
        super().__init__(where, said)
        self.where = where
        self.said = said


class Judge:
    """Asks the API, as the very person, whether a page is right to let nothing be done."""

    def __init__(self, api: PeopleApi) -> None:
        self._api = api

    async def of_task(self, account: str, task: Task) -> str:
        """Why the task is not to be done by this person now; empty if it is."""
        try:
            now = await self._api.get(account, service_of(task), f"/v1/tasks/{task['id']}")
            if now["state"] != "OPEN" or now["assignee_id"] != task["assignee_id"]:
                return _OVER
            return await self._command(account, task)
        except Refused as refused:
            return refused.code

    async def of_command(self, account: str, service: str, path: str, command: str) -> str:
        """Why this person may not give this command; empty if it may be tried."""
        try:
            found = await self._api.get(account, service, path, actions="true")
        except Refused as refused:
            return refused.code
        action = next((one for one in found["actions"] if one["command"] == command), None)
        return str(action["code"]) if action and action["allowed"] is False else ""

    async def of_share(self, account: str, dossier_id: str, person_id: str) -> str:
        """Why this author need not confirm the own share; empty if it is awaited."""
        try:
            found = await self._api.get(account, "intake", f"/v1/dossiers/{dossier_id}/shares")
        except Refused as refused:
            return refused.code
        own: Any = next((one for one in found["items"] if one["person_id"] == person_id), None)
        return "" if own and own["is_asked"] and own["answer"] is None else _OVER

    async def _command(self, account: str, task: Task) -> str:
        if task["kind"] == "MAKE_LIST":
            body = {"unit_id": task["unit_id"]}
            await self._api.post(account, "payout", "/v1/payment-lists", body, dry_run="true")
            return ""
        if task["kind"] == "MARK":
            stage = await self._api.get(account, "review", f"/v1/stages/{task['about_id']}")
            own = next((one for one in stage["sheets"] if one["state"] == "DRAFT"), None)
            if own is None:
                return _OVER
            return await self.of_command(account, "review", f"/v1/score-sheets/{own['id']}", "put")
        if task["kind"] == "DECIDE":
            return await self._decision(account, task)
        service, path, command = _DONE_BY[task["kind"]]
        return await self.of_command(account, service, path.format(**task), command)

    async def _decision(self, account: str, task: Task) -> str:
        """What is against any verdict: one that needs no marks tells of the quorum also while sheets are
        owed, one by marks of the own sheet."""
        path = f"/v1/stages/{task['about_id']}/decision"
        for verdict in _TRIED:
            try:
                await self._api.post(account, "review", path, verdict, dry_run="true")
            except Refused as refused:
                if refused.code not in _OF_THE_VERDICT:
                    return refused.code
        return ""
