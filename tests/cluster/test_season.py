"""A season on the real server while everything is killed in turn: both history hosts, the frontend, the
database, our worker. Nothing is lost or doubled, and every dossier comes to its end."""

from pathlib import Path

import pytest

from tests.rehearsing import rehearse

_HOSTS = {"temporal-history-1", "temporal-history-2", "temporal-matching", "temporal-frontend", "worker"}


@pytest.mark.usefixtures("programs")
@pytest.mark.timeout(600)
def test_a_season_under_kill_nine_ends_on_the_real_server_without_a_violation(tmp_path: Path) -> None:
    told = rehearse(
        tmp_path, "--temporal", "cluster", "--dossiers", "3", "--seed", "5", "--kill", "--day", "0.6"
    )
    assert told["dossiers"] == told["closed"] > 0
    assert told["killed"].keys() >= _HOSTS
