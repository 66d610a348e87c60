"""Which release of the program this is; data is stamped with it."""

from typing import Final

RELEASE: Final = "0.2.0.dev0"
"""As in `pyproject.toml`."""
