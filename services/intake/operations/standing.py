"""Where a dossier stands: put together from its own state and what review publishes."""

from casework.clocks.kept import find_clock
from casework.history.past import last_of
from casework.plans import plan_named, route_of
from kit.db import Tx
from language.events.intake import SupplementRequested
from services.intake.domain.dossier import Dossier, DossierState
from services.intake.domain.standing import Around, Standing, standing_of
from services.intake.store import stages


async def read_standing(tx: Tx, dossier: Dossier) -> Standing:
    """For who may read the dossier."""
    clock = await find_clock(tx, dossier.check_id)
    route = None
    if dossier.plan_hash is not None:
        route = route_of(await plan_named(tx, dossier.plan_hash), dossier.plan_hash)
    asked = None
    if dossier.state is DossierState.SUPPLEMENT_REQUESTED:
        asked = await last_of(tx, dossier.id, SupplementRequested)
    around = Around(
        stage=await stages.stage_now(tx, dossier.id),
        decided=await stages.levels_decided(tx, dossier.id),
        route=route,
        is_check_suspended=clock is not None and clock.closed_at is None and clock.is_suspended,
        defects=asked.defects if asked else (),
    )
    return standing_of(dossier, around)
