"""How a process of ours begins: what keeps it from that is one sentence for the operator, no traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from language.refusals import Refusal


@contextmanager
def refusals_told() -> Iterator[None]:
    """A refusal inside ends the process with code 1 and its sentence on standard error."""
    try:
        yield
    except Refusal as refusal:
        sys.exit(f"{refusal.detail_vi} ({refusal.detail_en})")
