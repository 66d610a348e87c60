"""`sangkien up` and `sangkien down`."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

import typer
from rich.console import Console
from rich.markup import escape

from cli.first_start import complete_first_start, first_code, known_accounts, stays_empty
from embedded.errors import CommandFailed
from embedded.instance import Instance
from embedded.layout import default_data, default_ports, prepare_data
from embedded.state import is_held, launcher_of, running_state
from kit.clock import Clock
from language.names import PORTAL, SERVICES, TaskQueue

SUPERVISOR = "supervisor"
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_STOPS_WITHIN = 30.0
_LOOK_EVERY = 0.05
_EMPTY: Final[Mapping[bool | None, Sequence[str]]] = MappingProxyType(
    {None: (), True: ("--empty",), False: ("--sample",)}
)
_console = Console(soft_wrap=True, highlight=False)


def run_in_foreground(*, empty: bool | None) -> None:
    """Start everything and stay until a signal asks to stop."""
    asyncio.run(_serve(empty=empty))


def start_in_background(*, empty: bool | None) -> None:
    """Start the same in a process of its own, and return when all is healthy, or with its exit code when it
    fails."""
    data = default_data()
    prepare_data(data)
    log = data / "logs" / f"{SUPERVISOR}.log"
    command = [sys.executable, "-P", "-m", "cli", "up", *_EMPTY[empty]]
    with log.open("ab") as output:
        told_before = output.tell()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    with _console.status("Starting …"):
        code = _wait_until_ready(data, process)
    with log.open("rb") as output:
        output.seek(told_before)
        sys.stdout.write(output.read().decode(errors="replace"))
    if code is not None:
        raise typer.Exit(code or 1)


def stop() -> None:
    """Ask the launcher to stop everything, and wait for it. Nothing to stop is no failure."""
    data = default_data()
    launcher = launcher_of(data)
    if launcher is None:
        _console.print(f"Không có gì đang chạy ở {escape(str(data))} (nothing runs).")
        return
    try:
        os.kill(launcher, signal.SIGTERM)
    except PermissionError:
        raise CommandFailed(
            f"Tiến trình {launcher} của người dùng khác; chỉ người đó dừng được (another user's process)."
        ) from None
    give_up_at = time.monotonic() + _STOPS_WITHIN
    while is_held(data):
        if time.monotonic() > give_up_at:
            raise CommandFailed(
                f"Tiến trình {launcher} chưa dừng sau {_STOPS_WITHIN:.0f} giây: xem "
                f"`./sangkien logs {SUPERVISOR}` (it has not stopped)."
            )
        time.sleep(_LOOK_EVERY)
    _console.print("Đã dừng (stopped).")


def _wait_until_ready(data: Path, process: "subprocess.Popen[bytes]") -> int | None:
    while (code := process.poll()) is None:
        state = running_state(data)
        if state is not None and state.ready and state.launcher == process.pid:
            return None
        time.sleep(_LOOK_EVERY)
    return code


async def _serve(*, empty: bool | None) -> None:
    serving = asyncio.ensure_future(_run_instance(empty=empty))
    loop = asyncio.get_running_loop()

    def stop_once() -> None:
        # A second Ctrl-C must not interrupt the orderly stop that the first one began.
        for number in _STOP_SIGNALS:
            loop.add_signal_handler(number, lambda: None)
        _say("stopping")
        serving.cancel()

    for number in _STOP_SIGNALS:
        loop.add_signal_handler(number, stop_once)
    with contextlib.suppress(asyncio.CancelledError):
        await serving
    _say("stopped")


async def _run_instance(*, empty: bool | None) -> None:
    async with Instance(data=default_data(), ports=default_ports(), say=_say) as instance:
        begins_empty = stays_empty(instance, empty)
        await complete_first_start(instance, empty=begins_empty, rules=not begins_empty)
        _welcome(instance)
        instance.announce_ready()
        await asyncio.get_running_loop().create_future()


def _say(message: str) -> None:
    _console.print(f"[dim]{Clock().real_now().astimezone():%H:%M:%S}[/] {escape(message)}")


def _welcome(instance: Instance) -> None:
    _console.print("\n[bold green]Sáng Kiến đang chạy.[/]\n")
    _console.print(f"  [bold]Trang web của hệ thống (pages): {instance.ports.url(PORTAL)}[/]\n")
    for service in SERVICES:
        _console.print(f"  {service:<12} {instance.urls[service]}/docs")
    if not instance.external_temporal:
        _console.print(f"  {'Temporal':<12} {instance.ports.url('temporal-ui')}")
    if not instance.external_smtp:
        _console.print(
            f"  {'mail':<12} thư nằm ở {escape(str(instance.mail_folder))}: ./sangkien mail [TÀI_KHOẢN]"
        )
    _console.print("\nTài khoản; lấy mã truy cập: ./sangkien token --as TÀI_KHOẢN")
    for account in known_accounts(instance):
        password = f", mật khẩu {account.password}" if account.password else ""
        _console.print(f"  {escape(f'{account.name:<16} {account.who}{password}')}")
    _console.print("\nNên thử tiếp:")
    for command in next_commands(instance):
        _console.print(f"  {escape(command)}")


def next_commands(instance: Instance) -> tuple[str, ...]:
    """What shows something: with a sample the officer's inbox, what comes next and the newest dossier; in a
    bare province who one is and how people and units come in."""
    accounts = known_accounts(instance)
    officer = next((account.name for account in accounts if account.name.startswith("vanthu.")), None)
    if officer is None:
        return (
            _asking(instance, accounts[0].name, TaskQueue.ORGANISATION, "/v1/me"),
            "less docs/vi/buoc-dau.md",
        )
    return (
        _asking(instance, officer, TaskQueue.INTAKE, "/v1/tasks?limit=3"),
        "./sangkien forecast --days 30",
        *([f"./sangkien history {code}"] if (code := first_code(instance)) else []),
        "./sangkien rehearse --dossiers 20",
    )


def _asking(instance: Instance, account: str, service: TaskQueue, path: str) -> str:
    token = f'"Authorization: Bearer $(./sangkien token --as {account})"'
    return f"curl -s -H {token} '{instance.urls[service]}{path}'"
