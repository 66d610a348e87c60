"""How the people of a rehearsal behave: what each does with a task, and how good each dossier is. Seeded, so
a season can be repeated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any, Final

from cli.filing import Filed, Imported
from cli.people_api import PeopleApi, Refused
from language.events.intake import DossierSupplemented

_SUPPLEMENT_SHARE = 0.08
_REJECT_SHARE = 0.03
_WITHDRAW_SHARE = 0.03
_MEAN_QUALITY, _QUALITY_SPREAD, _MEMBER_SPREAD = 0.76, 0.11, 0.05
_PASSING = 0.5
_HARMLESS = {
    "NotYourTask",
    "NoLongerActing",
    "AlreadyDecided",
    "WrongState",
    "SheetAlreadySubmitted",
    "OwnSheetOwed",
    "StageClosed",
    "SeatReplaced",
    "AwardNotThere",
    "NotFound",
    "EditConflict",
    "WithdrawalPending",
    "StageMovedAway",
    "NothingToPay",
    "ListNotThere",
}
"""What people run into when the clock or a colleague was faster; they look again and find it done."""
TOO_FEW: Final = "QuorumNotReached"
"""A council that is too small for now is on the alarm list; who decides looks again until it is not."""

_NEXT_ATTEMPT = {
    "PromotionNotAllowed",
    "PromotionQuotaUsedUp",
    "PassRuleNotMet",
    "GroundDoesNotFit",
    "GroundNotInMarks",
}
LIST_TASKS = frozenset({"MAKE_LIST", "SEND_LIST", "CONFIRM_LIST"})
_REASONS = "Hội đồng đã xem xét phiếu chấm và ý kiến của các thành viên."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who is who: accounts by person id, the dossiers by id, who never acts, and the seed."""

    imported: Imported
    filed: Mapping[str, Filed]
    silent: frozenset[str]
    seed: int

    def random(self, *key: object) -> Random:
        """The same luck for the same thing, whatever the order of events."""
        return Random(repr((self.seed, *key)))

    def number_of(self, subject_id: str) -> int:
        """The dossier's number in the list: ids differ from run to run. A payment list has none of its
        own."""
        filed = self.filed.get(subject_id)
        return filed.listed.number if filed else 0

    def withdraws(self, dossier_id: str) -> bool:
        """The author changes their mind at some time."""
        return self.random("withdraw", self.number_of(dossier_id)).random() < _WITHDRAW_SHARE

    def knows(self, task: Mapping[str, Any]) -> bool:
        """It is about a dossier of this season, or a payment list, which lies in none."""
        return task["subject_id"] in self.filed or task["kind"] in LIST_TASKS


class People:
    """Act on tasks as the person they are given to."""

    def __init__(self, api: PeopleApi, cast: Cast) -> None:
        self._api = api
        self._cast = cast
        self._acts = {
            "FORMAL_CHECK": self._check,
            "SUPPLEMENT": self._supplement,
            "MARK": self._mark,
            "DECIDE": self._decide,
            "VERIFY_AWARD": self._verify,
            "APPROVE_AWARD": self._approve,
            "MAKE_LIST": self._make_list,
            "SEND_LIST": self._send,
            "CONFIRM_LIST": self._confirm,
        }

    async def act(self, task: Mapping[str, Any]) -> str | None:
        """Do the task; else the code with which the system says that it is not (or no longer) to be done."""
        account = self._cast.imported.accounts[task["assignee_id"]]
        try:
            await self._acts[task["kind"]](account, task)
        except Refused as refused:
            if refused.code in {*_HARMLESS, TOO_FEW}:
                return refused.code
            # A list is sent and confirmed by a post, too: so is refused whose task on it went away.
            if refused.code == "Forbidden" and task["kind"] in LIST_TASKS:
                return refused.code
            raise
        return None

    async def withdraw(self, dossier_id: str) -> bool:
        """The author takes the dossier back; False when it is over already."""
        reason = {"reason": "Tác giả xin rút để hoàn thiện thêm."}
        try:
            await self._api.post(
                self._cast.filed[dossier_id].filer, "intake", f"/v1/dossiers/{dossier_id}/withdrawal", reason
            )
        except Refused as refused:
            if refused.code in _HARMLESS:
                return False
            raise
        return True

    async def _check(self, account: str, task: Mapping[str, Any]) -> None:
        luck = self._cast.random("check", self._cast.number_of(task["subject_id"])).random()
        history = await self._api.get(account, "intake", f"/v1/dossiers/{task['subject_id']}/history")
        supplemented = any(event["kind"] == DossierSupplemented.__name__ for event in history["items"])
        path = f"/v1/dossiers/{task['subject_id']}"
        if luck < _REJECT_SHARE:
            rejection = {"ground": "INCOMPLETE", "reason": "Bản mô tả không nêu các bước thực hiện."}
            await self._api.post(account, "intake", f"{path}/rejection", rejection)
        elif luck < _SUPPLEMENT_SHARE and not supplemented:
            await self._api.post(
                account, "intake", f"{path}/supplement-notice", {"defects": ["Bổ sung minh chứng áp dụng."]}
            )
        else:
            await self._accept(account, path)

    async def _accept(self, account: str, path: str) -> None:
        """Accept; what the rules of the check keep out (authors, shares) no supplement mends."""
        try:
            await self._api.post(account, "intake", f"{path}/acceptance")
        except Refused as refused:
            if refused.code != "CheckRulesNotMet":
                raise
            await self._api.post(
                account, "intake", f"{path}/rejection", {"ground": "INCOMPLETE", "reason": refused.detail}
            )

    async def _supplement(self, account: str, task: Mapping[str, Any]) -> None:
        path = f"/v1/dossiers/{task['subject_id']}"
        dossier, etag = await self._api.get_with_etag(account, "intake", path)
        content = {
            **dossier["content"],
            "benefit_by_others": "Tổ chuyên môn xác nhận đã áp dụng trong học kỳ I.",
        }
        await self._api.put(account, "intake", f"{path}/content", content, etag)
        await self._api.post(account, "intake", f"{path}/supplement")

    async def _mark(self, account: str, task: Mapping[str, Any]) -> None:
        stage = await self._api.get(account, "review", f"/v1/stages/{task['about_id']}")
        own = [sheet for sheet in stage["sheets"] if sheet["state"] == "DRAFT"]
        if not own:
            raise Refused(404, "NotFound", "no sheet to fill in")
        number = self._cast.number_of(task["subject_id"])
        quality = self._cast.random("quality", number).gauss(_MEAN_QUALITY, _QUALITY_SPREAD)
        luck = self._cast.random("mark", number, account)
        share = min(1.0, max(0.0, luck.gauss(quality, _MEMBER_SPREAD)))
        sheet = {**filled_in(stage["rules"]["criteria"], share), "vote": "APPROVE", "submit": True}
        if share < _PASSING:
            sheet |= {"vote": "REJECT", "remark": "Tính mới và khả năng áp dụng chưa rõ."}
        await self._api.put(
            account, "review", f"/v1/score-sheets/{own[0]['id']}", sheet, f'"v{own[0]["version"]}"'
        )

    async def _decide(self, account: str, task: Mapping[str, Any]) -> None:
        """Recognise and propose upward if the rules allow it; else recognise; else refuse with the ground
        that fits."""
        path = f"/v1/stages/{task['about_id']}/decision"
        attempts: list[dict[str, Any]] = [
            {"outcome": "RECOGNISED", "propose": True, "reasons": _REASONS},
            {"outcome": "RECOGNISED", "propose": False, "reasons": _REASONS},
            {
                "outcome": "REFUSED",
                "ground": "BELOW_THRESHOLD",
                "reasons": "Chưa đạt điểm hoặc số phiếu theo quy định.",
            },
            {
                "outcome": "REFUSED",
                "ground": "VOTE_NOT_REACHED",
                "reasons": "Chưa đạt số phiếu theo quy định.",
            },
            {
                "outcome": "REFUSED",
                "ground": "NOT_EXAMINED",
                "reasons": "Hội đồng không gửi phiếu nào trong thời hạn.",
            },
        ]
        for attempt in attempts[:-1]:
            try:
                await self._api.post(account, "review", path, attempt)
            except Refused as refused:
                if refused.code not in _NEXT_ATTEMPT:
                    raise
            else:
                return
        await self._api.post(account, "review", path, attempts[-1])

    async def _verify(self, account: str, task: Mapping[str, Any]) -> None:
        await self._api.post(account, "payout", f"/v1/awards/{task['about_id']}/verification")

    async def _approve(self, account: str, task: Mapping[str, Any]) -> None:
        await self._api.post(account, "payout", f"/v1/awards/{task['about_id']}/approval")

    async def _make_list(self, account: str, task: Mapping[str, Any]) -> None:
        await self._api.post(account, "payout", "/v1/payment-lists", {"unit_id": task["unit_id"]})

    async def _send(self, account: str, task: Mapping[str, Any]) -> None:
        await self._api.post(account, "payout", f"/v1/payment-lists/{task['about_id']}/sending")

    async def _confirm(self, account: str, task: Mapping[str, Any]) -> None:
        await self._api.post(
            account,
            "payout",
            f"/v1/payment-lists/{task['about_id']}/confirmation",
            {"statement_reference": f"KB {task['subject_code']}"},
        )


def filled_in(criteria: Sequence[Mapping[str, Any]], share: float) -> dict[str, dict[str, str]]:
    """Marks at this share of each maximum, to the nearest step, with the remarks that the rules ask for on
    such marks."""
    scores, remarks = {}, {}
    for line in criteria:
        step, highest = Decimal(line["step"]), Decimal(line["max_score"])
        score = min(int(highest / step), round(highest * Decimal(share) / step)) * step
        scores[line["id"]] = str(score)
        rule = line["remark"]
        if rule and (rule["below"] is None or score < Decimal(rule["below"])):
            remarks[line["id"]] = "Đã đối chiếu với minh chứng trong hồ sơ."
    return {"scores": scores, "remarks": remarks}
