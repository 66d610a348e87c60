"""Style, script and pictures: each under the digest of what is in it, so that a browser asks for it once."""

import gzip
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER: Final = Path(__file__).resolve().parents[1] / "static"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_MEDIA: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_DIGEST_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class _Asset:
    digest: str
    media: str
    plain: bytes
    packed: bytes


class Assets:
    """All files of the folder, read once."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {file.name: _read(file) for file in sorted(folder.iterdir()) if file.suffix in _MEDIA}

    def address(self, name: str) -> str:
        """Where a page finds it."""
        return f"/static/{self._files[name].digest}/{name}"

    def route(self) -> Route:
        """Where it is served."""
        return Route("/static/{digest}/{name}", self._serve)

    async def _serve(self, request: Request) -> Response:
        asset = self._files.get(request.path_params["name"])
        if asset is None or asset.digest != request.path_params["digest"]:
            return Response(status_code=404)
        headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(asset.packed, media_type=asset.media, headers=headers)
        return Response(asset.plain, media_type=asset.media, headers=headers)


def _read(file: Path) -> _Asset:
    content = file.read_bytes()
    digest = sha256(content).hexdigest()[:_DIGEST_LENGTH]
    return _Asset(digest, _MEDIA[file.suffix], content, gzip.compress(content, 9, mtime=0))
