"""Attachments with the real clamd, where it is installed (Debian: clamav-daemon) or CLAMD_PROGRAM names
it."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from services.intake.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener
from tests.intake_cases import PDF, Case

MARKER = b"sangkien marker of a test, no malware"
CLAMD = os.environ.get("CLAMD_PROGRAM") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
CONF = """
Foreground yes
LocalSocket {folder}/c
DatabaseDirectory {folder}/db
StreamMaxLength 60M
"""
pytestmark = pytest.mark.skipif(CLAMD is None, reason="clamd is not installed (Debian: clamav-daemon)")


@pytest.fixture(scope="module")
async def socket(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Path]:
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "db").mkdir()
    (folder / "db" / "own.ndb").write_text(f"Test.Local.Marker:0:*:{MARKER.hex()}\n")
    (folder / "conf").write_text(CONF.format(folder=folder))
    clamd = await asyncio.create_subprocess_exec(
        str(CLAMD), "-c", str(folder / "conf"), stdout=asyncio.subprocess.DEVNULL
    )
    async with asyncio.timeout(60):
        while not (folder / "c").exists():
            assert clamd.returncode is None
            await asyncio.sleep(0.1)
    yield folder / "c"
    clamd.terminate()
    await clamd.wait()


def document(text: bytes) -> bytes:
    """A document whose text is packed."""
    content = BytesIO()
    with ZipFile(content, "w", 8) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", text)
    return content.getvalue()


async def test_clamd_finds_what_it_knows_also_packed_and_lets_the_rest_in(
    open_service: ServiceOpener, socket: Path, tmp_path: Path
) -> None:
    async with open_service(SERVICE, blob_dir=tmp_path, clamd_socket=socket) as intake:
        case = Case(intake, MovableClock())
        await case.draft()

        async def attach(content: bytes, filename: str) -> httpx.Response:
            path = f"/dossiers/{case.id}/attachments"
            return await case.send("POST", path, case.author, params={"filename": filename}, content=content)

        assert (await attach(PDF, "a.pdf")).status_code == 201
        assert (await attach(document(b"<w/>"), "a.docx")).status_code == 201
        for content, filename in ((PDF + MARKER, "b.pdf"), (document(MARKER), "b.docx")):
            refused = await attach(content, filename)
            assert (refused.status_code, refused.json()["code"]) == (415, "AttachmentInfected")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2
