"""Settings of payout."""

from kit.settings import ServiceSettings


class PayoutSettings(ServiceSettings):
    """Nothing beyond what every service needs."""
