"""Rehearsals and other commands, run as an operator runs them."""

import base64
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHEET = ROOT / "samples" / "sap-xep-don-vi-2025-07-01.csv"
"""Units merge and split on that day."""


def run_command(
    folder: Path, *words: str, seconds: int = 60, **environment: str
) -> subprocess.CompletedProcess[str]:
    """`./sangkien` with these words, in this folder."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *words],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=seconds,
    )


def rehearse(tmp_path: Path, *options: str) -> dict[str, Any]:
    """A season over all processes, through the public APIs or the pages only, with encrypted payloads; its
    report. The exit code must agree with the violations it lists, and it lists none."""
    report = tmp_path / "report.json"
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    ended = run_command(
        tmp_path, "rehearse", "--json", str(report), *options, seconds=560, PAYLOAD_KEYS=f"test:{key}"
    )
    assert report.exists(), ended.stdout + ended.stderr
    told: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    assert told["violations"] == [], told["violations"]
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return {**told, "shown": ended.stdout}
