"""A whole Sáng Kiến on this machine: PostgreSQL, Temporal, four services and the workflow worker under one supervisor."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import httpx

from cli.embedded import temporal
from cli.embedded.children import Child, Say
from cli.embedded.layout import Ports, lock_data, prepare_data
from cli.embedded.postgres import EmbeddedPostgres
from cli.embedded.provision import SERVICES, provision, service_url
from cli.embedded.secrets_file import SecretsFile
from cli.errors import StartFailed
from workflows.contracts.time_scale import TimeScale

ROOT = Path(__file__).resolve().parents[2]
WORKER = "worker"
_HEALTHY_WITHIN = 60.0
_LOOK_EVERY = 0.1


@dataclass(slots=True, kw_only=True)
class Instance:
    """Use as `async with Instance(data=…, ports=…) as instance:`. DATABASE_URL and TEMPORAL_ADDRESS replace the embedded servers,
    unless `private` is set (rehearsals and tests never touch a real system)."""

    data: Path
    ports: Ports
    scale: TimeScale | None = None
    private: bool = False
    say: Say = field(default=lambda _: None)
    children: dict[str, Child] = field(default_factory=dict, init=False)
    secrets: SecretsFile = field(init=False)
    _lock: IO[str] = field(init=False)

    async def __aenter__(self) -> Self:
        prepare_data(self.data)
        self._lock = lock_data(self.data)
        self._sweep_orphans()
        self.secrets = SecretsFile(self.data / "secrets.json")
        try:
            self.ports.check_free(self._listening_parts())
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._stop()

    @property
    def external_database(self) -> str | None:
        """The admin DSN the caller gave."""
        return None if self.private else os.environ.get("DATABASE_URL")

    @property
    def external_temporal(self) -> str | None:
        """The Temporal server the caller gave."""
        return None if self.private else os.environ.get("TEMPORAL_ADDRESS")

    @property
    def admin_database_url(self) -> str:
        """The DSN with which roles and schemas are made."""
        return self.external_database or self._postgres().admin_url

    @property
    def temporal_address(self) -> str:
        """Where Temporal's frontend listens."""
        return self.external_temporal or f"127.0.0.1:{self.ports['temporal']}"

    @property
    def urls(self) -> dict[str, str]:
        """The addresses of the services."""
        return {service: self.ports.url(service) for service in SERVICES}

    def database_url(self, service: str) -> str:
        """The DSN with which a service logs in."""
        return service_url(self.admin_database_url, service, self.secrets[service])

    def environment(self, part: str) -> dict[str, str]:
        """What a service or the worker is started with."""
        values = {
            **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TEMPORAL_ADDRESS"}},
            "PYTHONPATH": str(ROOT),
            "TEMPORAL_ADDRESS": self.temporal_address,
            "HTTP_HOST": "127.0.0.1",
            "HTTP_PORT": str(self.ports[part]),
        }
        if part != WORKER:
            values |= {"DATABASE_URL": self.database_url(part), "OIDC_ISSUER": self.ports.url("directory")}
        if part == "directory":
            values["CLI_CLIENT_SECRET"] = self.secrets["cli_client_secret"]
        if part == "intake":
            values["BLOB_DIR"] = str(self.data / "blobs")
        if self.scale:
            values |= {
                "CLOCK_DAY_SECONDS": str(self.scale.day_seconds),
                "CLOCK_REAL_ORIGIN": self.scale.real_origin.isoformat(),
                "CLOCK_DOMAIN_ORIGIN": self.scale.domain_origin.isoformat(),
            }
        return values

    def _listening_parts(self) -> tuple[str, ...]:
        parts = [*SERVICES, WORKER]
        if not self.external_database:
            parts.append("postgres")
        if not self.external_temporal:
            parts += ["temporal", "temporal-ui", "temporal-metrics"]
        return tuple(parts)

    def _postgres(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(self.data / "postgres", self.ports["postgres"], self.secrets["postgres_admin"])

    async def _start(self) -> None:
        if not self.external_temporal:
            config = temporal.EXACT_TIMERS if self.scale else {}
            command = temporal.command(self.data / "temporal.db", self.ports["temporal"], config)
            await self._launch("temporal", command, dict(os.environ))
        if not self.external_database:
            postgres = self._postgres()
            await asyncio.to_thread(postgres.initialise)
            await self._launch("postgres", postgres.command(), dict(os.environ), postgres.forget_dead_server, signal.SIGINT)
            await postgres.wait_ready()
        await provision(self.admin_database_url, self.secrets.role_passwords)
        for service in SERVICES:
            await self._launch(service, [sys.executable, "-m", "services.run", service], self.environment(service))
        await self._launch(WORKER, [sys.executable, "-m", "workflows.worker"], self.environment(WORKER))
        await self._wait_healthy()

    async def _launch(
        self,
        name: str,
        command: list[str],
        environment: dict[str, str],
        before_start: Callable[[], None] = lambda: None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        child = Child(
            name=name, command=command, log=self.data / "logs" / f"{name}.log", environment=environment, say=self.say,
            before_start=before_start, stop_signal=stop_signal,
        )  # fmt: skip
        self.children[name] = child
        await child.start()
        self._write_pids()

    async def _wait_healthy(self) -> None:
        deadline = asyncio.get_running_loop().time() + _HEALTHY_WITHIN
        async with httpx.AsyncClient(timeout=2) as http:
            waiting = [*SERVICES, WORKER]
            while waiting:
                waiting = [part for part in waiting if not await self._is_healthy(http, part)]
                if waiting and asyncio.get_running_loop().time() > deadline:
                    told = "; ".join(f"{part}: {self.children[part].last_words(2)}" for part in waiting)
                    raise StartFailed(f"Not healthy after {_HEALTHY_WITHIN:.0f} s: {told}")
                if waiting:
                    await asyncio.sleep(_LOOK_EVERY)

    async def _is_healthy(self, http: httpx.AsyncClient, part: str) -> bool:
        try:
            return (await http.get(f"{self.ports.url(part)}/health")).status_code == 200
        except httpx.HTTPError:
            return False

    async def _stop(self) -> None:
        """Services and worker first, then Temporal, then PostgreSQL (fast shutdown)."""
        await asyncio.gather(*(self.children[name].stop() for name in (*SERVICES, WORKER) if name in self.children))
        for name in ("temporal", "postgres"):
            if name in self.children:
                await self.children[name].stop()
        self.children.clear()
        with contextlib.suppress(FileNotFoundError):
            (self.data / "pids.json").unlink()
        self._lock.close()

    def _write_pids(self) -> None:
        pids = {name: child.pid for name, child in self.children.items()}
        (self.data / "pids.json").write_text(json.dumps({"ports": self.ports.base, "pids": pids}), encoding="ascii")

    def _sweep_orphans(self) -> None:
        """End what a launcher that was killed left behind: its recorded children, and a PostgreSQL on this folder."""
        wanted: list[int] = []
        with contextlib.suppress(OSError, ValueError):
            wanted += [pid for pid in json.loads((self.data / "pids.json").read_text(encoding="ascii"))["pids"].values() if pid]
        with contextlib.suppress(OSError, ValueError):
            wanted.append(int((self.data / "postgres" / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0]))
        for pid in wanted:
            if _is_ours(pid, self.data):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def _is_ours(pid: int, data: Path) -> bool:
    # A pid may have been given to a stranger meanwhile: only processes that work on our folder, or are our modules, may be killed.
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return str(data) in line or "services.run" in line or "workflows.worker" in line
