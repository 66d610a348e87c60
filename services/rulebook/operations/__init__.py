"""What can be done in the rulebook; one function, one transaction."""
