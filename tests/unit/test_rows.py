"""Reading rows: what the driver gives becomes what the type says; what does not fit is named and never
shown."""

import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import pytest
from asyncpg.pgproto.pgproto import UUID as DriversUUID

from kit.rows import RowDoesNotFit, read
from language.ids import PersonId


class Colour(StrEnum):
    RED = "RED"
    GREEN = "GREEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    share: Decimal
    colour: Colour = Colour.RED


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    id: UUID
    person_id: PersonId
    colour: Colour
    other: Colour | None
    path: Sequence[UUID]
    colours: frozenset[Colour]
    percent: Decimal
    day: date
    at: datetime
    part: Part
    parts: tuple[Part, ...]
    none: Part | None
    by_colour: Mapping[Colour, Decimal]
    anything: dict[str, Any]
    count: int = 0


NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _row(**other: object) -> dict[str, Any]:
    row = {
        "id": DriversUUID(str(uuid4())),
        "person_id": uuid4(),
        "colour": "GREEN",
        "other": None,
        "path": [uuid4(), uuid4()],
        "colours": ["RED"],
        "percent": Decimal("12.50"),
        "day": NOW.date(),
        "at": NOW,
        "part": {"share": "0.1", "colour": "GREEN"},
        "parts": [{"share": "0.2"}, {"share": "0.3"}],
        "none": None,
        "by_colour": {"RED": "1.10"},
        "anything": {"a": [1, None]},
        "count": 3,
    }
    return {**row, **other}


def test_a_row_becomes_what_its_type_says() -> None:
    row = _row()
    whole = read(Whole, row)
    assert whole.colour is Colour.GREEN
    assert (whole.id, whole.person_id, whole.path) == (row["id"], row["person_id"], row["path"])
    assert whole.colours == frozenset({Colour.RED})
    assert next(iter(whole.colours)) is Colour.RED
    assert (whole.percent, whole.day, whole.at, whole.at.tzinfo) == (Decimal("12.50"), NOW.date(), NOW, UTC)
    assert whole.part == Part(share=Decimal("0.1"), colour=Colour.GREEN)
    assert whole.parts == (Part(share=Decimal("0.2")), Part(share=Decimal("0.3")))
    assert whole.by_colour == {Colour.RED: Decimal("1.10")}
    assert (whole.none, whole.other, whole.anything, whole.count) == (None, None, {"a": [1, None]}, 3)


def test_more_goes_before_the_row_and_is_checked_like_it() -> None:
    assert read(Whole, _row(), colour="RED", part=Part(share=Decimal(1))).colour is Colour.RED
    with pytest.raises(RowDoesNotFit):
        read(Whole, _row(), colour="BLUE")


def test_a_row_may_hold_several_values() -> None:
    assert read(Part, {"share": Decimal(1), "colour": "RED", "id": uuid4()}) == Part(share=Decimal(1))


def test_a_field_with_a_default_needs_its_column_too() -> None:
    row = _row()
    del row["count"]
    with pytest.raises(RowDoesNotFit, match=r"^Whole: count \(missing\)$"):
        read(Whole, row)


def test_what_does_not_fit_is_named_and_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    secret = "Nguyễn Thị Bí Mật"
    row = _row(colour=secret, day=None, part={"share": secret}, by_colour={secret: 1})
    with pytest.raises(RowDoesNotFit) as caught:
        read(Whole, row)
    assert set(caught.value.faults) == {"colour", "day", "part", "by_colour"}
    assert str(caught.value).startswith("Whole: by_colour (enum), colour (enum), day (date_type), part (")
    with caplog.at_level(logging.ERROR):
        logging.getLogger().error("failed", exc_info=caught.value)
    assert secret not in caplog.text + "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


def test_text_is_no_number() -> None:
    with pytest.raises(RowDoesNotFit, match=r"^Whole: count \(int_parsing\)$"):
        read(Whole, _row(count="many"))
