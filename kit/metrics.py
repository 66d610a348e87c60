"""What a part counts and measures while it works, in Prometheus's form. Labels hold no id and no name of
anybody, and only values of which there are few."""

from collections.abc import Iterable
from typing import Final, Protocol

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Metric,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

MEDIA: Final = "text/plain; version=0.0.4; charset=utf-8"
_ANSWERED: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds."""
_CALLED: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0)
_WAITED: Final = (0.001, 0.005, 0.025, 0.1, 0.5, 2.0)

disable_created_metrics()  # type: ignore[no-untyped-call]


class Pool(Protocol):
    """What a pool says of its connections."""

    def get_size(self) -> int:
        """Those that are open."""

    def get_idle_size(self) -> int:
        """Those of the open ones that nobody has."""

    def get_max_size(self) -> int:
        """So many there may be."""


class Meters:
    """The instruments of one service in this process. `whole_process` is said of one of those that share a
    process: it also tells what belongs to all (memory, processor, files, and Temporal's engine)."""

    def __init__(self, *, whole_process: bool = False) -> None:
        self.whole_process = whole_process
        self.registry = registry = CollectorRegistry()
        self.requests = Histogram(
            "sangkien_request_duration_seconds",
            "Requests, by the template of their route.",
            ["method", "route", "status"],
            buckets=_ANSWERED,
            registry=registry,
        )
        self.activities = Histogram(
            "sangkien_activity_duration_seconds",
            "Activities that workflows asked for: done, refused by a rule (asked again), or failed.",
            ["activity", "outcome"],
            buckets=_CALLED,
            registry=registry,
        )
        self.pool_waits = Histogram(
            "sangkien_pool_wait_seconds",
            "Waiting for a connection of a pool.",
            ["pool"],
            buckets=_WAITED,
            registry=registry,
        )
        self.pool_exhausted = Counter(
            "sangkien_pool_exhausted",
            "Waits for a connection that were given up: the request was answered 503.",
            ["pool"],
            registry=registry,
        )
        self.leads = Gauge(
            "sangkien_leads",
            "1 where this process leads in a work that one process at a time does, 0 where it stands by.",
            ["work"],
            registry=registry,
        )
        self.sent = Counter(
            "sangkien_sent",
            "What was sent (message to a workflow, mail, webhook) and what became of it.",
            ["kind", "outcome"],
            registry=registry,
        )
        self._kept_in_time = _kept_in_time(registry)
        self._pools = Gauge(
            "sangkien_pool_connections",
            "Open connections of a pool.",
            ["pool", "state"],
            registry=registry,
        )
        self._pool_sizes = Gauge(
            "sangkien_pool_connections_max",
            "So many connections a pool may open.",
            ["pool"],
            registry=registry,
        )
        if whole_process:
            ProcessCollector(registry=registry)
            GCCollector(registry=registry)

    def kept_in_time(self, what: str) -> None:
        """Of this nothing is there any more that was kept long enough."""
        self._kept_in_time.labels(what).set_to_current_time()

    def watch_pool(self, name: str, pool: Pool) -> None:
        """Tell from now on how many connections this pool has."""
        self._pools.labels(name, "idle").set_function(pool.get_idle_size)
        self._pools.labels(name, "busy").set_function(lambda: pool.get_size() - pool.get_idle_size())
        self._pool_sizes.labels(name).set_function(pool.get_max_size)


def _kept_in_time(registry: CollectorRegistry) -> Gauge:
    return Gauge(
        "sangkien_removal_done_timestamp_seconds",
        "When what was kept long enough had last been removed, all of it; at the start, the start.",
        ["what"],
        registry=registry,
    )


class _Told:
    """Instruments and what else was found, as one registry."""

    def __init__(self, meters: Meters, more: Iterable[Metric]) -> None:
        self._meters = meters
        self._more = more

    def collect(self) -> Iterable[Metric]:
        """All of it."""
        yield from self._meters.registry.collect()
        yield from self._more


def exposition(meters: Meters, more: Iterable[Metric] = ()) -> str:
    """In the text format that Prometheus reads; with further families that were found elsewhere."""
    return generate_latest(_Told(meters, more)).decode()
