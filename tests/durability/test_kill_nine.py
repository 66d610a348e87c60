"""kill -9 of a random process every few seconds while a season runs: no dossier, recognition or đồng is lost
or doubled."""

from pathlib import Path

import pytest

from embedded.temporal_programs import ProgramsMissing, installed
from tests.rehearsing import rehearse


def _has_cluster() -> bool:
    try:
        installed()
    except ProgramsMissing:
        return False
    return True


@pytest.mark.skipif(_has_cluster(), reason="tests/cluster kills the same, and Temporal's real server with it")
def test_a_season_under_kill_nine_ends_without_a_violation(tmp_path: Path) -> None:
    told = rehearse(tmp_path, "--dossiers", "4", "--seed", "5", "--kill")
    assert told["dossiers"] == told["closed"]
    assert told["killed"]
