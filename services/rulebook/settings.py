"""Settings of the rulebook."""

from kit.settings import ServiceSettings


class RulebookSettings(ServiceSettings):
    """None of its own."""
