"""Settings of payout."""

from services.kit.settings import ServiceSettings


class PayoutSettings(ServiceSettings):
    """Nothing beyond what every service needs."""
