"""What the check at a season's end says of histories: where nothing happened there is nothing to sign."""

import os

from rehearsal.histories import what_does_not_hold
from tests.conftest import Cluster
from tests.history_cases import SEED, history


async def test_only_a_history_in_which_something_happened_must_be_signed(postgres: Cluster) -> None:
    keys = {"HISTORY_KEYS": os.environ["HISTORY_KEYS"], "CHECKPOINT_KEY": SEED}
    async with history(postgres) as found:
        assert await what_does_not_hold(found.admin_url, keys) == []
        await found.happen(1)
        assert await what_does_not_hold(found.admin_url, keys) == [
            "events of review are not chained: 1",
            "the history of review is not signed",
        ]
        await found.chain()
        assert await what_does_not_hold(found.admin_url, keys) == ["the history of review is not signed"]
        await found.sign()
        assert await what_does_not_hold(found.admin_url, keys) == []
