"""Whether the histories that a season has written hold: the product's own verification, with its keys."""

from collections.abc import Mapping

from casework.history.keys import HistoryKeys, Signer
from casework.history.looking import looking_at
from casework.history.verify import Trust, verify_service
from language.names import SERVICES


async def what_does_not_hold(admin_url: str, keys: Mapping[str, str]) -> list[str]:
    """The first fault of each service, events that nobody chains, and what happened that nobody signed."""
    trust = Trust(
        keys=HistoryKeys.parse(keys["HISTORY_KEYS"]),
        public_keys=frozenset({Signer(keys["CHECKPOINT_KEY"]).public_key}),
    )
    wrong: list[str] = []
    for service in SERVICES:
        async with looking_at(admin_url, service.value) as tx:
            report = await verify_service(tx, trust)
        wrong += [
            f"the history of {service} does not hold: {fault.kind} {fault.event_id or fault.checkpoint}"
            for fault in report.faults[:1]
        ]
        if report.waiting:
            wrong.append(f"events of {service} are not chained: {report.waiting}")
        if report.newest is None and (report.head or report.waiting):
            wrong.append(f"the history of {service} is not signed")
    return wrong
