"""The pages, one module for what one kind of reader does."""

from collections.abc import Callable, Sequence
from typing import Final

from starlette.routing import Route

from services.portal.pages import (
    clerk_checking,
    clerk_drafts,
    clerk_lists,
    clerk_register,
    council_deciding,
    council_decisions,
    council_marking,
    council_stages,
    council_workbook,
    dossiers,
    dossiers_acts,
    dossiers_reading,
    dossiers_writing,
    everyday_account,
    everyday_codes,
    everyday_design,
    everyday_help,
    everyday_notices,
    everyday_search,
    everyday_settings,
    home,
    money_awards,
    money_ledger,
    money_list,
    money_lists,
    money_signing,
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
    clerk_checking.routes,
    clerk_register.routes,
    clerk_lists.routes,
    clerk_drafts.routes,
    council_marking.routes,
    council_workbook.routes,
    council_stages.routes,
    council_deciding.routes,
    council_decisions.routes,
    everyday_notices.routes,
    everyday_account.routes,
    everyday_settings.routes,
    everyday_codes.routes,
    everyday_search.routes,
    everyday_help.routes,
    everyday_design.routes,
    money_signing.routes,
    money_lists.routes,
    money_list.routes,
    money_ledger.routes,
    money_awards.routes,
)
"""Where each module's pages are."""
