"""A program as an operator has it: its own tree, its own packages, on a data folder that the next version
takes over."""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from embedded.layout import Ports
from embedded.postgres import EmbeddedPostgres
from embedded.secrets_file import SecretsFile
from language.time_scale import TimeScale
from tests.releases import ROOT

_STARTS_WITHIN, _INSTALLS_WITHIN = 120, 240


def python_of(tree: Path) -> Path:
    """A Python with the packages of this tree: this one where both ask for the same, else one that is
    installed once for each lock, into the user's cache."""
    lock = (tree / "requirements.lock").read_bytes()
    if lock == (ROOT / "requirements.lock").read_bytes():
        return Path(sys.executable)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sangkien"
    venv = cache / f"venv-{hashlib.sha256(lock).hexdigest()[:16]}"
    venv.parent.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        [str(tree / "sangkien"), "--help"],
        env={**os.environ, "SANGKIEN_VENV": str(venv)},
        check=False,
        capture_output=True,
        text=True,
        timeout=_INSTALLS_WITHIN,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return venv / "bin" / "python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The command line of a tree, on a data folder, at ports, with a clock."""

    tree: Path
    python: Path
    data: Path
    ports: Ports
    clock: TimeScale

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """`./sangkien` with these words, to its end."""
        replaced = {"DATABASE_URL", "TEMPORAL_ADDRESS", "SMTP_URL", "HISTORY_KEYS", "CHECKPOINT_KEY"}
        kept = {name: value for name, value in os.environ.items() if name not in replaced}
        own = {
            "CLOCK_DAY_SECONDS": str(self.clock.day_seconds),
            "CLOCK_REAL_ORIGIN": self.clock.real_origin.isoformat(),
            "CLOCK_DOMAIN_ORIGIN": self.clock.domain_origin.isoformat(),
            "PYTHONPATH": str(self.tree),
            "SANGKIEN_DATA": str(self.data),
            "SANGKIEN_PORT_BASE": str(self.ports.base),
        }
        return subprocess.run(
            [str(self.python), "-P", "-m", "cli", *words],
            env={**kept, **own},
            cwd=self.tree,
            check=False,
            capture_output=True,
            text=True,
            timeout=_STARTS_WITHIN,
        )

    def must(self, *words: str) -> str:
        """The same, which has to end well; what it said."""
        ended = self.run(*words)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    @property
    def secrets(self) -> SecretsFile:
        """Those of the instance."""
        return SecretsFile(self.data / "secrets.json")

    @property
    def admin_url(self) -> str:
        """The DSN of the owner of all."""
        return EmbeddedPostgres(
            self.data / "postgres", self.ports["postgres"], self.secrets["postgres_admin"]
        ).admin_url
