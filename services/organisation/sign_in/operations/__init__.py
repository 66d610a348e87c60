"""Checking a password, granting a code, making a token."""
