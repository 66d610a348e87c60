"""The secrets of an instance, asked for by many commands at once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from embedded.secrets_file import SecretsFile


def test_who_asks_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    made = SecretsFile(path)
    before = path.stat()
    assert SecretsFile(path)["cli_client_secret"] == made["cli_client_secret"]
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_many_at_once_leave_one_whole_file_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    SecretsFile(path)

    def keep(number: int) -> str:
        one = SecretsFile(path)
        one[f"n{number}"] = "x"
        return one["cli_client_secret"]

    with ThreadPoolExecutor(16) as pool:
        told = set(pool.map(keep, range(400)))
    assert told == {SecretsFile(path)["cli_client_secret"]}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secrets.json"]
