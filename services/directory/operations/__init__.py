"""What can be done in the directory; one function, one transaction."""
