"""The upgrade itself: the released program brings dossiers to every step and is stopped; today's takes over
its data, and people go on."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

import asyncpg

from cli.people_api import PeopleApi
from cli.province import ADMIN
from cli.sample import SAMPLE_LIST
from cli.spreadsheet import ListedDossier, read_list
from language.deadline.arithmetic import LOCAL_ZONE
from language.names import SERVICES as ALL
from language.time_scale import TimeScale
from rehearsal import checking
from rehearsal.hands import Task
from rehearsal.histories import what_does_not_hold
from tests.upgrade.office import FINAL, OPENS_ON, SERVICES, Dossier, Office, open_office
from tests.upgrade.released import Program
from tests.upgrade.ways import END, WAYS, After, Way, station_of

DAY_SECONDS: Final = 6.0
"""So long that on a slow machine, too, rungs are left for the time after the upgrade."""
_LEADERS: Final = frozenset({"Hiệu trưởng", "Phó Hiệu trưởng"})
_BRINGING, _ENDING, _SETTLING = 240.0, 300.0, 60.0
_DRAFTS: Final = (Way(name="draft", until=END), Way(name="draft with an open share", until=END))
_A_SEASON: Final = timedelta(days=300)
_LAST: Final = frozenset({After.DECIDE_LAST, After.WITHDRAW_LAST})
_OF_RUNS: Final = frozenset(
    {"RUN_FAILS", "RUN_ENDED", "MESSAGE_DOES_NOT_ARRIVE", "CALL_REFUSED", "HISTORY_DOES_NOT_FIT"}
)
FIRED = "select about_id::text from {}.rungs_fired where fired_at > $1"
History = list[Mapping[str, Any]]


def clock_from_now() -> TimeScale:
    """A clock on which a day takes some seconds, from the morning on which the season opens."""
    opens_at = datetime.combine(OPENS_ON, time(8), LOCAL_ZONE)
    return TimeScale(real_origin=datetime.now(UTC), domain_origin=opens_at, day_seconds=DAY_SECONDS)


@dataclass(slots=True, kw_only=True)
class Left:
    """What the released program left behind: who is where, the tasks that are open, and what the histories
    say."""

    office: Office
    tasks: list[Task]
    histories: Mapping[tuple[str, str], History]
    answer: Mapping[str, Any]
    """To a command that is repeated after the upgrade, with its key."""


@dataclass(slots=True, kw_only=True)
class Found:
    """What today's program made of it."""

    violations: list[str]
    alarms: list[str]
    states: Mapping[str, str]
    histories: Mapping[tuple[str, str], History]
    answer: Mapping[str, Any]
    rung_first: set[str]
    """The ways that were left to the clock, and on which a rung fired after the upgrade."""


@asynccontextmanager
async def people_of(program: Program) -> AsyncIterator[PeopleApi]:
    """Everybody at the APIs of what runs."""
    urls = {service.value: program.ports.url(service) for service in ALL}
    api = PeopleApi(urls, program.secrets["cli_client_secret"])
    try:
        yield api
    finally:
        await api.close()


def _listed() -> list[ListedDossier]:
    """A dossier of each school, applied in the same year, by authors who lead none; a co-authored one at the
    end."""
    every = read_list(SAMPLE_LIST)
    since = max(one.first_applied_on for one in every) - _A_SEASON
    fit = [
        one
        for one in every
        if one.first_applied_on > since and not _LEADERS & {author.job_title for author in one.authors}
    ]
    by_school = {(one.district, one.school): one for one in reversed(fit)}
    single = [one for one in by_school.values() if len(one.authors) == 1]
    joint = [one for one in by_school.values() if len(one.authors) > 1]
    return [*single[: len(WAYS) + 1], joint[0]]


async def bring(api: PeopleApi) -> Left:
    """Dossiers to every step. Those that act in the last second have acted when this returns."""
    listed = _listed()
    office = await open_office(api, listed)
    await office.file(WAYS, listed[: len(WAYS)])
    await office.draft(_DRAFTS, listed[len(WAYS) :])
    marks = Counter[str]()

    def wanted(task: Task, dossier: Dossier) -> bool:
        station = station_of(task)
        if station == dossier.way.until and task["kind"] == "MARK":
            marks[dossier.id] += 1
            return marks[dossier.id] <= dossier.way.sheets
        return dossier.way.is_before(station)

    async def left(tasks: list[Task]) -> list[str]:
        states, paid = await office.states(), await office.paid()
        return [
            f"{one.way.name}: {states[one.id]}"
            for one in office.dossiers
            if not _is_there(one, office.stations(one, tasks), states[one.id], is_paid=one.id in paid)
        ]

    await office.go_on(wanted, left, _BRINGING)
    await office.do_after(set(After) - _LAST)
    answer = await office.ask_with_key()
    tasks, histories = await office.tasks(), await _histories(office)
    await office.do_after(_LAST)
    return Left(office=office, tasks=tasks, histories=histories, answer=answer)


def _is_there(dossier: Dossier, stations: Collection[str], state: str, *, is_paid: bool) -> bool:
    if dossier.way.until != END:
        return dossier.way.until in stations
    return is_paid if dossier.way.pays else state in FINAL


async def _histories(office: Office) -> dict[tuple[str, str], History]:
    pairs = [(dossier, service) for dossier in office.dossiers for service in SERVICES]
    found = await asyncio.gather(*(office.history(service, dossier) for dossier, service in pairs))
    return {(dossier.id, service): said for (dossier, service), said in zip(pairs, found, strict=True)}


async def end(program: Program, api: PeopleApi, left: Left, upgraded_at: datetime) -> Found:
    """Everything to its end, by the same people."""
    office = replace(left.office, api=api)
    answer, histories = await office.ask_with_key(), await _histories(office)
    await office.look_around()
    for dossier in office.dossiers:
        if dossier.way.after is After.SUSPEND:
            await office.resume(dossier, next(one for one in left.tasks if one["subject_id"] == dossier.id))
    await office.file_drafts()
    fired: set[str] = set()
    waited: set[str] = set()

    def wanted(task: Task, dossier: Dossier) -> bool:
        if dossier.way.waits and dossier.way.name not in waited and station_of(task) == dossier.way.until:
            if task["about_id"] not in fired:
                return False
            waited.add(dossier.way.name)
        return True

    async def still(tasks: list[Task]) -> list[str]:
        fired.update(await _fired(program.admin_url, upgraded_at))
        states = await office.states()
        names = {one.id: one.way.name for one in office.dossiers}
        paid = await office.paid()
        return [
            *(f"{names[one]}: {state}" for one, state in states.items() if state not in FINAL),
            *(f"{task['kind']} {task['subject_code']}" for task in tasks),
            *(
                f"{names[one]}: not paid"
                for one, state in states.items()
                if state == "RECOGNISED" and one not in paid
            ),
        ]

    await office.go_on(wanted, still, _ENDING)
    await office.look_around()
    return Found(
        violations=await _settled(program),
        alarms=await _alarms(api),
        states=await office.states(),
        histories=histories,
        answer=answer,
        rung_first=waited,
    )


async def _fired(admin_url: str, since: datetime) -> set[str]:
    conn = await asyncpg.connect(admin_url, timeout=5)
    try:
        return {row[0] for service in SERVICES for row in await conn.fetch(FIRED.format(service), since)}
    finally:
        await conn.close()


async def _settled(program: Program) -> list[str]:
    """What must not be, once the last words have arrived and the histories are signed."""
    address = f"127.0.0.1:{program.ports['temporal']}"
    keys = {name: program.secrets[name.lower()] for name in ("HISTORY_KEYS", "CHECKPOINT_KEY")}
    give_up_at = asyncio.get_running_loop().time() + _SETTLING
    while True:
        found = await checking.check_end(program.admin_url, address, program.data / "mail")
        wrong = [*found.violations, *await what_does_not_hold(program.admin_url, keys)]
        if not wrong or asyncio.get_running_loop().time() > give_up_at:
            return wrong
        await asyncio.sleep(0.5)


async def _alarms(api: PeopleApi) -> list[str]:
    """Those that say that something of ours does not go on."""
    found = []
    for service in ALL:
        page = await api.get(ADMIN, service.value, "/v1/alarms", limit=200)
        found += [f"{service}: {one}" for one in page["items"] if one["kind"] in _OF_RUNS]
    return found


def is_kept(before: Collection[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> bool:
    """Everything that a history said it says still; it may say more of each event."""
    return all(
        all(later.get(name) == value for name, value in earlier.items())
        for earlier, later in zip(before, now, strict=False)
    ) and len(now) >= len(before)
