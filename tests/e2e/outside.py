"""A running embedded instance below one public address, as the proxy of an installation gives it, and who
signs in there by a code."""

import re
import subprocess
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import httpx

from embedded.layout import Ports, free_ports
from language.names import PORTAL

CHOSEN: Final = "một mật khẩu tự chọn"
"""What takes the place of a first password."""
ROOT: Final = Path(__file__).resolve().parents[2]
_API: Final = re.compile(r"/api/([a-z]+)(/v1/.*)")
_PASSED_ON: Final = ("authorization", "content-type", "idempotency-key", "accept", "if-match")


@contextmanager
def public_address(ports: Ports) -> Iterator[str]:
    """What `deploy/caddy/Caddyfile` passes on, to the ports of this instance."""

    class Proxy(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            found = _API.fullmatch(self.path)
            of_issuer = self.path.startswith(("/oauth2/", "/.well-known/"))
            service, path = found.groups() if found else ("organisation" if of_issuer else PORTAL, self.path)
            answer = httpx.request(
                self.command,
                ports.url(service) + path,
                content=self.rfile.read(int(self.headers.get("Content-Length", 0))),
                headers={name: self.headers[name] for name in _PASSED_ON if name in self.headers},
                timeout=30,
            )
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("content-type", "text/plain"))
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_PUT = _pass_on

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


class Operator:
    """Types commands at an installation, on a machine that has nothing but its address."""

    def __init__(self, address: str, environment: Mapping[str, str], home: Path) -> None:
        self._environment = dict(environment) | {
            "SANGKIEN_SERVER": address,
            "SANGKIEN_DATA": str(home / "nothing"),
            "SANGKIEN_PORT_BASE": str(free_ports().base),
            "XDG_CONFIG_HOME": str(home),
        }

    def sign_in(self, issuer: str, name: str, password: str) -> str:
        """By a code, which is confirmed on the page; what the command said."""
        command = ["./sangkien", "sign-in", "--by-code"]
        with subprocess.Popen(
            command, cwd=ROOT, env=self._environment, stderr=subprocess.PIPE, text=True
        ) as running:
            assert running.stderr
            said = ""
            while not (code := re.search(r"[A-Z]{4}-[A-Z]{4}", said)):
                line = running.stderr.readline()
                assert line, said
                said += line
            typed = {"user_code": code.group(), "username": name, "password": password}
            typed |= {"new_password": CHOSEN, "new_password_again": CHOSEN}
            page = httpx.post(f"{issuer}/oauth2/device", data=typed, timeout=30)
            assert page.status_code == httpx.codes.OK, page.text
            said += running.stderr.read()
        assert running.returncode == 0, said
        return said

    def types(self, *words: str, codes: Collection[int] = (0,)) -> str:
        """What the command says, which ends with one of these codes."""
        done = subprocess.run(
            ["./sangkien", *words],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode in codes, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr
