"""One system of containers for all tests of this part: built, started, ended."""

from collections.abc import Iterator

import pytest

from tests.containers.engine import running
from tests.containers.system import System, build_mail_catcher, build_stand_ins, new_environment

_BUILDING = 900


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Everything that docker-compose.yml starts, as deploy/new-env configures it."""
    folder = tmp_path_factory.mktemp("containers")
    with running(folder) as engine:
        values = new_environment(folder)
        build_stand_ins(engine, values, folder)
        one = System(engine, folder, values)
        one.compose("build", seconds=_BUILDING)
        build_mail_catcher(one)
        one.compose("up", "--detach", seconds=_BUILDING)
        yield one
        one.down("--volumes", "--timeout", "5")
