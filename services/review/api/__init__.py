"""The HTTP surface of the review service."""
