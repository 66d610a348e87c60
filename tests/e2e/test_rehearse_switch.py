"""The district level ends in the middle of a season."""

from pathlib import Path

import pytest

from tests.rehearsing import rehearse


def test_when_the_district_level_ends_in_the_middle_of_a_season_no_dossier_is_stranded(
    tmp_path: Path,
) -> None:
    told = rehearse(tmp_path, "--dossiers", "30", "--switch-tier-on", "2025-07-01")
    assert told["dossiers"] == told["closed"]
    counts = told["switch"]["planned"]
    assert sum(count["count"] for count in counts if count["kind"] == "MOVED") > 0
    assert {count["kind"] for count in counts} <= {"MOVED", "UNCHANGED"}


@pytest.mark.timeout(600)
def test_what_was_switched_can_be_taken_back_the_next_day_and_no_dossier_is_stranded(tmp_path: Path) -> None:
    told = rehearse(
        tmp_path, "--dossiers", "24", "--switch-tier-on", "2025-07-01", "--switch-back-after", "1"
    )
    assert told["dossiers"] == told["closed"]
    moved = told["switch"]["done"]
    back = told["switch"]["back"]["done"]
    assert sum(count["moved"] for count in moved) > 0
    assert sum(count["count"] for count in back) > 0
    assert {count["sentence_vi"] for count in back if count["kind"] == "BLOCKED"} <= {
        "Đã có việc làm theo quy định mới nên không quay lại được."
    }
