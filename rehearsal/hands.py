"""How people of a rehearsal do what they have decided to do: one interface, with the public APIs behind it or
the pages. What they decide stands in `people.py`, and is the same with either."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

from cli.filing import Filed, Imported, Manner, file_listed
from cli.people_api import PeopleApi, Refused
from cli.province import Province
from cli.spreadsheet import ListedDossier
from language.events.intake import DossierSupplemented

Task: TypeAlias = Mapping[str, Any]
Sheet: TypeAlias = Mapping[str, Any]
Fill: TypeAlias = Callable[[Sequence[Mapping[str, Any]]], Sheet]
"""From the criteria of a sheet (id, step, max_score, remark) to what is handed in."""
Verdict: TypeAlias = Mapping[str, Any]
NEXT_ATTEMPT: Final = frozenset(
    {
        "PromotionNotAllowed",
        "PromotionQuotaUsedUp",
        "PassRuleNotMet",
        "GroundDoesNotFit",
        "GroundNotInMarks",
    }
)
"""The rules do not take this verdict; perhaps they take another."""


class Hands(Protocol):
    """Each does one thing as `account`, or raises `Refused` with the code for which it could not be done."""

    async def file(self, listed: ListedDossier, manner: Manner, unit_code: str | None = None) -> Filed:
        """Draft, attach, have the shares confirmed and file: in the authors' school, or in this unit."""

    async def withdraw(self, account: str, dossier_id: str, reason: str) -> None:
        """Take the dossier back."""

    async def was_supplemented(self, account: str, task: Task) -> bool:
        """A supplement came in before."""

    async def accept(self, account: str, task: Task) -> None:
        """The request is complete; `CheckRulesNotMet` says what keeps it out."""

    async def reject(self, account: str, task: Task, ground: str, reason: str) -> None:
        """The request is not accepted."""

    async def ask_for_supplement(self, account: str, task: Task, defects: Sequence[str]) -> None:
        """The request lacks this."""

    async def supplement(self, account: str, task: Task, changed: Mapping[str, str]) -> None:
        """Write this into the dossier and send it in."""

    async def mark(self, account: str, task: Task, fill: Fill) -> None:
        """Fill in the own sheet and hand it in."""

    async def decide(self, account: str, task: Task, verdicts: Sequence[Verdict]) -> None:
        """The first of these that the rules take."""

    async def verify(self, account: str, task: Task) -> None:
        """The first signature under an award."""

    async def approve(self, account: str, task: Task) -> None:
        """The second."""

    async def make_list(self, account: str, task: Task) -> None:
        """A payment list of all that waits in the unit."""

    async def send_list(self, account: str, task: Task) -> None:
        """It goes to the treasury."""

    async def confirm_list(self, account: str, task: Task, reference: str) -> None:
        """The treasury has paid it, says this statement."""


class ApiHands:
    """Through the public APIs, as a program would."""

    def __init__(self, api: PeopleApi, province: Province, imported: Imported) -> None:
        self._api = api
        self._province = province
        self._imported = imported

    async def file(self, listed: ListedDossier, manner: Manner, unit_code: str | None = None) -> Filed:
        """Draft, attach, confirm and file."""
        return await file_listed(self._api, self._province, self._imported, listed, manner, unit_code)

    async def withdraw(self, account: str, dossier_id: str, reason: str) -> None:
        """Take the dossier back."""
        path = f"/v1/dossiers/{dossier_id}/withdrawal"
        await self._api.post(account, "intake", path, {"reason": reason})

    async def was_supplemented(self, account: str, task: Task) -> bool:
        """As the history tells it."""
        history = await self._api.get(account, "intake", f"{_dossier(task)}/history")
        return any(event["kind"] == DossierSupplemented.__name__ for event in history["items"])

    async def accept(self, account: str, task: Task) -> None:
        """The request is complete."""
        await self._api.post(account, "intake", f"{_dossier(task)}/acceptance")

    async def reject(self, account: str, task: Task, ground: str, reason: str) -> None:
        """The request is not accepted."""
        body = {"ground": ground, "reason": reason}
        await self._api.post(account, "intake", f"{_dossier(task)}/rejection", body)

    async def ask_for_supplement(self, account: str, task: Task, defects: Sequence[str]) -> None:
        """The request lacks this."""
        body = {"defects": list(defects)}
        await self._api.post(account, "intake", f"{_dossier(task)}/supplement-notice", body)

    async def supplement(self, account: str, task: Task, changed: Mapping[str, str]) -> None:
        """Write it, then send it in."""
        dossier, etag = await self._api.get_with_etag(account, "intake", _dossier(task))
        content = {**dossier["content"], **changed}
        await self._api.put(account, "intake", f"{_dossier(task)}/content", content, etag)
        await self._api.post(account, "intake", f"{_dossier(task)}/supplement")

    async def mark(self, account: str, task: Task, fill: Fill) -> None:
        """Fill in the own sheet and hand it in."""
        stage = await self._api.get(account, "review", f"/v1/stages/{task['about_id']}")
        own = [sheet for sheet in stage["sheets"] if sheet["state"] == "DRAFT"]
        if not own:
            raise Refused(404, "NotFound", "no sheet to fill in")
        sheet = {**fill(stage["rules"]["criteria"]), "submit": True}
        path = f"/v1/score-sheets/{own[0]['id']}"
        await self._api.put(account, "review", path, sheet, f'"v{own[0]["version"]}"')

    async def decide(self, account: str, task: Task, verdicts: Sequence[Verdict]) -> None:
        """The first that the rules take."""
        path = f"/v1/stages/{task['about_id']}/decision"
        for verdict in verdicts[:-1]:
            try:
                await self._api.post(account, "review", path, verdict)
            except Refused as refused:
                if refused.code not in NEXT_ATTEMPT:
                    raise
            else:
                return
        await self._api.post(account, "review", path, verdicts[-1])

    async def verify(self, account: str, task: Task) -> None:
        """The first signature."""
        await self._api.post(account, "payout", f"/v1/awards/{task['about_id']}/verification")

    async def approve(self, account: str, task: Task) -> None:
        """The second."""
        await self._api.post(account, "payout", f"/v1/awards/{task['about_id']}/approval")

    async def make_list(self, account: str, task: Task) -> None:
        """A list of all that waits."""
        await self._api.post(account, "payout", "/v1/payment-lists", {"unit_id": task["unit_id"]})

    async def send_list(self, account: str, task: Task) -> None:
        """It goes to the treasury."""
        await self._api.post(account, "payout", f"/v1/payment-lists/{task['about_id']}/sending")

    async def confirm_list(self, account: str, task: Task, reference: str) -> None:
        """All of it was paid."""
        path = f"/v1/payment-lists/{task['about_id']}/confirmation"
        await self._api.post(account, "payout", path, {"statement_reference": reference})


def _dossier(task: Task) -> str:
    return f"/v1/dossiers/{task['subject_id']}"
