"""What the commands refuse, they refuse with one sentence that says where the fault is."""

from pathlib import Path

import pytest

from tests.rehearsing import ROOT, run_command


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--compare",), "--policy"),
        (("--dossiers", "2", "--through-pages", "3"), "mùa chỉ có 2 hồ sơ"),
        (("--compare", "--policy", "x", "--through-pages", "1"), "không dùng cùng --compare"),
    ],
)
def test_options_that_make_no_sense_together_are_refused(
    tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    ended = run_command(tmp_path, "rehearse", *options)
    assert ended.returncode == 2
    assert said in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr


def test_a_list_that_is_no_list_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"no Excel file")
    ended = run_command(tmp_path, "rehearse", "--input", str(bad))
    assert ended.returncode == 30
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("name", ["three-tier-until-2025-06-30", "two-tier-since-2025-07-01"])
def test_the_shipped_policy_packs_pass_their_check(tmp_path: Path, name: str) -> None:
    ended = run_command(tmp_path, "policy", "check", str(ROOT / "policies" / f"{name}.yaml"))
    assert ended.returncode == 0, ended.stdout


def test_a_faulty_policy_pack_is_told_line_path_and_reason(tmp_path: Path) -> None:
    text = (ROOT / "policies" / "two-tier-since-2025-07-01.yaml").read_text(encoding="utf-8")
    bad = tmp_path / "bad.yaml"
    bad.write_text(text.replace('pass_threshold: "50"', 'pass_threshold: "500"', 1), encoding="utf-8")
    ended = run_command(tmp_path, "policy", "check", str(bad), COLUMNS="200")
    assert ended.returncode == 1
    assert "levels.0" in ended.stdout
    assert "threshold" in ended.stdout
