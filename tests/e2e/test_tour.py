"""docs/api-tour.md, as whoever reads it types it: twice on one instance, as one block and block by block; and
the first steps of a province in Vietnamese."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.layout import Ports, free_ports
from tests.e2e.outside import Operator, public_address

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_FAULTS = ("jq: error", "parse error", "curl: (", "command not found", "Traceback", "unbound variable")
pytestmark = pytest.mark.skipif(shutil.which("jq") is None, reason="the tour needs jq")


def _blocks(page: str = "api-tour.md") -> list[str]:
    return _BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))


def _own(folder: Path) -> dict[str, str]:
    """Data in this folder, on ports that are not the usual ones."""
    ports: Ports = free_ports()
    replaced = {"DATABASE_URL", "TEMPORAL_ADDRESS", "HISTORY_KEYS", "CHECKPOINT_KEY"}
    own = {name: value for name, value in os.environ.items() if name not in replaced}
    return own | {"SANGKIEN_DATA": str(folder / "data"), "SANGKIEN_PORT_BASE": str(ports.base)}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A sample province that runs."""
    own = _own(tmp_path_factory.mktemp("tour"))
    up = subprocess.run(
        ["./sangkien", "up", "--detach"], cwd=ROOT, env=own, capture_output=True, text=True, check=False
    )
    assert up.returncode == 0, up.stdout + up.stderr
    yield own
    subprocess.run(["./sangkien", "down"], cwd=ROOT, env=own, capture_output=True, check=False)


def _typed(text: str, environment: dict[str, str], folder: Path) -> str:
    """What a shell says to this; it stands in a folder where files may be left."""
    for name in ("sangkien", "tools", "policies", ".venv"):
        (folder / name).symlink_to(ROOT / name)
    done = subprocess.run(
        ["bash", "-s"],
        input=text,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    said = done.stdout + done.stderr
    assert not [fault for fault in _FAULTS if fault in said], said
    return done.stdout


@pytest.mark.timeout(600)
def test_the_tour_runs_twice_on_one_instance(environment: dict[str, str], tmp_path: Path) -> None:
    for turn, between in (("as one block", "\n"), ("block by block", "\necho ---\n")):
        folder = tmp_path / turn.replace(" ", "-")
        folder.mkdir()
        said = _typed(between.join(_blocks()), environment, folder)
        for shown in (
            '"state": "FILED"',
            '"outcome": "RECOGNISED"',
            '"state": "CONFIRMED"',
            '"code": "NotYourTask"',
            "EditConflict",
            "Tên sáng kiến",
            '"token_type": "Bearer"',
            '"published_by"',
            '"settled_by"',
        ):
            assert shown in said, f"{turn}: {shown} is missing\n{said}"


@pytest.mark.timeout(400)
def test_an_operator_works_from_another_machine(environment: dict[str, str], tmp_path: Path) -> None:
    """By the public address alone, as who has signed in there by a code."""
    ports = Ports(int(environment["SANGKIEN_PORT_BASE"]))
    kept = json.loads((Path(environment["SANGKIEN_DATA"]) / "secrets.json").read_text(encoding="utf-8"))
    passwords = {name: password for name, password, _ in json.loads(kept["accounts"])}
    dossier, because = f"SK-{kept['sample_filed_in']}-00001", ("--reason", "Thử dừng rồi chạy lại")
    with public_address(ports) as address:
        operator = Operator(address, environment, tmp_path)
        assert "đã đăng nhập" in operator.sign_in(ports.url("organisation"), "admin", passwords["admin"])
        assert "intake" in operator.types("status")
        assert "organisation" in operator.types("doctor", codes=(0, 1))
        assert dossier in operator.types("history", dossier)
        assert "Hạn:" in operator.types("clock", dossier)
        operator.types("forecast", "--days", "3")
        assert "Bộ quy định" in operator.types("policy", "explain", "two-tier-since-2025-07-01@1")
        assert "✓" in operator.types("verify", "--dossier", dossier)
        operator.types("stop", dossier, *because)
        assert dossier in operator.types("stuck", codes=(1,))
        assert "cho chạy lại" in operator.types("restart", dossier, *because)
        operator.types("logs", "intake", codes=(34,))
        operator.types("sign-out")
        operator.types("history", dossier, codes=(20,))


@pytest.mark.timeout(400)
def test_the_first_steps_of_a_province_of_ones_own(tmp_path: Path) -> None:
    own = _own(tmp_path)
    folder = tmp_path / "steps"
    folder.mkdir()
    try:
        said = _typed("\n".join(_blocks("vi/buoc-dau.md")), own, folder)
    finally:
        subprocess.run(["./sangkien", "down"], cwd=ROOT, env=own, capture_output=True, check=False)
    for shown in (
        '{"units":2,"people":2,"posts":0,"holdings":0,"accounts":2}',
        '{"units":0,"people":0,"posts":2,"holdings":2,"accounts":0}',
        '"name":"Nghỉ giữa kỳ"',
        "✓ quy-dinh-cua-tinh@1",
        '"version":1,"in_force":true',
        '"name":"Năm xét ',
    ):
        assert shown in said, f"{shown} is missing\n{said}"
