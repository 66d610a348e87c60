"""Guides become pages, and what stands in them stays text."""

from pathlib import Path

import pytest

from services.portal.showing.guides import FOLDER, drawn, guide_text, guides, picture_file


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Đầu\n\nMột\nhai", "<h1>Đầu</h1>\n<p>Một hai</p>"),
        (
            "Gồm:\n- **a**\n- b `c`\n  d",
            "<p>Gồm:</p><ul><li><strong>a</strong></li><li>b <code>c</code> d</li></ul>",
        ),
        ("_a b_ `c_d_e` f_g_h", "<p><em>a b</em> <code>c_d_e</code> f_g_h</p>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("```sh\na < b\n\n# c\n```\nd", "<pre><code>a &lt; b\n\n# c</code></pre>\n<p>d</p>"),
        (
            '![A "b"](../pictures/a-b.png)',
            '<p><img src="/help/pictures/a-b.png" alt="A &#34;b&#34;" loading="lazy"></p>',
        ),
        ("[a](tac-gia.md#x) [b](../history.md)", '<p><a href="/help/tac-gia">a</a> b</p>'),
        ("[a](javascript:alert(1)) <script>", "<p>a) &lt;script&gt;</p>"),
        ("[a](https://a.vn/?x=1)", '<p><a href="https://a.vn/?x=1" rel="noreferrer">a</a></p>'),
    ],
)
def test_the_forms_that_guides_are_written_in(text: str, html: str) -> None:
    assert drawn(text) == html


def test_a_table_has_its_head() -> None:
    found = drawn("| a | b |\n|---|---|\n| 1 | 2 |")
    assert '<th scope="col">a</th>' in found
    assert "<td>2</td>" in found
    assert "---" not in found


def test_every_guide_is_there_and_nothing_else() -> None:
    assert {one.name for one in guides()} == {file.stem for file in (FOLDER / "vi").glob("*.md")}
    assert guides()[0].name == "dang-nhap", "what is for everybody comes first"
    for one in guides():
        assert "](" not in drawn(guide_text(one.name) or ""), one.name
    for name in ("../history", "..", "", "tac-gia.md", "khong-co"):
        assert guide_text(name) is None
    for name in ("../vi/tac-gia.md", "..png", "khong-co.png"):
        assert picture_file(name) is None


def test_a_folder_without_guides_has_none(tmp_path: Path) -> None:
    assert guides(tmp_path) == []
