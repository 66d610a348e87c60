"""What is inside an Office file: looked at within bounds, before anything of it is unpacked."""

import re
import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO
from xml.parsers.expat import ExpatError, ParserCreate

from services.intake.domain.refusals import AttachmentActive, AttachmentTypeRefused

_MOST_DIRECTORY_BYTES = 1_000_000
_MOST_RELATIONS_BYTES, _MOST_LINK_BYTES = 2_000_000, 20_000_000
_END, _END_OF_64 = b"PK\x05\x06", b"PK\x06\x07"
_END_LENGTH, _LONGEST_COMMENT = 22, 65_535
_ACTIVE_PART = re.compile(
    r"vbaproject|vbadata|/activex/|/macrosheets/|\.(?:exe|dll|js|vbs|ps1|bat|cmd|scr|hta)$"
)
_HARMLESS_RELATION = re.compile(r"/(?:hyperlink|externalLinkPath)$")
_LOCAL_TARGET = re.compile(r"^(?:file:/{2,3}(?=[a-zA-Z]:)|[a-zA-Z]:|(?![a-zA-Z][a-zA-Z0-9+.-]*:|[/\\]{2}))")
_MACROS = re.compile(r"macroEnabled|vbaProject|vbaData", re.IGNORECASE)
_BEGIN = b"PK"


def looks_inside(content: bytes, part: str) -> None:
    """An Office file with this part, without macros, controls or templates from elsewhere; refused
    otherwise."""
    if not content.startswith(_BEGIN):
        raise AttachmentTypeRefused
    _require_small_directory(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            # Names of parts are the same in capitals; of two, each program takes another one.
            if part not in names or len({name.lower() for name in names}) < len(names):
                raise AttachmentTypeRefused
            if any(_ACTIVE_PART.search(f"/{name.lower()}") for name in names):
                raise AttachmentActive
            for is_looked_into, most in ((_is_relation, _MOST_RELATIONS_BYTES), (_is_link, _MOST_LINK_BYTES)):
                _look_into(archive, [name for name in names if is_looked_into(name.lower())], most)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise AttachmentTypeRefused from error
    except RuntimeError as error:
        # It is encrypted: nobody could look inside.
        raise AttachmentTypeRefused from error


def _is_relation(name: str) -> bool:
    return name.endswith(".rels") or name == "[content_types].xml"


def _is_link(name: str) -> bool:
    """What a workbook knows of others; also of programs that it starts."""
    return name.startswith("xl/externallinks/") and not _is_relation(name)


def _look_into(archive: zipfile.ZipFile, names: Sequence[str], most: int) -> None:
    for name in names:
        with archive.open(name) as opened:
            text = opened.read(most + 1)
        most -= len(text)
        _require_harmless(text, most)


def _require_small_directory(content: bytes) -> None:
    """The list of what is inside is bounded by its own size, for its count may be false."""
    at = content.rfind(_END, -_END_LENGTH - _LONGEST_COMMENT)
    size = int.from_bytes(content[at + 12 : at + 16], "little")
    if at < 0 or size > _MOST_DIRECTORY_BYTES or _END_OF_64 in content[max(at - 20, 0) : at]:
        raise AttachmentTypeRefused


def _require_harmless(text: bytes, left: int) -> None:
    if left < 0:
        raise AttachmentTypeRefused
    parser = ParserCreate()

    def refuse_entities(*_: object) -> None:
        raise AttachmentTypeRefused

    def look(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "ddeLink" or _MACROS.search(" ".join(attributes.values())):
            raise AttachmentActive
        if name.rpartition(":")[2] != "Relationship" or attributes.get("TargetMode") != "External":
            return
        is_harmless = _HARMLESS_RELATION.search(attributes.get("Type", ""))
        if not is_harmless and not _LOCAL_TARGET.match(attributes.get("Target", "").strip()):
            raise AttachmentActive

    parser.StartDoctypeDeclHandler = refuse_entities
    parser.StartElementHandler = look
    try:
        parser.Parse(text, True)
    except ExpatError as error:
        raise AttachmentTypeRefused from error
