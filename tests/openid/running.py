"""The provider installed, started, asked for tokens as a person with a browser would; its keys rotated."""

import asyncio
import base64
import fcntl
import json
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey

from kit.auth import ALGORITHM

PACKAGE = "oidc-provider@9.13.3"
SCRIPT = Path(__file__).with_name("provider.mjs")
BACK = "http://127.0.0.1/signed-in"
_KEPT_IN = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sangkien-tests" / "openid"


def installed() -> Path:
    """The folder with the provider's packages, installed when they are missing; without Node or a registry
    the test is skipped."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("a second OpenID provider needs node and npm, which are not here")
    _KEPT_IN.mkdir(parents=True, exist_ok=True)
    with (_KEPT_IN / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (_KEPT_IN / "node_modules" / "oidc-provider" / "lib" / "index.js").exists():
            npm = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(_KEPT_IN), PACKAGE]
            done = subprocess.run(npm, capture_output=True, text=True, timeout=120, check=False)
            if done.returncode != 0:
                pytest.skip(f"{PACKAGE} cannot be had: {done.stderr.strip()[-200:]}")
    return _KEPT_IN


def new_key() -> RSAKey:
    """A signing key with a name of its own."""
    named = {"kid": secrets.token_hex(4), "use": "sig", "alg": ALGORITHM}
    return RSAKey.generate_key(2048, parameters=named)


@dataclass
class Provider:
    """A provider that can be stopped and started again with other keys: the first of them signs."""

    packages: Path
    folder: Path
    port: int
    keys: list[RSAKey] = field(default_factory=lambda: [new_key()])
    _process: asyncio.subprocess.Process | None = None

    @property
    def issuer(self) -> str:
        """Its address, which is its name."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        file = self.folder / "keys.json"
        file.write_text(json.dumps({"keys": [key.as_dict(private=True) for key in self.keys]}))
        with (self.folder / "provider.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                "node", SCRIPT, self.packages, str(self.port), file, stdout=log, stderr=log
            )
        async with httpx.AsyncClient() as http:
            for _ in range(150):
                try:
                    await http.get(f"{self.issuer}/.well-known/openid-configuration")
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
                else:
                    return
        raise TimeoutError((self.folder / "provider.log").read_text())

    async def stop(self) -> None:
        """Stop it."""
        if self._process and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    async def rotate(self, *keys: RSAKey) -> None:
        """These keys from now on."""
        await self.stop()
        self.keys = list(keys)
        await self.start()

    async def token(self, subject: str, audience: str) -> str:
        """An access token for this audience, as a person signs in for it: code flow with PKCE."""
        verifier, resource = secrets.token_urlsafe(48), f"urn:{audience}"
        digest = sha256(verifier.encode()).digest()
        asked = {
            "client_id": "portal",
            "response_type": "code",
            "redirect_uri": BACK,
            "scope": "openid",
            "resource": resource,
            "state": "s",
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        async with httpx.AsyncClient(base_url=self.issuer) as http:
            told = (await http.get("/.well-known/openid-configuration")).json()
            page = await _followed(http, await http.get(told["authorization_endpoint"], params=asked))
            for filled in ({"prompt": "login", "login": subject, "password": "x"}, {"prompt": "consent"}):
                action = re.search(r'action="([^"]+)"', page.text)
                assert action, page.text
                page = await _followed(http, await http.post(action.group(1), data=filled))
            code = parse_qs(urlsplit(page.headers["location"]).query)["code"][0]
            grant = {
                "grant_type": "authorization_code",
                "client_id": "portal",
                "redirect_uri": BACK,
                "code": code,
                "code_verifier": verifier,
                "resource": resource,
            }
            answer = await http.post(told["token_endpoint"], data=grant)
            assert answer.status_code == 200, answer.text
            return str(answer.json()["access_token"])


async def _followed(http: httpx.AsyncClient, answer: httpx.Response) -> httpx.Response:
    """The page at the end of the redirects, or the redirect that leaves the provider."""
    while answer.is_redirect and not answer.headers["location"].startswith(BACK):
        answer = await http.get(urljoin(str(answer.url), answer.headers["location"]))
    return answer


@asynccontextmanager
async def running(folder: Path, port: int) -> AsyncIterator[Provider]:
    """A provider, and no process of it afterwards."""
    provider = Provider(await asyncio.to_thread(installed), folder, port)
    await provider.start()
    try:
        yield provider
    finally:
        await provider.stop()
