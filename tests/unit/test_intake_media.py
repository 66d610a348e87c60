"""An attachment is what its first bytes say, and its name must say the same."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.media import media_type_of
from services.intake.domain.refusals import AttachmentEmpty, AttachmentTypeRefused


def office(part: str) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<x/>")
    return content.getvalue()


PDF = b"%PDF-1.7\n"
PNG = b"\x89PNG\r\n\x1a\n\x00"
JPEG = b"\xff\xd8\xff\xe0\x00"
DOCX = office("word/document.xml")
XLSX = office("xl/workbook.xml")
EXE = b"MZ\x90\x00\x03\x00\x00\x00"


@pytest.mark.parametrize(
    ("filename", "content", "media_type"),
    [
        ("mô tả.pdf", PDF, "application/pdf"),
        ("ANH.PNG", PNG, "image/png"),
        ("anh.jpg", JPEG, "image/jpeg"),
        ("anh.v2.jpeg", JPEG, "image/jpeg"),
        ("don.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("so-lieu.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
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
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(filename: str, content: bytes) -> None:
    with pytest.raises(AttachmentTypeRefused):
        media_type_of(filename, content)


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
