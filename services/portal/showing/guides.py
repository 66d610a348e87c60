"""The guides of `docs/vi` as pages: the few forms of Markdown that they are written in. Everything else in
them is text and stays text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

FOLDER: Final = Path(__file__).resolve().parents[3] / "docs"
_HEADING: Final = re.compile(r"(#{1,4}) (.+)")
_ITEM: Final = re.compile(r"(-|\d+\.) (.+)")
_PICTURE: Final = re.compile(r"!\[([^\]]*)\]\(\.\./pictures/([a-z0-9-]+\.png)\)")
_LINK: Final = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_STRONG: Final = re.compile(r"\*\*(.+?)\*\*")
_LEANING: Final = re.compile(r"(?<!\w)_([^_`]+)_(?!\w)")
_CODE: Final = re.compile(r"`([^`]+)`")
_OTHER_GUIDE: Final = re.compile(r"([a-z0-9-]+)\.md(?:#.*)?")
_NAME: Final = re.compile(r"[a-z0-9-]+")
_PICTURE_NAME: Final = re.compile(r"[a-z0-9-]+\.png")
_FOR_READERS: Final = "Dành cho "
_FOR_EVERYBODY: Final = "dang-nhap"


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide by its name in the address; `is_for_readers`: for people who use the pages, not for those who
    run the system."""

    name: str
    title: str
    is_for_readers: bool


def guides(folder: Path = FOLDER) -> Sequence[Guide]:
    """All that are there; what is for everybody comes first."""
    found = []
    for file in sorted((folder / "vi").glob("*.md"), key=lambda one: (one.stem != _FOR_EVERYBODY, one.stem)):
        with file.open(encoding="utf-8") as opened:
            title = opened.readline().removeprefix("# ").strip()
        found.append(Guide(file.stem, title, title.startswith(_FOR_READERS)))
    return found


def guide_text(name: str, folder: Path = FOLDER) -> str | None:
    """What stands in it; None when there is none of this name."""
    file = folder / "vi" / f"{name}.md"
    return file.read_text("utf-8") if _NAME.fullmatch(name) and file.is_file() else None


def picture_file(name: str, folder: Path = FOLDER) -> Path | None:
    """A picture of the guides; None when there is none of this name."""
    file = folder / "pictures" / name
    return file if _PICTURE_NAME.fullmatch(name) and file.is_file() else None


def drawn(text: str) -> Markup:
    """The guide as HTML."""
    return Markup("\n").join(_blocks(text.splitlines()))


def _blocks(lines: Sequence[str]) -> Iterator[Markup]:
    at = 0
    while at < len(lines):
        line = lines[at]
        end = at + 1
        if line.startswith("```"):
            while end < len(lines) and not lines[end].startswith("```"):
                end += 1
            yield Markup("<pre><code>{}</code></pre>").format("\n".join(lines[at + 1 : end]))
            end += 1
        elif found := _HEADING.fullmatch(line):
            level = len(found[1])
            yield Markup("<h{}>{}</h{}>").format(level, _inline(found[2]), level)
        elif line.strip():
            while end < len(lines) and _goes_on(lines[end]):
                end += 1
            yield _block(lines[at:end])
        at = end


def _goes_on(line: str) -> bool:
    return bool(line.strip()) and not line.startswith(("```", "#"))


def _block(lines: Sequence[str]) -> Markup:
    if lines[0].startswith("|"):
        return _table([line.strip().strip("|").split("|") for line in lines])
    if lines[0].startswith("> "):
        said = " ".join(line.removeprefix(">").strip() for line in lines)
        return Markup("<blockquote>{}</blockquote>").format(_inline(said))
    first = next((at for at, line in enumerate(lines) if _ITEM.match(line)), None)
    if first is None:
        return Markup("<p>{}</p>").format(_inline(" ".join(lines)))
    before = Markup("<p>{}</p>").format(_inline(" ".join(lines[:first]))) if first else Markup()
    return before + _list(lines[first:])


def _list(lines: Sequence[str]) -> Markup:
    items: list[str] = []
    for line in lines:
        found = _ITEM.fullmatch(line.strip())
        if found:
            items.append(found[2])
        else:
            items[-1] += f" {line.strip()}"
    kind = "ul" if lines[0].startswith("-") else "ol"
    inner = Markup().join(Markup("<li>{}</li>").format(_inline(item)) for item in items)
    return Markup("<{}>{}</{}>").format(kind, inner, kind)


def _table(rows: Sequence[Sequence[str]]) -> Markup:
    def row(cells: Sequence[str], cell: Markup) -> Markup:
        return Markup("<tr>{}</tr>").format(Markup().join(cell.format(_inline(one.strip())) for one in cells))

    head = row(rows[0], Markup('<th scope="col">{}</th>'))
    body = Markup().join(row(cells, Markup("<td>{}</td>")) for cells in rows[2:])
    return Markup('<div class="wide"><table><thead>{}</thead><tbody>{}</tbody></table></div>').format(
        head, body
    )


def _inline(text: str) -> Markup:
    safe = str(escape(text))
    safe = _PICTURE.sub(r'<img src="/help/pictures/\2" alt="\1" loading="lazy">', safe)
    safe = _LINK.sub(_link, safe)
    safe = _STRONG.sub(r"<strong>\1</strong>", safe)
    safe = _LEANING.sub(r"<em>\1</em>", safe)
    return Markup(_CODE.sub(r"<code>\1</code>", safe))  # noqa: S704 - escaped above


def _link(found: re.Match[str]) -> str:
    """To another guide, or outside; what leads into the sources is words only."""
    said, address = found[1], found[2]
    if other := _OTHER_GUIDE.fullmatch(address):
        return f'<a href="/help/{other[1]}">{said}</a>'
    return f'<a href="{address}" rel="noreferrer">{said}</a>' if address.startswith("https://") else said
