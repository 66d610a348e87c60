"""YAML as packs are written in it: nothing in a file means something else than people read there."""

import re
from collections.abc import Hashable
from typing import Any, Final

import yaml

_TAG: Final = "tag:yaml.org,2002:"
_PLAIN: Final = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+", "-0123456789"),
)
_OTHERWISE: Final = {f"{_TAG}{name}" for name in ("timestamp", "bool", "int", "float")}


class PackLoader(yaml.SafeLoader):
    """The safe loader, but a name that stands twice is refused, and only plain numbers are numbers: to others
    `0500` is 320, `1:30` is 90, and `no` is false. What is left as text is judged by who reads the field.
    Dates stay text too: it would fail on 30 February without saying where."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """The mapping, if each name stands in it once."""
        named: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in named:
                problem = f"{key.value} stands here twice (ghi hai lần)"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            named.add(str(key.value))
        return super().construct_mapping(node, deep)


PackLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag not in _OTHERWISE]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _name, _form, _letters in _PLAIN:
    PackLoader.add_implicit_resolver(f"{_TAG}{_name}", re.compile(rf"(?:{_form})\Z"), list(_letters))
