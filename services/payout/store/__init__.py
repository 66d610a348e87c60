"""Every SQL statement of payout beside the function that runs it."""
