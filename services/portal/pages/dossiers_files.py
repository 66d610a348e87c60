"""The files of a dossier: put on, taken off, read."""

from hashlib import sha256
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from starlette.datastructures import UploadFile
from starlette.responses import Response

from services.portal.asking.services import Call, Refused
from services.portal.desk import FORM_KEY, Desk
from services.portal.frame import INTAKE
from services.portal.pages.passing import passed_on

BINARY: Final = "application/octet-stream"
_LONGEST_NAME: Final = 200


async def show_files(desk: Desk, path: str) -> dict[str, Any]:
    """What is there."""
    files = await desk.ask(INTAKE, f"{path}/attachments")
    return {"files": files["items"]}


async def put_files(desk: Desk, path: str) -> tuple[int, dict[str, str]]:
    """Put the files that were sent on the dossier, one after the other: how many were sent, and why some were
    not taken, by their names."""
    form = await desk.read_form()
    sent = [one for one in form.getlist("file") if isinstance(one, UploadFile) and one.filename]
    answers = [(name_of(file), await _add(desk, path, file)) for file in sent]
    return len(sent), {name: said for name, said in answers if said}


def name_of(file: UploadFile) -> str:
    """What the file that was sent is called."""
    return plain_name(file.filename or "")


def plain_name(name: str) -> str:
    """Without the folders that some browsers send along."""
    return name.replace("\\", "/").rpartition("/")[2][-_LONGEST_NAME:]


async def take_off(desk: Desk, path: str, file_id: str) -> None:
    """Take one off; what is no id is no file."""
    try:
        wanted = UUID(file_id)
    except ValueError:
        return
    await desk.command(Call("DELETE", INTAKE, f"{path}/attachments/{wanted}"))


async def _add(desk: Desk, path: str, file: UploadFile) -> str:
    """Nothing, or why the file was not taken."""
    name = name_of(file)
    data = await file.read()
    key = uuid5(NAMESPACE_URL, f"{desk.sent_text(FORM_KEY)}:{name}:{sha256(data).hexdigest()}")
    call = Call("POST", INTAKE, f"{path}/attachments", query={"filename": name}, content=(BINARY, data))
    try:
        await desk.command(call, key=str(key))
    except Refused as refusal:
        return desk.why(refusal)
    return ""


async def download(desk: Desk) -> Response:
    """A file of the dossier as it is."""
    dossier, file = desk.part("dossier_id"), desk.part("file_id")
    return await passed_on(desk, INTAKE, f"/v1/dossiers/{dossier}/attachments/{file}")


async def download_of_version(desk: Desk) -> Response:
    """A file that a version had."""
    dossier, number, file = desk.part("dossier_id"), desk.part("number"), desk.part("file_id")
    return await passed_on(desk, INTAKE, f"/v1/dossiers/{dossier}/versions/{number}/attachments/{file}")
