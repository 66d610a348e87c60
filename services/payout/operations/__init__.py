"""What can be done in payout; one function, one transaction."""
