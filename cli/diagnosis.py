"""What `sangkien doctor` examines: the machine, the programs that are brought along, and the running
instance."""

import asyncio
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from temporalio.converter import DataConverter

from casework.history.keys import Signer
from cli.database_found import examine_database
from cli.finding import Finding
from cli.terms_found import examine_terms
from cli.verifying import history_setting
from embedded import postgres, temporal
from embedded.errors import CommandFailed
from embedded.health import unhealthy
from embedded.instance import RETENTION_DAYS, ROOT, WORKER
from embedded.layout import LEAST_FREE_BYTES, Ports, all_parts, default_ports
from embedded.processes import command_of, listener_on, memory_bytes, with_descendants
from embedded.secrets_file import SecretsFile
from embedded.state import State, running_state
from kit.environment import secret
from kit.settings import SettingsUnfit, settings_of
from kit.temporal import UNREACHED, missing_search_attributes, reach, retention_days
from kit.temporal_settings import TemporalSettings
from kit.temporal_tls import advice_on
from language.names import PORTAL, SCHEMAS, SERVICES, TaskQueue
from processes.migrate import password_name

MOST_MEMORY_BYTES = 1_200_000_000
_MEGABYTE = 1_000_000
_LOCK = ROOT / "requirements.lock"
_ANSWER_WITHIN = 3.0


def examine(data: Path) -> list[Finding]:
    """Everything, in the order in which a start needs it."""
    state = running_state(data)
    findings = [_python(), _packages(), _disk(data)]
    findings += _said("PostgreSQL", lambda: _database(state, data))
    findings += _said("Temporal", lambda: [_temporal()])
    findings += _said("terms", lambda: [examine_terms(_retention_days())])
    findings += _said("history", lambda: [_history()])
    if state:
        return [*findings, *_running(state)]
    return findings if _all_is_given() else [*findings, _ports(default_ports())]


def _said(name: str, look: Callable[[], list[Finding]]) -> list[Finding]:
    """What keeps it from being looked at is a finding too."""
    try:
        return look()
    except (CommandFailed, ValueError, OSError, subprocess.SubprocessError) as failed:
        return [Finding(name=name, is_fine=False, detail=str(failed))]


def _all_is_given() -> bool:
    return bool(secret("DATABASE_URL") and os.environ.get("TEMPORAL_ADDRESS"))


def _database(state: State | None, data: Path) -> list[Finding]:
    """The PostgreSQL that was given; else that of the embedded instance, as far as it runs."""
    keys = history_setting("HISTORY_KEYS")
    if given := secret("DATABASE_URL"):
        return examine_database(given, _passwords(data), keys)
    if state is None:
        return [_postgres()]
    if "postgres" not in state.processes:
        detail = "bản đang chạy dùng DATABASE_URL mà lệnh này không có: hãy đặt biến đó (not given here)"
        return [Finding(name="PostgreSQL", is_fine=False, detail=detail)]
    secrets = SecretsFile(data / "secrets.json")
    own = postgres.admin_url(state.ports["postgres"], secrets["postgres_admin"])
    return [_postgres(), *examine_database(own, secrets.role_passwords, keys)]


def _passwords(data: Path) -> Mapping[str, str]:
    """Those of the services' roles, as far as they are known here."""
    file = data / "secrets.json"
    if file.exists():
        return SecretsFile(file).role_passwords
    return {schema: own for schema in SCHEMAS if (own := secret(password_name(schema)))}


def _python() -> Finding:
    return Finding(name="Python", is_fine=True, detail=f"{platform.python_version()}, {sys.prefix}")


def _packages() -> Finding:
    if not _LOCK.exists():
        detail = "không có requirements.lock ở đây, không so được (a container image has none)"
        return Finding(name="packages", title="Gói Python", is_fine=True, detail=detail)
    wrong = [
        f"{name}: {found or 'thiếu (missing)'}, cần (wanted) {wanted}"
        for name, wanted, found in _locked()
        if found != wanted
    ]
    fine = "đúng như requirements.lock (as in the lock)"
    return Finding(name="packages", title="Gói Python", is_fine=not wrong, detail="; ".join(wrong) or fine)


def _locked() -> Iterator[tuple[str, str, str | None]]:
    for line in _LOCK.read_text(encoding="utf-8").splitlines():
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
    manner = ""
    if os.geteuid() == 0:
        manner = (
            ", trong không gian người dùng riêng (in a user namespace)"
            if postgres.namespaces_work()
            else ", bằng tài khoản `nobody` (no user namespaces here)"
        )
    return Finding(
        name="programs",
        title="PostgreSQL kèm theo",
        is_fine=True,
        detail=f"{postgres.version()}{manner}",
    )


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
        async with asyncio.timeout(_ANSWER_WITHIN):
            missing = await missing_search_attributes(await reach(settings, DataConverter.default))
    except (*UNREACHED, TimeoutError) as error:
        advice = advice_on(str(error), settings)
        return Finding(name="Temporal", is_fine=False, detail=f"{where}: {advice}")
    if missing:
        detail = f"{where}: bộ chạy quy trình chưa thêm (the worker adds them): {', '.join(missing)}"
        return Finding(name="Temporal", is_fine=False, detail=detail)
    manner = "qua TLS (over TLS)" if settings.speaks_tls else "không qua TLS (not over TLS)"
    return Finding(
        name="Temporal", is_fine=True, detail=f"bạn đặt theo TEMPORAL_ADDRESS (your own): {where}, {manner}"
    )


def _retention_days() -> int:
    """How long Temporal keeps ended runs; 0 where it does not say so, which is another finding's."""
    if not os.environ.get("TEMPORAL_ADDRESS"):
        return RETENTION_DAYS
    try:
        settings = settings_of(TemporalSettings, TaskQueue.WORKFLOWS)
        return asyncio.run(asyncio.wait_for(retention_days(settings), _ANSWER_WITHIN))
    except (SettingsUnfit, *UNREACHED, TimeoutError):
        return 0


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


def _running(state: State) -> list[Finding]:
    late = asyncio.run(unhealthy(state.ports, (PORTAL, *SERVICES, WORKER)))
    processes = with_descendants([state.launcher])
    memory = sum(memory_bytes(pid) for pid in processes)
    return [
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
