"""A number that Excel shows as `85%` is kept as 0.85, a code that it shows as `00123` as 123: they are read
as they are shown, in every list."""

from decimal import Decimal

import pytest

from sheets.cells import Value
from sheets.marks import MarkFault, MarkLine, MarkSheet, read_marks, write_marks
from sheets.values import read_share
from sheets.workbook import open_workbook
from tests.other_workbooks import open_document
from tests.workbooks import repacked, workbook

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STYLES = f"""<styleSheet xmlns="{_MAIN}"><numFmts count="4">
<numFmt numFmtId="164" formatCode="0.0\\ %"/><numFmt numFmtId="165" formatCode="0 &quot;%&quot;"/>
<numFmt numFmtId="166" formatCode="0\\%"/>
<numFmt numFmtId="167" formatCode="00000"/></numFmts>
<cellStyleXfs count="1"><xf numFmtId="9"/></cellStyleXfs><cellXfs count="7"><xf numFmtId="0"/>
<xf numFmtId="9"/><xf numFmtId="10"/><xf numFmtId="164"/>
<xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/></cellXfs></styleSheet>"""


def _shown(style: int, number: str) -> Value:
    """What the reader makes of this number in this style."""
    book = workbook([["Tỷ lệ", 0.5]], styles=STYLES)
    book = repacked(book, '<c r="B1"><v>0.5</v></c>', f'<c r="B1" s="{style}"><v>{number}</v></c>')
    return open_workbook(book)[0].rows[0][1]


@pytest.mark.parametrize(
    ("style", "number", "read"),
    [
        (1, "0.85", "85%"),
        (1, "1", "100%"),
        (2, "0.333333333333333", "33.3333333333333%"),
        (3, "7.0000000000000007E-2", "7%"),
        (1, "1.5", "150%"),
        (0, "0.85", 0.85),
        (4, "0.85", 0.85),
        (5, "0.85", 0.85),
        (6, "123", "00123"),
        (6, "1234567", "1234567"),
        (6, "-5", -5),
        (6, "1.5", 1.5),
    ],
)
def test_a_number_is_read_as_it_is_shown(style: int, number: str, read: Value) -> None:
    assert _shown(style, number) == read


def test_a_share_that_is_shown_in_per_cent_is_in_no_doubt() -> None:
    assert read_share(_shown(1, "0.6")).value == Decimal(60)
    assert read_share(_shown(1, "0.6")).doubts == ()
    assert [doubt.kind for doubt in read_share(_shown(1, "1.5")).doubts] == ["SHARE_UNREADABLE"]


def test_so_it_is_in_an_open_document() -> None:
    [sheet] = open_workbook(open_document([["Tỷ lệ", 0.6, 60]], percents={(0, 1)}))
    assert list(sheet.rows[0]) == ["Tỷ lệ", "60%", "60"]


def test_a_mark_in_per_cent_is_no_mark_and_is_named() -> None:
    sheet = MarkSheet(
        id="01",
        code="SK-2026-00001",
        title="Thư viện số",
        author="Lý Thị Phượng",
        due="05/09/2026",
        level="COMMUNE",
        lines=(MarkLine(id="novelty", title="Tính mới", most=Decimal(100)),),
        fields={"score:novelty": "70"},
    )
    book = repacked(write_marks([sheet]), "</xf></cellXfs>", '</xf><xf numFmtId="9"/></cellXfs>')
    book = repacked(book, '<c r="E2" s="5"><v>70</v></c>', '<c r="E2" s="6"><v>0.85</v></c>')
    read = read_marks(book)
    assert [(one.cell, one.value, one.fault) for one in read.faults] == [
        ("1. Cấp xã!E2", "85%", MarkFault.NO_NUMBER)
    ]
    assert "score:novelty" not in read.rows[0].fields
