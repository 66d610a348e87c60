"""What can be done in intake; one function, one transaction."""
