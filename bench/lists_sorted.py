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


def _cases(season: str) -> list[_List]:
    tasks = {"done": "state=DONE", "a level": "level=UNIT", "a season": f"season_id={season}"}
    dossiers = {"a season": f"season_id={season}", "a state": "state=RECOGNISED", "a text": "q=bien+phap"}
    inboxes = [
        _List(
            service=service,
            name="inbox",
            sorts=inbox.SORTS,
            above="/v1/tasks?scope=all",
            school="/v1/tasks?scope=unit",
            narrowed=tasks,
        )
        for service in ("intake", "review", "payout")
    ]
    alarmed = _List(
        service="intake", name="alarms", sorts=alarms.SORTS, above="/v1/alarms?limit=50", by_admin=True
    )
    filed = _List(
        service="intake",
        name="dossiers",
        sorts=dossier_lists.SORTS,
        above="/v1/dossiers?scope=all",
        school="/v1/dossiers?scope=unit",
        narrowed=dossiers,
    )
    return [*inboxes, alarmed, filed]


def _of(service: str, name: str, sorts: Sorts, narrowed: Mapping[str, str], post: int = _HEAD) -> _List:
    """A list at the path of its name, asked for from above and in a school."""
    path = f"/v1/{name.replace(' ', '-')}?limit=50"
    return _List(
        service=service, name=name, sorts=sorts, above=path, school=path, post=post, narrowed=narrowed
    )


def _council_and_money() -> list[_List]:
    levels = {"a level": "level=UNIT"}
    states = {"paid": "state=PAID", "in signature": "state=ASSESSED"}
    return [
        _of("review", "stages", stage_lists.STAGE_SORTS, levels | {"open": "state=OPEN"}),
        _of("review", "decisions", stage_lists.DECISION_SORTS, levels | {"an outcome": "outcome=REFUSED"}),
        _List(
            service="review",
            name="own sheets",
            sorts=own_sheets.SORTS,
            school="/v1/score-sheets?limit=50",
            post=_MEMBER,
        ),
        _of("payout", "awards", awards.SORTS, states, _ACCOUNTANT),
        _of("payout", "payment lists", ledger.LIST_SORTS, {}, _ACCOUNTANT),
    ]


def _others() -> list[_List]:
    return [
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
    for one in [*_cases(season), *_council_and_money(), *_others()]:
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
