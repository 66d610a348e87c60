"""Which unit a matter belongs to on a day."""

from datetime import date
from uuid import uuid4

from language.ids import UnitId
from language.units.places import UnitOnPath, heir, unit_for_level

DAY = date(2025, 7, 1)
EVE = date(2025, 6, 30)


def _unit(
    level: str, valid_to: date | None = None, valid_from: date = date(2000, 1, 1), *, left: bool = False
) -> UnitOnPath:
    """A unit; one that ends has a successor, unless it left none."""
    return UnitOnPath(
        id=UnitId(uuid4()),
        name=level,
        level=level,
        valid_from=valid_from,
        valid_to=valid_to,
        successor_id=UnitId(uuid4()) if valid_to and not left else None,
    )


PROVINCE, COMMUNE, NEW, SCHOOL = _unit("PROVINCE"), _unit("COMMUNE", EVE), _unit("COMMUNE"), _unit("SCHOOL")


def test_a_unit_acts_for_itself_until_its_last_day_is_over_and_then_its_successor_does() -> None:
    path = (PROVINCE, NEW, COMMUNE)
    assert heir(path, EVE) == COMMUNE
    assert heir(path, DAY) == NEW


def test_a_unit_that_ended_without_a_successor_has_no_heir() -> None:
    assert heir((PROVINCE, _unit("COMMUNE", EVE, left=True)), DAY) is None


def test_a_chain_of_successors_is_followed_to_the_one_that_stands() -> None:
    between = _unit("COMMUNE", EVE)
    assert heir((PROVINCE, NEW, between, COMMUNE), DAY) == NEW


def test_a_level_opens_in_the_planned_unit_while_it_stands_over_the_dossiers() -> None:
    assert unit_for_level((PROVINCE, NEW, SCHOOL), (PROVINCE, NEW), DAY) == NEW
    assert unit_for_level((PROVINCE, COMMUNE, SCHOOL), (PROVINCE, COMMUNE), EVE) == COMMUNE


def test_a_level_opens_in_the_commune_to_which_the_school_has_moved() -> None:
    """Also where the old one stands: the path of the day leads elsewhere."""
    other = _unit("COMMUNE")
    assert unit_for_level((PROVINCE, NEW, SCHOOL), (PROVINCE, COMMUNE), DAY) == NEW
    assert unit_for_level((PROVINCE, NEW, SCHOOL), (PROVINCE, other), DAY) == NEW


def test_the_level_of_a_school_that_has_ended_opens_in_its_successor() -> None:
    ended = _unit("SCHOOL", EVE)
    path = (PROVINCE, NEW, SCHOOL, ended)
    assert unit_for_level(path, path, DAY) == SCHOOL
    assert unit_for_level(path, (PROVINCE, NEW, COMMUNE), DAY) == NEW


def test_a_level_without_any_unit_stays_with_the_planned_one() -> None:
    district = _unit("DISTRICT", EVE, left=True)
    assert unit_for_level((PROVINCE, NEW, SCHOOL), (PROVINCE, district), DAY) == district


def test_for_a_successor_that_begins_later_the_one_above_acts() -> None:
    coming = _unit("COMMUNE", valid_from=date(2025, 9, 1))
    assert heir((PROVINCE, coming, COMMUNE), DAY) == PROVINCE
