"""What `bench lists` asks for: every list with its filters, as the people of the seeded province ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from bench.lists_seed import Size
from cli.province import ADMIN, WATCHER

_TURNS = 20
"""So many schools, people and dossiers take turns, so that no answer is only asked again."""
_LATELY: Final = "{0}_from=2025-11-01&{0}_until=2025-11-30"
_NOBODY: Final = UUID(int=1)
_LONG_AGO: Final = "{0}_from=2001-01-01&{0}_until=2001-12-31"
_HEAD, _DEPUTY, _OFFICER, _MEMBER, _ACCOUNTANT, _TEACHER = 0, 1, 2, 4, 6, 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One kind of request: who asks, and for which paths in turn."""

    name: str
    service: str
    turns: Sequence[tuple[str, str]]


def own_id(kind: int, number: int) -> UUID:
    """As `lists_seed.uid` in the database."""
    return UUID(f"5eed{kind:04x}-0000-7000-8000-{number:012x}")


class Province:
    """The people and things of a seed of this size, by number."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._schools = [1000 + 2 + turn % (size.schools - 1) for turn in range(_TURNS)]
        self._communes = [1 + turn % size.communes for turn in range(_TURNS)]
        step = max(1, size.closed // _TURNS)
        self.dossiers = [turn * step // 20 * 20 + 8 for turn in range(_TURNS)]
        """Recognised at two levels, and paid."""
        self.open = [
            min(size.dossiers, size.closed + size.of_the_head + 1 + turn * 3) for turn in range(_TURNS)
        ]

    def schools(self, post: int, path: str) -> list[tuple[str, str]]:
        """Asked by somebody in each of some schools; `{unit}` is the school."""
        return [(f"d.{k}.{post}", path.replace("{unit}", str(own_id(1, k)))) for k in self._schools]

    def communes(self, post: int, path: str) -> list[tuple[str, str]]:
        """The same in communes."""
        return [(f"d.{k}.{post}", path.replace("{unit}", str(own_id(1, k)))) for k in self._communes]

    def above(self, path: str, who: str = WATCHER) -> list[tuple[str, str]]:
        """Asked from above all units; `{school}` and `{commune}` are some of theirs."""
        filled = [
            path.replace("{school}", str(own_id(1, school))).replace("{commune}", str(own_id(1, commune)))
            for school, commune in zip(self._schools, self._communes, strict=True)
        ]
        return [(who, one) for one in filled]

    def of_dossiers(self, path: str, numbers: Sequence[int] | None = None) -> list[tuple[str, str]]:
        """Asked from above about single dossiers."""
        asked = [path.replace("{dossier}", str(own_id(5, number))) for number in numbers or self.dossiers]
        return [(WATCHER, one.replace("{about}", "")) for one in asked]


def _tasks(province: Province, service: str, kind: str, worker: int, season: int) -> list[Asked]:
    """The inbox and its counts in every scope and by every filter."""
    filters = {
        "": "",
        f"kind={kind}": f"&kind={kind}",
        "level=UNIT": "&level=UNIT",
        "WAITING": "&state=WAITING",
        f"{kind}, WAITING": f"&kind={kind}&state=WAITING",
        "DONE": "&state=DONE",
        "overdue": "&overdue=true",
        "not overdue": "&overdue=false",
        "due in a month": f"&{_LATELY.format('due')}",
        "due long ago": f"&{_LONG_AGO.format('due')}",
        "opened in a month": f"&{_LATELY.format('opened')}",
        "of a code": "&code=SK-2025-00012",
        "of nobody": f"&actor_id={_NOBODY}",
        "of a season": f"&season_id={own_id(17, season)}",
        "done in a season": f"&season_id={own_id(17, season)}&state=DONE",
        "of an author": f"&author_id={_NOBODY}",
        **{name: f"&{urlencode({'q': text})}" for name, text in _TEXTS.items()},
    }
    asked: dict[str, Sequence[tuple[str, str]]] = {}
    for what, base in (("inbox", "/v1/tasks"), ("counts", "/v1/tasks/counts")):
        is_list = what == "inbox"
        asked[f"{what} mine"] = province.schools(worker, base)
        asked[f"{what} office"] = province.schools(worker, f"{base}?scope=office")
        for name, said in filters.items() if is_list else [("", "")]:
            asked[f"{what} school {name}"] = province.schools(_HEAD, f"{base}?scope=unit{said}")
        asked[f"{what} commune"] = province.communes(_HEAD, f"{base}?scope=unit")
        for name, said in filters.items():
            if is_list or name != "DONE":
                asked[f"{what} province {name}"] = province.above(f"{base}?scope=all{said}")
    nobody = province.above("/v1/tasks?scope=all&unreachable=true", ADMIN)
    asked["inbox province, nobody there"] = nobody
    return [Asked(name=name.strip(), service=service, turns=turns) for name, turns in asked.items()]


def _shared(province: Province, service: str) -> list[Asked]:
    """What every service with cases offers."""
    return [
        Asked(name="alarms", service=service, turns=province.above("/v1/alarms", ADMIN)),
        *(
            Asked(name=f"forecast {name}", service=service, turns=turns)
            for name, turns in (
                ("school", province.schools(_HEAD, "/v1/forecast?days=7")),
                ("commune", province.communes(_HEAD, "/v1/forecast?days=7")),
                ("province", province.above("/v1/forecast?days=7")),
            )
            if service != "payout"
        ),
        Asked(name="feed", service=service, turns=province.above("/v1/feed?after=5000&limit=200")),
        Asked(name="history", service=service, turns=province.of_dossiers("/v1/dossiers/{dossier}/history")),
    ]


_TEXTS: Final = {
    "author": "nguyen thi",
    "common text": "bien phap",
    "rare text": "so 12345",
    "text of nobody": "khong co ten nay",
    "code": "sk-2025-0012",
}


def _dossiers(province: Province, season: int) -> list[Asked]:
    base = "/v1/dossiers?scope="
    filters = {
        "": "",
        "RECOGNISED": "&state=RECOGNISED",
        "rare state": "&state=SUPPLEMENT_REQUESTED",
        "no such state": "&state=DRAFT",
        "season": f"&season_id={own_id(17, season)}",
        "season, rare state": f"&season_id={own_id(17, season)}&state=WITHDRAWN",
        "filed in a month": f"&{_LATELY.format('filed')}",
        "filed long ago": f"&{_LONG_AGO.format('filed')}",
        "check overdue": "&overdue=true",
        "check due long ago": f"&{_LONG_AGO.format('due')}",
        **{name: f"&{urlencode({'q': text})}" for name, text in _TEXTS.items()},
        "common text, rare state": f"&{urlencode({'q': 'bien phap'})}&state=SUPPLEMENT_REQUESTED",
    }
    asked = []
    for name, said in filters.items():
        asked += [
            Asked(
                name=f"dossiers mine {name}".strip(),
                service="intake",
                turns=province.schools(_TEACHER, f"{base}mine{said}"),
            ),
            Asked(
                name=f"dossiers school {name}".strip(),
                service="intake",
                turns=province.schools(_HEAD, f"{base}unit{said}"),
            ),
            Asked(
                name=f"dossiers commune {name}".strip(),
                service="intake",
                turns=province.communes(_HEAD, f"{base}unit{said}"),
            ),
            Asked(
                name=f"dossiers province {name}".strip(),
                service="intake",
                turns=province.above(f"{base}all{said}"),
            ),
        ]
    return [
        *asked,
        Asked(
            name="register",
            service="intake",
            turns=province.schools(_HEAD, "/v1/register?unit_id={unit}&year=2025"),
        ),
        Asked(name="dossier", service="intake", turns=province.of_dossiers("/v1/dossiers/{dossier}")),
        Asked(
            name="clock",
            service="intake",
            turns=province.of_dossiers("/v1/dossiers/{dossier}/clock", province.open),
        ),
    ]


def _review(province: Province) -> list[Asked]:
    filters = {
        "": "",
        "level": "level=UNIT",
        "outcome": "outcome=REFUSED",
        "rare outcome": "outcome=WITHDRAWN",
        "of a school": "unit_id={school}",
        "of a commune": "unit_id={commune}",
        "of a school, level, outcome": "unit_id={school}&level=UNIT&outcome=REFUSED",
        "decided in a month": _LATELY.format("decided"),
        "decided long ago": _LONG_AGO.format("decided"),
        "grade": "grade=A",
        "of nobody": f"actor_id={_NOBODY}",
        "of an author": f"author_id={_NOBODY}",
        **{name: urlencode({"q": text}) for name, text in _TEXTS.items()},
    }
    return [
        *(
            Asked(
                name=f"decisions province {name}".strip(),
                service="review",
                turns=province.above(f"/v1/decisions?{said}"),
            )
            for name, said in filters.items()
        ),
        Asked(name="decisions school", service="review", turns=province.schools(_HEAD, "/v1/decisions")),
        Asked(name="decisions commune", service="review", turns=province.communes(_HEAD, "/v1/decisions")),
        Asked(
            name="stages of a dossier",
            service="review",
            turns=province.of_dossiers("/v1/stages?dossier_id={dossier}"),
        ),
    ]


def _stages(province: Province) -> list[Asked]:
    filters = {
        "": "",
        "level": "level=UNIT",
        "open": "state=OPEN",
        "overdue": "overdue=true",
        "opened in a month": _LATELY.format("opened"),
        "due long ago": _LONG_AGO.format("due"),
        "of a school": "unit_id={school}",
        "of a commune, open": "unit_id={commune}&state=OPEN",
        "of nobody": f"actor_id={_NOBODY}",
        **{name: urlencode({"q": text}) for name, text in _TEXTS.items()},
    }
    return [
        *(
            Asked(
                name=f"stages province {name}".strip(),
                service="review",
                turns=province.above(f"/v1/stages?{said}"),
            )
            for name, said in filters.items()
        ),
        Asked(name="stages school", service="review", turns=province.schools(_HEAD, "/v1/stages")),
    ]


def _payout(province: Province, season: int) -> list[Asked]:
    awards = {
        "": "",
        "PAID": "state=PAID",
        "rare state": "state=REVERSED",
        "no such state": "state=SENT",
        "of a school": "unit_id={school}",
        "of a school, state": "unit_id={school}&state=ASSESSED",
        "level": "level=UNIT",
        "overdue": "overdue=true",
        "due long ago": _LONG_AGO.format("due"),
        "assessed in a month": _LATELY.format("assessed"),
        "season": f"season_id={own_id(17, season)}",
        "of nobody": f"actor_id={_NOBODY}",
        **{name: urlencode({"q": text}) for name, text in _TEXTS.items()},
    }
    return [
        *(
            Asked(
                name=f"awards province {name}".strip(),
                service="payout",
                turns=province.above(f"/v1/awards?{said}"),
            )
            for name, said in awards.items()
        ),
        Asked(
            name="awards of a dossier",
            service="payout",
            turns=province.of_dossiers("/v1/awards?dossier_id={dossier}"),
        ),
        Asked(name="awards school", service="payout", turns=province.schools(_ACCOUNTANT, "/v1/awards")),
        Asked(
            name="awards school, state",
            service="payout",
            turns=province.schools(_ACCOUNTANT, "/v1/awards?state=APPROVED"),
        ),
        Asked(name="awards commune", service="payout", turns=province.communes(_ACCOUNTANT, "/v1/awards")),
        Asked(name="awards mine", service="payout", turns=province.schools(_TEACHER, "/v1/awards")),
        Asked(name="payment lists province", service="payout", turns=province.above("/v1/payment-lists")),
        Asked(
            name="payment lists school",
            service="payout",
            turns=province.schools(_ACCOUNTANT, "/v1/payment-lists"),
        ),
        Asked(
            name="ledger of a school",
            service="payout",
            turns=province.schools(_ACCOUNTANT, "/v1/ledger/entries?unit_id={unit}"),
        ),
        Asked(
            name="ledger of a school, from above",
            service="payout",
            turns=province.above("/v1/ledger/entries?unit_id={school}"),
        ),
        Asked(
            name="trial balance of a school",
            service="payout",
            turns=province.schools(_ACCOUNTANT, "/v1/ledger/trial-balance?unit_id={unit}"),
        ),
    ]


def _others(province: Province) -> list[Asked]:
    return [
        *(
            Asked(name=name, service="postroom", turns=province.schools(_OFFICER, f"/v1/notices{said}"))
            for name, said in (
                ("notices", ""),
                ("notices unread", "?unread=true"),
                ("notices read", "?unread=false"),
                ("notices of a kind", "?kind=TASK_OPENED"),
                ("notices of a rare kind", "?kind=REMINDED"),
                ("notices counts", "/counts"),
            )
        ),
        *(
            Asked(name=name, service="organisation", turns=province.above(path, ADMIN))
            for name, path in (
                ("me", "/v1/me"),
                ("units", "/v1/units"),
                ("units of a level", "/v1/units?level=SCHOOL"),
                ("people", "/v1/people"),
                ("people by name", f"/v1/people?{urlencode({'q': 'luong thi'})}"),
                ("people by a rare name", f"/v1/people?{urlencode({'q': 'hoa 1001.9'})}"),
                ("posts of a school", "/v1/units/{school}/posts"),
            )
        ),
    ]


def all_asked(size: Size, season: int) -> list[Asked]:
    """Every list, filter and scope."""
    province = Province(size)
    return [
        *_tasks(province, "intake", "FORMAL_CHECK", _OFFICER, season),
        *_shared(province, "intake"),
        *_dossiers(province, season),
        *_tasks(province, "review", "DECIDE", _MEMBER, season),
        *_shared(province, "review"),
        *_review(province),
        *_stages(province),
        *_tasks(province, "payout", "VERIFY_AWARD", _ACCOUNTANT, season),
        *_shared(province, "payout"),
        *_payout(province, season),
        *_others(province),
    ]
