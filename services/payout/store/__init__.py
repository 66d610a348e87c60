"""Every statement that touches payout's tables."""
