"""Secrets of an instance: made once, kept in the data folder, readable by its owner only."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkstemp

from language.names import SCHEMAS


class SecretsFile:
    """Role passwords, keys, the command line's client secret, and the accounts that the first start made."""

    def __init__(self, path: Path) -> None:
        self._path = path
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self._values = dict(known)
        for name in ("postgres_admin", "temporal_database", "cli_client_secret", *SCHEMAS):
            self._values.setdefault(name, secrets.token_hex(24))
        for name in ("history_keys", "webhook_keys", "one_time_code_keys", "session_keys"):
            self._values.setdefault(name, f"1:{base64.b64encode(secrets.token_bytes(32)).decode()}")
        self._values.setdefault("checkpoint_key", secrets.token_hex(32))
        # Whoever only asks writes nothing: commands run side by side with each other and with what serves.
        if self._values != known:
            self._save()

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def get(self, name: str) -> str | None:
        """A value that may not be there."""
        return self._values.get(name)

    def __setitem__(self, name: str, value: str) -> None:
        self._values[name] = value
        self._save()

    @property
    def role_passwords(self) -> Mapping[str, str]:
        """The password of the database role of each service and the portal."""
        return {schema: self._values[schema] for schema in SCHEMAS}

    def _save(self) -> None:
        descriptor, fresh = mkstemp(dir=self._path.parent, prefix=f"{self._path.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(self._values, file, indent=1)
        Path(fresh).replace(self._path)
