"""Text that spreadsheets save."""

import pytest

from sheets.separated import TextUnreadable, rows_of, text_of

TEXT = "mã;tên\r\n1;Bình Gia\r\n"


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_is_known_by_its_mark(coding: str) -> None:
    assert rows_of(text_of(TEXT.encode(coding))) == [["mã", "tên"], ["1", "Bình Gia"]]


def test_other_codings_are_refused_not_guessed() -> None:
    with pytest.raises(TextUnreadable):
        text_of("tên;Bình".encode("latin-1"))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a\tb\n1\t2,5\n", [["a", "b"], ["1", "2,5"]]),
        ("Danh sách\n\na;b\n1;2,5\n", [["Danh sách"], [], ["a", "b"], ["1", "2,5"]]),
        ('a,b\n"1;2;3;4;5",2\n', [["a", "b"], ["1;2;3;4;5", "2"]]),
        ("a\n1\n", [["a"], ["1"]]),
        ("", []),
    ],
)
def test_columns_are_separated_by_what_most_rows_are(text: str, rows: list[list[str]]) -> None:
    assert rows_of(text) == rows


def test_a_cell_without_end_is_refused() -> None:
    with pytest.raises(TextUnreadable):
        rows_of('a,"' + "x" * 200_000)
