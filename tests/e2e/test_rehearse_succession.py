"""Units merge and split in the middle of a season."""

from pathlib import Path

import pytest
import yaml

from tests.rehearsing import ROOT, SHEET, rehearse


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
    foreseen = {(one["kind"], one["fate"]): one["count"] for one in act["foreseen"]}
    assert foreseen["UNIT", "ENDS"] == 4
    assert foreseen["POST", "PASSES_ON"] > foreseen["POST", "ENDS"] > 0
    goes = "OPENED_ANEW" if open_stages == "OPENED_ANEW" else "PASSES_ON"
    assert foreseen["STAGE", goes] > 0
    assert act["tried"] > 0
