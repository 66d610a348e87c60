"""Our containers, brought up by compose as docs/deployment.md says; what stands in for images that cannot be
pulled is built first."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from embedded import temporal, temporal_programs
from embedded.errors import StartFailed
from embedded.layout import free_ports
from tests.containers.engine import Engine

ROOT = Path(__file__).resolve().parents[2]
_IMAGES = Path(__file__).with_name("images")
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_PORT = re.compile(r"^([A-Z_]+_PORT)=8(\d{3})$", re.MULTILINE)
_LOOK_EVERY = 0.25


def new_environment(folder: Path) -> dict[str, str]:
    """What `deploy/new-env` makes, on ports that are free here."""
    told = subprocess.run(
        ["sh", ROOT / "deploy" / "new-env"], capture_output=True, text=True, check=True
    ).stdout
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", told, re.MULTILINE))
    base = free_ports().base
    values |= {name: str(base + int(port) - 100) for name, port in _PORT.findall(told)}
    public = f"http://localhost:{values['PUBLIC_PORT']}"
    values |= {"PUBLIC_ADDRESS": public, "OIDC_ISSUER": public}
    file = folder / ".env"
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}={value}\n" for name, value in values.items()), encoding="utf-8")
    return values


def build_stand_ins(engine: Engine, values: Mapping[str, str], folder: Path) -> None:
    """Under the names that the compose file wants; in an engine of the tests' own they hide nothing real."""
    try:
        programs = temporal_programs.install(print)
    except StartFailed as missing:
        pytest.skip(f"Temporal's server for the containers: {missing}")
    context = folder / "images"
    shutil.copytree(_IMAGES, context)
    shutil.copy(_CERTIFICATES, context)
    shutil.copy(programs.bin / "server", context)
    shutil.copy(programs.bin / "temporal-sql-tool", context)
    shutil.copy(temporal.program(), context / "temporal")
    shutil.copytree(programs.schema, context / "schema")
    engine.docker("import", engine.programs / "base.tar", "base")
    tags = {
        "python": f"python:{values['PYTHON_VERSION']}",
        "postgres": f"postgres:{values['POSTGRES_VERSION']}",
        "caddy": f"caddy:{values['CADDY_VERSION']}",
        "temporal": f"temporalio/server:{values['TEMPORAL_VERSION']}",
        "admin-tools": f"temporalio/admin-tools:{values['TEMPORAL_VERSION']}",
        "page": f"temporalio/ui:{values['TEMPORAL_UI_VERSION']}",
    }
    for target, tag in tags.items():
        engine.docker("build", "--quiet", "--target", target, "--tag", tag, context)


def build_mail_catcher(system: "System") -> None:
    """Out of our own image, which has what speaks SMTP."""
    tag = f"axllent/mailpit:{system.values['MAILPIT_VERSION']}"
    (system.folder / "images" / "mail").write_text(
        f"FROM sangkien:{system.values['SANGKIEN_TAG']}\nCOPY mail.py /mail.py\nENTRYPOINT []\n"
        'CMD ["python", "/mail.py"]\n',
        encoding="utf-8",
    )
    context = system.folder / "images"
    system.engine.docker("build", "--quiet", "--file", context / "mail", "--tag", tag, context)


@dataclass
class System:
    """The compose project."""

    engine: Engine
    folder: Path
    values: Mapping[str, str]
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def public(self) -> str:
        """The one address that people type."""
        return self.values["PUBLIC_ADDRESS"]

    def compose(self, *words: str, seconds: float = 600, fails: bool = False) -> str:
        """`docker compose` with these words."""
        where = ("--project-directory", str(ROOT), "--env-file", str(self.folder / ".env"))
        return self.engine.docker(
            "compose", *where, "--progress", "plain", *words, seconds=seconds, fails=fails
        )

    def down(self, *words: str) -> None:
        """All containers go. Debian's engine sometimes keeps a network whose containers are all gone ("has
        active endpoints"): a fault of its own, which keeps nothing from coming up again."""
        said = self.compose("down", *words, fails=True)
        assert not self.compose("ps", "--all", "--quiet").split(), said

    @cached_property
    def said(self) -> Mapping[str, Any]:
        """The compose file as compose understands it."""
        told: Mapping[str, Any] = json.loads(self.compose("config", "--format", "json"))
        return told

    @property
    def ours(self) -> list[str]:
        """The parts that run on and on out of our image."""
        services: Mapping[str, Mapping[str, Any]] = self.said["services"]
        return sorted(
            name
            for name, one in services.items()
            if one["image"].startswith("sangkien:") and one["restart"] == "unless-stopped"
        )

    def seen(self, container: str) -> dict[str, Any]:
        """What the engine knows of a container."""
        told: list[dict[str, Any]] = json.loads(self.engine.docker("inspect", container))
        return told[0]

    def containers(self, service: str) -> list[str]:
        """Those of a service."""
        return self.compose("ps", "--all", "--quiet", service).split()

    def container(self, service: str) -> str:
        """The first of them."""
        return self.containers(service)[0]

    def state(self, container: str) -> str:
        """`healthy`, `starting` or `unhealthy` while it runs; else `exited 137`."""
        seen = self.seen(container)["State"]
        if seen["Status"] == "running":
            return str(seen.get("Health", {}).get("Status", "running"))
        return f"{seen['Status']} {seen['ExitCode']}"

    def inside(self, service: str, *words: str, fails: bool = False) -> str:
        """What a command in the first container of a service prints."""
        return self.engine.docker("exec", self.container(service), *words, fails=fails)

    def kill(self, container: str) -> None:
        """As if the program had died: from outside, so that nobody takes it for a wish."""
        listed = self.engine.docker("top", container, "-eo", "pid,args").splitlines()[1:]
        for line in listed:
            pid, command = line.split(maxsplit=1)
            if not command.startswith("/sbin/docker-init"):
                subprocess.run(["kill", "-KILL", pid], check=False)


def until(holds: Callable[[], object], what: str, seconds: float = 120) -> float:
    """How long it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, f"not within {seconds:.0f} s: {what}"
        time.sleep(_LOOK_EVERY)
    return time.monotonic() - began
