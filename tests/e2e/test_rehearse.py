"""A season over all processes by people who have nothing but the pages: nothing is violated."""

from pathlib import Path

import pytest

from tests.rehearsing import rehearse
from tests.workbooks import HEADER, co_author, row, workbook

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
    acts = done["acts"]
    assert done["dossiers"] == acts["DRAFT"] == acts["FILING"] == 2
    assert (acts["SHARE"], acts["SUPPLEMENT"], acts["FORMAL_CHECK"]) == (1, 1, 3)
    assert acts["MARK"] >= 2 * acts["DECIDE"] >= 4
    assert acts["VERIFY_AWARD"] == acts["APPROVE_AWARD"] == told["awards"]["count"] > 0
    assert acts["MAKE_LIST"] == acts["SEND_LIST"] == acts["CONFIRM_LIST"] > 0
    assert 0 < done["median_seconds"] <= done["p95_seconds"]
    assert "Qua các trang: 2 hồ sơ" in str(told["shown"])
