"""`sangkien erase-personal` on a real database: what goes, what stays, and that histories verify."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from typer.testing import CliRunner

from casework.history.record import record
from cli.main import app
from language.events.actor import Actor
from language.events.history import PersonalValuesErased
from tests.conftest import Cluster, ServiceOpener, as_admin
from tests.history_cases import SEED, History, MatterMoved, PersonNamed
from tests.proof_cases import Proven, proven

REASON = "Đơn số 12/2026 của người có dữ liệu"


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody whose values lie in two services, about two subjects of one of them, and who erases them."""

    proven: Proven
    person: UUID
    admin: UUID
    subjects: tuple[UUID, UUID]

    @property
    def review(self) -> History:
        """Where values about two subjects are."""
        return self.proven.histories["review"]

    @property
    def organisation(self) -> History:
        """Where values about the person are."""
        return History(self.review.database, self.review.admin_url, "organisation")

    async def erasures(self, service: str) -> list[Any]:
        """What that service's history says was erased."""
        async with History(self.review.database, self.review.admin_url, service).looking() as tx:
            rows = await tx.conn.fetch(
                "select subject_id, actor_id, detail, recorded_at from events where kind = $1 order by seq",
                PersonalValuesErased.__name__,
            )
        return list(rows)

    async def values(self, service: str) -> int:
        """How many personal values that service keeps."""
        async with History(self.review.database, self.review.admin_url, service).looking() as tx:
            return int(await tx.conn.fetchval("select count(*) from event_values"))


async def _named(history: History, about: UUID, actor: UUID) -> None:
    fact = PersonNamed(full_name="Nông Thị Mẫu", birth_year=1990, place="Cao Bằng")
    async with history.database.transaction() as tx:
        await record(tx, fact, about=about, actor=Actor(person_id=actor))


@pytest.fixture
async def asked(
    postgres: Cluster, open_service: ServiceOpener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Asked]:
    monkeypatch.setenv("SANGKIEN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CHECKPOINT_KEY", SEED)
    async with proven(postgres, open_service, tmp_path) as made:
        review, payout = made.histories["review"], made.histories["payout"]
        monkeypatch.setenv("DATABASE_URL", review.admin_url)
        person, admin = uuid4(), uuid4()
        await as_admin(
            review.admin_url,
            *(
                f"insert into organisation.people (id, code, full_name, folded_name) "
                f"values ('{known}', '{known}', 'Người Mẫu', 'nguoi mau')"
                for known in (person, admin)
            ),
            f"insert into organisation.accounts (username, person_id) values ('admin', '{admin}')",
        )
        first, second = review.subjects[0], made.case.id
        await _named(review, first, person)
        await _named(review, second, person)
        await _named(review, second, person)
        await _named(payout, person, uuid4())
        await made.chain_and_sign()
        yield Asked(made, person, admin, (first, second))


async def _run(*arguments: str) -> tuple[int, str]:
    result = await asyncio.to_thread(CliRunner().invoke, app, [*arguments])
    return result.exit_code, result.output or str(result.exception)


async def _erase(asked: Asked, *more: str) -> tuple[int, str]:
    return await _run("erase-personal", str(asked.person), "--reason", REASON, *more)


async def test_a_dry_run_tells_what_would_go_and_leaves_it(asked: Asked) -> None:
    code, told = await _erase(asked, "--dry-run")
    assert code == 0, told
    assert "review: sẽ xóa (would erase) 6 giá trị (values), 3 sự kiện (events)" in told
    assert "  PersonNamed: 6 giá trị (values), 3 sự kiện (events)" in told
    assert "payout: sẽ xóa (would erase) 2 giá trị (values), 1 sự kiện (events)" in told
    assert "postroom: sẽ xóa (would erase) 0 giá trị (values), 0 sự kiện (events)" in told
    assert (await asked.values("review"), await asked.values("payout")) == (8, 4)
    assert await asked.erasures("review") == []


async def test_the_values_go_everywhere_the_others_stay_and_the_histories_verify(asked: Asked) -> None:
    code, told = await _erase(asked)
    assert code == 0, told
    assert "review: đã xóa (erased) 6 giá trị (values), 3 sự kiện (events)" in told
    assert (await asked.values("review"), await asked.values("payout")) == (2, 2), "somebody else's stay"
    in_review, in_payout = await asked.erasures("review"), await asked.erasures("payout")
    assert {row["subject_id"] for row in in_review} == {*asked.subjects}
    assert [len(row["detail"]["event_ids"]) for row in in_review] == [1, 2]
    assert [row["subject_id"] for row in in_payout] == [asked.person]
    assert await asked.erasures("intake") == []
    for row in (*in_review, *in_payout):
        assert (row["actor_id"], row["detail"]["grounds"]) == (asked.admin, REASON)
    assert (await _run("verify"))[0] == 0, "before the erasures are chained"
    await asked.proven.chain_and_sign()
    code, told = await _run("verify")
    assert code == 0, told
    assert told.count("✓") == 6
    code, told = await _run("verify", "--dossier", str(asked.proven.case.id))
    assert code == 0, told


async def test_who_entered_somebody_takes_no_name_along(asked: Asked) -> None:
    await _named(asked.review, asked.admin, asked.person)
    code, told = await _erase(asked)
    assert code == 0, told
    assert "review: đã xóa (erased) 6 giá trị (values), 3 sự kiện (events)" in told
    assert await asked.values("review") == 4, "two of somebody else's stay beside those of before"


async def test_erasing_again_finds_nothing_and_records_nothing(asked: Asked) -> None:
    await _erase(asked)
    before = await asked.erasures("review")
    code, told = await _erase(asked)
    assert code == 0, told
    assert told.count("đã xóa (erased) 0 giá trị (values), 0 sự kiện (events)") == 6
    assert await asked.erasures("review") == before


async def test_what_came_later_can_be_erased_later(asked: Asked) -> None:
    await _erase(asked)
    await asked.review.record(MatterMoved(step=9), asked.subjects[0])
    await _named(asked.review, asked.subjects[0], asked.person)
    code, told = await _erase(asked)
    assert code == 0, told
    assert "review: đã xóa (erased) 2 giá trị (values), 1 sự kiện (events)" in told
    await asked.proven.chain_and_sign()
    assert (await _run("verify"))[0] == 0


@pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["erasing", "looking"])
async def test_nobody_and_nothing_are_refused(asked: Asked, dry: tuple[str, ...]) -> None:
    refused = [
        await _run("erase-personal", str(uuid4()), "--reason", REASON, *dry),
        await _run("erase-personal", "Nông Thị Mẫu", "--reason", REASON, *dry),
        await _run("erase-personal", str(asked.person), "--reason", "  ", *dry),
        await _run("erase-personal", str(asked.person), *dry),
        await _erase(asked, "--as", "nobody", *dry),
    ]
    assert all(code != 0 for code, _ in refused)
    assert (await asked.values("review"), await asked.erasures("review")) == (8, [])


async def test_without_the_keys_of_the_history_nothing_is_erased(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HISTORY_KEYS")
    assert (await _erase(asked))[0] != 0
    assert await asked.values("review") == 8
    assert (await _erase(asked, "--dry-run"))[0] == 0
