"""A pack of rules as text and as numbers: written in YAML as the files in `policies/` are, read as strictly,
with the line at which something is wrong; and the common numbers, each beside its sentence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from packs.loading import PackLoader
from services.portal.asking.services import Facts, Refused
from services.portal.showing.typed import NotReadable, dong_of, number_of

Content = dict[str, Any]


class TextUnread(Exception):
    """The text is no YAML of a pack; `line` counts from 1."""

    def __init__(self, line: int, said: str) -> None:
        self.line, self.said = line, said
        super().__init__(said)


def text_of_pack(content: Facts) -> str:
    """The pack as people edit it."""
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def pack_of_text(text: str) -> Content:
    """What the text says; the service judges it."""
    try:
        # S506 wants a safe loader: this one is the safe loader, made stricter.
        found = yaml.load(text, Loader=PackLoader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise TextUnread((mark.line if mark else 0) + 1, str(error.problem or "")) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise TextUnread(1, "") from error
    if not isinstance(found, dict):
        raise TextUnread(1, "")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFault:
    """What is wrong, and at which line of the text."""

    line: int
    path: str
    said: str


def line_faults(text: str, refusal: Refused, language: str) -> list[LineFault]:
    """Each fault with its line, in the order of the text."""
    root = yaml.compose(text, Loader=PackLoader)
    found = [
        LineFault(line=_line(root, path.split(".")), path=path, said=fault.said(language))
        for fault in refusal.faults
        for path in [fault.path.removeprefix("body.")]
    ]
    return sorted(found, key=lambda one: one.line)


def _line(node: yaml.Node | None, path: Sequence[str]) -> int:
    """Where this stands, or the nearest thing around it."""
    line = node.start_mark.line if node else 0
    for part in path:
        below: Mapping[str, yaml.Node] = {}
        if isinstance(node, yaml.MappingNode):
            below = {str(key.value): value for key, value in node.value}
            marks = {str(key.value): key.start_mark.line for key, _ in node.value}
        elif isinstance(node, yaml.SequenceNode):
            below = {str(at): value for at, value in enumerate(node.value)}
            marks = {str(at): value.start_mark.line for at, value in enumerate(node.value)}
        if part not in below:
            break
        node, line = below[part], marks[part]
    return line + 1


# Numbers

_ENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "examination": ("examination", "amount"),
    "extension": ("extension", "most", "amount"),
    "pass": ("pass_threshold",),
    "promotion": ("promotion_average",),
    "award": ("award_dong",),
    "check": ("check", "amount"),
    "supplement": ("supplement", "amount"),
    "approval": ("approval", "amount"),
    "payment": ("payment", "amount"),
    "most_days_a_year": ("most_days_a_year",),
}
"""Where the number of a rule stands, below what the rule is about."""
_CRITERION: Final = re.compile(r"criteria\.([a-z0-9_]+)\.(max_score|floor)")
_MONEY: Final = "award_dong"
_IS: Final = {"vi": " là ", "en": " is "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number of the pack: its place in the content, what it is about, and what the rule says now. `name` is
    that of its field."""

    name: str
    place: tuple[str | int, ...]
    about: str
    says: str
    value: str


def numbers_of(content: Content, rules: Sequence[Facts], language: str) -> list[Number]:
    """The common numbers, in the order of the rules: those that are there, and of which a sentence speaks."""
    found = list[Number]()
    for rule in rules:
        place = _place(content, rule["rule"])
        value = _at(content, place) if place else None
        if place is None or value is None or isinstance(value, dict | list):
            continue
        sentence, bracket, basis = str(rule[f"sentence_{language}"]).partition(" [")
        about, _, said = sentence.rpartition(_IS[language])
        says = f"{said}{bracket}{basis}"
        number = Number(
            name=f"n{len(found)}", place=place, about=about, says=says, value=_typed(place, value)
        )
        found.append(number)
    return found


def _place(content: Content, rule: str) -> tuple[str | int, ...] | None:
    scope, _, rest = rule.partition(".")
    levels = {level["level"]: at for at, level in enumerate(content["levels"])}
    start: tuple[str | int, ...] = ("levels", levels[scope]) if scope in levels else (scope,)
    if of_criterion := _CRITERION.fullmatch(rest):
        criteria = _at(content, start)["criteria"]
        at = next((at for at, one in enumerate(criteria) if one["id"] == of_criterion[1]), None)
        return None if at is None else (*start, "criteria", at, of_criterion[2])
    return (*start, *_ENDS[rest]) if rest in _ENDS else None


def _at(content: Any, place: Sequence[str | int]) -> Any:
    for part in place:
        is_there = part in content if isinstance(content, dict) else isinstance(part, int)
        if not is_there or content is None:
            return None
        content = content[part]
    return content


def _typed(place: Sequence[str | int], value: object) -> str:
    if place[-1] == _MONEY:
        return f"{int(str(value)):,}".replace(",", ".")
    return str(value).replace(".", ",")


def with_number(content: Content, number: Number, text: str) -> None:
    """Put what was typed in its place; `NotReadable` when it is no number."""
    *above, last = number.place
    before = _at(content, number.place)
    _at(content, above)[last] = _read(text, last == _MONEY, is_text=isinstance(before, str))


def _read(text: str, is_money: bool, *, is_text: bool) -> str | int:
    if is_money:
        amount = dong_of(text)
        if amount is None:
            raise NotReadable
        return amount
    said = number_of(text)
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,4})?", said):
        raise NotReadable
    if is_text:
        return said
    if not said.isdigit():
        raise NotReadable
    return int(said)
