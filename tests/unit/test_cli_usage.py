"""What the command line says of a wrong call, and around every help, is Vietnamese first too: the library
speaks English only."""

import sys

import pytest

from cli.__main__ import main

WRONG = [
    (("khong-co",), "không có lệnh", "No such command 'khong-co'."),
    (("histroy", "x"), "không có lệnh", "Did you mean 'history'?"),
    (("bench", "khong-co"), "không có lệnh", "No such command"),
    (("history",), "thiếu tham số", "Missing argument 'dossier'."),
    (("import", "x.xlsx"), "thiếu tùy chọn", "Missing option '--unit'."),
    (("history", "x", "y"), "thừa tham số", "Got unexpected extra argument(s) (y)"),
    (("history", "--tat-ca", "x"), "không có tùy chọn", "No such option: --tat-ca"),
    (("history", "x", "--as"), "cần một giá trị", "Option '--as' requires an argument."),
    (("doctor", "--json=1"), "không nhận giá trị", "Option '--json' does not take a value."),
    (("forecast", "--days", "-1"), "phải từ 1 trở lên", "greater than or equal to 1"),
    (("forecast", "--days", "1e3"), "phải là số nguyên", "valid integer"),
    (("rehearse", "--on", "2025-13-01"), "phải viết theo dạng '%y-%m-%d'", "does not match"),
    (("migrate", "mai"), "phải là một trong: 'pre', 'post'", "'mai' is not one of"),
]


def _run(monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    monkeypatch.setattr(sys, "argv", ["sangkien", *options])
    monkeypatch.setenv("COLUMNS", "400")
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize(("options", "vi", "en"), WRONG, ids=lambda one: " ".join(one) if one else "")
def test_a_wrong_call_is_said_in_both_languages(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    vi: str,
    en: str,
) -> None:
    assert _run(monkeypatch, *options) == 2
    said = capsys.readouterr().err
    assert vi in said.lower()
    assert en in said
    assert "Usage:" not in said
    assert "Error" not in said


@pytest.mark.parametrize("options", [("--help",), ("history", "--help"), ("bench", "--help"), ("policy",)])
def test_what_stands_around_a_help_is_vietnamese(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    _run(monkeypatch, *options)
    said = capsys.readouterr().out
    assert "Cách dùng: sangkien" in said
    for english in (
        "Usage:",
        "Options",
        "Commands",
        "Arguments",
        "Show this",
        "OPTIONS",
        "default:",
        "required",
    ):
        assert english not in said
