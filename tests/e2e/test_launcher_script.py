"""The shell script at the root: where it may be called from, and what it says when it cannot make its
environment."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(
    program: Path | str, *arguments: str, cwd: Path = ROOT, **variables: str
) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, **variables}
    return subprocess.run(
        [str(program), *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The script and its lock in a folder of their own, whose name holds a space; no environment yet."""
    folder = tmp_path / "fresh checkout"
    folder.mkdir()
    for name in ("sangkien", "requirements.lock"):
        shutil.copy2(ROOT / name, folder / name)
    return folder


def test_it_runs_from_any_folder_and_through_links(tmp_path: Path) -> None:
    (tmp_path / "cli").mkdir()
    (tmp_path / "cli" / "__init__.py").write_text("raise SystemExit('not ours')", encoding="ascii")
    (tmp_path / "direct").symlink_to(ROOT / "sangkien")
    (tmp_path / "indirect").symlink_to("direct")
    answer = run("./indirect", "policy", "--help", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert "check" in answer.stdout


def test_a_python_that_is_too_old_is_refused(checkout: Path) -> None:
    old = checkout / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
    old.chmod(0o755)
    refused = run(checkout / "sangkien", "status", PYTHON=str(old))
    assert refused.returncode == 2
    assert "Python 3.11 or newer is needed" in refused.stderr


def test_a_place_that_cannot_be_written_is_named(checkout: Path) -> None:
    refused = run(checkout / "sangkien", "status", SANGKIEN_VENV="/proc/venv")
    assert refused.returncode == 2
    assert "đặt SANGKIEN_VENV" in refused.stderr


def test_a_folder_with_other_things_is_never_cleared(checkout: Path, tmp_path: Path) -> None:
    precious = tmp_path / "home" / "bin" / "precious"
    precious.parent.mkdir(parents=True)
    precious.touch()
    refused = run(checkout / "sangkien", "status", SANGKIEN_VENV=str(tmp_path / "home"))
    assert refused.returncode == 2
    assert precious.exists()


def test_a_python_without_the_venv_module_gets_the_line_to_run(checkout: Path) -> None:
    bare = checkout / "bare-python"
    bare.write_text(
        f'#!/bin/sh\ncase $2 in *ensurepip*) exit 1 ;; esac\nexec "{sys.executable}" "$@"\n', encoding="ascii"
    )
    bare.chmod(0o755)
    tools = checkout / "tools"
    tools.mkdir()
    for name in ("sh", "dirname", "readlink", "mkdir", "cmp"):
        (tools / name).symlink_to(shutil.which(name) or name)
    (tools / "id").write_text("#!/bin/sh\necho 1000\n", encoding="ascii")
    (tools / "id").chmod(0o755)
    refused = run(checkout / "sangkien", "status", PYTHON=str(bare), PATH=str(tools))
    assert refused.returncode == 2
    assert "sudo apt-get install python3." in refused.stderr


def test_an_environment_that_is_up_to_date_is_used_as_it_is(checkout: Path) -> None:
    venv = checkout / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").write_text('#!/bin/sh\necho "$PYTHONPATH $*"\n', encoding="ascii")
    (venv / "bin" / "python").chmod(0o755)
    shutil.copy2(checkout / "requirements.lock", venv / "installed.lock")
    (venv / "installed.python").write_text(f"{venv / 'bin' / 'python'}\n", encoding="ascii")
    assert run(checkout / "sangkien", "logs", "a part").stdout == f"{checkout} -P -m cli logs a part\n"
