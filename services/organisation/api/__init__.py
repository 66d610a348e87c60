"""The organisation over HTTP."""
