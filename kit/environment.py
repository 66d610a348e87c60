"""What the environment says: a value itself or, for a secret, the file it is in."""

import os
from pathlib import Path

from language.unfit import Unfit


class SecretUnfit(Unfit):
    """A secret is said twice, or its file cannot be read. What it is is not repeated."""


def secret(name: str) -> str | None:
    """The secret of this name: what NAME says, or what stands in the file that NAME_FILE names, without the
    end of its last line. None: neither is there. What is empty is not said. `SecretUnfit` for both at once,
    and for a file that cannot be read."""
    said, file = os.environ.get(name), os.environ.get(file_name(name))
    if not file:
        return said
    if said:
        raise SecretUnfit(
            f"{name} and {file_name(name)} are both set", f"đã đặt cả {name} lẫn {file_name(name)}"
        )
    try:
        return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise SecretUnfit(
            f"{file_name(name)}: the file cannot be read ({why})",
            f"{file_name(name)}: không đọc được tệp ({why})",
        ) from None


def file_name(name: str) -> str:
    """The variable that says in which file this secret is."""
    return f"{name}_FILE"
