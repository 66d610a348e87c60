"""The programs that people sign in to, and what each may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from language.words.base import Words

CLI_CLIENT: Final = "sangkien-cli"
PORTAL_CLIENT: Final = "sangkien-portal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A program by the name that people know. `renews`: a sign-in to it goes on for a while without the
    person; `on_loopback`: it takes codes on the machine that the browser runs on; `on_devices`: it may ask
    for a sign-in that is confirmed on another machine (RFC 8628)."""

    name: Words
    renews: bool = False
    on_loopback: bool = False
    on_devices: bool = False


CLIENTS: Final[Mapping[str, Client]] = MappingProxyType(
    {
        CLI_CLIENT: Client(
            name=Words("dòng lệnh Sáng Kiến", "the command line of Sáng Kiến"),
            renews=True,
            on_loopback=True,
            on_devices=True,
        ),
        PORTAL_CLIENT: Client(name=Words("trang Sáng Kiến", "the pages of Sáng Kiến"), renews=True),
    }
)
"""All there are; nobody else gets a code or a token."""
