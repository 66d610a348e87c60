"""Every kind of event by its name."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import language.events as room
from language.events.base import Fact


@cache
def facts_by_kind() -> Mapping[str, type[Fact]]:
    """The class of each kind, from all modules of this room."""
    modules = [
        importlib.import_module(f"{room.__name__}.{found.name}")
        for found in pkgutil.iter_modules(room.__path__)
        if found.name != "kinds"
    ]
    return MappingProxyType(
        {
            name: value
            for module in modules
            for name, value in vars(module).items()
            if isinstance(value, type) and issubclass(value, Fact) and value is not Fact
        }
    )
