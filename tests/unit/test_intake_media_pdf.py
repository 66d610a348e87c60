"""A PDF that runs something, holds other files, or is locked, is refused however its names are written."""

from contextlib import suppress
from time import perf_counter
from zlib import Z_SYNC_FLUSH, compress, compressobj

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.media import media_type_of
from services.intake.domain.refusals import AttachmentActive, AttachmentLocked, AttachmentTypeRefused

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
OBJECTS = b"7 0 9 40 "
NAMES = (
    "JavaScript",
    "Launch",
    "RichMedia",
    "EmbeddedFile",
    "EmbeddedFiles",
    "FileAttachment",
    "GoToE",
    "ImportData",
    "SubmitForm",
    "JS",
    "XFA",
    "EF",
)
ACTING = (
    b"<< /Names << /EmbeddedFiles 5 0 R >> >>",
    b"<< /Type /EmbeddedFile >>",
    b"<< /Type /Filespec /F (x) /EF << /F 6 0 R >> >>",
    b"<< /Subtype /FileAttachment /FS 6 0 R >>",
    b"<< /AcroForm << /XFA 8 0 R >> >>",
    b"<< /AcroForm << /XFA[(x) 8 0 R] >> >>",
    b"<< /S /SubmitForm /F (http://evil.example) >>",
    b"<< /S /ImportData /F (x) >>",
    b"<< /S /GoToE /T << /R /C >> >>",
    b"<< /OpenAction << /S /JavaScript /JS (x) >> >>",
    b"<< /S /Rendition /JS 4 0 R >>",
    b"<< /S /Launch /F (cmd.exe) >>",
    b"<</S/Launch/F(cmd.exe)>>",
    b"<</S%x\n/Launch/F(cmd.exe)>>",
    b"<</Names<</Dests 5 0 R/JavaScript 6 0 R>>>>",
    b"<</AcroForm<</Fields[]/XFA%x\n%y\r[(x) 8 0 R]>>>>",
    b"/Launch",
    b"<< /Subtype /RichMedia >>",
)


def plain(objects: bytes) -> bytes:
    return HEAD + b"1 0 obj\n" + objects + b"\nendobj\n"


def stream(dictionary: bytes, content: bytes) -> bytes:
    """A document with one stream."""
    return HEAD + b"1 0 obj\n" + dictionary + b"\nstream\r\n" + content + b"\nendstream\nendobj\n"


def packed(objects: bytes, dictionary: bytes = b"<</Type/ObjStm/N 2/First 9/Filter/FlateDecode>>") -> bytes:
    """A document whose objects are in a packed stream."""
    return stream(dictionary, compress(OBJECTS + objects))


@pytest.mark.parametrize("objects", ACTING)
def test_it_is_refused_as_it_stands_and_packed(objects: bytes) -> None:
    for content in (plain(objects), packed(objects)):
        with pytest.raises(AttachmentActive):
            media_type_of("mo-ta.pdf", content)


@given(name=st.sampled_from(NAMES), escaped=st.sets(st.integers(0, 12)), capital=st.booleans())
@settings(max_examples=200, deadline=None)
def test_names_in_escapes_are_the_same_names(name: str, escaped: set[int], capital: bool) -> None:
    written = "".join(
        f"#{ord(char):02{'X' if capital else 'x'}}" if at in escaped else char for at, char in enumerate(name)
    ).encode()
    objects = b"<< /A /" + written + b" 3 0 R >>"
    for content in (plain(objects), packed(objects)):
        with pytest.raises(AttachmentActive):
            media_type_of("mo-ta.pdf", content)


@given(name=st.sampled_from(NAMES), more=st.sampled_from(["X", "9", "#41", "s2"]))
@settings(max_examples=60, deadline=None)
def test_longer_names_are_other_names(name: str, more: str) -> None:
    written = f"<< /{name}{more} 3 0 R >>".encode()
    if more != "#41":
        assert media_type_of("mo-ta.pdf", plain(written)) == "application/pdf"


@pytest.mark.parametrize(
    "content",
    [
        stream(b"<< /Length 9 >>", b"BT (x) Tj ET"),
        stream(b"<</Type/Metadata/Subtype/XML>>", b"<?xpacket?><x>/JS (no) EmbeddedFile</x>"),
        plain(b"<< /Title (JavaScript Launch EmbeddedFiles) /First 5 0 R >>")
        + b"2 0 obj <</Filter/FlateDecode>> stream\n"
        + compress(b"0 g")
        + b"\nendstream endobj",
        packed(b"<< /Type /Catalog /Pages 9 0 R >> << /Type /Pages >>"),
        packed(b"<< >>", b"<</Type/ObjStm/N 2/First 9/Length 12 0 R/Filter[/FlateDecode]/Extends 4 0 R>>"),
        stream(b"<</Filter/FlateDecode/Length 20>>", compress(b"1 0 0 1 72 720 cm /Im0 Do")),
        stream(
            b"<</Type/XRef/DecodeParms<</Columns 4/Predictor 12>>/Filter/FlateDecode>>", compress(b"\2\0\1")
        ),
        plain(b"<< /S /URI /URI (https://example.org/docs/Web/JavaScript) /Title (HTML/CSS/JS) >>"),
        plain(b"<< /S /URI /URI (https://example.org/docs/Web/JavaScript/Guide/Encrypt/) >>"),
        packed(b"<< /URI (https://example.org/Launch/JavaScript) /Title (PHP/JS/XFA) >>"),
        plain(b"<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 1 2 3] /FT /Sig /AcroForm 3 0 R >>"),
        plain(
            b"<< /S /URI /URI (https://example.vn/) >> << /OpenAction [3 0 R /Fit] /EncryptMetadata true >>"
        ),
    ],
)
def test_what_people_have_is_taken(content: bytes) -> None:
    assert media_type_of("mo-ta.pdf", content) == "application/pdf"


@pytest.mark.parametrize(
    "content",
    [
        plain(b"trailer << /Encrypt 9 0 R /Root 1 0 R >>"),
        plain(b"trailer << /E#6ecrypt << /Filter /Standard >> >>"),
        stream(b"<< /Type /XRef /Encrypt 9 0 R /W [1 2 1] >>", b"x"),
    ],
)
def test_a_locked_one_is_refused_as_such(content: bytes) -> None:
    with pytest.raises(AttachmentLocked):
        media_type_of("mo-ta.pdf", content)


def test_the_word_for_the_end_within_a_stream_ends_nothing() -> None:
    seen, unseen = compressobj(0), compressobj(9)
    first = seen.compress(OBJECTS + b"(endstream) ") + seen.flush(Z_SYNC_FLUSH)
    rest = unseen.compress(b"<< /S /JavaScript >>" * 3) + unseen.flush()
    content = stream(b"<</Type/ObjStm/N 2/First 9/Filter/FlateDecode>>", first + rest[2:])
    assert b"(endstream)" in content
    assert b"JavaScript" not in content
    with pytest.raises(AttachmentActive):
        media_type_of("mo-ta.pdf", content)


SCRIPT = compress(OBJECTS + b"<< /S /JavaScript >>")


@pytest.mark.parametrize(
    "content",
    [
        # The kind is not said, or said where another reader would not see it.
        stream(b"<< /N 2 /First 9 /Filter /FlateDecode >>", SCRIPT),
        stream(b"<< /Type 7 0 R /N 8 0 R /First 9 0 R /Filter /FlateDecode >>", SCRIPT),
        stream(b"<< /X (\nendstream stream\n) /Type /ObjStm /Filter /FlateDecode >>", SCRIPT),
        plain(b"<< /X ( stream\n) >>")
        + stream(b"<< /Type /ObjStm /Filter /FlateDecode >>", SCRIPT).removeprefix(HEAD),
        HEAD + b"1 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream \n" + SCRIPT + b"\nendstream",
        HEAD + b"1 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\r" + SCRIPT + b"\nendstream",
    ],
)
def test_streams_of_objects_are_known_by_what_is_in_them(content: bytes) -> None:
    with pytest.raises(AttachmentActive):
        media_type_of("mo-ta.pdf", content)


MANY = b"".join(b"%d " % (number**5) for number in range(400))
HEX = b"2f4a617661536372697074 "


@pytest.mark.parametrize(
    "content",
    [
        plain(b"<</#53/Launch/F(cmd.exe)>>"),
        packed(HEX, b"<</Type/ObjStm/N 2/First 9/Filter[/FlateDecode/ASCIIHexDecode]>>"),
        packed(HEX, b"<</Type/ObjStm/N 2/First 9/Filter[/FlateDecode/A#53CIIHexDecode]>>"),
        packed(HEX, b"<</Type/ObjStm/N 2/First 9/Filter/FlateDecode/DecodeParms<</Predictor 12>>>>"),
        packed(HEX, b"<</Filter[/FlateDecode/ASCIIHexDecode] %<<\n/Type/ObjStm/N 2/First 9>>"),
        packed(HEX, b"<</Filter[/FlateDecode/ASCIIHexDecode]/X(<<)/Type/ObjStm/N 2/First 9>>"),
        stream(b"<</Type/ObjStm/N 2/First 9/Filter/FlateDecode>>", compress(compress(OBJECTS))),
        stream(b"<</N 2/First 9/Filter/ASCIIHexDecode>>", b"31203020" + HEX),
        stream(b"<</Type/ObjStm/Filter/LZWDecode>>", b"\x80\x0b\x60"),
        # What stands before the fault is shown by some programs.
        stream(b"<</N 2/First 9/Filter/FlateDecode>>", compress(OBJECTS + MANY)[:300] + b"\xff" * 30),
    ],
)
def test_objects_that_nobody_can_look_into_are_refused(content: bytes) -> None:
    with pytest.raises(AttachmentTypeRefused):
        media_type_of("mo-ta.pdf", content)


@pytest.mark.parametrize(
    "content",
    [
        HEAD + b"/#41" * 4_000_000,
        HEAD + b"/First 1 " * 2_000_000,
        HEAD + b"<<" * 8_000_000,
        HEAD + b"stream\n" * 2_500_000,
        HEAD + (b"stream\n" + compress(b"1 2 " + bytes(10_000))[:40]) * 190_000,
        HEAD + b"<</ObjStm>>stream\nendstream" * 700_000,
    ],
)
def test_whatever_is_written_to_take_long_takes_seconds(content: bytes) -> None:
    began = perf_counter()
    with suppress(AttachmentTypeRefused):
        media_type_of("mo-ta.pdf", content[:16_000_000])
    assert perf_counter() - began < 10
