"""The mail catcher's folder as the command line reads it."""

from pathlib import Path

import pytest

from cli import mail

LETTER = b"""To: b@sk.test\r
Subject: =?utf-8?q?Nh=E1=BA=AFc?=\r
Date: Mon, 02 Mar 2026 09:00:00 +0000\r
Content-Type: text/plain; charset=utf-8\r
\r
Hello\r
"""
Shown = pytest.CaptureFixture[str]


def test_the_newest_mails_are_shown_in_the_order_they_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Shown
) -> None:
    (tmp_path / "mail").mkdir()
    for number in range(3):
        (tmp_path / "mail" / f"{number}.eml").write_bytes(LETTER.replace(b"Hello", b"Hello %d [x]" % number))
    monkeypatch.setenv("SANGKIEN_DATA", str(tmp_path))
    mail.show_mails("", 2)
    shown = capsys.readouterr().out
    assert "Hello 0" not in shown
    assert shown.index("Hello 1 [x]") < shown.index("Hello 2 [x]")
    assert "Nhắc" in shown


def test_an_empty_catcher_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Shown) -> None:
    monkeypatch.setenv("SANGKIEN_DATA", str(tmp_path))
    mail.show_mails("", 2)
    assert "Chưa có thư nào" in capsys.readouterr().out
