"""What `sangkien doctor` examines: the machine, the programs that are brought along, and the running
instance."""

import asyncio
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import asyncpg

from casework.history.keys import Signer
from cli.stranded import count_history_alarms, find_stranded
from cli.verifying import history_setting
from embedded import postgres, temporal
from embedded.health import unhealthy
from embedded.instance import ROOT, WORKER
from embedded.layout import LEAST_FREE_BYTES, Ports, all_parts, default_ports
from embedded.processes import command_of, listener_on, memory_bytes, with_descendants
from embedded.secrets_file import SecretsFile
from embedded.state import State, running_state
from kit.connecting import OUTAGES, reaching
from language.names import SERVICES
from processes.roles import service_url

MOST_MEMORY_BYTES = 1_200_000_000
UNDELIVERED = (
    "select count(*) from outbox where trouble is not null and delivered_at is null and dismissed_at is null"
)
_MEGABYTE = 1_000_000
_ANSWER_WITHIN = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at."""

    name: str
    is_fine: bool
    detail: str


def examine(data: Path) -> list[Finding]:
    """Everything, in the order in which a start needs it."""
    state = running_state(data)
    findings = [_python(), _packages(), _disk(data), _postgres(), _temporal(), _history()]
    if state is None:
        return [*findings, _ports(default_ports())]
    return [*findings, *_running(state, data), asyncio.run(_deliveries(data, state))]


def _python() -> Finding:
    return Finding(name="Python", is_fine=True, detail=f"{platform.python_version()} in {sys.prefix}")


def _packages() -> Finding:
    wrong = [
        f"{name} is {found or 'missing'}, not {wanted}"
        for name, wanted, found in _locked()
        if found != wanted
    ]
    return Finding(name="packages", is_fine=not wrong, detail="; ".join(wrong) or "as in requirements.lock")


def _locked() -> Iterator[tuple[str, str, str | None]]:
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        name, separator, rest = line.partition("==")
        # A line with a marker may be meant for another system or Python.
        if separator and ";" not in rest and not line.startswith((" ", "#")):
            yield name, rest.split()[0], _installed(name)


def _installed(name: str) -> str | None:
    try:
        return version(name.partition("[")[0])
    except PackageNotFoundError:
        return None


def _disk(data: Path) -> Finding:
    there = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    return Finding(
        name="disk", is_fine=free >= LEAST_FREE_BYTES, detail=f"{free // _MEGABYTE} MB free for {data}"
    )


def _postgres() -> Finding:
    if os.environ.get("DATABASE_URL"):
        return Finding(name="PostgreSQL", is_fine=True, detail="your own, by DATABASE_URL")
    manner = ""
    if os.geteuid() == 0:
        manner = (
            ", in a user namespace"
            if postgres.namespaces_work()
            else ", as `nobody` (no user namespaces here)"
        )
    return Finding(name="PostgreSQL", is_fine=True, detail=f"{postgres.version()}{manner}")


def _temporal() -> Finding:
    if os.environ.get("TEMPORAL_ADDRESS"):
        return Finding(name="Temporal", is_fine=True, detail="your own, by TEMPORAL_ADDRESS")
    told = subprocess.run(
        [temporal.program(), "--version"], check=True, capture_output=True, text=True
    ).stdout
    return Finding(name="Temporal", is_fine=True, detail=told.strip())


def _history() -> Finding:
    """The key that the province makes public: whoever has it can tell what was signed."""
    seed = history_setting("CHECKPOINT_KEY")
    try:
        told = (
            f"signed by the public key {Signer(seed).public_key.hex()}"
            if seed
            else "not signed: no CHECKPOINT_KEY"
        )
    except ValueError as error:
        return Finding(name="history", is_fine=False, detail=str(error))
    return Finding(name="history", is_fine=True, detail=told)


def _ports(ports: Ports) -> Finding:
    busy = {ports[name]: listener_on(ports[name]) for name in all_parts() if not ports.is_free(name)}
    told = ", ".join(
        f"{port} is held by {command_of(pid) if pid else 'another program'}" for port, pid in busy.items()
    )
    return Finding(name="ports", is_fine=not busy, detail=told or f"all free from {ports.base} on")


def _stranded(state: State, data: Path) -> Finding:
    """Cases that nothing will ever move: each has a next step, or is on the alarm list."""
    found = asyncio.run(find_stranded(_admin_url(state, data)))
    told = f"without a next step or an alarm: {', '.join(found)}"
    return Finding(
        name="cases",
        is_fine=not found,
        detail=told if found else "every open case has a next step, or is an alarm",
    )


def _admin_url(state: State, data: Path) -> str:
    own = os.environ.get("DATABASE_URL")
    secret = SecretsFile(data / "secrets.json")["postgres_admin"]
    return own or postgres.admin_url(state.ports["postgres"], secret)


def _history_alarms(state: State, data: Path) -> Finding:
    """What the services found wrong with their histories by themselves."""
    found = asyncio.run(count_history_alarms(_admin_url(state, data)))
    told = ", ".join(f"{count} of {service}" for service, count in found.items())
    return Finding(
        name="history alarms",
        is_fine=not found,
        detail=f"do not fit: {told} (see GET /v1/alarms, run verify)" if found else "none stands",
    )


def _running(state: State, data: Path) -> list[Finding]:
    late = asyncio.run(unhealthy(state.ports, (*SERVICES, WORKER)))
    processes = with_descendants([state.launcher])
    memory = sum(memory_bytes(pid) for pid in processes)
    return [
        *([] if late else [_stranded(state, data), _history_alarms(state, data)]),
        Finding(
            name="health",
            is_fine=not late,
            detail=f"not well: {', '.join(late)}" if late else "all services and the worker are well",
        ),
        Finding(
            name="memory",
            is_fine=memory <= MOST_MEMORY_BYTES,
            detail=f"{memory // _MEGABYTE} MB in {len(processes)} processes together",
        ),
    ]


async def _deliveries(data: Path, state: State) -> Finding:
    """Words to workflows that do not arrive."""
    server = (
        os.environ.get("DATABASE_URL")
        or f"postgresql://-@127.0.0.1:{state.ports['postgres']}/{postgres.DATABASE}"
    )
    passwords = SecretsFile(data / "secrets.json").role_passwords
    told = []
    try:
        for service in SERVICES:
            async with reaching():
                conn = await asyncpg.connect(
                    service_url(server, service, passwords[service]), timeout=_ANSWER_WITHIN
                )
            found = await conn.fetchval(UNDELIVERED)
            await conn.close()
            if found:
                told.append(f"{found} of {service}")
    except OUTAGES as outage:
        return Finding(
            name="deliveries", is_fine=False, detail=f"the database does not answer: {type(outage).__name__}"
        )
    detail = (
        f"do not arrive at their workflows: {', '.join(told)} (see docs/architecture.md, Delivery)"
        if told
        else "none is stuck"
    )
    return Finding(name="deliveries", is_fine=not told, detail=detail)
