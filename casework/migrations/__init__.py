"""The tables of cases, in the schema of every service that has some."""

from pathlib import Path
from typing import Final

CASEWORK_MIGRATIONS: Final = Path(__file__).parent
