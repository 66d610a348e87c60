"""People who use only the pages: who they are, what they type, and that they do no more than a page lets be
done."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx
import pytest

from cli.browsing import Browser, read
from cli.filing import Filed, Imported
from cli.sample import SAMPLE_LIST
from cli.spreadsheet import ListedDossier, read_list
from embedded.instance import Instance
from embedded.layout import free_ports
from kit.settings import settings_of
from language.names import PORTAL, SERVICES
from rehearsal.dead_ends import NO_WAY, NOTHING_OFFERED, StuckAtPage
from rehearsal.page_filing import typed
from rehearsal.page_hands import criteria_of, require_done, typed_sheet
from rehearsal.people import Cast, filled_in
from rehearsal.reporting import through_pages_line
from rehearsal.scene import Scene
from rehearsal.violations import in_vietnamese
from rehearsal.visiting import Log, NoPages, Visitor, open_pages, percentile
from services.portal.settings import PortalSettings
from tests.manner import faults

DOSSIERS = tuple(read_list(SAMPLE_LIST, 20))
SHEET = """<main><form method="post"><fieldset data-step="0.5" data-most="30">
<input name="score-new"><textarea name="remark-new" aria-describedby="remark-new-hint"></textarea></fieldset>
<fieldset data-step="1" data-most="40">
<input name="score-use"><textarea name="remark-use"></textarea></fieldset>
<input type="radio" name="vote" value="APPROVE"><textarea name="remark"></textarea>
<button name="act" value="submit"></button></form></main>"""


def scene(**changes: Any) -> Scene:
    told = {"dossiers": DOSSIERS, "day_seconds": 1.0, "silent": 0, "leave": 0, "seed": 1} | changes
    return Scene(**told)


def cast(numbers: frozenset[int], listed: ListedDossier = DOSSIERS[0]) -> Cast:
    return Cast(
        imported=Imported(unit_ids={}, person_ids={}, season_id=""),
        filed={"d": Filed(listed=listed, dossier_id="d", filer="a", refusal=None)},
        silent=frozenset(),
        seed=1,
        through_pages=numbers,
    )


def test_dossiers_of_several_authors_go_through_the_pages_first() -> None:
    assert scene().numbers_through_pages == frozenset()
    assert scene(through_pages=3).numbers_through_pages == {15, 20, 1}


def test_the_tasks_of_such_a_dossier_and_no_others_are_done_on_the_pages() -> None:
    task = {"kind": "MARK", "subject_id": "d", "unit_id": "u"}
    assert cast(frozenset({1})).is_at_pages(task)
    assert not cast(frozenset({2})).is_at_pages(task)
    assert not cast(frozenset({1})).is_at_pages({**task, "subject_id": "other"})


def test_so_are_the_payment_lists_of_a_unit_that_owes_money_for_it() -> None:
    made = {"kind": "MAKE_LIST", "subject_id": "l", "unit_id": "u"}
    people = cast(frozenset({1}))
    people.note_award({"dossier_id": "other", "unit_id": "u"})
    assert not people.is_at_pages(made)
    people.note_award({"dossier_id": "d", "unit_id": "u"})
    assert people.is_at_pages(made)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("first_applied_on", "2025-09-05", "05/09/2025"),
        ("monetary_benefit_dong", 115_500_000, "115.500.000"),
        ("contribution_percent", "33.5", "33,5"),
        ("title", "Vườn trường", "Vườn trường"),
        ("confidential_information", None, ""),
    ],
)
def test_values_are_typed_as_they_are_written_here(name: str, value: object, text: str) -> None:
    assert typed(name, value) == text


def test_a_sheet_is_read_from_its_page_and_filled_in_with_commas() -> None:
    form = read(200, "", SHEET).forms[0]
    asked = criteria_of(form)
    assert asked == [
        {"id": "new", "step": "0.5", "max_score": "30", "remark": {"below": None}},
        {"id": "use", "step": "1", "max_score": "40", "remark": None},
    ]
    given = typed_sheet({**filled_in(asked, 0.85), "vote": "APPROVE"})
    assert given == {
        "score-new": "25,5",
        "score-use": "34",
        "remark-new": "Đã đối chiếu với minh chứng trong hồ sơ.",
        "vote": "APPROVE",
    }
    assert all(Decimal(given[f"score-{one}"].replace(",", ".")) for one in ("new", "use"))


def test_what_a_page_does_not_say_was_done_was_not_done() -> None:
    require_done(read(200, "http://localhost/stages?done=decided", ""))
    with pytest.raises(StuckAtPage) as stuck:
        require_done(read(409, "http://localhost/stages", '<p class="told bad">Đã quyết định.</p>'))
    assert "Đã quyết định." in stuck.value.said
    assert "409 /stages" in stuck.value.where


class Answering(httpx.AsyncBaseTransport):
    """Pages by their address; those of a list in turn, and then the last again."""

    def __init__(self, pages: Mapping[str, list[tuple[int, str]]]) -> None:
        self.pages = {path: list(answers) for path, answers in pages.items()}
        self.sent: list[tuple[str, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = (await request.aread()).decode()
        self.sent.append((f"{request.method} {request.url.raw_path.decode()}", body))
        answers = self.pages[request.url.raw_path.decode()]
        status, html = answers.pop(0) if len(answers) > 1 else answers[0]
        headers = {"content-type": "text/html", "location": html} if status == 303 else {}
        headers |= {"content-type": "text/html"}
        if status == 303:
            headers |= {"set-cookie": "__Host-session=s1"}
        return httpx.Response(status, headers=headers, text=html)


def visitor(transport: Answering) -> Visitor:
    browser = Browser("http://localhost")
    browser.http = httpx.AsyncClient(base_url="http://localhost", transport=transport)
    return Visitor("me", "secret", browser, Log())


SIGN_IN = (
    '<form method="post" action="/in"><input name="username"><input name="password" type="password"></form>'
)
WAY_IN: dict[str, list[tuple[int, str]]] = {"/sign-in?back=%2F": [(200, SIGN_IN)], "/in": [(303, "/")]}


async def test_whoever_opens_a_page_signs_in_first_and_looks_through_a_list_part_by_part() -> None:
    home = '<main><a rel="next" href="/?after=2">Tiếp</a></main>'
    more = '<main><a href="/tasks/review/1">Chấm</a></main>'
    transport = Answering(
        {
            **WAY_IN,
            "/": [(200, home)],
            "/?after=2": [(200, more)],
            "/tasks/review/1": [(200, "<main></main>")],
        }
    )
    seen = await visitor(transport).find("/", "/tasks/review/1")
    assert seen.path == "/tasks/review/1"
    assert transport.sent[1] == ("POST /in", "username=me&password=secret")


async def test_what_a_page_does_not_lead_to_is_a_dead_end() -> None:
    me = visitor(Answering({**WAY_IN, "/": [(200, "<main></main>")]}))
    with pytest.raises(StuckAtPage):
        await me.find("/", "/tasks/review/1")
    seen = await me.open("/")
    with pytest.raises(StuckAtPage):
        await me.follow(seen, "/marking")


@pytest.mark.parametrize(
    ("given", "button"),
    [
        ({"reason": "vì vậy"}, None),
        ({"vote": "REJECT"}, None),
        ({}, ("act", "decide")),
    ],
)
async def test_nobody_fills_in_or_presses_what_a_form_does_not_have(
    given: dict[str, str], button: tuple[str, str] | None
) -> None:
    me = visitor(Answering({**WAY_IN, "/": [(200, SHEET)]}))
    seen = await me.open("/")
    with pytest.raises(StuckAtPage):
        await me.send(seen, seen.forms[0], given, button)
    with pytest.raises(StuckAtPage):
        await me.send(seen, None, {})


async def test_a_page_that_is_away_is_waited_for_and_one_that_breaks_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rehearsal.visiting._PAUSE", 0)
    transport = Answering({**WAY_IN, "/": [(200, ""), (503, ""), (502, ""), (200, SHEET), (500, "")]})
    me = visitor(transport)
    assert (await me.open("/")).forms
    with pytest.raises(StuckAtPage, match="500"):
        await me.open("/")


async def test_what_was_sent_when_the_session_had_ended_is_sent_after_signing_in_again() -> None:
    kept = (
        '<form method="post" action="/act"><textarea name="vote">APPROVE</textarea><button></button></form>'
    )
    transport = Answering(
        {
            **WAY_IN,
            "/": [(200, SHEET)],
            "/act": [(303, "/sign-in?back=%2Fkept%2F1"), (303, "/?done=decided")],
            "/sign-in?back=%2Fkept%2F1": [(200, SIGN_IN.replace("/in", "/in-again"))],
            "/in-again": [(303, "/kept/1")],
            "/kept/1": [(200, kept)],
            "/?done=decided": [(200, "<main></main>")],
        }
    )
    me = visitor(transport)
    seen = await me.open("/")
    seen.forms[0].action = "/act"
    seen = await me.send(seen, seen.forms[0], {"vote": "APPROVE"}, ("act", "submit"))
    assert seen.done == "decided"
    assert [body for where, body in transport.sent if where == "POST /act"][-1] == "vote=APPROVE"


def test_a_dead_end_is_a_violation_that_is_said_in_vietnamese() -> None:
    log = Log()
    log.note_dead_end("MARK SK-2025-00001", StuckAtPage("200 /marking/1", "no sheet to fill in"))
    violation = next(iter(log.violations))
    assert violation.startswith(NOTHING_OFFERED)
    assert in_vietnamese(violation).startswith("việc đang đến hạn mà trang không cho làm gì")
    assert NO_WAY not in violation


def test_the_report_says_how_much_was_done_and_how_long_a_page_took() -> None:
    log = Log(seconds=[number / 100 for number in range(1, 101)])
    log.acts.update({"MARK": 5, "DECIDE": 1})
    told = log.told()
    assert (told["pages"], told["median_seconds"], told["p95_seconds"]) == (100, 0.505, 0.95)
    line = through_pages_line({"dossiers": 2, **told})
    assert "2 hồ sơ, 6 việc, mở 100 trang" in line
    assert not faults(line)
    assert Log().told()["p95_seconds"] == 0.0
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0


def test_the_pages_of_a_rehearsal_tell_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    scale = scene().scale()
    told = {
        "CLOCK_DAY_SECONDS": str(scale.day_seconds),
        "CLOCK_REAL_ORIGIN": scale.real_origin.isoformat(),
        "CLOCK_DOMAIN_ORIGIN": scale.domain_origin.isoformat(),
        "PORTAL_DATABASE_URL": "postgresql://x",
        "PORTAL_HTTP_PORT": "1",
        "PORTAL_PUBLIC_ADDRESS": "http://localhost:1",
        "PORTAL_SERVICES": " ".join(f"{name}=http://localhost:2" for name in SERVICES),
        "PORTAL_SESSION_KEYS": "a:AAAAAAAAAAAAAAAAAAAAAA==",
        "OIDC_ISSUER": "http://localhost:1",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert settings_of(PortalSettings, PORTAL).time_scale == scale


async def test_an_instance_without_pages_is_refused_with_one_sentence(tmp_path: Any) -> None:
    instance = Instance(data=tmp_path, ports=free_ports(), private=True)
    with pytest.raises(NoPages, match="không có các trang"):
        await open_pages(instance, [])
