"""A season in which something fails: the first failure is told, nobody goes on, and what a slow machine did
not keep up with is played once more."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from rich.console import Console

from cli.filing import Imported
from cli.people_api import PeopleApi, Refused
from cli.sample import SAMPLE_LIST
from cli.spreadsheet import read_list
from kit.clock import Clock
from rehearsal import command
from rehearsal.leave import Leave, plan_absences
from rehearsal.playing import NOTHING_FILED, _late_by, _nothing_filed
from rehearsal.rearranging import days_before, in_more_communes
from rehearsal.scene import Scene
from rehearsal.season import Progress, Season
from rehearsal.switching import FellBehind
from rehearsal.together import acting_together
from rehearsal.violations import in_vietnamese
from tests.rehearsing import SHEET

SCENE = Scene(
    dossiers=tuple(read_list(SAMPLE_LIST, 3)),
    day_seconds=0.1,
    silent=0,
    leave=0.5,
    seed=1,
    middle_level="COMMUNE",
)


class RefusesLeave(BaseHTTPRequestHandler):
    """Gives tokens and empty lists, and refuses that anybody goes on leave."""

    def do_GET(self) -> None:
        self._answer(200, {"items": [], "next": None})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        if "/people/" in self.path:
            self._answer(409, {"code": "NotOfTheStage", "detail": "no"}, "application/problem+json")
        else:
            self._answer(200, {"access_token": "x", "id": "x"})

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, status: int, body: object, kind: str = "application/json") -> None:
        said = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)


@contextmanager
def services_that_refuse_leave() -> Iterator[dict[str, str]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), RefusesLeave)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        yield dict.fromkeys(("organisation", "intake", "review", "payout"), url)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_a_refusal_nobody_foresaw_ends_the_season_and_all_who_act_in_it() -> None:
    province = SCENE.province()
    codes = [person["code"] for person in province.body["people"]]
    units = [unit["code"] for unit in province.body["units"]]
    imported = Imported(
        unit_ids=dict(zip(units, units, strict=True)),
        person_ids=dict(zip(codes, codes, strict=True)),
        season_id="s",
    )
    with services_that_refuse_leave() as urls:
        api = PeopleApi(urls, "secret")
        leave = Leave(api, Clock(SCENE.scale()), plan_absences(province, SCENE.leave, SCENE.seed))
        before = asyncio.all_tasks()
        with pytest.raises(Refused) as raised:
            await Season(api, province, leave, SCENE.troupe(province)).run(imported, list(SCENE.dossiers))
        assert raised.value.code == "NotOfTheStage"
        assert "POST organisation /v1/people/" in raised.value.asked
        assert asyncio.all_tasks() == before
        await api.close()


async def test_the_first_of_several_failures_is_told_alone() -> None:
    async def fail(after: float, name: str) -> None:
        try:
            await asyncio.sleep(after)
        finally:
            raise RuntimeError(name)

    async def together() -> None:
        async with acting_together() as group:
            group.create_task(fail(9, "second"))
            group.create_task(fail(0, "first"))

    with pytest.raises(RuntimeError, match="first"):
        await together()


async def test_what_the_machine_did_not_keep_up_with_is_played_once_more_and_slower(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    played: list[Scene] = []

    async def alone(_: Console, scene: Scene) -> dict[str, bool]:
        played.append(scene)
        if len(played) == 1:
            raise FellBehind("Máy không theo kịp.")
        return {"played": True}

    monkeypatch.setattr(command, "_alone", alone)
    assert await command._alone_as_slow_as_it_takes(Console(quiet=True), SCENE) == {"played": True}
    first, second = played
    assert second.day_seconds == 2 * first.day_seconds
    assert second.opens_at - second.scale().domain_origin > 1.4 * (
        first.opens_at - first.scale().domain_origin
    )


@pytest.mark.parametrize(("day_seconds", "days"), [(0.35, 23), (1.5, 6), (10, 4)])
def test_an_act_is_drafted_days_before_it_holds_and_seconds_enough_to_approve_it(
    day_seconds: float, days: int
) -> None:
    assert days_before(day_seconds) == days


@pytest.mark.parametrize(("days", "is_too_late"), [(0, False), (300, False), (345, True), (632, True)])
def test_a_season_that_would_open_when_it_is_over_is_not_played(days: int, is_too_late: bool) -> None:
    now = SCENE.opens_at + timedelta(days=days)
    if is_too_late:
        with pytest.raises(FellBehind, match="Máy không theo kịp"):
            _late_by(SCENE, now)
    else:
        assert _late_by(SCENE, now) == timedelta(days=days)


@pytest.mark.parametrize(
    "scene",
    [
        replace(SCENE, switch_tier_on=date(2025, 7, 1)),
        replace(SCENE, succession_on=date(2025, 7, 1), succession=SHEET, day_seconds=0.35),
    ],
    ids=["the tier ends", "units are rearranged"],
)
def test_a_season_may_not_open_so_late_that_what_matters_finds_no_dossier_at_work(scene: Scene) -> None:
    assert _late_by(scene, scene.opens_at + timedelta(days=33)) == timedelta(days=33)
    with pytest.raises(FellBehind):
        _late_by(scene, scene.opens_at + timedelta(days=34))


def test_units_are_rearranged_while_dossiers_are_still_filed() -> None:
    scene = replace(
        SCENE,
        dossiers=in_more_communes(tuple(read_list(SAMPLE_LIST, 24))),
        succession_on=date(2025, 7, 1),
        succession=SHEET,
        day_seconds=0.35,
    )
    troupe = scene.troupe(scene.province())
    assert troupe.successors
    assert scene.opens_on + timedelta(days=troupe.filing_days) > date(2025, 7, 1)


def test_a_season_in_which_nothing_was_filed_is_told_as_wrong() -> None:
    assert _nothing_filed(Progress(listed=8)) == [NOTHING_FILED]
    assert _nothing_filed(Progress(listed=8, filed=1)) == _nothing_filed(Progress()) == []
    assert in_vietnamese(NOTHING_FILED) != NOTHING_FILED
