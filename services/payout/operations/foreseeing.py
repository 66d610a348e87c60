"""What the rungs ahead would do as things stand: the climb's own rule over rows that nobody locks."""

from collections.abc import Mapping, Sequence

from language.messages.rung import RungFinding

from casework.forecast import Foreseen, RungAhead, RungKey
from casework.posts_seen import posts_seen
from kit.db import Tx
from services.payout.domain.ladder import what_rung_does
from services.payout.operations.standing import standings
from services.payout.store import awards


async def foresee(tx: Tx, ahead: Sequence[RungAhead]) -> Mapping[RungKey, Foreseen]:
    """A page of rungs, with a handful of statements."""
    ids = [rung.about_id for rung in ahead]
    seen = await posts_seen(tx, ids)
    waiting = [award for award in await awards.some_awards(tx, ids) if not award.state.is_approved]
    standing = await standings(tx, waiting, {about: word.posts for about, word in seen.items()})
    foreseen: dict[RungKey, Foreseen] = {}
    for rung in ahead:
        stands = standing.get(rung.about_id)
        deed = what_rung_does(rung.rule.action, stands, rung.at) if stands else None
        foreseen[rung.key] = Foreseen(
            finding=RungFinding.FIRED if deed and not deed.is_idle else RungFinding.NOTHING_TO_DO,
            told=deed.told if deed else (),
            detail=deed.detail if deed else {},
            as_of=seen[rung.about_id].seen_at if rung.about_id in seen else None,
        )
    return foreseen
