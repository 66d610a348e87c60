"""Which servers an instance can run on; known before anything heavy is loaded."""

from enum import StrEnum


class TemporalServer(StrEnum):
    """Temporal as a private instance starts it: the development server (a SQLite file), or the real one on
    PostgreSQL, as five processes."""

    DEVELOPMENT = "development"
    CLUSTER = "cluster"
