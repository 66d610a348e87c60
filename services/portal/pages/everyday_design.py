"""The small design system: every component in every state, by day and by night."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from services.portal.desk import Desk
from services.portal.opening import page
from services.portal.pages.shared import Told
from services.portal.showing.languages import N_

_TITLE: Final = (
    "Một số biện pháp nâng cao chất lượng rèn chữ viết và giữ vở sạch cho học sinh lớp 1 người dân tộc Tày, "
    "Nùng ở điểm trường lẻ thông qua bộ thẻ chữ làm từ vật liệu tái chế của cha mẹ học sinh"
)
_STATES: Final = (
    "DRAFT",
    "FILED",
    "SUPPLEMENT_REQUESTED",
    "ACCEPTED",
    "RECOGNISED",
    "REFUSED",
    "REQUEST_REJECTED",
    "WITHDRAWN",
)


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/design", show_design)]


async def show_design(desk: Desk) -> Response:
    """All of it in one light; the other one is a click away."""
    now = desk.portal.clock.now()
    wrong = desk.say(N_("Write the day like 05/09/2025."))
    return await desk.draw(
        "everyday/design.html",
        light="night" if desk.query.get("light") == "night" else "day",
        title=_TITLE,
        states=_STATES,
        told=Told(desk.say(N_("Some of this is not filled in correctly.")), {"text-wrong": wrong}),
        wrong=wrong,
        soon=(now + timedelta(days=3)).isoformat(),
        past=(now - timedelta(days=3)).isoformat(),
        listed={"count": 1000, "more": True, "next": "further"},
        barred={
            "actions": [
                {
                    "command": "filing",
                    "allowed": False,
                    "detail": desk.say(N_("A co-author has not confirmed the share yet.")),
                    "detail_en": desk.say(N_("A co-author has not confirmed the share yet.")),
                }
            ]
        },
    )
