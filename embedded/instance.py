"""A whole Sáng Kiến on this machine: PostgreSQL, Temporal, the services and the workflow worker under one
supervisor."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from embedded import temporal, temporal_programs
from embedded.children import Child, Say
from embedded.errors import OldData, StartFailed, WrongSetting
from embedded.health import wait_until_healthy
from embedded.layout import CLUSTER_PARTS, Ports, lock_data, prepare_data
from embedded.mail_catcher import MAIL_DOMAIN, catching
from embedded.postgres import EmbeddedPostgres
from embedded.secrets_file import SecretsFile
from embedded.servers import TemporalServer
from embedded.state import end_orphans, forget_state, state_now, write_state
from embedded.temporal_cluster import HOSTS, TemporalCluster
from embedded.watching import Watch
from kit.environment import file_name, secret
from kit.temporal_settings import TemporalSettings, VersionSettings
from language.names import PORTAL, SERVICES, TaskQueue
from language.time_scale import TimeScale
from processes.migrate import DATA_UNFIT, ROLES_UNFIT, bring_up_to_date
from processes.roles import PREFIX, service_url, told_prefix
from services.portal.signed_in.issuer import CALLBACK

ROOT = Path(__file__).resolve().parents[1]
WORKER = "worker"
_AND = "+"
_IN_OFFICE = (TaskQueue.ORGANISATION, TaskQueue.RULEBOOK, TaskQueue.POSTROOM)
"""They share a process wherever an instance runs: a third of the memory, and one start instead of three."""
_AT_HOME = (*_IN_OFFICE, TaskQueue.PAYOUT)
"""With `up` the money does too. Rehearsals, benchmarks and tests of durability run it apart."""
_HEALTHY_WITHIN = 60.0
_BLOB_STORE = "BLOB_STORE"
RETENTION_DAYS = 400
"""Ended runs stay to be seen for more than a season."""
_SERVICES_END_WITHIN = 11.0
_SERVERS_END_WITHIN = 4.0


def _name(group: Sequence[str]) -> str:
    return _AND.join(group)


def process_of(part: str, processes: Iterable[str]) -> str:
    """Which of these processes is this part, or runs it among others; else the part's own name."""
    return next((name for name in processes if part in name.split(_AND)), part)


@dataclass(slots=True, kw_only=True)
class Instance:
    """Use as `async with Instance(data=…, ports=…) as instance:`. DATABASE_URL and TEMPORAL_ADDRESS replace
    the embedded servers, unless `private` is set (rehearsals and tests never touch a real system). `pages`:
    whether people can look at it; what is private has none unless somebody asks for them. `server`: what is
    private can run on Temporal's real server, on the same PostgreSQL."""

    data: Path
    ports: Ports
    scale: TimeScale | None = None
    private: bool = False
    pages: bool | None = None
    server: TemporalServer = TemporalServer.DEVELOPMENT
    say: Say = field(default=lambda _: None)
    children: dict[str, Child] = field(default_factory=dict, init=False)
    secrets: SecretsFile = field(init=False)
    _lock: IO[str] = field(init=False)
    _ready: bool = field(default=False, init=False)
    _watching: AsyncExitStack = field(default_factory=AsyncExitStack, init=False)
    _catcher: AsyncExitStack = field(default_factory=AsyncExitStack, init=False)

    async def __aenter__(self) -> Self:
        await self._begin()
        return self

    async def set_back(self, change: Callable[[], None]) -> None:
        """Stop everything, let this change the data, and start again: a restore, as those outside see it."""
        await self._stop()
        change()
        await self._begin()

    async def _begin(self) -> None:
        prepare_data(self.data)
        self._lock = lock_data(self.data)
        end_orphans(self.data)
        self.secrets = SecretsFile(self.data / "secrets.json")
        try:
            self.ports.check_free(self._listening_parts())
            await self._start()
        except BaseException:
            await self._stop()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    @property
    def external_database(self) -> str | None:
        """The admin DSN the caller gave."""
        return None if self.private else secret("DATABASE_URL")

    @property
    def external_temporal(self) -> str | None:
        """The Temporal server the caller gave."""
        return None if self.private else os.environ.get("TEMPORAL_ADDRESS")

    @property
    def external_smtp(self) -> str | None:
        """The mail server the caller gave."""
        return None if self.private else secret("SMTP_URL")

    @property
    def external_blob_store(self) -> str | None:
        """The bucket for attachments that the caller gave."""
        return None if self.private else os.environ.get(_BLOB_STORE)

    @property
    def mail_folder(self) -> Path:
        """Where caught mails lie."""
        return self.data / "mail"

    @property
    def admin_database_url(self) -> str:
        """The DSN with which roles and schemas are made."""
        return self.external_database or self._postgres().admin_url

    @property
    def temporal_address(self) -> str:
        """Where Temporal's frontend listens."""
        return self.external_temporal or f"127.0.0.1:{self.ports['temporal']}"

    @property
    def temporal_cluster(self) -> TemporalCluster:
        """The real server, where that is what it runs on; `ProgramsMissing` where that cannot be."""
        return TemporalCluster(
            programs=temporal_programs.installed(),
            ports=self.ports,
            folder=self.data / "temporal",
            admin_password=self.secrets["postgres_admin"],
            password=self.secrets["temporal_database"],
        )

    @property
    def urls(self) -> dict[str, str]:
        """The addresses of the services."""
        return {service: self.ports.url(service) for service in SERVICES}

    @property
    def has_pages(self) -> bool:
        """The portal is one of the parts."""
        return not self.private if self.pages is None else self.pages

    @property
    def issuer(self) -> str:
        """The address of the sign-in: the one that people see."""
        return self.ports.url(PORTAL if self.has_pages else TaskQueue.ORGANISATION)

    @property
    def listening(self) -> tuple[str, ...]:
        """The parts of ours that answer when they are well."""
        return (*SERVICES, WORKER, *((PORTAL,) if self.has_pages else ()))

    def database_url(self, service: str) -> str:
        """The DSN with which a service logs in."""
        return service_url(self.admin_database_url, service, self.secrets[service], self.role_prefix)

    @property
    def role_prefix(self) -> str:
        """What the names of the roles begin with: as told, where the server is the caller's."""
        return told_prefix() if self.external_database else PREFIX

    @property
    def history_keys(self) -> dict[str, str]:
        """What vouches for the history and signs it: the caller's own keys, else those of the instance."""
        names = ("HISTORY_KEYS", "CHECKPOINT_KEY")
        given = {} if self.private else {name: secret(name) for name in names}
        return {name: given.get(name) or self.secrets[name.lower()] for name in names}

    @property
    def processes(self) -> dict[str, int]:
        """The children that run now."""
        return {name: child.pid for name, child in self.children.items() if child.pid is not None}

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The services that share a process, and each of the others by itself."""
        together = _IN_OFFICE if self.private else _AT_HOME
        return (together, *((service,) for service in SERVICES if service not in together))

    def kill(self, name: str) -> None:
        """kill -9 a child, as an accident would; it is started again."""
        self.children[process_of(name, self.children)].kill()

    def announce_ready(self) -> None:
        """Let `up --detach` and `status` know that everything is there."""
        self._ready = True
        self._write_state()

    def environment(self, *services: str) -> dict[str, str]:
        """What a process with these services is started with, or the worker. Each service finds its own
        values under its own name."""
        values = self._base_environment() | {
            "TEMPORAL_ADDRESS": self.temporal_address,
            "HTTP_HOST": "127.0.0.1",
            "HTTP_PORT": str(self.ports[WORKER]),
            "OIDC_ISSUER": self.issuer,
            "OIDC_ISSUER_INSIDE": self.ports.url(TaskQueue.ORGANISATION),
        }
        if not self.external_temporal:
            values["TEMPORAL_RETENTION_DAYS"] = str(RETENTION_DAYS)
        for service in services:
            values |= {f"{service}_{name}".upper(): value for name, value in self._own(service).items()}
        if services:
            values |= self.history_keys
        if self.scale:
            values |= {
                "CLOCK_DAY_SECONDS": str(self.scale.day_seconds),
                "CLOCK_REAL_ORIGIN": self.scale.real_origin.isoformat(),
                "CLOCK_DOMAIN_ORIGIN": self.scale.domain_origin.isoformat(),
            }
        return values

    def _own(self, service: str) -> dict[str, str]:
        """The settings of one service, besides those that all share."""
        values = {"database_url": self.database_url(service), "http_port": str(self.ports[service])}
        if service == TaskQueue.ORGANISATION:
            values["cli_client_secret"] = self.secrets["cli_client_secret"]
            values["one_time_code_keys"] = self.secrets["one_time_code_keys"]
            if self.has_pages:
                values |= {
                    "portal_redirect_uris": f"{self.ports.url(PORTAL)}{CALLBACK}",
                    "trusted_proxies": "127.0.0.1",
                }
        if service == PORTAL:
            values |= {
                "public_address": self.ports.url(PORTAL),
                "services": " ".join(f"{name}={url}" for name, url in self.urls.items()),
                "session_keys": self.secrets["session_keys"],
                "temporal_ui": "" if self.external_temporal else self.ports.url("temporal-ui"),
            }
        if service == TaskQueue.POSTROOM:
            values["public_address"] = self.issuer
            values["webhook_loopback"] = "true"
            values["webhook_keys"] = self.secrets["webhook_keys"]
            if not self.external_smtp:
                values |= {
                    "smtp_url": f"smtp://127.0.0.1:{self.ports['mail']}",
                    "mail_from": f"sangkien@{MAIL_DOMAIN}",
                }
        if service == TaskQueue.INTAKE and not self.external_blob_store:
            values["blob_dir"] = str(self.data / "blobs")
        return values

    def _base_environment(self) -> dict[str, str]:
        replaced = {"DATABASE_URL", "TEMPORAL_ADDRESS", *self.history_keys}
        if not self.external_temporal:
            # How somebody else's server is spoken to is nothing to the embedded one, and nobody rolls out
            # versions of its worker.
            replaced |= {name.upper() for name in TemporalSettings.model_fields}
            replaced |= {name.upper() for name in VersionSettings.model_fields} - {"BUILD_ID"}
        if self.private:
            replaced |= {name for name in os.environ if name.startswith(_BLOB_STORE)}
        replaced |= {file_name(name) for name in replaced}
        kept = {name: value for name, value in os.environ.items() if name not in replaced}
        # Safe path: a folder `services` where the caller stands must not be taken for ours.
        return kept | {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "SANGKIEN_DATA": str(self.data)}

    def _listening_parts(self) -> tuple[str, ...]:
        parts = list(self.listening)
        if not self.external_database:
            parts.append("postgres")
        if not self.external_temporal:
            parts += ["temporal", "temporal-ui", "temporal-metrics"]
        if self.server is TemporalServer.CLUSTER:
            parts += chain.from_iterable(CLUSTER_PARTS.items())
        if not self.external_smtp:
            parts.append("mail")
        return tuple(parts)

    def _postgres(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(
            self.data / "postgres", self.ports["postgres"], self.secrets["postgres_admin"]
        )

    async def _start(self) -> None:
        if not self.external_smtp:
            await self._catcher.enter_async_context(catching(self.mail_folder, self.ports["mail"]))
        if not self.external_temporal and self.server is TemporalServer.DEVELOPMENT:
            command = temporal.command(self.data / "temporal.db", self.ports["temporal"], self._timers)
            await self._launch("temporal", command, self._base_environment())
        if not self.external_database:
            postgres = self._postgres()
            await asyncio.to_thread(postgres.initialise)
            await self._launch(
                "postgres",
                postgres.command(),
                self._base_environment(),
                postgres.forget_dead_server,
                signal.SIGINT,
            )
            await postgres.wait_ready()
        if self.server is TemporalServer.CLUSTER:
            await self._start_cluster()
        await self._migrate()
        for group in self.groups:
            command = [sys.executable, "-m", "processes.service", *group]
            await self._launch(_name(group), command, self.environment(*group))
        await self._launch(WORKER, [sys.executable, "-m", "processes.worker"], self.environment())
        if self.has_pages:
            await self._launch(PORTAL, [sys.executable, "-m", "processes.portal"], self.environment(PORTAL))
        await self._wait_healthy()
        watch = Watch(children=self.children, asked=self._asked, logs=self.data / "logs", say=self.say)
        await self._watching.enter_async_context(watch.beside())

    def _asked(self, name: str) -> Sequence[str]:
        """Where the child says whether it lives; PostgreSQL and Temporal are not asked."""
        return [self.ports.url(part) for part in name.split(_AND) if part in self.listening]

    async def _migrate(self) -> None:
        try:
            passwords = self.secrets.role_passwords
            await bring_up_to_date(self.admin_database_url, passwords, prefix=self.role_prefix)
        except DATA_UNFIT as refusal:
            raise OldData(f"{refusal.detail_vi} ({refusal.detail_en})") from None
        except ROLES_UNFIT as refusal:
            raise WrongSetting(f"{refusal.detail_vi} ({refusal.detail_en})") from None

    @property
    def _timers(self) -> Mapping[str, str]:
        return temporal.EXACT_TIMERS if self.scale else {}

    async def _start_cluster(self) -> None:
        cluster = self.temporal_cluster
        cluster.configure(self._timers)
        await asyncio.to_thread(cluster.make_databases)
        for host in HOSTS:
            environment = self._base_environment() | cluster.environment(host)
            await self._launch(host.name, cluster.command(host), environment)
            await cluster.wait_until_answers(host)
        await asyncio.to_thread(cluster.make_namespace)

    async def _launch(
        self,
        name: str,
        command: list[str],
        environment: dict[str, str],
        before_start: Callable[[], None] = lambda: None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        child = Child(
            name=name,
            command=command,
            log=self.data / "logs" / f"{name}.log",
            environment=environment,
            say=self.say,
            before_start=before_start,
            after_start=self._write_state,
            stop_signal=stop_signal,
        )
        self.children[name] = child
        await child.start()

    async def _wait_healthy(self) -> None:
        late = await wait_until_healthy(self.ports, self.listening, _HEALTHY_WITHIN)
        if late:
            told = "; ".join(
                f"{part}: {self.children[process_of(part, self.children)].last_words(1)[-400:]}"
                for part in late
            )
            raise StartFailed(f"Chưa ổn sau {_HEALTHY_WITHIN:.0f} giây (not healthy): {told}")

    async def _stop(self) -> None:
        """Services and worker first, then Temporal, then PostgreSQL (fast shutdown)."""
        await self._watching.aclose()
        await self._stop_children((*map(_name, self.groups), WORKER, PORTAL), _SERVICES_END_WITHIN)
        await self._stop_children(("temporal", *CLUSTER_PARTS), _SERVERS_END_WITHIN)
        await self._stop_children(("postgres",), _SERVERS_END_WITHIN)
        await self._catcher.aclose()
        self.children.clear()
        forget_state(self.data)
        self._lock.close()

    async def _stop_children(self, names: tuple[str, ...], patience: float) -> None:
        await asyncio.gather(*(self.children[name].stop(patience) for name in names if name in self.children))

    def _write_state(self) -> None:
        restarts = {name: child.restarts for name, child in self.children.items()}
        write_state(self.data, state_now(self.ports, self.processes, restarts, ready=self._ready))
