"""`sangkien verify --server`: the proof of a dossier, fetched over HTTP and verified here."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final, NoReturn

import typer

from cli.history import DossierUnknown, find_dossier
from cli.reader import Reader
from embedded.errors import CommandFailed
from embedded.instance import ROOT

_VERIFIER: Final = Path("tools/verify_dossier.py")


class NeedsDatabase(CommandFailed):
    """What is asked for is read from the rows, and there is only an address."""

    exit_code = 37


def verify_proof(dossier: str | None, public_keys: Iterable[str]) -> NoReturn:
    """Verify the proof of this dossier as anybody may who was given it; exit code 1 when something does not
    fit."""
    if dossier is None:
        raise NeedsDatabase(
            "Qua --server chỉ kiểm tra được từng hồ sơ: hãy nêu --dossier. Kiểm tra toàn bộ thì chạy "
            "không có --server, với DATABASE_URL (over HTTP a dossier by its proof; all of it from the rows)."
        )
    reader = Reader()
    proof = reader.content("intake", f"/v1/dossiers/{find_dossier(reader, dossier)}/proof")
    if proof is None:
        raise DossierUnknown(f"{reader.who} không được xem lịch sử của {dossier[:60]} (may not see it).")
    keys = [part for key in public_keys for part in ("--public-key", key)]
    with NamedTemporaryFile(suffix=".json") as file:
        file.write(proof)
        file.flush()
        done = subprocess.run([sys.executable, str(ROOT / _VERIFIER), file.name, *keys], check=False)
    raise typer.Exit(done.returncode)
