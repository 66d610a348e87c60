"""Whatever is done in whatever order, an award is where the table of its ways says, and the ledger balances:
every answer is compared with a plain model of the whole."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import httpx
import pytest

from language.messages.payout import AwardState
from language.posts.kinds import PostKind
from services.payout.app import SERVICE
from services.payout.domain.award import TAKEN_UP_FROM, WAYS
from tests.conftest import ServiceOpener, TestService, held
from tests.payout_cases import Case

STEPS = 40


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as payout:
        yield payout


@dataclass
class Model:
    """What should be: the state of each award, the list it is on, and what is booked."""

    state: dict[UUID, str] = field(default_factory=dict)
    on_list: dict[UUID, str] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    replaced: set[UUID] = field(default_factory=set)

    def on(self, list_id: str) -> list[UUID]:
        """The awards of a list."""
        return [award for award, known in self.on_list.items() if known == list_id]

    def move(self, awards: list[UUID], state: str) -> None:
        """They are all there now."""
        for award in awards:
            self.state[award] = state
            if state == "APPROVED":
                self.on_list.pop(award, None)


BOOKED = {
    "APPROVED": ("AWARD_EXPENSE", "AUTHORS_PAYABLE"),
    "LISTED": ("AWARD_EXPENSE", "AUTHORS_PAYABLE"),
    "SENT": ("AWARD_EXPENSE", "AUTHORS_PAYABLE"),
    "PAID": ("AWARD_EXPENSE", "TREASURY"),
}


class Walk:
    """Acts by chance, known or not to be refused."""

    def __init__(self, cases: list[Case], seed: int) -> None:
        self.cases = cases
        self.random = Random(seed)
        self.model = Model(state={case.award: "ASSESSED" for case in cases})
        self.acts = [
            *(self.verify, self.approve, self.reject, self.reverse, self.take_up),
            *(self.draft, self.draft, self.send, self.confirm, self.shorten, self.cancel),
        ]

    def _case(self) -> Case:
        return self.random.choice(self.cases)

    def _list(self) -> str | None:
        return self.random.choice(sorted(self.model.lists)) if self.model.lists else None

    def _step(self, case: Case, answer: httpx.Response, state: str, *before: str) -> None:
        is_right = self.model.state[case.award] in before
        assert answer.is_success == is_right, (self.model.state[case.award], state, answer.text)
        if is_right:
            self.model.move([case.award], state)

    async def verify(self) -> None:
        case = self._case()
        self._step(case, await case.verify(), "VERIFIED", "ASSESSED")

    async def approve(self) -> None:
        case = self._case()
        self._step(case, await case.approve(), "APPROVED", "VERIFIED")

    async def reject(self) -> None:
        case = self._case()
        signer, post = (
            (case.verifier, PostKind.ACCOUNTANT)
            if self.model.state[case.award] == "ASSESSED"
            else (case.approver, PostKind.CHIEF_ACCOUNTANT)
        )
        answer = await case.reject(signer, case.own(signer, post))
        self._step(case, answer, "REJECTED", "ASSESSED", "VERIFIED")

    async def reverse(self) -> None:
        case = self._case()
        # By a chief above, who is given no work of the unit's.
        answer = await case.reverse(case.other_chief, held(PostKind.CHIEF_ACCOUNTANT, case.root))
        was_on = self.model.on_list.get(case.award)
        was = self.model.state[case.award]
        self._step(case, answer, "REVERSED", "APPROVED", "LISTED", "PAID")
        if was == "LISTED" and was_on:
            self.model.on_list.pop(case.award)
            if not self.model.on(was_on):
                self.model.lists[was_on] = "CANCELLED"

    async def take_up(self) -> None:
        case = self._case()
        old = case.award
        answer = await case.take_up()
        is_right = self.model.state[old] in {"REJECTED", "REVERSED"} and old not in self.model.replaced
        assert answer.is_success == is_right, answer.text
        if is_right:
            self.model.replaced.add(old)
            self.model.state[case.award] = "ASSESSED"

    async def draft(self) -> None:
        waiting = [award for award, state in self.model.state.items() if state == "APPROVED"]
        left_out = [award for award in waiting if self.random.random() < 0.3]
        listed = [award for award in waiting if award not in left_out]
        answer = await self.cases[0].draft(leave_out=left_out)
        assert answer.is_success == bool(listed), answer.text
        if listed:
            list_id = answer.json()["id"]
            self.model.lists[list_id] = "DRAFT"
            self.model.move(listed, "LISTED")
            self.model.on_list |= dict.fromkeys(listed, list_id)

    async def send(self) -> None:
        if list_id := self._list():
            answer = await self.cases[0].send(list_id)
            assert answer.is_success == (self.model.lists[list_id] == "DRAFT"), answer.text
            if answer.is_success:
                self.model.lists[list_id] = "SENT"
                self.model.move(self.model.on(list_id), "SENT")

    async def confirm(self) -> None:
        if list_id := self._list():
            on = self.model.on(list_id) if self.model.lists[list_id] == "SENT" else []
            unpaid = [award for award in on if self.random.random() < 0.3]
            answer = await self.cases[0].confirm(list_id, unpaid=unpaid)
            assert answer.is_success == (len(on) > len(unpaid)), answer.text
            if answer.is_success:
                self.model.lists[list_id] = "CONFIRMED"
                self.model.move([award for award in on if award not in unpaid], "PAID")
                self.model.move(unpaid, "APPROVED")

    async def shorten(self) -> None:
        if list_id := self._list():
            award = self.random.choice(sorted(self.model.state))
            answer = await self.cases[0].shorten(list_id, award)
            on = self.model.on(list_id) if self.model.lists[list_id] == "DRAFT" else []
            assert answer.is_success == (award in on), answer.text
            if answer.is_success:
                self.model.move([award], "APPROVED")
                if len(on) == 1:
                    self.model.lists[list_id] = "CANCELLED"

    async def cancel(self) -> None:
        if list_id := self._list():
            answer = await self.cases[0].cancel(list_id)
            assert answer.is_success == (self.model.lists[list_id] in {"DRAFT", "SENT"}), answer.text
            if answer.is_success:
                self.model.lists[list_id] = "CANCELLED"
                self.model.move(self.model.on(list_id), "APPROVED")

    async def compare(self) -> None:
        """What is there is what should be there."""
        pool, unit = self.cases[0].service.database.pool, self.cases[0].unit
        amount = {case.dossier: case.amount_dong for case in self.cases}
        rows = await pool.fetch("select id, dossier_id, state from awards where unit_id = $1", unit)
        assert {row["id"]: row["state"] for row in rows} == self.model.state
        for row in rows:
            booked = await pool.fetch(
                "select account, sum(debit_dong - credit_dong)::bigint as left_ from ledger_entries "
                "where award_id = $1 group by account having sum(debit_dong - credit_dong) <> 0",
                row["id"],
            )
            accounts = BOOKED.get(row["state"])
            money = amount[row["dossier_id"]]
            expected = {accounts[0]: money, accounts[1]: -money} if accounts else {}
            assert {line["account"]: line["left_"] for line in booked} == expected
        lists = await pool.fetch("select id, state, total_dong from payment_lists where unit_id = $1", unit)
        assert {str(row["id"]): row["state"] for row in lists} == self.model.lists
        waits = "select count(*) from awaited_lists where unit_id = $1 and closed_at is null"
        is_awaited = "APPROVED" in self.model.state.values()
        assert await pool.fetchval(waits, unit) == is_awaited
        stranded = """
        select count(*) from clocks c where closed_at is null and unit_id = $1
          and not exists (select 1 from tasks t where t.about_id = c.about_id and t.state = 'OPEN')
        """
        assert await pool.fetchval(stranded, unit) == 0


@pytest.mark.parametrize("seed", range(8))
async def test_any_walk_ends_where_the_model_does(service: TestService, seed: int) -> None:
    first = Case(service)
    cases = [first, first.beside(), first.beside()]
    for case in cases:
        await case.assess()
    walk = Walk(cases, seed)
    for _ in range(STEPS):
        await walk.random.choice(walk.acts)()
        await walk.compare()


def test_every_state_has_a_way_on_or_is_paid_or_taken_up() -> None:
    assert set(WAYS) == set(AwardState)
    for state, ways in WAYS.items():
        assert ways or state in TAKEN_UP_FROM, state


def test_from_every_state_an_award_can_come_to_be_paid() -> None:
    reach = {AwardState.PAID}
    while True:
        more = {state for state, ways in WAYS.items() if ways & reach}
        if AwardState.ASSESSED in reach:
            more |= TAKEN_UP_FROM
        if more <= reach:
            break
        reach |= more
    assert reach == set(AwardState)
