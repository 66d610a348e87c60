"""The mails of a season, as the catcher of the private instance keeps them."""

import re
from collections import Counter
from pathlib import Path

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def caught_mails(folder: Path) -> Counter[bytes]:
    """How often the catcher was given each mail, told apart by their Message-ID."""
    headers = (file.read_bytes().partition(b"\r\n\r\n")[0] for file in folder.glob("*.eml"))
    return Counter(found.group(1) for found in map(_MESSAGE_ID.search, headers) if found)


def mailed_twice(counts: Counter[bytes]) -> list[str]:
    """Those that it was given more than once."""
    return [
        f"a mail went out {count} times: {message_id.decode()}"
        for message_id, count in counts.items()
        if count > 1
    ]
