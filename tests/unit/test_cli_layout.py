"""Where an instance listens and keeps its data, and the clear sentences when it cannot."""

import importlib
import os
import pkgutil
import shutil
import socket
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

import bench
import cli
import embedded
import rehearsal
from embedded import errors, postgres
from embedded.layout import Ports, default_data, default_ports, free_ports, lock_data, prepare_data
from embedded.state import State, forget_state, is_held, launcher_of, read_state, running_state, write_state

_ENDED_BY_SIGNAL = 128
STATE = State(launcher=1, port_base=8100, ready=True, processes={"postgres": 2})


def test_a_busy_port_is_named_with_its_holder() -> None:
    ports = free_ports()
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", ports["review"]))
        holder.listen()
        with pytest.raises(
            errors.PortBusy,
            match=rf"Cổng {ports['review']} \(của review\) đang do .*, tiến trình {os.getpid()}, dùng",
        ):
            ports.check_free(("organisation", "review"))


def test_the_ports_count_from_the_base(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANGKIEN_PORT_BASE", "9000")
    assert default_ports().url("intake") == "http://127.0.0.1:9002"
    monkeypatch.delenv("SANGKIEN_PORT_BASE")
    assert default_ports() == Ports(8100)


@pytest.mark.parametrize("chosen", ["", "http", "-5", "80", "65536", "8100.5"])
def test_a_port_base_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    monkeypatch.setenv("SANGKIEN_PORT_BASE", chosen)
    with pytest.raises(errors.WrongSetting, match="SANGKIEN_PORT_BASE"):
        default_ports()


def test_the_data_folder_is_the_chosen_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SANGKIEN_DATA", str(tmp_path / "data"))
    assert default_data() == tmp_path / "data"
    monkeypatch.delenv("SANGKIEN_DATA")
    assert default_data().name == ".sangkien"


def test_the_data_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    data = tmp_path / "a" / "b"
    prepare_data(data)
    assert {folder.stat().st_mode & 0o777 for folder in (data, data / "logs", data / "blobs")} == {0o700}


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(errors.DataFolderUnusable, match="đặt SANGKIEN_DATA"):
        prepare_data(tmp_path / "file" / "data")


def test_a_disk_that_is_nearly_full_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=400_000_000))
    with pytest.raises(errors.DiskFull, match="chỉ còn 400 MB"):
        prepare_data(tmp_path)


def test_a_second_launcher_on_the_same_data_is_refused(tmp_path: Path) -> None:
    with lock_data(tmp_path):
        assert is_held(tmp_path)
        assert launcher_of(tmp_path) == os.getpid()
        with pytest.raises(errors.AlreadyRunning, match=rf"tiến trình {os.getpid()}; already runs"):
            lock_data(tmp_path)
    assert launcher_of(tmp_path) is None
    lock_data(tmp_path).close()


def test_what_was_written_counts_only_while_the_folder_is_held(tmp_path: Path) -> None:
    write_state(tmp_path, STATE)
    assert read_state(tmp_path) == STATE
    assert running_state(tmp_path) is None
    with lock_data(tmp_path):
        assert running_state(tmp_path) == STATE
        forget_state(tmp_path)
        assert running_state(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"launcher": 1}'])
def test_a_state_that_cannot_be_read_is_no_state(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text, encoding="ascii")
    assert read_state(tmp_path) is None


def test_every_failure_has_an_exit_code_of_its_own() -> None:
    for room in (bench, cli, embedded, rehearsal):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    by_code = defaultdict[int, list[str]](list)
    for failure in _kinds(errors.CommandFailed):
        if "exit_code" in vars(failure):
            by_code[failure.exit_code].append(failure.__name__)
    assert not {code: names for code, names in by_code.items() if len(names) > 1}
    assert all(errors.CommandFailed.exit_code < code < _ENDED_BY_SIGNAL for code in by_code)


def _kinds(failure: type[errors.CommandFailed]) -> Iterator[type[errors.CommandFailed]]:
    for kind in failure.__subclasses__():
        yield kind
        yield from _kinds(kind)


@pytest.mark.parametrize("written", ["", "#!/bin/sh\nexit 1\n", "#!/bin/sh\necho PostgreSQL\n"])
def test_a_folder_without_the_programs_of_postgresql_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, written: str
) -> None:
    if written:
        (tmp_path / "postgres").write_text(written, encoding="ascii")
        (tmp_path / "postgres").chmod(0o755)
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(errors.StartFailed, match=f"PG_BIN.*{tmp_path}"):
        postgres.version()
