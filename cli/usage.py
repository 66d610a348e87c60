"""What the library of the command line says itself, in Vietnamese first: around a help, and of a wrong call.
It speaks English only."""

import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from cli.reach import Reach, options, require_here
from embedded.errors import WrongUsage

_AROUND: Final[Mapping[str, str]] = MappingProxyType(
    {"Usage: ": "Cách dùng: ", "[OPTIONS]": "[TÙY CHỌN]", "COMMAND [ARGS]...": "LỆNH [THAM SỐ]..."}
)
_HELP: Final = "Hiện hướng dẫn này rồi thoát."
_SAID: Final = (
    (r"No such command '(.*?)'\.", "Không có lệnh “{0}”"),
    (r"No such option: (\S+)", "Không có tùy chọn {0}"),
    (r"Missing command\.", "Thiếu lệnh"),
    (r"Missing argument (.*?)\.", "Thiếu tham số {0}"),
    (r"Missing option (.*?)\.", "Thiếu tùy chọn {0}"),
    (r"Option '(.*)' requires an argument\.", "Tùy chọn {0} cần một giá trị"),
    (r"Option '(.*)' does not take a value\.", "Tùy chọn {0} không nhận giá trị"),
    (r"Got unexpected extra argument\(s\) \((.*)\)", "Thừa tham số: {0}"),
    (r"Invalid value for (.*?): ", "Giá trị của {0} không đúng: {why}"),
)
_UNFIT: Final = (
    (r".* is not one of (.*)\.", "phải là một trong: {0}"),
    (r".* does not match the formats? (.*)\.", "phải viết theo dạng {0}"),
)
_HELP_WAS_SHOWN: Final = "NoArgsIsHelpError"
_OTHERWISE: Final = "Lệnh viết chưa đúng"


class _Command(TyperCommand):
    """A command whose usage is said in Vietnamese."""

    reach = Reach.NOTHING

    def __init__(self, name: str | None, *, params: Sequence[Any] | None = None, **given: Any) -> None:
        super().__init__(name, params=[*(params or ()), *options(self.reach)], **given)

    def get_usage(self, ctx: Any) -> str:
        return _around(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        return _helping(super().get_help_option(ctx))


class _Anywhere(_Command):
    """It works at any installation."""

    reach = Reach.ANYWHERE


class _Here(_Command):
    """It is about the machine of the embedded instance, and says so where another one is named."""

    reach = Reach.HERE

    def invoke(self, ctx: Any) -> Any:
        require_here(str(self.name))
        return super().invoke(ctx)


_BY_REACH: Final[Mapping[Reach, type[_Command]]] = MappingProxyType(
    {one.reach: one for one in (_Command, _Anywhere, _Here)}
)


class Group(TyperGroup):
    """The same of several commands."""

    def get_usage(self, ctx: Any) -> str:
        return _around(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        return _helping(super().get_help_option(ctx))


class Commands(typer.Typer):
    """Commands that say in Vietnamese how they are used."""

    def __init__(self, *, help: str) -> None:
        super().__init__(cls=Group, no_args_is_help=True, add_completion=False, help=help)

    def command(self, *named: Any, reach: Reach = Reach.NOTHING, **said: Any) -> Callable[[Any], Any]:
        return super().command(*named, cls=_BY_REACH[reach], **said)


def _around(usage: str) -> str:
    for english, vietnamese in _AROUND.items():
        usage = usage.replace(english, vietnamese, 1)
    return usage


def _helping(option: Any) -> Any:
    if option is not None:
        option.help = _HELP
    return option


def run(commands: typer.Typer, name: str) -> int:
    """Run what is called for, and its exit code; `WrongUsage` for what makes no sense."""
    rich_utils.ARGUMENTS_PANEL_TITLE, rich_utils.OPTIONS_PANEL_TITLE = "Tham số", "Tùy chọn"
    rich_utils.COMMANDS_PANEL_TITLE = "Lệnh"
    rich_utils.DEFAULT_STRING, rich_utils.REQUIRED_LONG_STRING = "[mặc định: {}]", "[bắt buộc]"
    try:
        code = commands(prog_name=name, standalone_mode=False)
    except typer.Abort:
        return 1
    except TyperException as error:
        if type(error).__name__ == _HELP_WAS_SHOWN:
            return WrongUsage.exit_code
        raise WrongUsage(_said(error)) from error
    return code if isinstance(code, int) else 0


def _said(error: TyperException) -> str:
    english = error.format_message()
    path = getattr(getattr(error, "ctx", None), "command_path", "")
    help_is_at = f". Cách dùng: {path} --help" if path else ""
    return f"{_in_vietnamese(english, error)} ({english}){help_is_at}"


def _in_vietnamese(english: str, error: TyperException) -> str:
    return _turned(english, _SAID, _OTHERWISE, why=_why(error))


def _turned(english: str, forms: Sequence[tuple[str, str]], otherwise: str, **said: str) -> str:
    for form, vietnamese in forms:
        if found := re.match(form, english, re.DOTALL):
            return vietnamese.format(*found.groups(), **said)
    return otherwise


def _why(error: TyperException) -> str:
    """What is wrong with a value, by whoever has looked at it."""
    faults = importlib.import_module("kit.http.faults")
    found: Sequence[Mapping[str, Any]] = getattr(error.__cause__, "errors", list)()
    return _turned(error.message, _UNFIT, faults.in_vietnamese(found[0]) if found else _OTHERWISE)
