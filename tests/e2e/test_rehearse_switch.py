"""The district level ends in the middle of a season, and some days later is there again."""

from pathlib import Path

import pytest

from tests.rehearsing import rehearse


@pytest.mark.timeout(600)
def test_when_the_district_level_ends_and_comes_back_no_dossier_is_stranded_on_either_way(
    tmp_path: Path,
) -> None:
    told = rehearse(
        tmp_path, "--dossiers", "24", "--switch-tier-on", "2025-07-01", "--switch-back-after", "4"
    )
    assert told["dossiers"] == told["closed"]
    switch = told["switch"]
    assert {count["kind"] for count in switch["planned"]} <= {"MOVED", "UNCHANGED"}
    assert sum(count["moved"] for count in switch["done"]) > 0
    # What has begun the new way ends on it.
    back = {count["kind"]: count for count in switch["back"]["done"]}
    assert {"BLOCKED"} <= set(back) <= {"BLOCKED", "MOVED", "UNCHANGED"}
    assert back["BLOCKED"]["sentence_vi"] == "Đã có việc làm theo quy định mới nên không quay lại được."
