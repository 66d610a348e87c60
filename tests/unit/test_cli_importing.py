"""`./sangkien import`: what is wrong with the files is said, and a preview is told cell by cell."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.importing import ListNotSent, Options, _body, _percent, _tell

ID = "00000000-0000-0000-0000-000000000001"


def options(file: Path, **more: Any) -> Options:
    usual: dict[str, Any] = {
        "unit": "T001",
        "season": "MUA",
        "account": "vanthu.t001",
        "confirm": False,
        "leave_doubtful": False,
        "answers": None,
        "marked": None,
    }
    return Options(file=file, **(usual | more))


def test_the_file_and_its_answers_are_sent(tmp_path: Path) -> None:
    file, answers = tmp_path / "a.xlsx", tmp_path / "answers.json"
    file.write_bytes(b"list")
    answers.write_text(json.dumps({"answers": {"Danh sách!K3": "100"}}), encoding="utf-8")
    body = _body(options(file, answers=answers, marked=tmp_path / "b.xlsx"))
    assert body == {
        "answers": {"Danh sách!K3": "100"},
        "file": "bGlzdA==",
        "leave_doubtful": False,
        "marked": True,
    }


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"unit_id": "x"}', '{"answers": {"A!K3": "1", "A!K3": "2"}}', "[" * 100_000]
)
def test_answers_of_another_form_are_refused(tmp_path: Path, text: str) -> None:
    file, answers = tmp_path / "a.xlsx", tmp_path / "answers.json"
    file.write_bytes(b"list")
    answers.write_text(text, encoding="utf-8")
    with pytest.raises(ListNotSent, match=r"answers\.json"):
        _body(options(file, answers=answers))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ListNotSent, match=r"khong-co\.xlsx"):
        _body(options(tmp_path / "khong-co.xlsx"))


def test_a_preview_is_told_with_its_doubts_and_candidates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    author = {
        "cell": "Danh sách!B3",
        "full_name": "Lý Thị Phượng",
        "code": None,
        "percent": "33.30",
        "candidates": [
            {"full_name": "Lý Thị Phượng", "code": "gv1", "date_of_birth": "1991-02-20", "person_id": ID}
        ],
    }
    dossier = {
        "number": 1,
        "cell": "Danh sách!H3",
        "title": "Trò chơi [đỏ]",
        "unit_name": "TH Quang Trung",
        "unit_cell": "Danh sách!F3",
        "unit_candidates": [{"name": "TH Quang Trung", "parent_name": None, "unit_id": ID}],
        "standing": "ASKS",
        "authors": [author],
        "remarks": [{"cell": "Danh sách!B3", "asks": True, "detail": "Chưa chắc là ai."}],
    }
    shown = {
        "dossiers": [dossier],
        "left_out": [
            {
                "where": "Danh sách!A9",
                "text": "Tổng số: 1",
                "is_hidden": True,
                "detail": "Dòng không phải của danh sách.",
            }
        ],
        "counts": {"READY": 0, "ASKS": 1},
    }
    _tell(shown, options(tmp_path / "a.xlsx"))
    told = capsys.readouterr().out
    for part in (
        "Trò chơi [đỏ]",
        "33,3 %",
        "? Danh sách!B3: Chưa chắc là ai.",
        f"gv1, 20/02/1991: {ID}",
        "Tổng số: 1",
        "1 phải trả lời",
        "Chưa ghi gì",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("percent", "shown"),
    [
        ("100", "100 %"),
        ("100.00", "100 %"),
        ("60.00", "60 %"),
        ("33.30", "33,3 %"),
        ("0.60", "0,6 %"),
        (None, ""),
    ],
)
def test_a_share_is_told_whole(percent: str | None, shown: str) -> None:
    assert _percent(percent) == shown
