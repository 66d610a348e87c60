"""The Temporal edge: one client a process, refusals that keep their code, workers that stop gracefully."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

import structlog
from google.protobuf.duration_pb2 import Duration
from temporalio import activity
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    ListWorkflowExecutionsRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError
from temporalio.service import GrpcCompression, RPCError, RPCStatusCode
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
    PollerBehaviorAutoscaling,
    Worker,
    WorkerDeploymentConfig,
)

from kit.calls import CallBook
from kit.correlating import CarriesRequest
from kit.metrics import Meters
from kit.settings import ProcessSettings
from kit.telemetry import Repeated, sdk_runtime
from kit.temporal_settings import TemporalSettings
from kit.temporal_tls import advice_on, tls_of
from kit.wire import data_converter
from language.names import SEARCH_ATTRIBUTES, TaskQueue
from language.refusals import Refusal

log = structlog.get_logger()

GRACE = timedelta(seconds=10)
_RETRY_SECONDS = 0.3
_LOOK_AGAIN_SECONDS: Final = 2.0
_REASON_LETTERS: Final = 300


async def connect(settings: ProcessSettings) -> Client:
    """The client of this process. Waits for the server and the namespace as long as it takes: a service may
    start before Temporal does, and a name that was just made is known everywhere only seconds later. What
    keeps it (a certificate, a key) is said, and waited for too: the server may be the one that is wrong."""
    converter = data_converter(
        settings.payload_keys.get_secret_value(), encrypted_only=settings.payloads_encrypted_only
    )
    told = Repeated()
    while True:
        try:
            return await reach(settings, converter)
        except UNREACHED as error:
            if told.is_due():
                reason = str(error)[:_REASON_LETTERS]
                advice = advice_on(str(error), settings)
                address = settings.temporal_address
                log.info("temporal.waiting", address=address, reason=reason, advice=advice)
            await asyncio.sleep(_RETRY_SECONDS)


UNREACHED: Final = (RuntimeError, RPCError, OSError)
"""What `reach` fails with: no server, none that lets us in, a file that is gone."""


async def reach(settings: TemporalSettings, converter: DataConverter) -> Client:
    """The server and the namespace, or one of `UNREACHED`."""
    # Compression off: messages are small and the server is near, so it would only cost time on both sides.
    client = await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        tls=tls_of(settings),
        api_key=settings.api_key or None,
        data_converter=converter,
        grpc_compression=GrpcCompression.NONE,
        runtime=sdk_runtime(),
        interceptors=[CarriesRequest()],
    )
    # Answered from what the server knows of names, as everything is that a worker asks.
    known = ListWorkflowExecutionsRequest(namespace=client.namespace, page_size=1)
    await client.workflow_service.list_workflow_executions(known)
    return client


_NOT_ALLOWED: Final = frozenset({RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNIMPLEMENTED})
"""How a server says that this is its administrators' business."""
_ATTRIBUTES: Final = (
    "Không được phép khai báo: quản trị Temporal phải thêm các thuộc tính tìm kiếm này (its administrators "
    "must add them; it is waited for)."
)
_RETENTION: Final = (
    "Không được phép: quản trị Temporal đặt thời gian lưu (its administrators set the retention)."
)


async def register_search_attributes(client: Client) -> None:
    """Add the ones that are missing, or wait until somebody has who may. Without them every workflow task
    that sets one would fail and retry for ever."""
    told = Repeated()
    while missing := await missing_search_attributes(client):
        try:
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
            )
        except RPCError as error:
            if error.status not in _NOT_ALLOWED:
                raise
        else:
            return
        if told.is_due():
            log.warning("temporal.search_attributes_missing", lacking=sorted(missing), advice=_ATTRIBUTES)
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def missing_search_attributes(client: Client) -> dict[str, IndexedValueType.ValueType]:
    """Those that the namespace does not know yet, with their types."""
    listed = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return {
        key.name: IndexedValueType.ValueType(key.indexed_value_type)
        for key in SEARCH_ATTRIBUTES
        if key.name not in listed.custom_attributes
    }


async def retention_days(settings: TemporalSettings) -> int:
    """How long the namespace keeps ended runs, in whole days; one of `UNREACHED` where nobody says so."""
    client = await reach(settings, DataConverter.default)
    told = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=client.namespace)
    )
    return int(told.config.workflow_execution_retention_ttl.seconds) // 86_400


async def keep_ended_runs(client: Client, days: int) -> None:
    """How long what has ended stays to be seen by operators. What people see comes from the services. Where
    it is not for us to say, it stays as it is."""
    config = NamespaceConfig(workflow_execution_retention_ttl=Duration(seconds=days * 86_400))
    try:
        await client.workflow_service.update_namespace(
            UpdateNamespaceRequest(namespace=client.namespace, config=config)
        )
    except RPCError as error:
        if error.status not in _NOT_ALLOWED:
            raise
        log.warning("temporal.retention_not_set", days=days, advice=_RETENTION)


_ASKED_AGAIN_AFTER: Final = timedelta(minutes=1)


class RefusalsAreWaitedOut(Interceptor):
    """A refusal in an activity never ends a run: what is in the way, somebody mends, and the activity is
    tried again every minute until then. Its code is the error's type, for whoever looks; what fails again and
    again is written into the book, for the alarm list."""

    def __init__(self, book: CallBook | None = None, meters: Meters | None = None) -> None:
        self._book = book
        self._meters = meters or Meters()

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Wrap every activity."""
        return _RefusalActivity(next, self._book, self._meters)


class _RefusalActivity(ActivityInboundInterceptor):
    def __init__(self, next: ActivityInboundInterceptor, book: CallBook | None, meters: Meters) -> None:
        super().__init__(next)
        self._book = book
        self._meters = meters

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        """Measured, and said in the log; what it was called with is in neither."""
        began = time.perf_counter()
        try:
            answer = await self._kept_in_book(input)
        except BaseException as error:
            self._tell("refused" if isinstance(error.__cause__, Refusal) else "failed", began)
            raise
        self._tell("done", began)
        return answer

    def _tell(self, outcome: str, began: float) -> None:
        info, seconds = activity.info(), time.perf_counter() - began
        self._meters.activities.labels(info.activity_type, outcome).observe(seconds)
        told = {"attempt": info.attempt, "outcome": outcome, "ms": round(seconds * 1_000, 1)}
        log.info("activity", activity=info.activity_type, workflow_id=info.workflow_id, **told)

    async def _kept_in_book(self, input: ExecuteActivityInput) -> Any:
        book, info = self._book, activity.info()
        if book is None or info.workflow_id is None:
            return await self._answer(input)
        call = info.workflow_id, info.activity_type
        try:
            answer = await self._answer(input)
        except Exception as error:
            code = error.type if isinstance(error, ApplicationError) else None
            await book.failed(*call, code or type(error).__name__, info.attempt)
            raise
        await book.went_through(*call, info.attempt)
        return answer

    async def _answer(self, input: ExecuteActivityInput) -> Any:
        try:
            return await super().execute_activity(input)
        except Refusal as refusal:
            # What passes by itself is over in a few seconds: the call's own pauses are for it.
            delay = None if refusal.passes_by_itself else _ASKED_AGAIN_AFTER
            raise ApplicationError(
                refusal.detail_en, refusal.facts, type=refusal.code, next_retry_delay=delay
            ) from refusal


def build_of(queue: str, build_id: str) -> WorkerDeploymentConfig:
    """Which build a worker runs, shown in Temporal; it decides nothing.

    Without a name of ours the SDK would read every loaded module to make one, which is half a second of each
    start."""
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(queue, build_id), use_worker_versioning=False
    )


def version_of(deployment: str, build_id: str) -> WorkerDeploymentConfig:
    """Which build a worker runs, and that Temporal decides which work that build gets. Every run moves to the
    build that is current with its next task; none stays behind with an old one (decision 0001). The workflow
    classes themselves say nothing of it: on a worker that is not versioned that would stop every run."""
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment, build_id),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )


def activity_worker(
    client: Client,
    queue: TaskQueue,
    activities: Sequence[Callable[..., Any]],
    slots: int,
    build_id: str = "development",
    calls: RefusalsAreWaitedOut | None = None,
) -> Worker:
    """The worker of a service's activities; `slots` is at most the pool's size, or activities would wait for
    connections. `calls` says what becomes of what fails."""
    return Worker(
        client,
        task_queue=queue,
        activities=activities,
        interceptors=[calls or RefusalsAreWaitedOut()],
        max_concurrent_activities=slots,
        deployment_config=build_of(queue, build_id),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=GRACE,
    )


async def is_healthy(client: Client) -> bool:
    """The server answers."""
    try:
        return await client.service_client.check_health(timeout=timedelta(seconds=2))
    except RPCError:
        return False
