"""Every refusal that anything here can give."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from string import Formatter
from typing import Any

import casework
import kit
import language
import packs
import services
from language.refusals import FaultyPart, ListRefused, Refusal

_SUMMED = {"count", "first_vi", "first_en"}


def every_refusal() -> list[type[Refusal]]:
    """All classes, in the order of their names."""
    for package in (language, kit, casework, packs, services):
        for found in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(found.name)
    return sorted(set(_below(Refusal)), key=lambda kind: (kind.__module__, kind.__name__))


def _below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def facts_wanted(kind: type[Refusal]) -> set[str]:
    """The placeholders of its sentences that are given as facts."""
    names = {name for _, name, _, _ in Formatter().parse(kind.vi + kind.en) if name}
    return names - _SUMMED if issubclass(kind, ListRefused) else names


def refused(kind: type[Refusal], facts: Mapping[str, Any]) -> Refusal:
    """The refusal with these facts; one of a list names one part."""
    if issubclass(kind, ListRefused):
        part = FaultyPart(path="3", code="PARENT_UNKNOWN", vi="chưa có đơn vị cấp trên", en="no unit above")
        return kind([part], **facts)
    return kind(**facts)
