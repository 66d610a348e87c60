"""Each value of an insert finds its column by name."""

from dataclasses import dataclass

import pytest

from kit.inserts import Insert

INSERT = Insert("seats", "stage, number, role", "on conflict do nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seat:
    role: str
    number: int


def test_statement_names_each_column_and_its_place() -> None:
    assert INSERT.statement == (
        "insert into seats (stage, number, role) values ($1, $2, $3) on conflict do nothing"
    )


def test_order_of_the_fields_does_not_matter() -> None:
    assert INSERT.row(_Seat(role="CHAIR", number=7), stage="one") == ("one", 7, "CHAIR")
    assert INSERT.row(role="CHAIR", stage="one", number=7) == ("one", 7, "CHAIR")


def test_what_is_given_by_name_goes_before_the_attribute() -> None:
    assert INSERT.row(_Seat(role="CHAIR", number=7), stage="one", role="MEMBER") == ("one", 7, "MEMBER")


def test_value_without_a_column_is_refused() -> None:
    with pytest.raises(TypeError, match="no such columns: rank, seat"):
        INSERT.row(_Seat(role="CHAIR", number=7), stage="one", seat=1, rank=2)


def test_column_without_a_value_is_refused() -> None:
    with pytest.raises(AttributeError, match="stage"):
        INSERT.row(_Seat(role="CHAIR", number=7))


def test_a_column_is_found_by_the_values_of_others() -> None:
    found = {"season_id": "(select season_id from dossiers where id = {dossier})"}
    insert = Insert("tasks", "id, dossier", "returning id", found=found)
    look = "(select season_id from dossiers where id = $2)"
    assert insert.statement == (
        f"insert into tasks (id, dossier, season_id) values ($1, $2, {look}) returning id"
    )
    assert insert.row(id=1, dossier=2) == (1, 2)


def test_further_parameters_follow_those_of_the_row() -> None:
    assert INSERT.placeholders(2) == ("$4", "$5")
