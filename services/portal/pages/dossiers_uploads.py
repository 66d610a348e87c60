"""Files in pieces, over a line that breaks: each thing that the page's script sends is answered with how far
the file is. What a step is called, and what is refused, is intake's."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import INTAKE
from services.portal.opening import page
from services.portal.pages.dossiers_files import BINARY, plain_name

_GO_ON: Final = frozenset({"PieceOutOfPlace", "UploadIncomplete"})
_NOT_THERE: Final = 404
_NOT_NOW: Final = 409


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/dossiers/{dossier_id:uuid}/uploads", show_form, send_step, framed=False)]


async def show_form(desk: Desk) -> Response:
    """Where files are chosen."""
    return desk.see(f"/dossiers/{desk.part('dossier_id')}/edit/files")


async def send_step(desk: Desk) -> Response:
    """A file is begun (without an id), a piece of it comes, or it is asked how far it is; a whole one is
    completed with its last piece."""
    upload = _id(desk.sent_text("upload"))
    path = f"/v1/dossiers/{desk.part('dossier_id')}/uploads"
    try:
        if upload is None:
            return JSONResponse(_shown(await _begin(desk, path)))
        if desk.sent_text("drop"):
            await _command(desk, "DELETE", f"{path}/{upload}", upload)
            return JSONResponse({"gone": True})
        return JSONResponse(_shown(await _went_on(desk, f"{path}/{upload}", upload)))
    except Refused as refusal:
        # Never 413, which is the limit of our own bodies and would get an answer of its own.
        status = _NOT_THERE if refusal.status == _NOT_THERE else _NOT_NOW
        return JSONResponse(_refused(desk, refusal, upload), status)


def _id(text: str) -> UUID | None:
    """What is no id is no upload, and the file is begun anew."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _shown(upload: Facts) -> Facts:
    return {
        "upload": upload["id"],
        "at": upload["received_bytes"],
        "done": upload["attachment_id"] is not None,
    }


def _refused(desk: Desk, refusal: Refused, upload: UUID | None) -> Facts:
    if refusal.code in _GO_ON:
        return {"upload": str(upload), "at": int(refusal.facts["from_byte"]), "wait": True}
    if refusal.status == _NOT_THERE and upload is not None:
        return {"gone": True}
    return {"said": refusal.said(desk.language.value)}


async def _begin(desk: Desk, path: str) -> Facts:
    announced = {"filename": plain_name(desk.sent_text("filename")), "size_bytes": desk.sent_text("size")}
    return (await desk.command(Call("POST", INTAKE, path, body=announced))).facts


async def _went_on(desk: Desk, path: str, upload: UUID) -> Facts:
    piece = (await desk.read_form()).get("piece")
    if isinstance(piece, UploadFile):
        shown = await _keep(desk, path, upload, await piece.read())
    else:
        shown = await desk.ask(INTAKE, path)
    if shown["attachment_id"] is None and shown["received_bytes"] == shown["size_bytes"]:
        done = await _command(desk, "POST", f"{path}/completion", upload)
        return {**shown, "attachment_id": done["id"]}
    return shown


async def _keep(desk: Desk, path: str, upload: UUID, piece: bytes) -> Facts:
    at = desk.sent_text("at")
    call = Call("POST", INTAKE, f"{path}/piece", query={"at_byte": at}, content=(BINARY, piece))
    key = _key(upload, f"{at}:{sha256(piece).hexdigest()}")
    return (await desk.command(call, key=key)).facts


async def _command(desk: Desk, method: str, path: str, upload: UUID) -> Facts:
    return (await desk.command(Call(method, INTAKE, path), key=_key(upload, method))).facts


def _key(upload: UUID, what: str) -> str:
    """The same thing sent twice is done once."""
    return str(uuid5(NAMESPACE_URL, f"{upload}:{what}"))
