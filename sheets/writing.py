"""A workbook written back: the same cells at the same places, those in doubt marked, and a sheet that lists
the doubts. Only values are written: no formula, no macro, no link."""

import zipfile
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from sheets.cells import Sheet, Value, column_name
from sheets.initiatives import InitiativeList
from sheets.values import tidy

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="5"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFFFF2CC"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFF8CBAD"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFEDEDED"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="6">'
    '<xf xfId="0"/><xf fillId="2" applyFill="1" xfId="0"/><xf fillId="3" applyFill="1" xfId="0"/>'
    '<xf fontId="1" applyFont="1" applyAlignment="1" xfId="0"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf fillId="4" applyFill="1" applyAlignment="1" xfId="0"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf applyAlignment="1" xfId="0"><alignment vertical="top" wrapText="1"/></xf></cellXfs>'
    "</styleSheet>"
)
_PLAIN, _READ_SO, _ASKS = 0, 1, 2
HEADING, LOCKED, WRAPPED = 3, 4, 5
"""Styles of cells: the name of a column, what is not to be changed, text over several lines."""
_FROZEN = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
    'state="frozen"/></sheetView></sheetViews>'
)
_HIDDEN = ' state="hidden"'
DOUBTS_SHEET = "Cần xem lại"
_DOUBTS_HEADER = ("Ô", "Giá trị", "Cần làm gì", "Phải trả lời")
_STAMP = (2026, 1, 1, 0, 0, 0)
_LONGEST_CELL = 32_000


def mark_doubts(found: InitiativeList, further: Sequence[tuple[str, str, bool]] = ()) -> bytes:
    """The list as a workbook: yellow is read in one way, red has to be answered. `further`: doubts of
    others, as cell, sentence and whether it has to be answered."""
    told = [(remark.cell, remark.doubt.vi, remark.doubt.asks) for remark in found.remarks] + list(further)
    return mark_cells(found.sheets, told)


def mark_cells(marked: Sequence[Sheet], told: Sequence[tuple[str, str, bool]]) -> bytes:
    """These sheets as a workbook, with what is told of cells: the cell, a sentence, whether it has to be
    answered."""
    styles: dict[str, int] = {}
    for cell, _, asks in told:
        styles[cell] = max(styles.get(cell, _PLAIN), _ASKS if asks else _READ_SO)
    values = {
        sheet.address(at, column): value
        for sheet in marked
        for at, row in enumerate(sheet.rows)
        for column, value in enumerate(row)
    }
    sheets = [
        (
            sheet.name,
            styled_sheet(
                [
                    [
                        (value, styles.get(sheet.address(at, column), _PLAIN))
                        for column, value in enumerate(row)
                    ]
                    for at, row in enumerate(sheet.rows)
                ]
            ),
        )
        for sheet in marked
    ]
    lines = [[(text, _PLAIN) for text in _DOUBTS_HEADER]]
    for cell, sentence, asks in told:
        row = (cell, tidy(values.get(cell, "")), sentence, "Có" if asks else "")
        lines.append([(text, _ASKS if asks else _READ_SO) for text in row])
    names = {name for name, _ in sheets}
    own = next(
        name for name in (DOUBTS_SHEET, *(f"{DOUBTS_SHEET} {n}" for n in range(2, 99))) if name not in names
    )
    # What was not read because it is hidden is not handed in with the corrected list.
    hidden = {sheet.name for sheet in marked if sheet.is_hidden}
    return package([*sheets, (own, styled_sheet(lines))], hidden)


def styled_sheet(rows: Sequence[Sequence[tuple[Value, int]]], widths: Sequence[int] = ()) -> str:
    """A sheet of values with their styles. With the `widths` of its columns its first row stays in sight."""
    lines = []
    for at, row in enumerate(rows, start=1):
        cells = "".join(
            _cell(f"{column_name(column)}{at}", value, style) for column, (value, style) in enumerate(row)
        )
        lines.append(f'<row r="{at}">{cells}</row>')
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(widths, start=1)
    )
    before = f"{_FROZEN}<cols>{columns}</cols>" if columns else ""
    cells = "".join(lines)
    return f'{_HEAD}<worksheet xmlns="{_MAIN}">{before}<sheetData>{cells}</sheetData></worksheet>'


def _cell(address: str, value: Value, style: int) -> str:
    if value == "" and style == _PLAIN:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**15:
        return f'<c r="{address}" s="{style}"><v>{value!r}</v></c>'
    day = isinstance(value, date | datetime)
    text = tidy(value) if day else tidy(str(value), lines=True)[:_LONGEST_CELL]
    return (
        f'<c r="{address}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
    )


def package(sheets: Sequence[tuple[str, str]], hidden: Collection[str] = ()) -> bytes:
    """The workbook of these sheets, as name and content; those that are named in `hidden` nobody sees."""
    numbered = list(enumerate(sheets, start=1))
    parts: Mapping[str, str] = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
            for n, _ in numbered
        )
        + "</Types>",
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(
            f'<sheet name={quoteattr(name)} sheetId="{n}"{_HIDDEN if name in hidden else ""} r:id="rId{n}"/>'
            for n, (name, _) in numbered
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n, _ in numbered
        )
        + f'<Relationship Id="rId{len(sheets) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>",
        "xl/styles.xml": _STYLES,
        **{f"xl/worksheets/sheet{n}.xml": content for n, (_, content) in numbered},
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
