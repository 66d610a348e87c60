"""The pages for officials read as officials write: what is to be typed, and what is called by a name of code,
stands apart from the prose."""

import re
from pathlib import Path

import pytest

from language.telling import Language
from language.words.said import VOCABULARY
from services.organisation.sign_in.api.page import FORGOTTEN
from services.portal.showing.languages import catalogues
from tests.architecture.documents import ROOT, prose
from tests.manner import faults

PAGES = [ROOT / "README.vi.md", *sorted((ROOT / "docs" / "vi").glob("*.md"))]
_APART = re.compile(r"`[^`]*`|\]\([^)]*\)|^\[?\*English:.*$|^    *```.*?^    *```", re.MULTILINE | re.DOTALL)
GUIDES = (
    "chu-tich-thu-ky",
    "dang-nhap",
    "ke-toan",
    "kiem-toan",
    "quan-tri",
    "tac-gia",
    "thanh-vien-hoi-dong",
    "van-thu",
)
"""Each is the way of a role over the pages; what is in bold there is what stands on them."""
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


def _plain(said: str) -> str:
    return said.casefold().rstrip(" .:")


def _on_pages() -> set[str]:
    messages = [one.string for catalogue in catalogues(Language.VI) for one in catalogue]
    said = [text for one in messages for text in ((one,) if isinstance(one, str) else one)]
    return {"excel", "csv", _plain(FORGOTTEN.vi)} | {
        _plain(text) for text in (*said, *(word.vi for kind in VOCABULARY.values() for word in kind.values()))
    }


@pytest.mark.parametrize("guide", GUIDES)
def test_what_a_guide_names_in_bold_stands_on_the_pages(guide: str) -> None:
    text = (ROOT / "docs" / "vi" / f"{guide}.md").read_text(encoding="utf-8")
    named, there = re.findall(r"\*\*([^*]+)\*\*", text), _on_pages()
    assert named
    for name in map(_plain, named):
        begins = name.removesuffix("…").rstrip()
        assert name in there or (begins != name and any(one.startswith(begins) for one in there)), name
