"""What the rungs ahead would do as things stand: the climb's own rule over rows that nobody locks."""

from collections.abc import Mapping, Sequence

from language.messages.rung import RungFinding

from casework.forecast import Foreseen, RungAhead, RungKey
from casework.posts_seen import posts_seen
from kit.db import Tx
from services.intake.domain.dossier import DossierState
from services.intake.domain.ladder import what_rung_does
from services.intake.operations.standing import standings
from services.intake.store import dossiers


async def foresee(tx: Tx, ahead: Sequence[RungAhead]) -> Mapping[RungKey, Foreseen]:
    """A page of rungs, with a handful of statements. While a supplement is awaited a rung would find nothing
    to do."""
    ids = [rung.about_id for rung in ahead]
    seen = await posts_seen(tx, ids)
    under_check = [
        dossier for dossier in await dossiers.some_dossiers(tx, ids) if dossier.state is DossierState.FILED
    ]
    standing = await standings(tx, under_check, {about: word.posts for about, word in seen.items()})
    foreseen: dict[RungKey, Foreseen] = {}
    for rung in ahead:
        stands = standing.get(rung.about_id)
        deed = what_rung_does(rung.rule.action, stands, rung.at) if stands else None
        foreseen[rung.key] = Foreseen(
            finding=RungFinding.FIRED if deed else RungFinding.NOTHING_TO_DO,
            told=deed.told if deed else (),
            detail=deed.detail if deed else {},
            as_of=seen[rung.about_id].seen_at if rung.about_id in seen else None,
        )
    return foreseen
