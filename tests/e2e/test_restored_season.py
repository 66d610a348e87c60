"""Dossiers from filing to payment while Temporal falls back to an older state, then the services, then
Temporal is lost: the independent check finds nothing lost, nothing done twice, no đồng paid twice."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from cli.filing import Filed, Manner, file_listed, import_province
from cli.first_start import complete_first_start
from cli.people_api import PeopleApi
from cli.province import WATCHER, build_province
from cli.sample import SAMPLE_LIST
from cli.spreadsheet import read_list
from embedded.backup import POSTGRES, TEMPORAL, back_up
from embedded.instance import Instance
from embedded.layout import free_ports
from kit.clock import Clock
from language.deadline.arithmetic import local_day
from rehearsal import checking
from rehearsal.hands import ApiHands
from rehearsal.histories import what_does_not_hold
from rehearsal.people import Cast, People
from tests.notice_cases import eventually
from tests.rehearsing import run_command

DOSSIERS = 4
MOST_ROUNDS = 60
WAITING = " union all ".join(
    f"select 1 from {schema}.outbox where delivered_at is null" for schema in ("intake", "review", "payout")
)
UNPAID = """
select 1 from intake.dossiers where filed_at is not null and closed_at is null
union all select 1 from payout.awards where state not in ('PAID', 'REJECTED')
"""
PAID_TWICE = """
select award_id from payout.payment_list_items i join payout.payment_lists l on l.id = i.list_id
where l.state = 'CONFIRMED' and i.removed_at is null group by award_id, person_id having count(*) > 1
"""


class Company:
    """Everybody who has work does it at once."""

    def __init__(self, instance: Instance, folder: Path) -> None:
        self.instance = instance
        self.folder = folder
        self.api = PeopleApi(instance.urls, instance.secrets["cli_client_secret"])
        self.people: People

    async def file(self) -> None:
        """A province, and its dossiers."""
        today = local_day(Clock().now())
        listed = read_list(SAMPLE_LIST)[:DOSSIERS]
        shift = today - timedelta(days=30) - max(one.first_applied_on for one in listed)
        year = date(today.year, 1, 1), date(today.year, 12, 31)
        province = build_province(listed, middle_level="COMMUNE", season=year)
        imported = await import_province(self.api, province)
        filed: dict[str, Filed] = {}
        for one in listed:
            entry = await file_listed(self.api, province, imported, one, Manner(shift=shift))
            assert entry.dossier_id, entry.refusal
            filed[entry.dossier_id] = entry
        hands = ApiHands(self.api, province, imported)
        cast = Cast(imported=imported, filed=filed, silent=frozenset(), seed=1)
        self.people = People(hands, hands, cast)

    async def act(self) -> Counter[str]:
        """Whatever is open now; then until the word of it has arrived."""
        done = Counter[str]()
        for service in ("intake", "review", "payout"):
            page = await self.api.get(WATCHER, service, "/v1/tasks", scope="all", limit=200)
            for task in page["items"]:
                done[task["kind"]] += await self.people.act(task) is None
        await eventually(self.is_delivered, 60)
        await asyncio.sleep(0.5)
        return done

    async def act_until(self, kind: str) -> None:
        """Round after round until something of this kind was done."""
        for _ in range(MOST_ROUNDS):
            if (await self.act())[kind]:
                return
        raise AssertionError(f"nobody came to {kind}")

    async def is_delivered(self) -> bool:
        return not await self.rows(WAITING)

    async def rows(self, statement: str) -> list[Any]:
        conn = await asyncpg.connect(self.instance.admin_database_url)
        try:
            return list(await conn.fetch(statement))
        finally:
            await conn.close()

    async def backed_up(self, name: str) -> Path:
        target = self.folder / name
        await asyncio.to_thread(back_up, self.instance.data, target, datetime.now(UTC), lambda _: None)
        return target

    async def fall_back(self, change: Callable[[], None]) -> str:
        """Everything stops, is changed, starts, and is reconciled."""
        await self.instance.set_back(change)
        began = datetime.now(UTC).isoformat(timespec="seconds")
        told = await self._reconcile("--restored-at", began)
        await eventually(self.is_delivered, 60)
        await eventually(self._fits, 60)
        return told

    async def _fits(self) -> bool:
        return "Mọi quy trình khớp" in await self._reconcile("--dry-run")

    async def _reconcile(self, *words: str) -> str:
        # The catcher of mails lives on this loop.
        ended = await asyncio.to_thread(
            run_command,
            self.folder,
            "reconcile",
            "--reason",
            "Khôi phục",
            *words,
            SANGKIEN_DATA=str(self.instance.data),
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def lose_temporal(self) -> None:
        for file in self.instance.data.glob(f"{TEMPORAL}*"):
            file.unlink()

    def temporal_from(self, backup: Path) -> None:
        self.lose_temporal()
        shutil.copy2(backup / TEMPORAL, self.instance.data / TEMPORAL)

    def services_from(self, backup: Path, made_at: float) -> None:
        shutil.rmtree(self.instance.data / POSTGRES)
        shutil.copytree(backup / POSTGRES, self.instance.data / POSTGRES)
        # What they have mailed since, they know nothing of, and mail again.
        for mail in self.instance.mail_folder.iterdir():
            if mail.stat().st_mtime > made_at:
                mail.unlink()


@pytest.mark.timeout(600)
async def test_three_restores_lose_nothing_and_pay_nothing_twice(tmp_path: Path) -> None:
    async with Instance(data=tmp_path / "data", ports=free_ports(), private=True) as instance:
        await complete_first_start(instance, empty=True)
        company = Company(instance, tmp_path)
        try:
            await company.file()
            await _fall_three_times(company)
            for _ in range(MOST_ROUNDS):
                await company.act()
                if not await company.rows(UNPAID):
                    break
            await _nothing_is_wrong(company)
        finally:
            await company.api.close()


async def _fall_three_times(company: Company) -> None:
    old = await company.backed_up("first")
    await company.act_until("FORMAL_CHECK")
    await company.act_until("MARK")
    told = await company.fall_back(lambda: company.temporal_from(old))
    assert f"{DOSSIERS} × Quy trình có từ trước khi khôi phục" in told, told
    old, made_at = await company.backed_up("second"), Clock().real_now().timestamp()
    await company.act_until("DECIDE")
    await company.act_until("MARK")
    await company.fall_back(lambda: company.services_from(old, made_at))
    await company.act_until("DECIDE")
    await company.act_until("VERIFY_AWARD")
    told = await company.fall_back(company.lose_temporal)
    assert "Temporal không có quy trình" in told, told


async def _nothing_is_wrong(company: Company) -> None:
    instance, found = company.instance, list[str]()

    async def is_quiet() -> bool:
        findings = await checking.check_end(
            instance.admin_database_url, instance.temporal_address, instance.mail_folder, was_restored=True
        )
        found[:] = findings.violations
        found.extend(await what_does_not_hold(instance.admin_database_url, instance.history_keys))
        return not found

    try:
        await eventually(is_quiet, 60)
    except TimeoutError:
        raise AssertionError(found) from None
    assert not await company.rows(UNPAID)
    assert not await company.rows(PAID_TWICE)
    [paid] = await company.rows("select count(*) as count from payout.awards where state = 'PAID'")
    assert paid["count"] > 0
