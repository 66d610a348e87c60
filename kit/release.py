"""Which release of the program this is; data is stamped with it."""

from typing import Final

RELEASE: Final = "0.1.0"
"""As in `pyproject.toml`."""
