"""What `--help` says is Vietnamese, of every command, option and argument."""

import re
from collections.abc import Iterator

import click
import pytest
import typer

from cli.main import app

VIETNAMESE = re.compile(
    r"[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE
)


def _said(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    yield name, command.help or ""
    for parameter in command.params:
        text = getattr(parameter, "help", None)
        if text and parameter.name != "help":
            yield f"{name} {parameter.name}", text
    if isinstance(command, click.Group):
        for inner, one in command.commands.items():
            yield from _said(one, f"{name} {inner}")


@pytest.mark.parametrize(("name", "text"), list(_said(typer.main.get_command(app), "sangkien")))
def test_help_is_in_vietnamese(name: str, text: str) -> None:
    assert VIETNAMESE.search(text), name
