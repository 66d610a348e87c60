"""Where the real server's programs come from, and what is said where they cannot be had."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.testing import PARTS, prepare
from embedded import temporal
from embedded.temporal_programs import ProgramsMissing, install, installed, version


def test_both_servers_are_of_the_version_that_containers_run() -> None:
    told = subprocess.run([temporal.program(), "--version"], check=True, capture_output=True, text=True)
    server = re.search(r"Server ([0-9.]+)", told.stdout)
    assert server
    assert version() == server[1]


def test_without_go_it_is_said_that_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProgramsMissing, match="không có Go"):
        install(print)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("go") is None, reason="there is no Go toolchain here")
def test_a_build_that_fails_is_told_in_go_s_words_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "modules"))
    monkeypatch.setenv("GOPROXY", "off")
    with pytest.raises(ProgramsMissing, match="GOPROXY=off"):
        install(print)
    prepare(PARTS["cluster"])
    assert "cluster: Không dịch được máy chủ Temporal" in capsys.readouterr().out
    assert [one.name for one in (tmp_path / "cache" / "sangkien" / "temporal").iterdir()] == ["lock"]
    with pytest.raises(ProgramsMissing, match="not built"):
        installed()
