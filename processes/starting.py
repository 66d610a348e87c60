"""How a process of ours begins: what keeps it from that is one sentence for the operator, no traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from kit.environment import SecretUnfit
from language.refusals import Refusal


@contextmanager
def refusals_told() -> Iterator[None]:
    """A refusal inside, or a secret that cannot be read, ends the process with code 1 and its sentence on
    standard error."""
    try:
        yield
    except SecretUnfit as unfit:
        sys.exit(f"Biến môi trường chưa đúng: {unfit}.")
    except Refusal as refusal:
        sys.exit(f"{refusal.detail_vi} ({refusal.detail_en})")
