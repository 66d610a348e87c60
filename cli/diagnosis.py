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
from temporalio.converter import DataConverter

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
from kit.environment import secret
from kit.outages import OUTAGES, reaching
from kit.settings import SettingsUnfit, settings_of
from kit.temporal import UNREACHED, reach
from kit.temporal_settings import TemporalSettings
from kit.temporal_tls import advice_on
from language.names import PORTAL, SERVICES, TaskQueue
from processes.roles import service_url

MOST_MEMORY_BYTES = 1_200_000_000
_MEGABYTE = 1_000_000
_ANSWER_WITHIN = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; `title` is its name for people, where that is not the name itself."""

    name: str
    is_fine: bool
    detail: str
    title: str = ""


def examine(data: Path) -> list[Finding]:
    """Everything, in the order in which a start needs it."""
    state = running_state(data)
    findings = [_python(), _packages(), _disk(data), _postgres(), _temporal(), _history()]
    if state is None:
        return [*findings, _ports(default_ports())]
    return [*findings, *_running(state, data), asyncio.run(_deliveries(data, state))]


def _python() -> Finding:
    return Finding(name="Python", is_fine=True, detail=f"{platform.python_version()}, {sys.prefix}")


def _packages() -> Finding:
    wrong = [
        f"{name}: {found or 'thiếu (missing)'}, cần (wanted) {wanted}"
        for name, wanted, found in _locked()
        if found != wanted
    ]
    fine = "đúng như requirements.lock (as in the lock)"
    return Finding(name="packages", title="Gói Python", is_fine=not wrong, detail="; ".join(wrong) or fine)


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
        name="disk",
        title="Ổ đĩa",
        is_fine=free >= LEAST_FREE_BYTES,
        detail=f"còn trống {free // _MEGABYTE} MB cho {data} (free)",
    )


def _postgres() -> Finding:
    if secret("DATABASE_URL"):
        return Finding(name="PostgreSQL", is_fine=True, detail="bạn đặt theo DATABASE_URL (your own)")
    manner = ""
    if os.geteuid() == 0:
        manner = (
            ", trong không gian người dùng riêng (in a user namespace)"
            if postgres.namespaces_work()
            else ", bằng tài khoản `nobody` (no user namespaces here)"
        )
    return Finding(name="PostgreSQL", is_fine=True, detail=f"{postgres.version()}{manner}")


def _temporal() -> Finding:
    if os.environ.get("TEMPORAL_ADDRESS"):
        return asyncio.run(_given_temporal())
    detail = subprocess.run(
        [temporal.program(), "--version"], check=True, capture_output=True, text=True
    ).stdout
    return Finding(name="Temporal", is_fine=True, detail=detail.strip())


async def _given_temporal() -> Finding:
    """Somebody else's server, asked as the processes ask it."""
    try:
        settings = settings_of(TemporalSettings, TaskQueue.WORKFLOWS)
    except SettingsUnfit as unfit:
        return Finding(name="Temporal", is_fine=False, detail=f"{unfit.detail_vi} ({unfit.detail_en})")
    where = f"{settings.temporal_address}, {settings.temporal_namespace}"
    try:
        await asyncio.wait_for(reach(settings, DataConverter.default), _ANSWER_WITHIN)
    except (*UNREACHED, TimeoutError) as error:
        advice = advice_on(str(error), settings)
        return Finding(name="Temporal", is_fine=False, detail=f"{where}: {advice}")
    manner = "qua TLS (over TLS)" if settings.speaks_tls else "không qua TLS (not over TLS)"
    return Finding(
        name="Temporal", is_fine=True, detail=f"bạn đặt theo TEMPORAL_ADDRESS (your own): {where}, {manner}"
    )


def _history() -> Finding:
    """The key that the province makes public: whoever has it can tell what was signed."""
    seed = history_setting("CHECKPOINT_KEY")
    try:
        detail = (
            f"được ký bằng khóa công khai (signed by the public key) {Signer(seed).public_key.hex()}"
            if seed
            else "chưa ký: chưa có CHECKPOINT_KEY (not signed)"
        )
    except ValueError as error:
        return Finding(name="history", title="Lịch sử", is_fine=False, detail=str(error))
    return Finding(name="history", title="Lịch sử", is_fine=True, detail=detail)


def _ports(ports: Ports) -> Finding:
    busy = {ports[name]: listener_on(ports[name]) for name in all_parts() if not ports.is_free(name)}
    detail = ", ".join(
        f"{port} đang do {command_of(pid) if pid else 'chương trình khác'} dùng (in use)"
        for port, pid in busy.items()
    )
    return Finding(
        name="ports",
        title="Cổng",
        is_fine=not busy,
        detail=detail or f"đều trống từ {ports.base} (all free from there on)",
    )


def _stranded(state: State, data: Path) -> Finding:
    """Cases that nothing will ever move: each has a next step, or is on the alarm list."""
    found = asyncio.run(find_stranded(_admin_url(state, data)))
    detail = f"không có bước tiếp theo, không có cảnh báo (no next step, no alarm): {', '.join(found)}"
    return Finding(
        name="cases",
        title="Việc đang mở",
        is_fine=not found,
        detail=detail if found else "đều có bước tiếp theo hoặc cảnh báo (a next step, or an alarm)",
    )


def _admin_url(state: State, data: Path) -> str:
    own = secret("DATABASE_URL")
    password = SecretsFile(data / "secrets.json")["postgres_admin"]
    return own or postgres.admin_url(state.ports["postgres"], password)


def _history_alarms(state: State, data: Path) -> Finding:
    """What the services found wrong with their histories by themselves."""
    found = asyncio.run(count_history_alarms(_admin_url(state, data)))
    detail = ", ".join(f"{service} {count}" for service, count in found.items())
    return Finding(
        name="history alarms",
        title="Cảnh báo lịch sử",
        is_fine=not found,
        detail=f"không khớp (do not fit): {detail}; xem GET /v1/alarms, chạy `./sangkien verify`"
        if found
        else "không có (none stands)",
    )


def _running(state: State, data: Path) -> list[Finding]:
    late = asyncio.run(unhealthy(state.ports, (PORTAL, *SERVICES, WORKER)))
    processes = with_descendants([state.launcher])
    memory = sum(memory_bytes(pid) for pid in processes)
    return [
        *([] if late else [_stranded(state, data), _history_alarms(state, data)]),
        Finding(
            name="health",
            title="Tình trạng",
            is_fine=not late,
            detail=f"chưa ổn (not well): {', '.join(late)}"
            if late
            else "mọi dịch vụ và bộ chạy quy trình đều ổn (all are well)",
        ),
        Finding(
            name="memory",
            title="Bộ nhớ",
            is_fine=memory <= MOST_MEMORY_BYTES,
            detail=f"{memory // _MEGABYTE} MB cho cả {len(processes)} tiến trình (processes together)",
        ),
    ]


_DELIVERIES = "Thông điệp đến quy trình"
UNDELIVERED = "select count(*) from outbox where trouble is not null and delivered_at is null"


async def _deliveries(data: Path, state: State) -> Finding:
    """Messages to workflows that do not arrive."""
    server = (
        secret("DATABASE_URL") or f"postgresql://-@127.0.0.1:{state.ports['postgres']}/{postgres.DATABASE}"
    )
    passwords = SecretsFile(data / "secrets.json").role_passwords
    waiting = []
    try:
        for service in SERVICES:
            async with reaching():
                conn = await asyncpg.connect(
                    service_url(server, service, passwords[service]), timeout=_ANSWER_WITHIN
                )
            found = await conn.fetchval(UNDELIVERED)
            await conn.close()
            if found:
                waiting.append(f"{service} {found}")
    except OUTAGES as outage:
        detail = f"cơ sở dữ liệu không trả lời (the database does not answer): {type(outage).__name__}"
        return Finding(name="deliveries", title=_DELIVERIES, is_fine=False, detail=detail)
    detail = (
        f"không đến được quy trình (do not arrive): {', '.join(waiting)}; xem GET /v1/alarms"
        if waiting
        else "không có thư nào kẹt (none is stuck)"
    )
    return Finding(name="deliveries", title=_DELIVERIES, is_fine=not waiting, detail=detail)
