"""What `sangkien test mutation` makes of what the tool has written down."""

import json
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from cli.mutation import EXPLAINED, Survivor, is_enough, read_reasons, read_tried, table

ROOT = Path(__file__).resolve().parents[2]


def _written(folder: Path, **codes: int | None) -> Path:
    file = folder / "services" / "payout" / "domain" / "splitting.py.meta"
    file.parent.mkdir(parents=True)
    names = {f"services.payout.domain.splitting.x_{name}": code for name, code in codes.items()}
    file.write_text(json.dumps({"exit_code_by_key": names}))
    return folder


def test_a_change_is_found_when_a_test_fails_or_never_ends(tmp_path: Path) -> None:
    folder = _written(tmp_path, failed=1, internal=3, endless=36, cpu=-24, lived=0, untested=33, waiting=None)
    [tried] = read_tried(folder, {"*x_lived": "the same"})
    assert (tried.module, tried.killed, tried.unchecked) == ("services/payout/domain/splitting.py", 4, 1)
    assert tried.survivors == [
        Survivor(name="services.payout.domain.splitting.x_lived", reason="the same"),
        Survivor(name="services.payout.domain.splitting.x_untested", reason=None),
    ]


@pytest.mark.parametrize(
    ("killed", "lived", "reasons", "enough"),
    [
        (19, 1, {}, True),
        (18, 1, {}, False),
        (18, 1, {"*lived0": "the same"}, True),
        (0, 0, {}, False),
        (0, 1, {"*": "the same"}, False),
    ],
)
def test_enough_is_nearly_all_or_an_explanation_of_each(
    tmp_path: Path, killed: int, lived: int, reasons: dict[str, str], enough: bool
) -> None:
    codes = {f"found{number}": 1 for number in range(killed)} | {f"lived{n}": 0 for n in range(lived)}
    assert is_enough(read_tried(_written(tmp_path, **codes), reasons)) is enough


def test_what_nobody_has_explained_is_named(tmp_path: Path) -> None:
    said = table(read_tried(_written(tmp_path, a=1, b=0, c=0), {"*x_b": "the same"}))
    assert "x_c" in said
    assert "x_b" not in said
    assert said.splitlines()[3].split() == ["together", "3", "1", "0.333", "1", "0"]


def test_reasons_are_of_modules_that_are_tried() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    modules = [path.removesuffix(".py").replace("/", ".") for path in settings["only_mutate"]]
    assert all((ROOT / path).exists() for path in settings["only_mutate"])
    assert all((ROOT / path).exists() for path in settings["pytest_add_cli_args_test_selection"])
    for pattern, reason in read_reasons(EXPLAINED).items():
        assert any(fnmatch(pattern, f"{module}.x*") for module in modules), pattern
        assert len(reason) > 20, pattern
