"""What `sangkien forecast --ladder` reads, and refuses in a sentence."""

from pathlib import Path

import pytest

from cli.forecast import LadderUnreadable, read_ladder, try_ladder

RUNG = "{id: remind, action: REMIND, anchor: START, offset: 5, unit: WORKING_DAYS}"


def _file(folder: Path, content: bytes) -> Path:
    file = folder / "ladder.yaml"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(
    "form",
    ["- {}", "ladder:\n  - {}", "levels:\n  - level: PROVINCE\n  - level: UNIT\n    ladder:\n      - {}"],
)
def test_a_list_a_ladder_or_a_whole_pack_is_read(tmp_path: Path, form: str) -> None:
    found = read_ladder(_file(tmp_path, form.format(RUNG).encode()), "UNIT")
    assert [rung["id"] for rung in found] == ["remind"]


@pytest.mark.parametrize(
    "content",
    [b"", b"UNIT", b"levels: 7", b"levels: [7]", b"ladder: {}", b"a: [b", b"\xff\xfe\x00", b"[" * 9000],
)
def test_a_file_without_a_ladder_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(LadderUnreadable):
        read_ladder(_file(tmp_path, content), "UNIT")


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    for file in (tmp_path, tmp_path / "nothing.yaml"):
        with pytest.raises(LadderUnreadable):
            read_ladder(file, "UNIT")


@pytest.mark.parametrize("content", [b"- !!binary aGk=", b"- &a [*a]"])
def test_a_value_that_no_ladder_can_have_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(LadderUnreadable):
        try_ladder(_file(tmp_path, content), "UNIT", 30, "admin", as_json=False)


def test_dates_stay_text(tmp_path: Path) -> None:
    assert read_ladder(_file(tmp_path, b"- 2026-02-30"), "UNIT") == ["2026-02-30"]
