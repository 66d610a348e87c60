"""A small season over all processes, through the public APIs only, with encrypted payloads: nothing is
violated."""

import base64
import json
import os
import secrets
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

from tests.workbooks import HEADER, co_author, row, workbook

ROOT = Path(__file__).resolve().parents[2]


def rehearse(tmp_path: Path, *options: str) -> dict[str, object]:
    """Run the command; its report. The exit code must agree with the violations it lists."""
    report = tmp_path / "report.json"
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PAYLOAD_KEYS": f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "cli", "rehearse", "--json", str(report), *options],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
        timeout=560,
    )
    assert report.exists(), ended.stdout + ended.stderr
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["violations"] == [], told["violations"]
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return {**told, "shown": ended.stdout}


def test_a_small_season_ends_with_every_dossier_closed_and_paid(tmp_path: Path) -> None:
    told = rehearse(tmp_path, "--dossiers", "5", "--seed", "7", "--leave", "0.5")
    assert told["dossiers"] == told["closed"]
    assert told["dossiers"]
    assert told["awards"]["count"] > 0  # type: ignore[index]


# With this seed the second is asked for a supplement, both are recognised, and nobody withdraws.
_EVERY_ACT = "55"


@pytest.mark.timeout(600)
def test_two_dossiers_are_carried_from_draft_to_payment_by_people_who_use_only_the_pages(
    tmp_path: Path,
) -> None:
    rows = [
        HEADER,
        row(1, share=60),
        co_author(share=40),
        row(2, name="Hoàng Thị Mai", born="02/04/1985", title="Vườn trường dạy đo lường"),
    ]
    listed = tmp_path / "danh-sach.xlsx"
    listed.write_bytes(workbook(rows))
    told = rehearse(
        tmp_path,
        *("--input", str(listed), "--through-pages", "2", "--seed", _EVERY_ACT),
        *("--silent", "0", "--leave", "0", "--day", "0.6"),
    )
    assert told["dossiers"] == told["closed"] == 2
    done = told["through_pages"]
    acts = done["acts"]  # type: ignore[index]
    assert done["dossiers"] == acts["DRAFT"] == acts["FILING"] == 2  # type: ignore[index]
    assert (acts["SHARE"], acts["SUPPLEMENT"], acts["FORMAL_CHECK"]) == (1, 1, 3)
    assert acts["MARK"] >= 2 * acts["DECIDE"] >= 4
    assert acts["VERIFY_AWARD"] == acts["APPROVE_AWARD"] == told["awards"]["count"] > 0  # type: ignore[index]
    assert acts["MAKE_LIST"] == acts["SEND_LIST"] == acts["CONFIRM_LIST"] > 0
    assert 0 < done["median_seconds"] <= done["p95_seconds"]  # type: ignore[index]
    assert "Qua các trang: 2 hồ sơ" in str(told["shown"])


def test_when_the_district_level_ends_in_the_middle_of_a_season_no_dossier_is_stranded(
    tmp_path: Path,
) -> None:
    told = rehearse(tmp_path, "--dossiers", "30", "--switch-tier-on", "2025-07-01")
    assert told["dossiers"] == told["closed"]
    counts = told["switch"]["planned"]  # type: ignore[index]
    assert sum(count["count"] for count in counts if count["kind"] == "MOVED") > 0
    assert {count["kind"] for count in counts} <= {"MOVED", "UNCHANGED"}


@pytest.mark.timeout(600)
def test_what_was_switched_can_be_taken_back_the_next_day_and_no_dossier_is_stranded(tmp_path: Path) -> None:
    told = rehearse(
        tmp_path, "--dossiers", "24", "--switch-tier-on", "2025-07-01", "--switch-back-after", "1"
    )
    assert told["dossiers"] == told["closed"]
    moved = told["switch"]["done"]  # type: ignore[index]
    back = told["switch"]["back"]["done"]  # type: ignore[index]
    assert sum(count["moved"] for count in moved) > 0
    assert sum(count["count"] for count in back) > 0
    assert {count["sentence_vi"] for count in back if count["kind"] == "BLOCKED"} <= {
        "Đã có việc làm theo quy định mới nên không quay lại được."
    }


SHEET = ROOT / "samples" / "sap-xep-don-vi-2025-07-01.csv"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("open_stages", ["GOES_ON", "OPENED_ANEW"])
def test_when_communes_merge_and_split_and_schools_merge_nobody_is_stranded_and_nothing_counts_twice(
    tmp_path: Path, open_stages: str
) -> None:
    pack = yaml.safe_load((ROOT / "policies" / "two-tier-since-2025-07-01.yaml").read_text(encoding="utf-8"))
    file = tmp_path / "pack.yaml"
    pack |= {"units_that_end": {"open_stages": open_stages, "basis": {"sample": True}}}
    file.write_text(yaml.safe_dump(pack, allow_unicode=True, sort_keys=False), encoding="utf-8")
    told = rehearse(
        tmp_path, "--dossiers", "24", "--succession", str(SHEET), "--on", "2025-07-01", "--policy", str(file)
    )
    assert told["dossiers"] == told["closed"]
    act = told["succession"]
    foreseen = {(one["kind"], one["fate"]): one["count"] for one in act["foreseen"]}  # type: ignore[index]
    assert foreseen["UNIT", "ENDS"] == 4
    assert foreseen["POST", "PASSES_ON"] > foreseen["POST", "ENDS"] > 0
    goes = "OPENED_ANEW" if open_stages == "OPENED_ANEW" else "PASSES_ON"
    assert foreseen["STAGE", goes] > 0
    assert act["tried"] > 0  # type: ignore[index]


def without_a_way_out(file: Path) -> Path:
    """Two-tier rules whose ladder only reminds, with a union representative in every council, two attachments
    asked for, and rates."""
    pack = yaml.safe_load((ROOT / "policies" / "two-tier-since-2025-07-01.yaml").read_text(encoding="utf-8"))
    sample = {"sample": True}
    rate = {
        "id": "member",
        "level": None,
        "role": "MEMBER",
        "per": "PER_SHEET",
        "amount_dong": 100_000,
        "basis": sample,
    }
    pack |= {
        "name": "without-a-way-out",
        "rates": [rate | {"valid_from": date(2019, 3, 3), "valid_to": None}],
    }
    pack["formal_check"]["rules"] = [
        {"id": "evidence", "kind": "MIN_ATTACHMENTS", "limit": "2", "basis": sample}
    ]
    for level in pack["levels"]:
        level["ladder"] = [rung for rung in level["ladder"] if rung["id"] == "remind"]
        level["quorum"] = {"numerator": 1, "denominator": 1, "basis": sample}
        level["seats"] = [
            *level["seats"],
            {"role": "UNION_REPRESENTATIVE", "post": "UNION_REPRESENTATIVE", "count": 1},
        ]
    file.write_text(yaml.safe_dump(pack, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return file


@pytest.mark.timeout(600)
def test_two_packs_on_the_same_people_are_compared_and_one_without_a_way_out_strands_nobody(
    tmp_path: Path,
) -> None:
    pack = without_a_way_out(tmp_path / "pack.yaml")
    told = rehearse(
        tmp_path, "--dossiers", "5", "--silent", "0.4", "--seed", "3", "--compare", "--policy", str(pack)
    )
    in_force, tried = told["seasons"]  # type: ignore[misc]
    assert (in_force["pack"], tried["pack"]) == ("three-tier-until-2025-06-30@1", "without-a-way-out@1")
    assert in_force["dossiers"] == tried["dossiers"] == in_force["closed"] == tried["closed"]
    assert in_force["stuck"] == tried["stuck"] == {}
    # Its ladders only remind: after the last rung the work goes on upward all the same.
    assert {"REMIND", "HAND_UP"} <= set(tried["rungs_fired"]) <= {"REMIND", "HAND_UP", "LOOK_AGAIN"}
    assert set(in_force["rungs_fired"]) > {"REMIND"}
    assert tried["outcomes"]["FORMAL_CHECK"].get("ACCEPTED", 0) > 0, (
        "the authors add the attachments that are asked for"
    )
    assert sum(tried["without_quorum"].values()) > 0
    assert in_force["council"]["cost_dong"] is None
    assert tried["council"]["cost_dong"] % 100_000 == 0
    assert {"UNIT", "DISTRICT", "WHOLE"} <= set(in_force["days"])
    assert "mắc kẹt" in str(told["shown"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--compare",), "--policy"),
        (("--dossiers", "2", "--through-pages", "3"), "mùa chỉ có 2 hồ sơ"),
        (("--compare", "--policy", "x", "--through-pages", "1"), "không dùng cùng --compare"),
    ],
)
def test_options_that_make_no_sense_together_are_refused_with_one_sentence(
    tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    command = [sys.executable, "-m", "cli", "rehearse", *options]
    ended = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
    )
    assert ended.returncode == 2
    assert said in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr


def test_a_list_that_is_no_list_is_refused_with_one_sentence(tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"no Excel file")
    command = [sys.executable, "-m", "cli", "rehearse", "--input", str(bad)]
    ended = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
    )
    assert ended.returncode == 30
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("name", ["three-tier-until-2025-06-30", "two-tier-since-2025-07-01"])
def test_the_shipped_policy_packs_pass_their_check(name: str) -> None:
    command = [sys.executable, "-m", "cli", "policy", "check", str(ROOT / "policies" / f"{name}.yaml")]
    ended = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
    )
    assert ended.returncode == 0, ended.stdout


def test_a_faulty_policy_pack_is_told_line_path_and_reason(tmp_path: Path) -> None:
    text = (ROOT / "policies" / "two-tier-since-2025-07-01.yaml").read_text(encoding="utf-8")
    bad = tmp_path / "bad.yaml"
    bad.write_text(text.replace('pass_threshold: "50"', 'pass_threshold: "500"', 1), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    command = [sys.executable, "-m", "cli", "policy", "check", str(bad)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, timeout=60)
    assert ended.returncode == 1
    assert "levels.0" in ended.stdout
    assert "threshold" in ended.stdout
