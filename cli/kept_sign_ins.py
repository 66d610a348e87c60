"""What the command line keeps of sign-ins: in the user's configuration folder, readable to nobody else."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from embedded.errors import CommandFailed

_FILE: Final = "sign-ins.json"
_VERSION: Final = 1


class SignInsUnreadable(CommandFailed):
    """The file of sign-ins cannot be read or written."""

    exit_code = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Who is signed in at an installation, and what to ask it with: `until` is seconds since 1970."""

    issuer: str
    client_id: str
    who: str
    until: float
    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)


class SignInBook:
    """All sign-ins, by the public address of the installation."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or _folder()

    def find(self, server: str) -> SignIn | None:
        """The sign-in at this installation."""
        return self._read().get(server)

    def keep(self, server: str, sign_in: SignIn) -> None:
        """In the place of one from before."""
        self._write({**self._read(), server: sign_in})

    def forget(self, server: str) -> None:
        """It is over."""
        self._write({name: kept for name, kept in self._read().items() if name != server})

    @contextmanager
    def alone(self) -> Iterator[None]:
        """What renews a sign-in is good once: of two commands at a time, one renews and the other waits."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise self._unreadable(error) from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _read(self) -> dict[str, SignIn]:
        try:
            kept = json.loads((self._folder / _FILE).read_text(encoding="utf-8"))
            return {server: _sign_in(one) for server, one in kept["sign_ins"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._unreadable(error) from None

    def _write(self, sign_ins: dict[str, SignIn]) -> None:
        kept = {"version": _VERSION, "sign_ins": {name: asdict(one) for name, one in sign_ins.items()}}
        fresh = self._folder / f"{_FILE}.{os.getpid()}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Never readable to others, not for a moment; and never half written.
            with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                json.dump(kept, file)
            fresh.replace(self._folder / _FILE)
        except OSError as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: Exception) -> SignInsUnreadable:
        return SignInsUnreadable(
            f"{self._folder / _FILE}: không đọc hoặc ghi được (cannot be used): {type(error).__name__}. Hãy "
            "sửa quyền, hoặc xóa tệp rồi đăng nhập lại."
        )


def _folder() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME", "")
    # A relative one is to be passed over, says the XDG Base Directory Specification.
    return (Path(base) if base.startswith("/") else Path.home() / ".config") / "sangkien"


def _sign_in(kept: dict[str, Any]) -> SignIn:
    return SignIn(**{known.name: kept[known.name] for known in fields(SignIn)})
