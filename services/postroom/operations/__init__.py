"""What can be done in the postroom; one function, one transaction."""
