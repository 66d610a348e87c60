"""What `sangkien batch` reads from a file."""

from pathlib import Path

import pytest

from cli.batch import BatchUnreadable, read_items, run_batch

ONE, TWO = "478d6348-16c1-4fce-998d-f1cf8dc4b329", "f496eef4-defc-4a1f-9a75-ad6ef8353d43"


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (f"{ONE}\n\n  {TWO}\n", [{"id": ONE}, {"id": TWO}]),
        (f'[{{"id": "{ONE}", "outcome": "RECOGNISED"}}]', [{"id": ONE, "outcome": "RECOGNISED"}]),
        (f"id,amount,reason\n{ONE},5,Bão lũ\n", [{"id": ONE, "amount": "5", "reason": "Bão lũ"}]),
        (
            f"id;reason\r\n{ONE};Bão, lũ\r\n\r\n{TWO};x\r\n",
            [{"id": ONE, "reason": "Bão, lũ"}, {"id": TWO, "reason": "x"}],
        ),
        (f'id\treason\n{ONE}\t"Bão; lũ"\n', [{"id": ONE, "reason": "Bão; lũ"}]),
        (f'reason,id\n"a;b;c",{ONE}\n', [{"id": ONE, "reason": "a;b;c"}]),
        (f"id\n{ONE}\n", [{"id": ONE}]),
    ],
)
def test_ids_json_and_csv_are_read(text: str, items: list[dict[str, str]]) -> None:
    assert read_items(text) == items


@pytest.mark.parametrize(
    "text", ["", "[]", "x", "id;reason\nx;y\n", "id\n", '[{"name": "x"}]', "[1]", "[", "id,amount\nx,5\n"]
)
def test_what_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(BatchUnreadable):
        read_items(text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"id,reason\n{ONE},Bão, lũ\n", "Dòng 2"),
        (f"id;amount\n{ONE};5\n{TWO};5;x\n", "Dòng 3"),
        (f"id,reason,reason\n{ONE},a,b\n", "reason"),
        (f'[{{"id": "{ONE}", "outcome": "RECOGNISED", "outcome": "REFUSED"}}]', "outcome"),
    ],
)
def test_nothing_of_a_row_is_lost_in_silence(text: str, named: str) -> None:
    with pytest.raises(BatchUnreadable, match=named):
        read_items(text)


def test_empty_cells_behind_the_last_column_are_nothing() -> None:
    assert read_items(f"id,reason,,\n{ONE},x,,\n") == [{"id": ONE, "reason": "x"}]


def test_json_without_end_is_refused() -> None:
    with pytest.raises(BatchUnreadable):
        read_items("[" * 100_000)


def test_a_file_that_is_missing_or_no_text_is_said(tmp_path: Path) -> None:
    old = tmp_path / "cu.csv"
    old.write_bytes(f"id;reason\n{ONE};Bão lũ\n".encode("utf-16-le"))
    for file in (old, tmp_path / "khong-co.csv"):
        with pytest.raises(BatchUnreadable, match=file.name):
            run_batch("accept", file, "quantri", dry_run=True)
