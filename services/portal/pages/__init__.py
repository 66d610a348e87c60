"""The pages, one module for what one kind of reader does."""

from collections.abc import Callable, Sequence
from typing import Final

from starlette.routing import Route

from services.portal.pages import (
    administration,
    administration_people,
    administration_rules,
    administration_system,
    administration_units,
    council_deciding,
    council_decisions,
    council_marking,
    council_stages,
    council_workbook,
    dossiers,
    dossiers_acts,
    dossiers_reading,
    dossiers_writing,
    home,
    signing_in,
    tasks,
)

ROUTES: Final[Sequence[Callable[[], Sequence[Route]]]] = (
    home.routes,
    signing_in.routes,
    tasks.routes,
    dossiers.routes,
    dossiers_acts.routes,
    dossiers_reading.routes,
    dossiers_writing.routes,
    council_marking.routes,
    council_workbook.routes,
    council_stages.routes,
    council_deciding.routes,
    council_decisions.routes,
    administration.routes,
    administration_people.routes,
    administration_units.routes,
    administration_rules.routes,
    administration_system.routes,
)
"""Where each module's pages are."""
