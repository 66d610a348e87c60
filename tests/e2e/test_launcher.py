"""`./sangkien up` and what goes with it, as a person uses it: one instance is started, hurt, stopped and
started again."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from embedded.errors import RestoreRefused
from embedded.layout import Ports, free_ports
from embedded.processes import is_alive
from kit.release import RELEASE
from language.names import PORTAL, SCHEMAS, SERVICES

SANGKIEN = Path(__file__).resolve().parents[2] / "sangkien"
PACK = SANGKIEN.parent / "policies" / "two-tier-since-2025-07-01.yaml"
PARTS = {PORTAL, *SERVICES, "postgres", "temporal", "worker"}
TOGETHER = "organisation+rulebook+postroom+payout"


@dataclass(frozen=True)
class Launcher:
    """The command line on a data folder and ports of its own."""

    data: Path
    ports: Ports

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        replaced = {"DATABASE_URL", "TEMPORAL_ADDRESS", "HISTORY_KEYS", "CHECKPOINT_KEY"}
        environment = {name: value for name, value in os.environ.items() if name not in replaced}
        environment |= {"SANGKIEN_DATA": str(self.data), "SANGKIEN_PORT_BASE": str(self.ports.base)}
        return subprocess.run(
            [str(SANGKIEN), *arguments],
            env=environment,
            cwd="/",
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def status(self) -> dict[str, object]:
        answer: dict[str, object] = json.loads(self.run("status", "--json").stdout)
        return answer

    def pids(self) -> dict[str, int]:
        written: dict[str, int] = json.loads((self.data / "state.json").read_text(encoding="ascii"))[
            "processes"
        ]
        return written


def until(is_so: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < give_up_at
        time.sleep(0.1)


@pytest.fixture(scope="module")
def launcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    """A bare province that runs."""
    launcher = Launcher(tmp_path_factory.mktemp("launcher") / "data", free_ports())
    up = launcher.run("up", "--detach", "--empty")
    assert up.returncode == 0, up.stdout + up.stderr
    yield launcher
    launcher.run("down")


@pytest.fixture
def idle(tmp_path: Path) -> Launcher:
    """Nothing runs here."""
    return Launcher(tmp_path / "data", free_ports())


def test_up_brings_everything_and_status_says_so(launcher: Launcher) -> None:
    status = launcher.status()
    assert (status["running"], status["healthy"]) == (True, True)
    parts = status["parts"]
    assert isinstance(parts, dict)
    assert set(parts) == PARTS
    assert all(part["healthy"] and part["pid"] for part in parts.values())


def test_addresses_accounts_and_next_commands_are_printed(launcher: Launcher) -> None:
    told = launcher.run("logs", "supervisor").stdout
    assert f"{launcher.ports.url('intake')}/docs" in told
    assert launcher.ports.url("temporal-ui") in told
    assert "admin" in told
    assert "docs/vi/buoc-dau.md" in told


def test_a_second_up_on_the_same_data_is_refused(launcher: Launcher) -> None:
    for arguments in (("up",), ("up", "--detach")):
        second = launcher.run(*arguments)
        assert second.returncode == 13
        assert "already runs" in second.stdout + second.stderr


def test_a_busy_port_is_named_with_its_holder(launcher: Launcher, tmp_path: Path) -> None:
    other = Launcher(tmp_path / "other", launcher.ports).run("up")
    assert other.returncode == 10
    assert f"Cổng {launcher.ports['organisation']} (của organisation) đang do python" in other.stderr


def test_a_token_is_had_for_an_account_of_the_instance_only(launcher: Launcher) -> None:
    token = launcher.run("token", "--as", "admin")
    assert (token.returncode, token.stdout.count(".")) == (0, 2)
    assert launcher.run("token", "--as", "nobody-of-that-name").returncode == 20


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("forecast", "--days", "366"), 0, "Không có bậc nhắc việc nào"),
        (("forecast", "--ladder", str(PACK), "--level", "UNIT", "--back", "30"), 0, "cấp cơ sở"),
        (("forecast", "--ladder", str(PACK), "--level", "NOWHERE"), 24, "NOWHERE"),
        (("forecast", "--ladder", str(SANGKIEN.parent / "README.md")), 24, "dòng (line) 3"),
        (("forecast", "--as", "nobody-of-that-name"), 20, "nobody-of-that-name"),
        (("clock", "SK-2026-99999"), 21, "SK-2026-99999"),
        (("history", "00000000-0000-0000-0000-000000000000"), 21, "--as"),
        (("policy", "explain", "no-such-pack@1"), 23, "no-such-pack@1"),
        (("policy", "explain", "two-tier-since-2025-07-01@1"), 23, "Chưa công bố"),
        (("policy", "explain", str(PACK)), 0, "Cấp trường"),
        (("mail",), 0, "Chưa có thư nào"),
        (("restart", "--reason", "x"), 0, "Không có quy trình nào phải chạy lại"),
        (("restart", "--reason", "x", "00000000-0000-0000-0000-000000000000"), 27, "no run of this"),
    ],
)
def test_what_commands_show_and_refuse(
    launcher: Launcher, arguments: tuple[str, ...], code: int, told: str
) -> None:
    shown = launcher.run(*arguments)
    assert (shown.returncode, told in shown.stdout + shown.stderr) == (code, True), (
        shown.stdout + shown.stderr
    )


def test_doctor_finds_nothing_wrong_and_measures_the_memory(launcher: Launcher) -> None:
    doctor = launcher.run("doctor", "--json")
    findings = json.loads(doctor.stdout)
    assert doctor.returncode == 0, findings
    names = {
        "Python",
        "packages",
        "disk",
        "programs",
        "PostgreSQL",
        "writes",
        "clock",
        "roles",
        "extensions",
        "logins",
        "history keys",
        "connections",
        "Temporal",
        "terms",
        "health",
        "memory",
        "deliveries",
        "history",
        "history alarms",
        "cases",
    }
    assert names | {f"tables {schema}" for schema in SCHEMAS} == set(findings)
    assert findings["deliveries"]["detail"].startswith("không có")


def test_the_log_of_a_service_is_that_of_its_process(launcher: Launcher) -> None:
    shown = launcher.run("logs", "rulebook")
    assert (shown.returncode, shown.stdout) == (0, launcher.run("logs", TOGETHER).stdout)


def test_the_history_of_the_instance_verifies_and_is_signed(launcher: Launcher) -> None:
    until(lambda: re.search(r"[1-9]\d* chờ nối", launcher.run("verify").stdout) is None)
    verified = launcher.run("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert verified.stdout.count("✓") == 6
    until(lambda: "(signed, checkpoint 1" in launcher.run("verify").stdout)


def test_an_unknown_log_is_refused_with_the_known_ones(launcher: Launcher) -> None:
    refused = launcher.run("logs", "nothing")
    assert refused.returncode == 1
    assert "postgres" in refused.stderr


@pytest.mark.parametrize("part", ["postgres", "temporal", TOGETHER, "review", "worker"])
def test_a_killed_part_is_started_again_and_said_so(launcher: Launcher, part: str) -> None:
    before = launcher.pids()[part]
    os.kill(before, signal.SIGKILL)
    until(lambda: launcher.pids().get(part, before) != before)
    until(lambda: launcher.status()["healthy"] is True)
    assert f"{part} bị dừng bởi SIGKILL" in launcher.run("logs", "supervisor").stdout


def test_a_service_ends_when_asked_while_its_database_goes_away(launcher: Launcher) -> None:
    before = launcher.pids()
    os.kill(before["postgres"], signal.SIGINT)
    services = (TOGETHER, "intake", "review")
    for service in services:
        os.kill(before[service], signal.SIGTERM)
    until(lambda: all(launcher.pids().get(part, before[part]) != before[part] for part in services))
    until(lambda: launcher.status()["healthy"] is True)


def test_a_restart_loses_nothing_also_where_the_data_comes_back_from_a_backup(
    launcher: Launcher, idle: Launcher, tmp_path: Path
) -> None:
    living, stopped = str(tmp_path / "living"), str(tmp_path / "stopped")
    backed_up = launcher.run("backup", living)
    assert backed_up.returncode == 0, backed_up.stdout + backed_up.stderr
    assert launcher.run("restore", living).returncode == RestoreRefused.exit_code
    before = launcher.pids()
    down = launcher.run("down")
    assert down.returncode == 0
    assert not any(is_alive(pid) for pid in before.values())
    assert launcher.run("status").returncode == 3
    assert launcher.run("backup", stopped).returncode == 0
    launcher.data.rename(tmp_path / "lost")
    for of, where in ((stopped, idle), (living, launcher)):
        restored = where.run("restore", of)
        assert restored.returncode == 0, restored.stdout + restored.stderr
    assert launcher.run("up", "--detach").returncode == 0
    assert launcher.run("token", "--as", "admin").returncode == 0


def test_a_killed_launcher_leaves_no_process_and_the_next_start_works(launcher: Launcher) -> None:
    before = launcher.pids()
    os.kill(int((launcher.data / "lock").read_text(encoding="ascii")), signal.SIGKILL)
    until(lambda: not any(is_alive(pid) for pid in before.values()))
    assert launcher.run("up", "--detach").returncode == 0
    assert launcher.status()["healthy"] is True


def test_data_of_another_postgresql_is_refused(idle: Launcher) -> None:
    (idle.data / "postgres").mkdir(parents=True)
    (idle.data / "postgres" / "PG_VERSION").write_text("12\n", encoding="ascii")
    refused = idle.run("up")
    assert refused.returncode == 11
    assert "do PostgreSQL 12 tạo" in refused.stderr


def test_a_data_folder_that_cannot_be_written_is_refused(idle: Launcher) -> None:
    idle.data.touch()
    for arguments in (("up",), ("up", "--detach")):
        assert idle.run(*arguments).returncode == 14


def test_a_port_base_that_makes_no_sense_is_refused(idle: Launcher) -> None:
    assert Launcher(idle.data, Ports(70_000)).run("up").returncode == 16


def test_down_and_status_where_nothing_runs(idle: Launcher) -> None:
    assert idle.run("down").returncode == 0
    for arguments in (
        ("status",),
        ("forecast",),
        ("token", "--as", "admin"),
        ("history", "SK-2026-00001"),
        ("verify",),
        ("policy", "explain", "some-pack@1"),
    ):
        assert idle.run(*arguments).returncode == 3
    told = {"running": False, "healthy": False, "data": str(idle.data), "parts": {}}
    assert idle.status() == {**told, "backlog": {}, "version": RELEASE}


def test_doctor_names_the_holder_of_a_busy_port(idle: Launcher) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", idle.ports["payout"]))
        holder.listen()
        doctor = idle.run("doctor")
    assert doctor.returncode == 1
    assert f"{idle.ports['payout']} đang do" in doctor.stdout
