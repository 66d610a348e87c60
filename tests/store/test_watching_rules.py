"""What is worth an alert: each rule fires on what it is about and is quiet before; every number that a rule
or a dashboard asks for is one that our parts tell."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from kit.metrics import Meters, exposition
from kit.telemetry import sdk_exposition, sdk_runtime
from kit.versions import Routing, current_told
from services.review.app import SERVICE
from tests.conftest import ServiceOpener
from tests.notice_cases import eventually
from tests.store.test_kit_relay import client as client  # noqa: PLC0414 - the fixture
from tests.store.watching_programs import programs

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
RULES = DEPLOY / "prometheus" / "rules.yml"
BY_PROMETHEUS = frozenset({"up"})
SEEN_AFTER = "2h"

# Of each alert: series as promtool writes them ("v+dxn": from v by d, n times), a minute apart, and when it
# is quiet still.
_BUCKETS = "sangkien_request_duration_seconds_bucket{{service='intake',le='{}'}}"
CASES: Mapping[str, tuple[Mapping[str, str], str]] = {
    "PartDown": ({"up{job='sangkien',service='intake',part='api'}": "1x30 0x200"}, "20m"),
    "PartRestarts": (
        {"process_start_time_seconds{job='sangkien',service='intake'}": "5x60 6+1x200"},
        "30m",
    ),
    "DatabaseAway": ({"sangkien_ready{service='intake',part='api'}": "1x30 0x200"}, "20m"),
    "TemporalAway": ({"sangkien_ready{service='workflows',part='worker'}": "1x30 0x200"}, "20m"),
    "ServiceWithoutTemporal": (
        {
            "sangkien_ready{service='intake',part='relay'}": "1x30 0x200",
            "sangkien_ready{service='intake',part='api'}": "1x300",
            # A part that lacks what its API lacks too has no database.
            "sangkien_ready{service='review',part='relay'}": "0x300",
            "sangkien_ready{service='review',part='api'}": "0x300",
        },
        "20m",
    ),
    "NoBuildCurrent": (
        {
            "sangkien_deployment_has_current_build{service='workflows',instance='a'}": "1x30 0x200",
            "sangkien_deployment_has_current_build{service='workflows',instance='b'}": "1x30 0x200",
        },
        "20m",
    ),
    "PoolExhausted": (
        {"sangkien_pool_exhausted_total{service='intake',pool='requests'}": "0x60 0+1x200"},
        "30m",
    ),
    "FilesRunOut": (
        {
            "process_open_fds{job='sangkien',service='intake'}": "100x60 900x200",
            "process_max_fds{job='sangkien',service='intake'}": "1000x300",
        },
        "30m",
    ),
    "RequestsFail": (
        {
            "sangkien_request_duration_seconds_count{service='intake',status='200'}": "0+60x300",
            "sangkien_request_duration_seconds_count{service='intake',status='500'}": "0x60 0+6x200",
        },
        "30m",
    ),
    "RequestsSlow": (
        {
            _BUCKETS.format("0.1"): "0+60x60 3600x200",
            _BUCKETS.format("2.5"): "0+60x300",
            _BUCKETS.format("+Inf"): "0+60x300",
        },
        "30m",
    ),
    "NobodyLeads": (
        {
            "sangkien_leads{service='intake',work='relay',instance='a'}": "1x30 0x200",
            "sangkien_leads{service='intake',work='relay',instance='b'}": "0x300",
        },
        "20m",
    ),
    "TwoLead": (
        {
            "sangkien_leads{service='intake',work='relay',instance='a'}": "1x300",
            "sangkien_leads{service='intake',work='relay',instance='b'}": "0x30 1x200",
        },
        "20m",
    ),
    "RemovalStands": (
        {"sangkien_removal_done_timestamp_seconds{service='intake',what='outbox'}": "-18000+0x300"},
        "1h",
    ),
    "MessagesWait": ({"sangkien_messages_waiting_oldest_seconds{service='intake'}": "3x30 180x200"}, "20m"),
    "MessagesStuck": ({"sangkien_messages_stuck{service='intake'}": "0x30 1x200"}, "20m"),
    "CasesStranded": ({"sangkien_stranded_cases{service='intake'}": "0x30 1x200"}, "20m"),
    "RunsStand": ({"sangkien_alarms{service='intake',kind='RUN_FAILS'}": "0x30 1x200"}, "20m"),
    "RungsLate": ({"sangkien_rung_lag_seconds{service='review'}": "4x30 1000x200"}, "20m"),
    "WorkflowTasksFail": (
        {"temporal_workflow_task_execution_failed_total{service='workflows'}": "0x60 0+1x200"},
        "50m",
    ),
    "ActivitiesFail": (
        {
            "sangkien_activity_duration_seconds_count{activity='x',outcome='failed'}": "0x60 0+9x200",
            "sangkien_activity_duration_seconds_count{activity='x',outcome='refused'}": "0+9x300",
        },
        "50m",
    ),
    "NobodyThere": ({"sangkien_tasks_unreachable{service='review'}": "0x10 1x200"}, "9m"),
    "HistoryDoesNotFit": (
        {"sangkien_alarms{service='intake',kind='HISTORY_DOES_NOT_FIT'}": "0x30 1x200"},
        "20m",
    ),
    "MailsGivenUp": ({"sangkien_sent_total{kind='mail',outcome='FAILED'}": "0x90 1x200"}, "80m"),
    "MassMail": ({"sangkien_sent_total{kind='mail',outcome='SENT'}": "0+10x60 600+1000x200"}, "50m"),
    "WebhooksGivenUp": ({"sangkien_sent_total{kind='webhook',outcome='FAILED'}": "0x90 1x200"}, "80m"),
}


def _rules() -> Sequence[Mapping[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"] for rule in group["rules"]]


def _firing(alert: str, at: str, samples: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    wanted = f"count(ALERTS{{alertname='{alert}',alertstate='firing'}})"
    return {"expr": wanted, "eval_time": at, "exp_samples": list(samples)}


def test_every_alert_fires_on_what_it_is_about_and_not_before(tmp_path: Path) -> None:
    assert {rule["alert"] for rule in _rules()} == CASES.keys()
    tests = [
        {
            "interval": "1m",
            "name": alert,
            "input_series": [{"series": name, "values": values} for name, values in series.items()],
            "promql_expr_test": [
                _firing(alert, quiet_at, []),
                _firing(alert, SEEN_AFTER, [{"labels": "{}", "value": 1}]),
            ],
        }
        for alert, (series, quiet_at) in CASES.items()
    ]
    told = {"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": tests}
    file = tmp_path / "rules_test.yml"
    file.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    _passes("promtool", "test", "rules", str(file))


def test_the_configurations_are_what_the_programs_take() -> None:
    _passes("promtool", "check", "config", str(DEPLOY / "prometheus" / "prometheus.yml"))
    config = str(DEPLOY / "alertmanager" / "alertmanager.yml")
    _passes("amtool", "check-config", config)
    for severity, receiver in (("page", "pager"), ("ticket", "tickets")):
        routed = _passes(
            "amtool", "config", "routes", "test", f"--config.file={config}", f"severity={severity}"
        )
        assert routed.strip() == receiver


def _passes(program: str, *words: str) -> str:
    done = subprocess.run(
        [str(programs() / program), *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_alert_says_how_much_it_matters_and_what_to_do() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "docs" / "incidents.md").read_text("utf-8"), re.MULTILINE)
    places = {f"docs/incidents.md#{heading.lower().replace(' ', '-')}" for heading in headings}
    for rule in _rules():
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["runbook"] in places, rule["alert"]
        assert re.search(r"\S \([a-z].+\)$", rule["annotations"]["summary"]), "in both languages"


def _asked() -> Iterator[tuple[str, str]]:
    """Where, and which number."""
    expressions = [(f"rules.yml {rule['alert']}", rule["expr"]) for rule in _rules()]
    for board in sorted((DEPLOY / "grafana").glob("*.json")):
        for panel in json.loads(board.read_text("utf-8"))["panels"]:
            expressions += [(f"{board.name} {panel['title']}", target["expr"]) for target in panel["targets"]]
    for place, expression in expressions:
        for name in re.findall(r"\b(?:sangkien|temporal|process|python)_[a-z_]+\b|\bup\b", expression):
            yield place, name


@activity.defn
async def tell() -> None:
    """Done."""


@workflow.defn
class Calling:
    """Its first task fails; then it calls an activity."""

    failed = False

    @workflow.run
    async def run(self) -> None:
        """Fail once, for the task and not for the run; then end."""
        if not type(self).failed:
            type(self).failed = True
            raise RuntimeError("told to")
        await workflow.execute_activity(tell, start_to_close_timeout=timedelta(seconds=5))


async def _told_by_temporal(client: Client) -> str:
    """What Temporal's engine tells once workflows ran, failed, and called activities."""
    own = await Client.connect(
        client.service_client.config.target_host, namespace=client.namespace, runtime=sdk_runtime()
    )
    queue = f"q{uuid4().hex}"
    with pytest.raises(RPCError):
        await own.get_workflow_handle("nobody's").describe()
    worker = Worker(
        own,
        task_queue=queue,
        workflows=[Calling],
        workflow_runner=UnsandboxedWorkflowRunner(),
        activities=[tell],
    )
    async with worker:
        await own.execute_workflow(
            Calling.run, id=uuid4().hex, task_queue=queue, execution_timeout=timedelta(seconds=60)
        )

        async def told() -> bool:
            return "temporal_workflow_task_execution_failed_total" in await sdk_exposition()

        await eventually(told, 30)
        return await sdk_exposition()


async def test_every_number_that_is_asked_for_is_told(client: Client, open_service: ServiceOpener) -> None:
    async with open_service(SERVICE) as service:
        texts = [
            exposition(Meters(whole_process=True), [current_told(Routing())]),
            (await service.http.get("/metrics")).text,
            await _told_by_temporal(client),
        ]
    told: set[str] = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\w+)", "\n".join(texts), re.MULTILINE):
        told |= {f"{name}{end}" for end in ("_bucket", "_count", "_sum")} if kind == "histogram" else {name}
    lacking = {(place, name) for place, name in _asked() if name not in told | BY_PROMETHEUS}
    assert not lacking
