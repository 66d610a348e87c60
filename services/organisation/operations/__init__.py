"""What can be done in the organisation; one function, one transaction."""
