"""How the people of a rehearsal behave: what each does with a task, and how good each dossier is. Seeded, so
a season can be repeated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, Final

from cli.filing import Filed, Imported
from cli.people_api import Refused
from rehearsal.dead_ends import NO_WAY
from rehearsal.hands import Hands, Task, Verdict

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

LIST_TASKS = frozenset({"MAKE_LIST", "SEND_LIST", "CONFIRM_LIST"})
_REASONS = "Hội đồng đã xem xét phiếu chấm và ý kiến của các thành viên."
_VERDICTS: Final[Sequence[Verdict]] = (
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
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who is who: accounts by person id, the dossiers by id, who never acts, and the seed."""

    imported: Imported
    filed: Mapping[str, Filed]
    silent: frozenset[str]
    seed: int
    through_pages: frozenset[int] = frozenset()
    """By number the dossiers that are carried by people who use only the pages."""
    owing: set[str] = field(default_factory=set)
    """The units that owe an award of such a dossier: their payment lists go through pages, too."""

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

    def knows(self, task: Task) -> bool:
        """It is about a dossier of this season, or a payment list, which lies in none."""
        return task["subject_id"] in self.filed or task["kind"] in LIST_TASKS

    def is_at_pages(self, task: Task) -> bool:
        """Whoever has it uses only the pages."""
        if task["kind"] in LIST_TASKS:
            return task["unit_id"] in self.owing
        return self.number_of(task["subject_id"]) in self.through_pages

    def note_award(self, award: Mapping[str, Any]) -> None:
        """One of these dossiers was recognised with money."""
        if self.number_of(award["dossier_id"]) in self.through_pages:
            self.owing.add(award["unit_id"])


class People:
    """Act on tasks as the person they are given to, with the hands that carry the dossier."""

    def __init__(self, api: Hands, pages: Hands, cast: Cast) -> None:
        self._api = api
        self._pages = pages
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

    async def act(self, task: Task) -> str | None:
        """Do the task; else the code with which the system says that it is not (or no longer) to be done."""
        account = self._cast.imported.accounts[task["assignee_id"]]
        hands = self._pages if self._cast.is_at_pages(task) else self._api
        try:
            await self._acts[task["kind"]](hands, account, task)
        except Refused as refused:
            if refused.code in {*_HARMLESS, TOO_FEW, NO_WAY}:
                return refused.code
            # A list is sent and confirmed by a post, too: so is refused whose task on it went away.
            if refused.code == "Forbidden" and task["kind"] in LIST_TASKS:
                return refused.code
            raise
        return None

    def filing(self, number: int) -> Hands:
        """With which the dossier of this number in the list is filed."""
        return self._pages if number in self._cast.through_pages else self._api

    async def withdraw(self, dossier_id: str) -> bool:
        """The author takes the dossier back; False when it is over already."""
        filed = self._cast.filed[dossier_id]
        try:
            await self.filing(filed.listed.number).withdraw(
                filed.filer, dossier_id, "Tác giả xin rút để hoàn thiện thêm."
            )
        except Refused as refused:
            if refused.code in {*_HARMLESS, NO_WAY}:
                return False
            raise
        return True

    async def _check(self, hands: Hands, account: str, task: Task) -> None:
        luck = self._cast.random("check", self._cast.number_of(task["subject_id"])).random()
        if luck < _REJECT_SHARE:
            await hands.reject(account, task, "INCOMPLETE", "Bản mô tả không nêu các bước thực hiện.")
        elif luck < _SUPPLEMENT_SHARE and not await hands.was_supplemented(account, task):
            await hands.ask_for_supplement(account, task, ["Bổ sung minh chứng áp dụng."])
        else:
            await self._accept(hands, account, task)

    async def _accept(self, hands: Hands, account: str, task: Task) -> None:
        """Accept; what the rules of the check keep out (authors, shares) no supplement mends."""
        try:
            await hands.accept(account, task)
        except Refused as refused:
            if refused.code != "CheckRulesNotMet":
                raise
            await hands.reject(account, task, "INCOMPLETE", refused.detail)

    async def _supplement(self, hands: Hands, account: str, task: Task) -> None:
        changed = {"benefit_by_others": "Tổ chuyên môn xác nhận đã áp dụng trong học kỳ I."}
        await hands.supplement(account, task, changed)

    async def _mark(self, hands: Hands, account: str, task: Task) -> None:
        number = self._cast.number_of(task["subject_id"])
        quality = self._cast.random("quality", number).gauss(_MEAN_QUALITY, _QUALITY_SPREAD)
        luck = self._cast.random("mark", number, account)
        share = min(1.0, max(0.0, luck.gauss(quality, _MEMBER_SPREAD)))
        vote: dict[str, str] = {"vote": "APPROVE"}
        if share < _PASSING:
            vote = {"vote": "REJECT", "remark": "Tính mới và khả năng áp dụng chưa rõ."}
        await hands.mark(account, task, lambda criteria: {**filled_in(criteria, share), **vote})

    async def _decide(self, hands: Hands, account: str, task: Task) -> None:
        """Recognise and propose upward if the rules allow it; else recognise; else refuse with the ground
        that fits."""
        await hands.decide(account, task, _VERDICTS)

    async def _verify(self, hands: Hands, account: str, task: Task) -> None:
        await hands.verify(account, task)

    async def _approve(self, hands: Hands, account: str, task: Task) -> None:
        await hands.approve(account, task)

    async def _make_list(self, hands: Hands, account: str, task: Task) -> None:
        await hands.make_list(account, task)

    async def _send(self, hands: Hands, account: str, task: Task) -> None:
        await hands.send_list(account, task)

    async def _confirm(self, hands: Hands, account: str, task: Task) -> None:
        await hands.confirm_list(account, task, f"KB {task['subject_code']}")


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
