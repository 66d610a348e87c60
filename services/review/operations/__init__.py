"""One function for each thing that can be done in the review service; each runs in one transaction."""
