"""Settings of review."""

from kit.settings import ServiceSettings


class ReviewSettings(ServiceSettings):
    """Review needs no more than every service does."""
