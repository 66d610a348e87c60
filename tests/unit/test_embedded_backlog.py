"""What `status --json` tells of work that waits, and of children that were started again."""

import threading
from collections.abc import Iterator
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from embedded.health import backlog
from embedded.layout import Ports
from embedded.state import State, read_state, write_state
from kit.metrics import Meters, exposition

REVIEW = 3


@pytest.fixture
def ports() -> Iterator[Ports]:
    """An instance of which only the review answers."""

    class Part(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f"{exposition(Meters())}sangkien_messages_waiting 2.0\n".encode())

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Part)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Ports(server.server_port - REVIEW)
    server.shutdown()
    thread.join()
    server.server_close()


async def test_what_waits_is_told_of_the_parts_that_answer(ports: Ports) -> None:
    assert await backlog(ports, ["review"]) == {"review": {"messages_waiting": 2.0}}


async def test_a_part_that_does_not_answer_is_left_out() -> None:
    assert await backlog(Ports(1), ["review"]) == {}


def test_restarts_are_kept_and_a_state_without_them_is_read(tmp_path: Path) -> None:
    state = State(launcher=1, port_base=8100, ready=True, processes={"worker": 2}, restarts={"worker": 3})
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state
    older = {name: value for name, value in asdict(state).items() if name != "restarts"}
    assert State(**older).restarts == {}
