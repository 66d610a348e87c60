"""The pages, one module for what one kind of reader does."""

from collections.abc import Callable, Sequence
from typing import Final

from starlette.routing import Route

from services.portal.pages import home, signing_in

ROUTES: Final[Sequence[Callable[[], Sequence[Route]]]] = (home.routes, signing_in.routes)
"""Where each module's pages are."""
