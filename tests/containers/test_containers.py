"""The system in containers, from its first start to the paid award: what holds for every container, who
reaches whom, dossiers while parts die, are many, are cut off; the pages; a restart; the end of every part."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser

from cli.filing import Imported, Manner, import_province
from cli.province import ADMIN, Province, build_province
from cli.sample import SAMPLE_LIST
from cli.spreadsheet import read_list
from kit.clock import Clock
from language.deadline.arithmetic import local_day
from rehearsal.leave import Leave
from rehearsal.season import Season, Troupe
from tests.containers.people import SignedIn, first_sign_in
from tests.containers.system import System, until
from tests.pages.conftest import browser as browser  # noqa: PLC0414
from tests.pages.conftest import chromium as chromium  # noqa: PLC0414

pytestmark = pytest.mark.timeout(1800)
DOSSIERS = 4
A_DAY = 0.3
"""Seconds in which people do what they take a day for; the clock of the system is everybody's."""
LEADER_GONE = 15.0
JOBS = ("migrate", "bootstrap", "temporal-schema", "temporal-namespace")
PROBE = """
import json, os
folders = ("/", "/app", "/venv", "/tmp", "/var/lib/sangkien/blobs")
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
def writes(folder):
    try:
        open(f"{folder}/probe", "w").close()
    except OSError:
        return False
    os.unlink(f"{folder}/probe")
    return True
print(json.dumps({
    "uid": os.getuid(), "capabilities": int(status["CapEff"], 16), "no_new": int(status["NoNewPrivs"]),
    "writes": [folder for folder in folders if writes(folder)],
}))
"""
REACHES = """
import socket, sys
for place in sys.argv[1:]:
    name, port = place.rsplit(":", 1)
    try:
        socket.create_connection((name, int(port)), timeout=3).close()
        print("reached", place)
    except OSError:
        print("not", place)
"""


def test_everything_comes_up(system: System) -> None:
    for name in system.ours:
        until(lambda name=name: system.state(system.container(name)) == "healthy", f"{name} is healthy", 180)
    for name in JOBS:
        assert system.state(system.container(name)) == "exited 0"
    assert httpx.get(f"{system.public}/", follow_redirects=True).status_code == 200


def test_no_secret_is_in_a_log(system: System) -> None:
    secrets = {
        part
        for name, value in system.values.items()
        if re.search(r"PASSWORD$|KEYS?$", name) and value
        for part in (value, value.rsplit(":", 1)[-1])
    }
    said = system.compose("logs", "--no-color")
    assert '"accounts"' in said, "the first start tells which accounts it made"
    assert [secret for secret in secrets if secret in said] == []


def test_every_part_may_do_nothing_but_its_work(system: System) -> None:
    for name in system.ours:
        told = json.loads(system.inside(name, "python", "-c", PROBE))
        mounted = [volume["target"] for volume in system.said["services"][name].get("volumes", ())]
        writes = ["/tmp", *mounted]
        assert told == {"uid": 10001, "capabilities": 0, "no_new": 1, "writes": writes}, name
        limits = system.seen(system.container(name))["HostConfig"]
        assert limits["Memory"] > 0, name
        assert limits["PidsLimit"] > 0, name
        assert limits["Init"], name
        assert set(limits["LogConfig"]["Config"]) == {"max-size", "max-file"}, name


@pytest.mark.parametrize(
    ("part", "reached", "not_reached"),
    [
        ("intake", {"postgres:5432", "organisation:8000"}, {"temporal:7233", "mail:1025"}),
        ("intake-relay", {"postgres:5432", "temporal:7233"}, {"mail:1025"}),
        ("worker", {"temporal:7233"}, {"postgres:5432"}),
        ("postroom-delivery", {"postgres:5432", "mail:1025"}, {"temporal:7233"}),
        ("portal", {"postgres:5432", "intake:8000"}, {"temporal:7233", "mail:1025"}),
    ],
)
def test_a_part_reaches_only_whom_it_needs(
    system: System, part: str, reached: set[str], not_reached: set[str]
) -> None:
    told = system.inside(part, "python", "-c", REACHES, *sorted(reached | not_reached)).splitlines()
    assert {line.split()[1] for line in told if line.startswith("reached")} == reached


def test_the_proxy_passes_on_what_is_meant_for_the_outside_only(system: System) -> None:
    probes = ("/livez", "/readyz", "/health", "/metrics")
    for path in (*probes, *(f"/api/intake{probe}" for probe in probes), "/api/postgres/v1/x"):
        assert httpx.get(system.public + path).status_code == 404
    assert httpx.get(f"{system.public}/api/intake/v1/dossiers").status_code == 401


@pytest.fixture(scope="module")
async def ground(system: System) -> AsyncIterator[tuple[SignedIn, Province, Imported]]:
    """The sample's people and rules: made-up, so that they may get passwords."""
    system.compose("run", "--rm", "bootstrap", "processes.bootstrap", "--samples")
    system.passwords[ADMIN] = await first_sign_in(system.public, system.values["FIRST_PASSWORD"])
    today = local_day(Clock().now())
    province = build_province(
        tuple(read_list(SAMPLE_LIST)[:DOSSIERS]),
        middle_level="COMMUNE",
        season=(date(today.year, 1, 1), date(today.year, 12, 31)),
    )
    api = SignedIn(system.public, system.passwords)
    imported = await import_province(api, province)
    people = sorted({person["code"] for person in province.body["people"]})
    told = system.inside("organisation", "python", "-m", "processes.sample_passwords", *people)
    system.passwords.update(json.loads(told.splitlines()[-1]))
    yield api, province, imported
    await api.close()


async def test_dossiers_go_from_filing_to_the_paid_award_while_parts_die(
    system: System, ground: tuple[SignedIn, Province, Imported]
) -> None:
    api, province, imported = ground
    system.compose(
        "up",
        "--detach",
        "--no-recreate",
        "--scale",
        "intake-relay=2",
        "--scale",
        "review-activities=2",
        "--scale",
        "worker=2",
    )
    listed = read_list(SAMPLE_LIST)[:DOSSIERS]
    today = local_day(Clock().now())
    shift = today - timedelta(days=30) - max(dossier.first_applied_on for dossier in listed)
    troupe = Troupe(
        real_day=A_DAY,
        silent=frozenset(),
        seed=7,
        closes_on=today + timedelta(days=90),
        manner=Manner(shift=shift, attachments=1),
    )
    season = Season(api, province, Leave(api, Clock(), ()), troupe)
    playing = asyncio.create_task(season.run(imported, [replace(one) for one in listed]))
    for victim in (
        "intake-relay",
        "review-activities",
        "worker",
        "review",
        "payout-relay",
        "intake",
        "temporal",
        "postgres",
    ):
        await asyncio.sleep(4)
        if playing.done():
            break
        await asyncio.to_thread(system.kill, system.container(victim))
    filed = await asyncio.wait_for(playing, 600)
    assert len(filed) == DOSSIERS
    assert sum(season.progress.states.values()) == DOSSIERS
    assert season.progress.awards["PAID"] > 0, season.progress.awards
    assert set(season.progress.awards) == {"PAID"}
    for service in ("intake", "review", "payout"):
        assert (await api.get(ADMIN, service, "/v1/alarms"))["items"] == []


LEADS = """
select count(*) from intake.leaders l
join pg_stat_activity a on l.session = a.pid || '@' || extract(epoch from a.backend_start)
where l.what = 'relay' and l.until > clock_timestamp() and a.client_addr = '{address}'
"""


def _address(system: System, container: str) -> str:
    networks: Mapping[str, Mapping[str, str]] = system.seen(container)["NetworkSettings"]["Networks"]
    return networks["sangkien_data"]["IPAddress"]


def _leads(system: System, address: str) -> bool:
    """Whether the intake's relay there holds the lease, as PostgreSQL knows it."""
    asked = LEADS.format(address=address)
    return system.inside("postgres", "psql", "-U", "sangkien_admin", "-d", "sangkien", "-Atc", asked) != "0\n"


@pytest.mark.parametrize("fault", ["cut off", "frozen"])
def test_a_leader_that_is_gone_is_replaced(
    system: System, fault: str, record_property: Callable[[str, object], None]
) -> None:
    system.compose("up", "--detach", "--no-recreate", "--scale", "intake-relay=2")
    both = {one: _address(system, one) for one in system.containers("intake-relay")}
    until(lambda: any(_leads(system, address) for address in both.values()), "one of them leads")
    leader = next(one for one, address in both.items() if _leads(system, address))
    other = next(one for one in both if one != leader)
    until(lambda: system.state(other) == "healthy", "the other stands by")
    network = ("sangkien_data", leader)
    begin = ("network", "disconnect", *network) if fault == "cut off" else ("pause", leader)
    end = ("network", "connect", *network) if fault == "cut off" else ("unpause", leader)
    system.engine.docker(*begin)
    try:
        took = until(lambda: _leads(system, both[other]), "the other leads", 60)
    finally:
        system.engine.docker(*end)
    record_property("replaced_after_seconds", round(took, 1))
    # Thirteen seconds at most by the leases' own times (kit/leading.py), and what a busy machine adds.
    assert took < 3 * LEADER_GONE


async def test_the_pages_in_a_browser(
    system: System, browser: Browser, ground: object, tmp_path: Path
) -> None:
    assert ground
    context = await browser.new_context(locale="vi-VN")
    page = await context.new_page()
    await page.goto(f"{system.public}/sign-in?back=/")
    await page.fill("input[name=username]", ADMIN)
    await page.fill("input[name=password]", system.passwords[ADMIN])
    await page.click("button")
    await page.wait_for_url(f"{system.public}/*")
    code = f"SK-{local_day(Clock().now()).year}-00001"
    await page.goto(f"{system.public}/search?q={code}")
    assert code in await page.inner_text("main")
    await page.screenshot(path=tmp_path / "page.png")
    await context.close()


def test_mails_reach_the_catcher_only(system: System) -> None:
    told = httpx.get(f"http://127.0.0.1:{system.values['MAIL_UI_PORT']}/")
    assert told.text.isdigit()


async def test_everything_is_there_after_a_restart(
    system: System, ground: tuple[SignedIn, Province, Imported]
) -> None:
    api, _, _ = ground
    before = await api.get(ADMIN, "intake", "/v1/dossiers", scope="all")
    await asyncio.to_thread(system.down, "--timeout", "20")
    await asyncio.to_thread(system.compose, "up", "--detach")
    for name in system.ours:
        await asyncio.to_thread(
            until,
            lambda name=name: system.state(system.container(name)) == "healthy",
            f"{name} is healthy",
            180,
        )
    assert await api.get(ADMIN, "intake", "/v1/dossiers", scope="all") == before
    dossier = before["items"][0]["id"]
    files = await api.get(ADMIN, "intake", f"/v1/dossiers/{dossier}/attachments")
    assert files["items"]


def test_every_part_ends_when_it_is_asked_to(
    system: System, record_property: Callable[[str, object], None]
) -> None:
    """Also what has only just begun, and what waits for a Temporal that is not there."""
    took = {"at work": _stopped(system, *system.ours)}
    system.compose("stop", "temporal", "--timeout", "5")
    waiting = ("worker", "intake-relay", "review-activities")
    for name in waiting:
        system.engine.docker("start", system.container(name))
        took[f"{name}, just begun"] = _stopped(system, name)
    system.engine.docker("start", *(system.container(name) for name in waiting))
    time.sleep(5)
    took["waiting"] = _stopped(system, *waiting)
    record_property("seconds", {name: round(seconds, 2) for name, seconds in took.items()})


def _stopped(system: System, *names: str) -> float:
    """How long it took; they ended by themselves, long before they would have been killed."""
    containers, began = [system.container(name) for name in names], time.monotonic()
    system.engine.docker("stop", "--time", "20", *containers)
    took = time.monotonic() - began
    for container in containers:
        # 143 is the end of a program that had not come to its first line yet.
        assert system.state(container) in {"exited 0", "exited 143"}, system.seen(container)["Name"]
    return took
