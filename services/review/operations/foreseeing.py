"""What the rungs ahead would do as things stand: the climb's own rule over rows that nobody locks."""

from collections.abc import Mapping, Sequence

from language.messages.rung import RungFinding

from casework.forecast import Foreseen, RungAhead, RungKey
from casework.posts_seen import PostsSeen, posts_seen
from kit.db import Tx
from services.review.domain.ladder import Standing, what_rung_does
from services.review.operations.standing import standings
from services.review.store import stages


async def foresee(tx: Tx, ahead: Sequence[RungAhead]) -> Mapping[RungKey, Foreseen]:
    """A page of rungs, with a handful of statements."""
    ids = [rung.about_id for rung in ahead]
    seen = await posts_seen(tx, ids)
    found = await stages.some_stages(tx, ids)
    standing = await standings(
        tx, found, {about: word.posts for about, word in seen.items()}, {rung.rule.action for rung in ahead}
    )
    return {rung.key: _foreseen(rung, standing.get(rung.about_id), seen.get(rung.about_id)) for rung in ahead}


def _foreseen(rung: RungAhead, standing: Standing | None, seen: PostsSeen | None) -> Foreseen:
    is_open = standing is not None and standing.stage.is_open
    deed = (
        what_rung_does(rung.rule.action, standing, rung.at, rung.rule.quorum)
        if standing and is_open
        else None
    )
    return Foreseen(
        finding=RungFinding.FIRED if deed else RungFinding.NOTHING_TO_DO if is_open else RungFinding.TOO_LATE,
        told=deed.told if deed else (),
        detail=deed.detail if deed else {},
        as_of=seen.seen_at if seen else None,
    )
