"""Workbooks for tests, written cell by cell as people fill them."""

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from sheets.cells import column_name

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADER = (
    "STT",
    "Họ và tên tác giả",
    "Ngày sinh",
    "Chức vụ",
    "Trình độ chuyên môn",
    "Đơn vị công tác",
    "Huyện",
    "Tên sáng kiến",
    "Loại giải pháp",
    "Lĩnh vực áp dụng",
    "Tỷ lệ đóng góp (%)",
    "Ngày áp dụng lần đầu",
    "Tóm tắt nội dung",
    "Lợi ích mang lại",
    "Số tiền làm lợi (đồng)",
    "Thông tin bảo mật",
)


def _cell(address: str, value: Any) -> str:
    if value in ("", None):
        return ""
    if isinstance(value, int | float):
        return f'<c r="{address}"><v>{value}</v></c>'
    return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def sheet_xml(rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> str:
    """A sheet with these cells and merged blocks such as `A1:P1`."""
    lines = "".join(
        f'<row r="{at}">'
        + "".join(_cell(f"{column_name(column)}{at}", value) for column, value in enumerate(row))
        + "</row>"
        for at, row in enumerate(rows, start=1)
    )
    blocks = "".join(f'<mergeCell ref="{block}"/>' for block in merged)
    blocks = f"<mergeCells>{blocks}</mergeCells>" if merged else ""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData>{blocks}</worksheet>'


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    # Of no instant: the same rows are the same file, whenever a test writes it.
    archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)


def workbook(
    rows: Sequence[Sequence[Any]],
    merged: Sequence[str] = (),
    more: Mapping[str, str] | None = None,
    *,
    shared: str = "",
    says: str = "",
    styles: str = "",
) -> bytes:
    """A workbook with these rows on the sheet “Danh sách”, and `more` sheets by name. `shared` and `styles`
    are the parts of these names, `says` what the workbook says of itself."""
    sheets = {"Danh sách": sheet_xml(rows, merged), **(more or {})}
    names = list(sheets)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "[Content_Types].xml", "<Types/>")
        _add(
            archive,
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>",
        )
        _add(
            archive,
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{says}<sheets>'
            + "".join(
                f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
                for n, name in enumerate(names, 1)
            )
            + "</sheets></workbook>",
        )
        _add(
            archive,
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}">'
            + "".join(
                f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
                for n in range(1, len(names) + 1)
            )
            + "".join(
                f'<Relationship Id="rId{name}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>'
                for name in ("sharedStrings", "styles")
            )
            + "</Relationships>",
        )
        _add(archive, "xl/sharedStrings.xml", shared or f'<sst xmlns="{_MAIN}"/>')
        _add(archive, "xl/styles.xml", styles or f'<styleSheet xmlns="{_MAIN}"/>')
        for n, name in enumerate(names, 1):
            _add(archive, f"xl/worksheets/sheet{n}.xml", sheets[name])
    return packed.getvalue()


def repacked(content: bytes, old: str, new: str) -> bytes:
    """The workbook with this text in one of its parts said otherwise."""
    packed, times = BytesIO(), 0
    with zipfile.ZipFile(BytesIO(content)) as archive, zipfile.ZipFile(packed, "w") as changed:
        for name in archive.namelist():
            text = archive.read(name).decode()
            times += text.count(old)
            _add(changed, name, text.replace(old, new))
    assert times == 1, old
    return packed.getvalue()


def row(number: Any = 1, **changes: Any) -> list[Any]:
    """A row of a list in the usual columns, with nothing wrong."""
    cells: dict[str, Any] = {
        "number": number,
        "name": "Lý Thị Phượng",
        "born": "20/02/1991",
        "job": "Giáo viên",
        "qualification": "Thạc sĩ",
        "school": "Trường Tiểu học Quang Trung",
        "district": "Bình Gia",
        "title": "Dạy phép chia bằng trò chơi",
        "kind": "Giải pháp kỹ thuật",
        "field": "Giáo dục tiểu học",
        "share": 100,
        "first": "10/11/2025",
        "summary": "Các bước thực hiện",
        "benefit": "Học sinh tiến bộ",
        "money": "",
        "secret": "",
    }
    return list((cells | changes).values())


def co_author(**changes: Any) -> list[Any]:
    """A co-author's row: the columns of the dossier are empty."""
    empty = dict.fromkeys(("title", "kind", "field", "first", "summary", "benefit"), "")
    return row("", **{**empty, "name": "Đinh Ngọc Trang", **changes})
