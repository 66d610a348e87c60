"""The releases that there were, out of `docs/releases.md` and the history of this checkout."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
_ROW: Final = re.compile(
    r"\| (?P<version>[0-9]+\.[0-9]+\.[0-9]+) \| [0-9/]+ \| `(?P<commit>[0-9a-f]{40})` \|"
)


@dataclass(frozen=True, slots=True)
class Release:
    """A version and the commit that it was made of."""

    version: str
    commit: str

    @property
    def is_here(self) -> bool:
        """The history of this checkout holds the commit."""
        asked = ["git", "cat-file", "-e", f"{self.commit}^{{commit}}"]
        return (
            shutil.which("git") is not None
            and subprocess.run(asked, cwd=ROOT, check=False, capture_output=True).returncode == 0
        )

    def unpack(self, folder: Path) -> Path:
        """Its tree, in this folder."""
        archive = subprocess.run(
            ["git", "archive", "--format=tar", self.commit], cwd=ROOT, check=True, capture_output=True
        ).stdout
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
        return folder


def releases() -> list[Release]:
    """Those that `docs/releases.md` names, oldest first."""
    lines = (ROOT / "docs" / "releases.md").read_text(encoding="utf-8").splitlines()
    return [Release(**found.groupdict()) for line in lines if (found := _ROW.fullmatch(line))]
