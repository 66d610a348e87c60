"""Where a command works: at any installation by its address, or on the embedded instance's machine only."""

import os
from collections.abc import Sequence
from enum import Enum, auto
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import typer

from embedded.errors import CommandFailed, WrongSetting

SERVER: Final = "SANGKIEN_SERVER"
"""The variable that names an installation by its public address; `--server` says the same for one command."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


As = Annotated[
    str,
    typer.Option(
        "--as", help="Với bản nhúng: lệnh chạy với tư cách tài khoản nào; mặc định: admin", show_default=False
    ),
]
"""Elsewhere whoever has signed in acts."""


class Reach(Enum):
    """NOTHING: the command asks no installation. ANYWHERE: it takes `--server`. HERE: it is about the
    processes and files of the embedded instance."""

    NOTHING = auto()
    ANYWHERE = auto()
    HERE = auto()


class OnlyHere(CommandFailed):
    """The command belongs to the machine of an embedded instance, and another installation was named."""

    exit_code = 34


def server() -> str | None:
    """The public address of the installation that was named; None: the embedded instance."""
    named = os.environ.get(SERVER, "").strip()
    return checked_address(named) if named else None


def checked_address(address: str) -> str:
    """The address without a path; `WrongSetting` for one to which no token may go."""
    where = urlsplit(address)
    if where.scheme not in {"https", "http"} or not where.hostname or where.path.strip("/") or where.query:
        raise WrongSetting(
            f"{SERVER} (--server) đang là {address[:200]!r}: phải là địa chỉ như "
            "https://sangkien.tinh.gov.vn (it must be an address without a path)."
        )
    if not is_safe(address):
        raise WrongSetting(
            f"{SERVER} (--server) phải dùng https: qua http ai cũng đọc được phiên (https is needed)."
        )
    return f"{where.scheme}://{where.netloc}"


def is_safe(address: str) -> bool:
    """Nobody on the way reads what is sent there."""
    where = urlsplit(address)
    return where.scheme == "https" or (where.scheme == "http" and where.hostname in _LOOPBACK)


def options(reach: Reach) -> Sequence[Any]:
    """What a command takes for it. Where it makes no sense the option is hidden, and refused in words."""
    if reach is Reach.NOTHING:
        return ()
    bare = typer.Typer(add_completion=False)
    bare.command()(_asked_here if reach is Reach.HERE else _asked_anywhere)
    return typer.main.get_command(bare).params


def _keep(value: str | None) -> None:
    if value:
        os.environ[SERVER] = value


def _asked_anywhere(
    server: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            callback=_keep,
            expose_value=False,
            help=f"Địa chỉ của bản cài đặt, thay cho bản đang chạy trên máy này; hoặc đặt {SERVER}",
        ),
    ] = None,
) -> None:
    """Bears the option."""


def _asked_here(
    server: Annotated[str | None, typer.Option(callback=_keep, expose_value=False, hidden=True)] = None,
) -> None:
    """Bears the option that is refused."""


def require_here(command: str) -> None:
    """`OnlyHere` where another installation is named."""
    if os.environ.get(SERVER, "").strip():
        raise OnlyHere(
            f"Lệnh {command} chỉ chạy trên máy của bản nhúng, không qua --server; hãy bỏ --server và biến "
            f"{SERVER} (this command is about the machine of an embedded instance: leave --server out)."
        )
