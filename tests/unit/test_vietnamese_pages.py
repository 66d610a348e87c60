"""The pages for officials read as officials write: what is to be typed, and what is called by a name of code,
stands apart from the prose."""

import re
from pathlib import Path

import pytest

from tests.architecture.documents import ROOT, prose
from tests.manner import faults

PAGES = [ROOT / "README.vi.md", *sorted((ROOT / "docs" / "vi").glob("*.md"))]
_APART = re.compile(r"`[^`]*`|\]\([^)]*\)|^\[?\*English:.*$|^    *```.*?^    *```", re.MULTILINE | re.DOTALL)
_CALLED_SO = {"API", "README", "SQL", "V", "L", "U"}
"""Names, and how sure a basis is."""


def test_the_readme_leads_to_every_page() -> None:
    said = PAGES[0].read_text(encoding="utf-8")
    assert [page.name for page in PAGES[1:] if f"docs/vi/{page.name}" not in said] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_reads_as_an_official_writes(page: Path) -> None:
    for line in _APART.sub("", prose(page)).splitlines():
        found = [fault for fault in faults(line) if fault.rpartition(" ")[2] not in _CALLED_SO]
        assert not found, line
