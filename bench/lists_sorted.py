"""What `bench lists` asks for in another order than the usual: every list in each order that it has, whole
and narrowed."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.lists_asked import Asked, Province
from casework import alarms, inbox
from cli.province import ADMIN
from kit.sorting import Sorts
from services.intake.store import dossier_lists
from services.organisation.store import people, units
from services.payout.store import awards, ledger
from services.postroom.store import notices
from services.review.store import own_sheets, stage_lists

_HEAD, _MEMBER, _ACCOUNTANT = 0, 4, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    """A list of a service, as it is asked for from above all units and in a school."""

    service: str
    name: str
    sorts: Sorts
    above: str | None = None
    school: str | None = None
    by_admin: bool = False
    post: int = _HEAD
    narrowed: Mapping[str, str] | None = None


def _lists(season: str) -> list[_List]:
    dossiers = {"a season": f"season_id={season}", "a state": "state=RECOGNISED", "a text": "q=bien+phap"}
    tasks = {"done": "state=DONE", "a level": "level=UNIT"}
    return [
        *(
            _List(
                service=service,
                name="inbox",
                sorts=inbox.SORTS,
                above="/v1/tasks?scope=all",
                school="/v1/tasks?scope=unit",
                narrowed=tasks,
            )
            for service in ("intake", "review", "payout")
        ),
        _List(
            service="intake", name="alarms", sorts=alarms.SORTS, above="/v1/alarms?limit=50", by_admin=True
        ),
        _List(
            service="intake",
            name="dossiers",
            sorts=dossier_lists.SORTS,
            above="/v1/dossiers?scope=all",
            school="/v1/dossiers?scope=unit",
            narrowed=dossiers,
        ),
        _List(
            service="review",
            name="stages",
            sorts=stage_lists.STAGE_SORTS,
            above="/v1/stages?limit=50",
            school="/v1/stages?limit=50",
            narrowed={"a level": "level=UNIT", "open": "state=OPEN"},
        ),
        _List(
            service="review",
            name="decisions",
            sorts=stage_lists.DECISION_SORTS,
            above="/v1/decisions?limit=50",
            school="/v1/decisions?limit=50",
            narrowed={"a level": "level=UNIT", "an outcome": "outcome=REFUSED"},
        ),
        _List(
            service="review",
            name="own sheets",
            sorts=own_sheets.SORTS,
            school="/v1/score-sheets?limit=50",
            post=_MEMBER,
        ),
        _List(
            service="payout",
            name="awards",
            sorts=awards.SORTS,
            above="/v1/awards?limit=50",
            school="/v1/awards?limit=50",
            post=_ACCOUNTANT,
            narrowed={"paid": "state=PAID", "in signature": "state=ASSESSED"},
        ),
        _List(
            service="payout",
            name="payment lists",
            sorts=ledger.LIST_SORTS,
            above="/v1/payment-lists?limit=50",
            school="/v1/payment-lists?limit=50",
            post=_ACCOUNTANT,
        ),
        _List(service="postroom", name="notices", sorts=notices.SORTS, school="/v1/notices?limit=50"),
        _List(
            service="organisation",
            name="people",
            sorts=people.SORTS,
            above="/v1/people?limit=50",
            by_admin=True,
            narrowed={"a name": "q=luong+thi"},
        ),
        _List(
            service="organisation",
            name="units",
            sorts=units.SORTS,
            above="/v1/units?limit=50",
            by_admin=True,
            narrowed={"a level": "level=SCHOOL"},
        ),
    ]


def all_sorted(province: Province, season: str) -> list[Asked]:
    """Every list in every order but the usual one, which is asked for with every filter elsewhere."""
    asked: list[Asked] = []
    for one in _lists(season):
        for word in one.sorts.orders:
            if word != one.sorts.usual:
                asked += _in_order(province, one, word)
    return asked


def _in_order(province: Province, one: _List, word: str) -> list[Asked]:
    asked: list[Asked] = []
    for narrowed, said in {"": "", **(one.narrowed or {})}.items():
        name = f"{one.name} {{}} by {word}{' of ' if narrowed else ''}{narrowed}"
        rest = f"&sort={word}{'&' if said else ''}{said}"
        if one.above:
            path = f"{one.above}{rest}"
            turns = province.above(path, ADMIN) if one.by_admin else province.above(path)
            asked.append(Asked(name=name.format("province"), service=one.service, turns=turns))
        if one.school:
            turns = province.schools(one.post, f"{one.school}{rest}")
            asked.append(Asked(name=name.format("school"), service=one.service, turns=turns))
    return asked
