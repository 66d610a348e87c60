"""Temporal's real server on PostgreSQL: two history hosts, matching, frontend and worker, a process each.
Roles, schemas and namespace are made by the scripts of `deploy/`, which run as they are in containers."""

import asyncio
import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from temporalio.service import ConnectConfig, RPCError, ServiceClient

from embedded import postgres, temporal
from embedded.errors import StartFailed
from embedded.layout import CLUSTER_PARTS, Ports
from embedded.temporal_programs import Programs

_DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
_HERE = "127.0.0.1"
_SHARDS = 512
_ANSWERS_WITHIN = 60.0
_LOOK_EVERY = 0.1
_ANSWER_WITHIN = timedelta(seconds=2)
_RETENTION = "9600h"


@dataclass(frozen=True, slots=True)
class Host:
    """A process of the server; `health` is the name under which it says how it is."""

    name: str
    service: str
    health: str

    @property
    def grpc(self) -> str:
        """The name of its port: people and workers speak to the frontend where they always find Temporal."""
        return "temporal" if self.service == "frontend" else self.name


HOSTS: Final = (
    Host("temporal-history-1", "history", "HistoryService"),
    Host("temporal-history-2", "history", "HistoryService"),
    Host("temporal-matching", "matching", "MatchingService"),
    Host("temporal-frontend", "frontend", "WorkflowService"),
    Host("temporal-worker", "worker", "WorkerService"),
)
"""In the order in which they start: on empty databases several at once race for the cluster's row, and one
dies; the last one looks for a frontend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporalCluster:
    """The server of one instance, on the instance's own PostgreSQL."""

    programs: Programs
    ports: Ports
    folder: Path
    admin_password: str
    password: str

    def make_databases(self) -> None:
        """Role, databases, schemas: what a container of PostgreSQL does on an empty data folder, and the job
        after it. `StartFailed` with what the script said."""
        self._run("postgres/10-temporal.sh", POSTGRES_USER=postgres.ADMIN)
        self.bring_schemas_up_to_date()

    def bring_schemas_up_to_date(self) -> None:
        """Repeat-safe."""
        self._run("temporal/set-up-schema.sh")

    def make_namespace(self, name: str = "default") -> None:
        """Wait for the frontend and make the namespace; repeat-safe."""
        self._run("temporal/create-namespace.sh", TEMPORAL_NAMESPACE=name)

    def _run(self, script: str, **environment: str) -> None:
        places = (self.programs.bin, postgres.programs(), Path(temporal.program()).parent)
        given = {
            "PATH": os.pathsep.join([*map(str, places), os.environ.get("PATH", "")]),
            "PGHOST": _HERE,
            "PGPORT": str(self.ports["postgres"]),
            "PGPASSWORD": self.admin_password,
            "POSTGRES_SEEDS": _HERE,
            "DB_PORT": str(self.ports["postgres"]),
            "POSTGRES_USER": "temporal",
            "SQL_PASSWORD": self.password,
            "TEMPORAL_DB_PASSWORD": self.password,
            "TEMPORAL_SCHEMA": str(self.programs.schema),
            "TEMPORAL_ADDRESS": f"{_HERE}:{self.ports['temporal']}",
            "TEMPORAL_RETENTION": _RETENTION,
        }
        ended = subprocess.run(
            ["sh", str(_DEPLOY / script)],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, **given, **environment},
        )
        if ended.returncode != 0:
            said = (ended.stderr.strip() or ended.stdout.strip())[-500:]
            raise StartFailed(f"{script} không chạy xong (did not succeed): {said}")

    def configure(self, dynamic: Mapping[str, str]) -> None:
        """Write the dynamic configuration: that of the containers, and these values besides."""
        self.folder.mkdir(exist_ok=True)
        shipped = (_DEPLOY / "temporal" / "dynamic-config.yaml").read_text(encoding="utf-8")
        more = "".join(f"{name}:\n  - value: {value}\n" for name, value in dynamic.items())
        self._dynamic.write_text(shipped + more, encoding="utf-8")

    @property
    def _dynamic(self) -> Path:
        return self.folder / "dynamic-config.yaml"

    def command(self, host: Host) -> list[str]:
        """The command line. Nobody signs in, on purpose: it listens on this machine only."""
        options = ["--config-file", str(self.programs.config), "--allow-no-auth"]
        return [str(self.programs.bin / "server"), *options, "start", "--service", host.service]

    def environment(self, host: Host) -> dict[str, str]:
        """What fills the image's template in, as `docker-compose.yml` does; the ports besides."""
        service = host.service.upper()
        return {
            "DB": "postgres12",
            "DB_PORT": str(self.ports["postgres"]),
            "VISIBILITY_DB_PORT": str(self.ports["postgres"]),
            "POSTGRES_SEEDS": _HERE,
            "POSTGRES_USER": "temporal",
            "POSTGRES_PWD": self.password,
            "NUM_HISTORY_SHARDS": str(_SHARDS),
            "BIND_ON_IP": _HERE,
            "LOG_LEVEL": "error",
            "DYNAMIC_CONFIG_FILE_PATH": str(self._dynamic),
            "FRONTEND_GRPC_PORT": str(self.ports["temporal"]),
            "FRONTEND_HTTP_PORT": str(self.ports["temporal-ui"]),
            f"{service}_GRPC_PORT": str(self.ports[host.grpc]),
            f"{service}_MEMBERSHIP_PORT": str(self.ports[CLUSTER_PARTS[host.name]]),
        }

    async def wait_until_answers(self, host: Host) -> None:
        """Wait until the process says how it is; `StartFailed` after a minute. (A history host that answers
        takes its shards meanwhile.)"""
        address = f"{_HERE}:{self.ports[host.grpc]}"
        give_up_at = asyncio.get_running_loop().time() + _ANSWERS_WITHIN
        client = await ServiceClient.connect(ConnectConfig(target_host=address, lazy=True))
        while asyncio.get_running_loop().time() < give_up_at:
            with suppress(RPCError, RuntimeError):
                await client.check_health(
                    service=f"temporal.api.workflowservice.v1.{host.health}", timeout=_ANSWER_WITHIN
                )
                return
            await asyncio.sleep(_LOOK_EVERY)
        raise StartFailed(
            f"{host.name} không trả lời trong {_ANSWERS_WITHIN:.0f} giây (did not answer); xem {self.folder}."
        )
