"""The rulebook over HTTP."""
