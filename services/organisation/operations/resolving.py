"""What journeys ask: who acts in which post, with which clock."""

from casework.calendars import start_clock
from kit.db import Tx
from language.deadline.arithmetic import local_day
from language.ids import UnitId
from language.messages.organisation import PostsResolved, ResolvePosts
from language.posts import holders
from language.posts.holders import Matter
from language.refusals import UnitUnknown
from services.organisation.store import units
from services.organisation.store.delegations import roster_on


async def resolve_posts(tx: Tx, command: ResolvePosts) -> PostsResolved:
    """Who acts in the unit's posts, who stands above, and the clock that starts at `command.at`."""
    unit = await units.find_unit(tx, command.unit_id)
    if unit is None:
        raise UnitUnknown
    path = tuple(UnitId(part) for part in unit.path)
    roster = await roster_on(tx, path, local_day(command.at))
    matter = Matter(level=command.level, excluded=command.excluded)
    asked = command.clock
    return PostsResolved(
        unit_id=command.unit_id,
        unit_path=path,
        holders=holders.holders_in(command.unit_id, command.posts, roster, matter),
        superiors=holders.superiors_of(path, roster, matter),
        clock=await start_clock(tx, path, asked.budget, asked.ladder, command.at) if asked else None,
    )
