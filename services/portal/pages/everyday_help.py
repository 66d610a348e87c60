"""Help: short answers, and the guides as pages."""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from services.portal.desk import Desk
from services.portal.opening import page
from services.portal.showing.guides import drawn, guide_text, guides, picture_file


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page("/help", show_help),
        page("/help/pictures/{name}", show_picture),
        page("/help/{name}", show_guide),
    ]


async def show_help(desk: Desk) -> Response:
    """What people ask most, and where more is said."""
    found = guides()
    return await desk.draw(
        "everyday/help.html",
        for_readers=[one for one in found if one.is_for_readers],
        others=[one for one in found if not one.is_for_readers],
    )


async def show_guide(desk: Desk) -> Response:
    """One guide."""
    text = guide_text(desk.part("name"))
    if text is None:
        raise HTTPException(404)
    title = next(one.title for one in guides() if one.name == desk.part("name"))
    return await desk.draw("everyday/guide.html", title=title, guide=drawn(text))


async def show_picture(desk: Desk) -> Response:
    """A picture of a guide."""
    file = picture_file(desk.part("name"))
    if file is None:
        raise HTTPException(404)
    return FileResponse(file, media_type="image/png", headers={"Cache-Control": "private, max-age=86400"})
